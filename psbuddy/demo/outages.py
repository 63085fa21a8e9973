"""When services were down, and what they said about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from psbuddy.demo.jobs import at_local
from psbuddy.demo.records import Record
from psbuddy.demo.stamps import Stamps
from psbuddy.model.terms import Level

#: (stamp, message) -> the whole line with its newline
Say = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Outage:
    """A service is silent in [down, up) UTC seconds. A crash leaves no stop line."""

    down: int
    up: int
    crash: bool = False

    @classmethod
    def days_ago(
        cls,
        now: int,
        zone: str,
        days: int,
        hour: int,
        minute: int,
        *,
        lasts: int,
        crash: bool = False,
    ) -> Self:
        """One that began at a wall-clock time some days before `now` and lasted `lasts` minutes."""
        day = datetime.fromtimestamp(now, ZoneInfo(zone)) - timedelta(days=days)
        down = at_local(zone, day, hour, minute)
        return cls(down, down + lasts * 60, crash)


def quiet(outages: Sequence[Outage]) -> tuple[tuple[int, int], ...]:
    """Stretches without traffic."""
    return tuple((outage.down, outage.up) for outage in outages)


def service_records(
    outages: Sequence[Outage], since: int, stamps: Stamps, say: Say, messages: tuple[str, str]
) -> tuple[Record, ...]:
    """Stop and start lines, and a first start at the beginning of history.

    `messages`: what the service says when it stops, and when it has started.
    """
    stopped, started = messages
    told = [(since * 1000 + 2_500, started)]
    for outage in outages:
        if not outage.crash:
            told.append((outage.down * 1000 - 350, stopped))
        told.append((outage.up * 1000 - 120, started))
    return tuple(
        Record(time, Level.INFO, say(stamps.one(time), message)) for time, message in sorted(told)
    )
