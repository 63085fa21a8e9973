"""States of checks: by probes on the host, and by lines with which a service told of itself."""

from collections.abc import Iterable, Sequence

from psbuddy.model.observation import CheckEvent, Observation
from psbuddy.model.series import Interval
from psbuddy.model.terms import State
from psbuddy.store import tables as t
from psbuddy.store.batch import Batch, Reading
from psbuddy.store.caps import DETAIL, cap
from psbuddy.store.intervals import Rows, extend, lose, probe, tell
from psbuddy.store.sql import insert

_READ = "SELECT since, until, state, detail FROM check_state WHERE check_id = ?"


def write_checks(batch: Batch, observations: Sequence[Observation]) -> None:
    """Store check results and check lines, oldest visit first."""
    for observation in observations:
        intervals = dict(observation.apps)
        for result in observation.checks:
            check_id = batch.names.check(result.app, observation.host, result.check)
            seen = Interval(result.time, result.time, result.state, cap(result.detail, DETAIL))
            last = _rows(batch, f"{_READ} ORDER BY since DESC LIMIT 1", check_id)
            new = probe(last[0] if last else None, seen, intervals.get(result.app, 60) or 60)
            _replace(batch, check_id, last, new)
            batch.touched.fact(cap(result.app), "checks", result.time, result.time)
    for reading in batch.readings:
        _write_told(batch, reading)


def _write_told(batch: Batch, reading: Reading) -> None:
    events: dict[int, list[CheckEvent]] = {
        check_id: [] for check_id in batch.names.checks_of_source(reading.source.source_id)
    }
    for event in reading.log.check_events:
        check_id = batch.names.check(
            reading.log.app, reading.host, event.check, reading.source.source_id
        )
        events.setdefault(check_id, []).append(event)
        batch.touched.fact(reading.source.app, "checks", event.time, event.time)
    for check_id, told in events.items():
        since = min((event.time for event in told), default=reading.log.read_until)
        # From the row before the oldest event on; a row reaches to where the next begins.
        old = _rows(batch, f"{_READ} AND until >= ? ORDER BY since", check_id, since)
        old = old or _rows(batch, f"{_READ} ORDER BY since DESC LIMIT 1", check_id)
        _replace(batch, check_id, old, _told(old, reading, told))


def _told(rows: Rows, reading: Reading, events: Iterable[CheckEvent]) -> Rows:
    reason = f"Part of the log {cap(reading.log.log)} is missing."
    lost = [(gap.from_time, State.UNKNOWN) for gap in reading.log.gaps]
    for time, state in sorted([*lost, *((e.time, e.state) for e in events)], key=lambda s: s[0]):
        gone = state is State.UNKNOWN
        rows = lose(rows, time, reason) if gone else tell(rows, time, state)
    return extend(rows, reading.log.read_until)


def _rows(batch: Batch, sql: str, *values: int) -> Rows:
    batch.cursor.execute(sql, values)
    return tuple(
        Interval(since, until, State(state), detail)
        for since, until, state, detail in batch.cursor.fetchall()
    )


def _replace(batch: Batch, check_id: int, old: Rows, new: Rows) -> None:
    kept, before = set(new), set(old)
    batch.cursor.executemany(
        "DELETE FROM check_state WHERE check_id = ? AND since = ?",
        [(check_id, row.start) for row in old if row not in kept],
    )
    batch.cursor.executemany(
        insert(t.check_state, "check_id", "since", "until", "state", "detail"),
        [
            (check_id, row.start, row.end, row.state.value, row.reason)
            for row in new
            if row not in before
        ],
    )
