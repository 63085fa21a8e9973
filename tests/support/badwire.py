"""A host behind a bad line: two networks of their own, and between them a wire that we are.

Each network has a TUN device; every packet that one takes is lost, doubled, delayed or made to
queue before the other gets it. Run as a program inside a new network namespace: `COMMAND FOLDER
FAULTS`, with the faults as JSON. Its last line is what came of one visit over that line, as JSON.
"""

import ctypes
import fcntl
import heapq
import itertools
import json
import os
import random
import select
import shutil
import struct
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from collectors import link
from collectors.bounded import Watchdog
from collectors.errors import CollectError
from collectors.known_hosts import KnownHostsFiles
from collectors.session import Session
from collectors.transport.ssh import SshTransport
from psbuddy.demo.sshd import LoopbackSshd
from tests.support.bare import old, visit
from tests.support.catalogues import write_records
from tests.support.hosts import local_session, route, soon

_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
_CLONE_NEWNET = 0x40000000
_MTU = 1400
_HERE, _THERE = "10.99.0.1", "10.99.0.2"


@dataclass(frozen=True, slots=True)
class Faults:
    """Of each direction. `delay`, `jitter`: seconds one way. `rate`: bytes a second, 0: any."""

    loss: float = 0.0
    twice: float = 0.0
    delay: float = 0.0
    jitter: float = 0.0
    rate: float = 0.0
    queue: int = 64 * 1024  # bytes that wait for the rate; what comes on top is dropped


@dataclass(slots=True)
class Seen:
    passed: int = 0
    lost: int = 0
    twice: int = 0
    overtaken: int = 0


@dataclass(slots=True)
class _Direction:
    sink: int
    faults: Faults
    rolls: random.Random
    seen: Seen
    free: float = 0.0  # when the line has sent what it was given
    due: list[tuple[float, int, bytes]] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    newest: int = -1

    def take(self, packet: bytes, now: float) -> None:
        faults, rolls = self.faults, self.rolls
        copies = 1 + (rolls.random() < faults.twice)
        waits = max(0.0, self.free - now)
        if rolls.random() < faults.loss or (faults.rate and waits * faults.rate > faults.queue):
            self.seen.lost += 1
            return
        self.seen.twice += copies - 1
        if faults.rate:
            self.free = now + waits + len(packet) / faults.rate
            waits = self.free - now
        for _ in range(copies):
            due = now + waits + faults.delay + rolls.uniform(0.0, faults.jitter)
            heapq.heappush(self.due, (due, next(self.numbers), packet))

    def give(self, now: float) -> None:
        while self.due and self.due[0][0] <= now:
            _, number, packet = heapq.heappop(self.due)
            self.seen.passed += 1
            self.seen.overtaken += number < self.newest
            self.newest = max(number, self.newest)
            os.write(self.sink, packet)


def _device(name: str, address: str) -> int:
    """A TUN device in the network of this thread."""
    number = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(number, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    for words in (
        "link set lo up",
        f"addr add {address}/24 dev {name}",
        f"link set {name} mtu {_MTU} up",
    ):
        subprocess.run(["ip", *words.split()], check=True)
    return number


class _Wire(threading.Thread):
    def __init__(self, here: int, there: int, faults: Faults) -> None:
        super().__init__(name="wire", daemon=True)
        self.seen = Seen()
        self._from = {
            here: _Direction(there, faults, random.Random(1), self.seen),
            there: _Direction(here, faults, random.Random(2), self.seen),
        }

    def run(self) -> None:
        poll = select.poll()
        for number in self._from:
            poll.register(number, select.POLLIN)
        while True:
            dues = [way.due[0][0] for way in self._from.values() if way.due]
            wait = max(0.0, min(dues) - time.monotonic()) * 1000 if dues else None
            for number, _ in poll.poll(wait):
                self._from[number].take(os.read(number, 2 * _MTU), time.monotonic())
            for way in self._from.values():
                way.give(time.monotonic())


class _There(threading.Thread):
    """The thread of the host: all it starts is in a network of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="there", daemon=True)
        self._folder = folder
        self._ready, self._over = threading.Event(), threading.Event()
        self.device = -1
        self.sshd: LoopbackSshd | None = None

    def __enter__(self) -> "_There":
        self.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        try:
            if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "no network of our own")
            self.device = _device("there", _THERE)
            account = "SetEnv HOME=/nonexistent PATH=/usr/bin:/bin"
            self.sshd = LoopbackSshd(self._folder, {"far": _THERE}, extra=(account,))
            with self.sshd:
                self._ready.set()
                self._over.wait()
        finally:
            self._ready.set()


def run(folder: Path, faults: Faults) -> dict[str, Any]:
    """One visit over the line: did it bring home what a visit without one does?"""
    log = folder / "app.log"
    write_records(log, 3000)
    old(log)
    with local_session() as near:
        near.start(soon(60))
        wanted = visit(near, log)
    with _There(folder / "sshd") as there:
        if there.sshd is None:
            raise SystemExit("there is no host")
        wire = _Wire(_device("here", _HERE), there.device, faults)
        wire.start()
        told = _visited(route(there.sshd, "far"), folder / "own", log, wanted)
        return {**told, **asdict(wire.seen)}


def _visited(way: Any, own: Path, log: Path, wanted: object) -> dict[str, Any]:
    watchdog, begun = Watchdog(), time.monotonic()
    session = Session("far", SshTransport(way, KnownHostsFiles(own), watchdog))
    try:
        session.start(time.monotonic() + link.OPEN_SECONDS)
        found = visit(session, log)
        same = json.dumps(found, sort_keys=True) == json.dumps(wanted, sort_keys=True)
        return {"same": same, "seconds": time.monotonic() - begun}
    except CollectError as error:
        seconds = time.monotonic() - begun
        return {"error": str(error), "stage": error.stage, "seconds": seconds}
    finally:
        session.close()
        watchdog.stop()


def unavailable() -> str:
    """Why no such line can be made here; "" when it can."""
    if not (os.access("/dev/net/tun", os.W_OK) and shutil.which("ip")):
        return "there is no TUN device, or no ip"
    able = subprocess.run(["unshare", "-n", "true"], capture_output=True, text=True, check=False)
    return able.stderr.strip()


def over(folder: Path, faults: Faults) -> dict[str, Any]:
    """What came of a visit over such a line."""
    words = [sys.executable, "-m", "tests.support.badwire", str(folder), json.dumps(asdict(faults))]
    ended = subprocess.run(["unshare", "-n", *words], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    saw: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return saw


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(Path(sys.argv[1]), Faults(**json.loads(sys.argv[2])))) + "\n")
