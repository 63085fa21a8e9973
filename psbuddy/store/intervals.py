"""Stretches of one state, as visits and log lines prove them. Pure: rows in, rows out.

A row is an Interval [start, end); the newest one ends where our knowledge ends, and may be
empty when a single moment is all we know. What no row covers is unknown.
"""

from dataclasses import dataclass
from typing import Final

from psbuddy.model.series import Interval
from psbuddy.model.terms import State

#: So many intervals may pass between two sightings before the time between is unknown.
REACH: Final = 3
RESTARTED: Final = "The host was restarted."
NOT_VISITED: Final = "The host was not visited."
#: A boot time before this is a clock that was never set.
_OLDEST_BOOT: Final = 20 * 366 * 86_400

Rows = tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class HostVisit:
    """One visit, in our clock. `boot_time` 0: not known; `reason` of a failed one."""

    time: int
    good: bool
    interval: int
    boot_time: int = 0
    reason: str = ""


def host_visit(rows: Rows, last_good: int, last_try: int, visit: HostVisit) -> Rows:
    """States of a host after one more visit, never `down`: an unreachable host may be up.

    `rows`: what is stored from `last_good` on (the row that ends there included), or all of
    it when no visit was good yet. The result replaces them. A visit that is older than the
    last one changes nothing, nor does one of the same second, unless it alone was good.
    """
    if is_old_news(last_good, last_try, visit):
        return rows
    start = last_good or (rows[0].start if rows else visit.time)
    before = tuple(row for row in rows if row.end <= start and row.state is State.UP)
    if not visit.good:
        return _tidy((*before, Interval(start, visit.time, State.UNKNOWN, visit.reason)))
    proven = _up_since(start, last_good, last_try, visit)
    if proven <= start and last_good:
        since = before[-1].start if before else start
        return _tidy((*before[:-1], Interval(since, visit.time, State.UP)))
    lost = Interval(start, proven, State.UNKNOWN, _why(rows, start, proven, visit))
    return _tidy((*before, lost, Interval(proven, visit.time, State.UP)))


def is_old_news(last_good: int, last_try: int, visit: HostVisit) -> bool:
    """Whether a visit says nothing that the visits so far have not said."""
    if not last_try or visit.time > last_try:
        return False
    return visit.time < last_try or not visit.good or last_good >= visit.time


def _up_since(start: int, last_good: int, last_try: int, visit: HostVisit) -> int:
    """From when on this visit proves the host up. A restart in between is a break.

    The first visit proves all the time since the boot; a later one does not reach behind
    the last good one, where all is said.
    """
    if max(0, visit.time - _OLDEST_BOOT) < visit.boot_time <= visit.time:
        first_visit = last_try == 0
        return visit.boot_time if first_visit else max(visit.boot_time, start)
    near = visit.time - last_good <= REACH * visit.interval
    return start if last_good and last_good == last_try and near else visit.time


def _why(rows: Rows, start: int, proven: int, visit: HostVisit) -> str:
    told = [row.reason for row in rows if row.state is State.UNKNOWN and row.start >= start]
    if told:
        return told[-1]
    return RESTARTED if proven == visit.boot_time else NOT_VISITED


def probe(last: Interval | None, seen: Interval, interval: int) -> Rows:
    """Rows that replace the newest one of a check after a result: `seen` is [time, time)."""
    if last is None:
        return (seen,)
    if seen.start < last.end or (seen.start == last.end and seen.state is last.state):
        return (last,)  # older than what is known, or the same again
    if seen.start - last.end > REACH * interval:
        return _tidy((last, seen))
    if seen.state is last.state:
        return (Interval(last.start, seen.start, last.state, seen.reason),)
    return _tidy((Interval(last.start, seen.start, last.state, last.reason), seen))


def tell(rows: Rows, time: int, state: State, reason: str = "") -> Rows:
    """Rows after a log line said that the state is `state` from `time` on.

    An earlier time than the newest row's start splits the row it falls into.
    """
    if not rows or time >= rows[-1].start:
        if rows and rows[-1].state is state:
            return _reach(rows, time)
        cut = tuple(Interval(r.start, min(r.end, time), r.state, r.reason) for r in rows[-1:])
        if cut and rows[-1].end < time:  # nothing was said in between: it stayed as it was
            cut = _reach(rows[-1:], time)
        end = max(time, rows[-1].end) if rows else time
        return _tidy((*rows[:-1], *cut, Interval(time, end, state, reason)))
    result: list[Interval] = []
    if time < rows[0].start:
        result.append(Interval(time, rows[0].start, state, reason))
    for row in rows:
        if row.start <= time < row.end and row.state is not state:
            result.append(Interval(row.start, time, row.state, row.reason))
            result.append(Interval(time, row.end, state, reason))
        else:
            result.append(row)
    return _tidy(tuple(result))


def extend(rows: Rows, until: int) -> Rows:
    """Rows after the log was read to `until` and said nothing else."""
    return _reach(rows, until) if rows else rows


def lose(rows: Rows, since: int, reason: str) -> Rows:
    """Rows after a gap: from `since` on nothing is known until the next line tells.

    What was read before stays known: a gap lies behind it, also when its time is not told.
    """
    if not rows or rows[-1].state is State.UNKNOWN:
        return rows
    return tell(rows, max(since, rows[-1].end), State.UNKNOWN, reason)


def _reach(rows: Rows, until: int) -> Rows:
    last = rows[-1]
    return (*rows[:-1], Interval(last.start, max(last.end, until), last.state, last.reason))


def _tidy(rows: Rows) -> Rows:
    """Without empty rows, except the newest; neighbours of one state joined."""
    result: list[Interval] = []
    for index, row in enumerate(rows):
        if row.end <= row.start and index < len(rows) - 1:
            continue
        if result and (result[-1].end, result[-1].state) == (row.start, row.state):
            row = Interval(result[-1].start, row.end, row.state, result[-1].reason)  # noqa: PLW2901
            result.pop()
        result.append(row)
    return tuple(result)
