"""Which end belongs to which start: runs out of job events, for one job on one host.

Pure: rows in, rows changed in place, no clock, no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from psbuddy.model.observation import JobEvent
from psbuddy.model.terms import Outcome
from psbuddy.store.caps import DETAIL, cap

NO_END: Final = "no end seen before the next start"


@dataclass(slots=True)
class RunRow:
    """One run as stored. `run_id` 0: not stored yet. `changed`: to be written."""

    run_id: int = 0
    period: str = ""
    started: int | None = None
    ended: int | None = None
    outcome: Outcome = Outcome.RUNNING
    volume: int | None = None
    reason: str = ""
    actor: str = ""
    start_text: str = ""
    end_text: str = ""
    changed: bool = False

    @property
    def at(self) -> int:
        """When the run stands in the history: its start, else its end."""
        return self.started if self.started is not None else (self.ended or 0)


def apply_events(rows: list[RunRow], events: Sequence[JobEvent]) -> None:
    """Apply events in time order; those of one second keep the order they came in."""
    for event in sorted(events, key=lambda e: e.time):
        if event.kind == "start":
            _start(rows, event)
        else:
            _end(rows, event)
    newest = max((r.started for r in rows if r.started is not None), default=0)
    for row in rows:
        if row.outcome is Outcome.RUNNING and row.started is not None and row.started < newest:
            _give_up(row)


def _start(rows: list[RunRow], event: JobEvent) -> None:
    row = _end_without_start(rows, event)
    if row is None:
        for other in rows:
            if other.outcome is Outcome.RUNNING and (other.started or 0) <= event.time:
                _give_up(other)
        row = RunRow()
        rows.append(row)
    row.started = event.time
    row.start_text = cap(event.text, DETAIL)
    _fill(row, event)


def _end(rows: list[RunRow], event: JobEvent) -> None:
    row = _run_that_ends(rows, event)
    if row is None:
        row = RunRow()
        rows.append(row)
    row.ended = event.time
    row.outcome = Outcome.OK if event.kind == "finish" else Outcome.FAILED
    row.reason = cap(event.reason, DETAIL)
    row.end_text = cap(event.text, DETAIL)
    _fill(row, event)


def _run_that_ends(rows: Sequence[RunRow], event: JobEvent) -> RunRow | None:
    """The newest open run that may be meant; one given up only if its period is named."""
    best: tuple[bool, int, int] | None = None
    found = None
    for index, row in enumerate(rows):
        if row.started is None or row.ended is not None or row.started > event.time:
            continue
        told = bool(row.period and event.period)
        running = row.outcome is Outcome.RUNNING
        if (told and row.period != event.period) or not (told or running):
            continue
        rank = (running, row.started, index)
        if best is None or rank > best:
            best, found = rank, row
    return found


def _end_without_start(rows: Sequence[RunRow], event: JobEvent) -> RunRow | None:
    """An end that was read before its start, as happens when they stand in two logs."""
    starts = [r.started for r in rows if r.started is not None]
    ends = [
        row
        for row in rows
        if row.started is None
        and row.ended is not None
        and row.ended > event.time
        and (not row.period or not event.period or row.period == event.period)
        and not any(event.time <= start <= row.ended for start in starts)
    ]
    return min(ends, key=lambda r: r.ended or 0, default=None)


def _give_up(row: RunRow) -> None:
    row.outcome = Outcome.UNKNOWN
    row.reason = NO_END
    row.changed = True


def _fill(row: RunRow, event: JobEvent) -> None:
    """Take from an event what the run does not know yet; an end's volume is the final one."""
    row.period = row.period or cap(event.period, 40)
    row.actor = row.actor or cap(event.actor)
    if event.volume is not None and (event.kind != "start" or row.volume is None):
        row.volume = event.volume
    row.changed = True
