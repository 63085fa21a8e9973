"""Scripted runs of batch jobs: when they start, how long they take, what they say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator

from psbuddy.model.observation import JobEvent


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """One run. Times in UTC epoch milliseconds; `reason` not "" makes it a failed one."""

    job: str
    started_ms: int
    ended_ms: int
    period: str = ""
    volume: int | None = None
    reason: str = ""
    actor: str = ""

    def start(self, text: str) -> JobEvent:
        """What the start line tells; `text` is the line."""
        return JobEvent(
            self.job, "start", self.started_ms // 1000, self.period, None, "", self.actor, text
        )

    def end(self, text: str) -> JobEvent:
        """What the last line tells; `text` is the line."""
        kind = "fail" if self.reason else "finish"
        return JobEvent(
            self.job, kind, self.ended_ms // 1000, self.period, self.volume, self.reason, "", text
        )


def at_local(zone: str, day: datetime, hour: int, minute: int) -> int:
    """UTC epoch seconds of a wall-clock time on the date of `day`."""
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))
    return int(local.timestamp())


def days(zone: str, since: int, until: int) -> Iterator[datetime]:
    """Local noons of the dates from `since` to `until`, both included."""
    noon = datetime.fromtimestamp(since, ZoneInfo(zone)).replace(hour=12, minute=0, second=0)
    last = datetime.fromtimestamp(until, ZoneInfo(zone)).date()
    while noon.date() <= last:
        yield noon
        noon += timedelta(days=1)


def week_of(day: datetime) -> str:
    """Business period of a week: 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def books_of(day: datetime) -> str:
    """Month whose books are closed on a day: the last one that has ended, or ends in days."""
    if day.day >= 28:
        return f"{day:%Y-%m}"
    return f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"


def wobble(rng: Generator, spread: float) -> float:
    """A factor around 1, never far from it: an ordinary night must not look like a story."""
    return float(np.exp(spread * np.clip(rng.standard_normal(), -1.5, 1.5)))
