"""How busy a fleet is: by hour and weekday, with the noise of real traffic."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from psbuddy.demo.stamps import local_seconds

Rates = NDArray[np.float64]  # arrivals per minute
Rate = Callable[[NDArray[np.int64]], Rates]  # minutes (UTC epoch seconds) -> arrivals a minute

_BURST = 12.0  # shape of the gamma noise: the spread real traffic has beyond Poisson's

_OFFICE_HOURS = "1 1 1 1 1 2 4 9 20 26 27 25 19 24 27 26 22 14 7 4 3 2 2 1"
_SHOP_HOURS = "7 5 4 4 4 5 7 11 15 18 20 22 23 22 20 20 21 23 26 29 30 26 19 12"
_QUEUE_HOURS = "9 8 7 7 7 8 10 13 16 18 19 20 20 20 19 19 19 20 21 21 20 18 14 11"
_FLAT_HOURS = " ".join(["10"] * 24)


@dataclass(frozen=True, slots=True)
class Shape:
    """A week: relative load by local hour, and by weekday from Monday."""

    hours: str
    weekdays: tuple[float, ...]


OFFICE = Shape(_OFFICE_HOURS, (1.15, 1.1, 1.0, 1.0, 1.05, 0.18, 0.12))
RETAIL = Shape(_SHOP_HOURS, (0.9, 0.85, 0.9, 0.95, 1.1, 1.25, 1.2))
QUEUE = Shape(_QUEUE_HOURS, (1.0, 0.95, 0.95, 1.0, 1.05, 1.05, 0.95))
FLAT = Shape(_FLAT_HOURS, (1.0,) * 7)


@cache
def _table(shape: Shape) -> Rates:
    """Load of the 168 hours of a week from Monday 00:00 on, its mean 1."""
    day = np.array([float(value) for value in shape.hours.split()])
    week = np.outer(np.array(shape.weekdays), day).ravel()
    return np.asarray(week / week.mean(), np.float64)


def weekly(shape: Shape, zone: str, per_minute: float) -> Rate:
    """A rate that follows a week in a zone; `per_minute` is its mean over the week."""
    table = _table(shape)

    def rate(minutes: NDArray[np.int64]) -> Rates:
        local = local_seconds(zone, minutes)
        hours = local / 3600.0 + 72  # the epoch was a Thursday, 72 hours into its week
        here = np.floor(hours).astype(np.int64)
        share = hours - here
        mixed = table[here % 168] * (1 - share) + table[(here + 1) % 168] * share
        return np.asarray(mixed * per_minute, np.float64)

    return rate


def arrivals(rng: Generator, rate: Rate, since: int, until: int) -> NDArray[np.int64]:
    """Arrival times in epoch milliseconds within [since, until) seconds, ascending."""
    minutes = np.arange(since // 60 * 60, until, 60, dtype=np.int64)
    if not minutes.size:
        return minutes
    noise = rng.gamma(_BURST, 1 / _BURST, minutes.size)
    counts = rng.poisson(rate(minutes) * noise)
    start = np.repeat(minutes * 1000, counts)
    times = np.sort(start + rng.integers(0, 60_000, start.size))
    return times[(times >= since * 1000) & (times < until * 1000)]
