"""A reply of the host program -> values. Nothing of a reply that breaks the protocol is used.

A reply is hostile until it has been read here: types, ranges, numbers of entries and lengths
of texts are checked; unknown keys are ignored. A record that carries an
impossible time is counted in the minute of the visit: counts stay exact, and it is said.
"""

from dataclasses import dataclass
from typing import Any

from collectors import fields
from collectors.asked import Asked
from collectors.fields import Fields, ReplyError
from collectors.reply_log import LogReader, state_of
from psbuddy.model.observation import CheckResult, Disk, HostCost, HostFacts, LogObservation

_DISKS = 500
_NAME, _LINE, _PATH = 200, 2_048, 4_096


@dataclass(frozen=True, slots=True)
class VisitReply:
    """A reply that was believed."""

    time: float  # the host's clock
    cost: HostCost
    facts: HostFacts | None
    logs: tuple[LogObservation, ...]
    checks: tuple[CheckResult, ...]


def read_visit(reply: Any, asked: Asked) -> VisitReply:
    """The reply to a `visit`. Raises ReplyError and uses nothing of it when anything is off."""
    top = Fields(reply, "reply")
    time = top.number("time", least=0.0, most=1e11)
    if time is None:
        raise ReplyError("reply.time is missing")
    logs = tuple(LogReader(each, asked).read() for each in top.all("logs", len(asked.logs)))
    if len({(each.app, each.log) for each in logs}) != len(logs):
        raise ReplyError("reply.logs names a log twice")
    return VisitReply(
        time=time,
        cost=_cost(top.one("cost")),
        facts=_facts(top.one("facts"), int(time), time - asked.now),
        logs=logs,
        checks=tuple(_check(each, asked) for each in top.all("checks", len(asked.checks))),
    )


def _cost(values: Fields | None) -> HostCost:
    if values is None:
        raise ReplyError("reply.cost is missing")
    return HostCost(
        cpu_seconds=values.number("cpu_s") or 0.0,
        memory_bytes=values.whole("rss"),
        bytes_read=values.whole("bytes"),
    )


def _facts(values: Fields | None, time: int, offset: float) -> HostFacts | None:
    if values is None:
        return None
    disks = []
    for entry in values.rows("disks", _DISKS):
        mount, total, free = fields.row(entry, f"{values.place}.disks", 3)
        place = f"{values.place}.disks"
        disks.append(
            Disk(
                fields.text(mount, place, _PATH),
                fields.whole(total, place),
                fields.whole(free, place),
            )
        )
    return HostFacts(
        time=time,
        clock_offset_s=offset,
        boot_time=values.whole("boot_time", most=2**40),
        cpus=values.whole("cpus", most=2**20),
        load_1m=values.number("load_1m"),
        memory_total=values.whole("memory_total"),
        memory_available=values.whole("memory_available"),
        disks=tuple(disks),
        system=values.text("system", _NAME),
    )


def _check(values: Fields, asked: Asked) -> CheckResult:
    key = values.text("app", _NAME), values.text("check", _NAME)
    if key not in asked.checks:
        raise ReplyError(f"{values.place} is a check that was not asked for")
    return CheckResult(
        app=key[0],
        check=key[1],
        state=state_of(values.text("state", _NAME), values.place),
        time=asked.now,
        detail=values.text("detail", _LINE),
        milliseconds=values.number("ms"),
    )
