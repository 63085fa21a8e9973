"""Many times to text at once, in the styles of the demo's logs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

_DAY = 86_400
_QUARTER = 900  # no zone of our time changes its offset but at a full quarter of an hour


@lru_cache(maxsize=20_000)
def offset_at(zone: str, quarter: int) -> int:
    """Seconds east of UTC in a zone at the given quarter of an hour since the epoch."""
    there = datetime.fromtimestamp(quarter * _QUARTER, ZoneInfo(zone)).utcoffset()
    assert there is not None
    return int(there.total_seconds())


def local_seconds(zone: str, seconds: NDArray[np.int64]) -> NDArray[np.int64]:
    """UTC epoch seconds, shape (n,), as the seconds a clock on the wall shows."""
    quarters, place = np.unique(seconds // _QUARTER, return_inverse=True)
    offsets = np.array([offset_at(zone, quarter) for quarter in quarters.tolist()], np.int64)
    return seconds + offsets[place] if seconds.size else seconds


def written_twice(zone: str, seconds: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a clock on the wall shows these UTC seconds twice: the hour that autumn repeats."""
    hour = 3600
    before, now, after = (local_seconds(zone, seconds + step) - step for step in (-hour, 0, hour))
    return np.asarray((before > now) | (after < now), np.bool_)


@dataclass(frozen=True, slots=True)
class Stamps:
    """How one log writes its times. `date`: strftime of the day and the separator after it."""

    zone: str
    date: str
    seconds: Callable[[], tuple[str, ...]]  # texts of the 60,000 milliseconds of a minute
    end: str = ""
    with_offset: bool = False

    def render(self, times_ms: NDArray[np.int64]) -> list[str]:
        """Stamps of UTC epoch milliseconds, shape (n,)."""
        utc = times_ms // 1000
        local = local_seconds(self.zone, utc)
        tails, minutes = self.seconds(), _minutes()
        parts = zip(
            (local // _DAY).tolist(),
            (local % _DAY // 60).tolist(),
            (times_ms % 60_000).tolist(),
            strict=True,
        )
        texts = [_day(self.date, d) + minutes[m] + tails[s] + self.end for d, m, s in parts]
        if not self.with_offset:
            return texts
        east = (local - utc) // 60
        return [t + _offset(e) for t, e in zip(texts, east.tolist(), strict=True)]

    def one(self, time_ms: int) -> str:
        return self.render(np.array([time_ms], np.int64))[0]


@cache
def _minutes() -> tuple[str, ...]:
    return tuple(f"{m // 60:02d}:{m % 60:02d}:" for m in range(1440))


@cache
def _comma() -> tuple[str, ...]:
    return tuple(f"{ms // 1000:02d},{ms % 1000:03d}" for ms in range(60_000))


@cache
def _point() -> tuple[str, ...]:
    return tuple(f"{ms // 1000:02d}.{ms % 1000:03d}" for ms in range(60_000))


@cache
def _whole() -> tuple[str, ...]:
    return tuple(f"{ms // 1000:02d}" for ms in range(60_000))


@cache
def _day(style: str, day: int) -> str:
    date = datetime.fromtimestamp(day * _DAY, UTC)
    return date.strftime(style.replace("%e", f"{date.day:2d}"))


def _offset(minutes: int) -> str:
    sign = "-" if minutes < 0 else "+"
    return f" {sign}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"


def logback(zone: str) -> Stamps:
    """`2026-11-24 10:31:05,123`"""
    return Stamps(zone, "%Y-%m-%d ", _comma)


def spring(zone: str) -> Stamps:
    """`2026-11-24 10:31:05.123`"""
    return Stamps(zone, "%Y-%m-%d ", _point)


def json_head() -> Stamps:
    """`{"@timestamp":"2026-11-24T10:31:05.123Z` in UTC, the head of a JSON line"""
    return Stamps("UTC", '{"@timestamp":"%Y-%m-%dT', _point, "Z")


def nginx(zone: str) -> Stamps:
    """`24/Nov/2026:10:31:05 +0000`"""
    return Stamps(zone, "%d/%b/%Y:", _whole, "", with_offset=True)


def syslog(zone: str) -> Stamps:
    """`Nov 24 10:31:05`, local time, no year"""
    return Stamps(zone, "%b %e ", _whole)
