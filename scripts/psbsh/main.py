"""Answers a session's requests in the place of `psbhost.main`, with the files of another host."""

import os
import re
import sys
import time
from typing import Any

from psbhost import (  # noqa: F401
    assign,
    discover,
    frames,
    lines,
    listing,
    rights,
    scan,
    siblings,
    sources,
)
from psbhost import main as usual
from psbhost.budget import Budget

from psbsh import checks, facts
from psbsh.host import Host, MovedError
from psbsh.profile import Profile
from psbsh.remote import RemoteOs, wear
from psbsh.scan import Allowance, TwinScan
from psbsh.wire import SESSION, Wire

_ATTEMPTS = 3
#: Bytes that looking for lines may fetch.
_LINES_BYTES = 64 * 1024 * 1024


class Program:
    """One session with one host."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._remote = RemoteOs(host)
        self._profiles: dict[tuple[str, str, str], Profile] = {}
        self._cpu = 0.0
        wear(self._remote)
        rights.way = host.way
        usual._HANDLERS.update(visit=self._visit, lines=self._lines)
        usual._HANDLERS.pop("assign", None)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The reply to one request."""
        for _ in range(_ATTEMPTS):
            self._remote.forget()
            try:
                return usual.handle(request)
            except MovedError:
                continue
        return usual.error("failed", "the files of this host change while they are looked at")

    def _visit(self, request: dict[str, Any]) -> dict[str, Any]:
        now = self.host.now()
        limits = request.get("budget") or {}
        budget = Allowance(
            usual._limit(limits.get("seconds"), 20, 600),
            usual._limit(limits.get("bytes"), 67108864, 1 << 40),
        )
        logs = [self._log(spec, now, budget, limits) for spec in request.get("logs") or []]
        results = [checks.run_check(self.host, spec) for spec in request.get("checks") or []]
        told = facts.sections(self.host)
        cpu, self._cpu = facts.cpu_seconds(told) - self._cpu, facts.cpu_seconds(told)
        return {
            "op": "visit",
            "nonce": request.get("nonce"),
            "program": usual.PROGRAM,
            "time": float(now),
            "cost": {"cpu_s": round(max(0.0, cpu), 4), "rss": 0, "bytes": budget.bytes},
            "facts": facts.host_facts(self.host, told) if request.get("facts") else None,
            "logs": logs,
            "checks": results,
        }

    def _log(
        self, spec: dict[str, Any], now: int, budget: Allowance, limits: dict[str, Any]
    ) -> dict[str, Any]:
        for _ in range(_ATTEMPTS):
            self._remote.forget()
            key = (str(spec.get("app")), str(spec.get("log")), str(spec.get("path")))
            profile = self._profiles.setdefault(key, Profile())
            try:
                return self._scan(spec, now, budget, limits, profile)
            except MovedError as error:
                moved = str(error)
        failed = usual._failed_log(spec, "it is rotated faster than it can be read")
        failed["problems"][0].update(code="vanished", path=moved)
        return failed

    def _scan(
        self, spec: dict[str, Any], now: int, budget: Allowance, limits: dict[str, Any],
        profile: Profile,
    ) -> dict[str, Any]:  # fmt: skip
        try:
            scan_ = TwinScan(spec, float(now), budget, limits, remote=self._remote, profile=profile)
            return scan_.run()
        except (KeyError, TypeError, AttributeError, ValueError, IndexError, OSError) as failure:
            return usual._failed_log(spec, f"{type(failure).__name__}: {failure}")

    @staticmethod
    def _lines(request: dict[str, Any]) -> dict[str, Any]:
        return lines.lines_around(request, Budget(20, _LINES_BYTES))


def take_zone(host: Host) -> None:
    """Local time is the host's: by its zone's name where both know it, else by its offset now."""
    offset, _, variable = host.facts.get("zone", "").partition(" ")
    link = host.facts.get("local", "").partition("zoneinfo/")[2]
    for name in (variable, link):
        if re.fullmatch(r"[A-Za-z0-9_+:/-]{1,64}", name):
            _use(name)
            if time.strftime("%z") == offset:
                return
    match = re.fullmatch(r"([+-])(\d\d)(\d\d)", offset)
    if match:
        sign = "-" if match[1] == "+" else "+"
        _use(f"<{offset}>{sign}{match[2]}:{match[3]}")
    else:
        _use("UTC0")


def _use(zone: str) -> None:
    os.environ["TZ"] = zone
    if hasattr(time, "tzset"):
        time.tzset()


def serve(program_hash: str) -> None:
    """Until the session ends."""
    wire = Wire(sys.stdin.buffer, sys.stdout.buffer)
    usual.PROGRAM = program_hash
    host = Host(wire.ask)
    take_zone(host)
    program = Program(host)
    hello = {"op": "hello", "program": program_hash, "time": float(host.now()),
             "pid": int(host.facts.get("pid") or 0), "python": "", "awk": host.awk}  # fmt: skip
    wire.send(SESSION, frames.encode(0, hello))
    reader = frames.FrameReader()
    while data := wire.session():
        for number, document in reader.feed(data):
            if isinstance(document, frames.FrameError):
                reply = usual.error("bad frame", str(document))
            else:
                reply = program.answer(document)
            wire.send(SESSION, _frame(number, reply))


def _frame(number: int, reply: dict[str, Any]) -> bytes:
    try:
        return bytes(frames.encode(number, reply))
    except (frames.FrameError, ValueError) as failure:
        return bytes(frames.encode(number, usual.error("too large", str(failure))))
