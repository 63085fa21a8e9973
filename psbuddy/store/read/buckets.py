"""Buckets of a time axis, and which table answers for them."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from psbuddy.model.series import Times
from psbuddy.store.grains import DAY, HOUR, MINUTE

#: So many buckets a series may have: more than any screen has pixels.
MOST = 200_000


@dataclass(frozen=True, slots=True)
class Axis:
    """Buckets [first + i * step, ...) for i in range(size), and the table's grain."""

    first: int
    step: int
    size: int
    grain: str  # "minute", "hour" or "day": prefix of the table, name of its time column

    @property
    def end(self) -> int:
        return self.first + self.size * self.step

    @property
    def times(self) -> Times:
        return np.arange(self.size, dtype=np.int64) * self.step + self.first


def axis(since: int, until: int, step: int) -> Axis:
    """Whole buckets that cover [since, until), aligned to multiples of `step` seconds.

    `step` is taken up to a whole minute, and widened where there would be too many buckets.
    """
    step = max(MINUTE, -(-step // MINUTE) * MINUTE)
    while (until - since) // step >= MOST:
        step *= 2
    first = since // step * step
    size = max(0, -(-(until - first) // step))
    grain = "day" if step % DAY == 0 else "hour" if step % HOUR == 0 else "minute"
    return Axis(first, step, size, grain)


def cover(since: int, until: int) -> list[tuple[str, int, int]]:
    """The range in as few cells as can be: (grain, start, end), days within, minutes outside.

    The cells cover [since, until) in whole minutes, without overlap.
    """
    since, until = since // MINUTE * MINUTE, -(-until // MINUTE) * MINUTE
    first_hour, last_hour = -(-since // HOUR) * HOUR, until // HOUR * HOUR
    if first_hour >= last_hour:
        return [("minute", since, until)] if since < until else []
    first_day, last_day = -(-first_hour // DAY) * DAY, last_hour // DAY * DAY
    if first_day >= last_day:
        first_day = last_day = last_hour
    parts = (
        ("minute", since, first_hour),
        ("hour", first_hour, first_day),
        ("day", first_day, last_day),
        ("hour", last_day, last_hour),
        ("minute", last_hour, until),
    )
    return [part for part in parts if part[1] < part[2]]


def source_ids(conn: sqlite3.Connection, app: str) -> list[int]:
    """Ids of the logs of an application on all its hosts."""
    return [
        row[0]
        for row in conn.execute(
            "SELECT source_id FROM source JOIN application USING (app_id) WHERE app = ?", (app,)
        ).fetchall()
    ]


def marks(values: Sequence[int]) -> str:
    """As many parameter marks as values, for `IN (...)`."""
    return ", ".join("?" * len(values))


def numbers(values: Iterable[int]) -> str:
    """Ids of our own as text, for `IN (...)` where there may be too many for parameters."""
    return ", ".join(str(int(value)) for value in values)
