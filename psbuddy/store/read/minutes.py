"""Minutes of sealed days, for readers of the tables of minutes: the rows are only half of it.

A day of a log is either rows or a page (psbuddy.store.seal), so what is read from both is added.
A damaged page, and what retention dropped, is time of which nothing is known: `lost`.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from psbuddy.model.status import LogGap
from psbuddy.store.grains import DAY, HOUR
from psbuddy.store.page import Calls, Counts, Page, PageError
from psbuddy.store.read.buckets import axis, marks, numbers
from psbuddy.store.read.observed import Span
from psbuddy.store.varints import Ints

T = TypeVar("T")

_DROPPED = "The {}s of this time were dropped by retention. What is coarser is still known."
_DAMAGED = (
    "The sealed minutes of this day are damaged, so they are not known any more. "
    "Its hours and days still are."
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """Pages of some logs over [since, until), and by log what is not known of that time."""

    since: int
    until: int
    pages: tuple[tuple[int, int, Page], ...]  # source, day
    lost: dict[int, list[Span]]

    def levels(self) -> Counts:
        """Records by level."""
        return self._counts(Page.levels)

    def causes(self) -> Counts:
        """Records by cause."""
        return self._counts(Page.causes)

    def causes_by_source(self) -> list[tuple[int, Counts]]:
        """Records by cause, each log apart, a log once for every day."""
        return [(source, self._cut(part)) for source, part in self._parts(Page.causes)]

    def calls(self) -> list[tuple[int, Calls]]:
        """Transactions, each log apart, without durations."""
        return [
            (source, Calls(*(column[self._within(told.minute)] for column in _columns(told))))
            for source, told in self._parts(Page.calls)
        ]

    def timed(self) -> tuple[Calls, list[float], list[bytes]]:
        """Transactions with their longest durations (NaN: not told) and their buckets."""
        calls: list[Calls] = []
        longest: list[float] = []
        buckets: list[bytes] = []
        for _, (told, latencies) in self._parts(lambda page: (page.calls(), page.latencies())):
            within = self._within(told.minute)
            calls.append(Calls(*(column[within] for column in _columns(told))))
            longest += latencies.max_ms[within].tolist()
            buckets += [latencies.buckets[place] for place in np.flatnonzero(within).tolist()]
        return Calls(*_joined(map(_columns, calls))), longest, buckets

    def _counts(self, read: Callable[[Page], Counts]) -> Counts:
        parts = [self._cut(part) for _, part in self._parts(read)]
        return Counts(*_joined((part.minute, part.what, part.records) for part in parts))

    def _parts(self, read: Callable[[Page], T]) -> list[tuple[int, T]]:
        found = []
        for source, day, page in self.pages:
            try:
                found.append((source, read(page)))
            except PageError:
                self.lost.setdefault(source, []).append((day, day + DAY))
        return found

    def _cut(self, counts: Counts) -> Counts:
        within = self._within(counts.minute)
        return Counts(counts.minute[within], counts.what[within], counts.records[within])

    def _within(self, minute: Ints) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        return (minute >= self.since) & (minute < self.until)


def sealed_minutes(
    conn: sqlite3.Connection,
    ids: Sequence[int],
    since: int,
    until: int,
    *,
    days: Iterable[int] | None = None,
) -> Sealed:
    """The sealed half of the minutes of [since, until); with `days` only of those."""
    only = "" if days is None else f" AND day IN ({numbers(days)})"
    rows = conn.execute(
        f"SELECT source_id, day, data FROM minute_page WHERE source_id IN ({marks(ids)}) "
        f"AND day > ? AND day < ?{only}",
        (*ids, since - DAY, until),
    ).fetchall()
    lost = dropped(conn, ids, "minute")
    pages = []
    for source, day, data in rows:
        try:
            pages.append((source, day, Page(source, day, data)))
        except PageError:
            lost.setdefault(source, []).append((day, day + DAY))
    return Sealed(since, until, tuple(pages), lost)


def sealed_for(
    conn: sqlite3.Connection, ids: Sequence[int], grain: str, since: int, until: int
) -> Sealed:
    """The same for a grain of time; of hours and days nothing is ever sealed."""
    if grain == "minute":
        return sealed_minutes(conn, ids, since, until)
    return Sealed(since, until, (), dropped(conn, ids, grain))


def dropped(conn: sqlite3.Connection, ids: Sequence[int], tier: str) -> dict[int, list[Span]]:
    """Time of each log of which retention took the minutes, or the hours."""
    rows = conn.execute(
        "SELECT source_id, from_time, to_time FROM dropped "
        f"WHERE source_id IN ({marks(ids)}) AND tier = ?",
        (*ids, tier),
    ).fetchall()
    return {source: [(since, until)] for source, since, until in rows}


def lost_of(
    conn: sqlite3.Connection, app: str, since: int, until: int, step: int
) -> tuple[LogGap, ...]:
    """What buckets of `step` seconds cannot tell any more of an application's logs, and why."""
    names = {
        source: (host, log)
        for source, host, log in conn.execute(
            "SELECT source_id, host, log FROM source JOIN host USING (host_id) "
            "JOIN application USING (app_id) WHERE app = ?",
            (app,),
        ).fetchall()
    }
    grain, ids = axis(since, until, step).grain, list(names)
    gone = dropped(conn, ids, grain)
    found = [(source, span, _DROPPED.format(grain)) for source in gone for span in gone[source]]
    if grain == "minute":
        lost = sealed_minutes(conn, ids, since, until).lost
        for source, spans in lost.items():
            known = gone.get(source, [])
            found += [(source, span, _DAMAGED) for span in spans if span not in known]
    return tuple(
        LogGap(*names[source], *span, reason, 0)
        for source, span, reason in sorted(found, key=lambda each: each[1])
        if span[0] < until and span[1] > since
    )


def kept(conn: sqlite3.Connection, ids: Sequence[int], since: int, until: int) -> tuple[int, int]:
    """The range, widened to whole hours or days where minutes or hours were dropped."""
    for tier, size in (("minute", HOUR), ("hour", DAY)):
        ends = [span[1] for spans in dropped(conn, ids, tier).values() for span in spans]
        limit = max(ends, default=0)
        since = since // size * size if since < limit else since
        until = -(-until // size) * size if until < limit else until
    return since, until


def _columns(calls: Calls) -> tuple[Ints, Ints, Ints]:
    return calls.minute, calls.transactions, calls.failed


def _joined(parts: Iterable[tuple[Ints, Ints, Ints]]) -> Iterable[Ints]:
    none = (np.empty(0, np.int64),) * 3
    return (np.concatenate(column) for column in zip(none, *parts, strict=True))
