"""Runs of jobs, from the lines by which jobs told of themselves."""

from collections.abc import Mapping
from typing import Final

from psbuddy.model.observation import JobEvent
from psbuddy.model.terms import Outcome, Verdict
from psbuddy.store import tables as t
from psbuddy.store.batch import Batch
from psbuddy.store.caps import cap
from psbuddy.store.pairing import RunRow, apply_events
from psbuddy.store.sql import MARK, Cursor, insert

_VALUES: Final = (
    *("period", "at", "started", "ended", "outcome", "volume", "reason", "actor"),
    *("start_text", "end_text"),
)
_INSERT: Final = insert(t.run, "app_id", "job", "host_id", *_VALUES)
_UPDATE: Final = (
    f"UPDATE run SET {', '.join(f'{c} = {MARK}' for c in _VALUES)} WHERE run_id = {MARK}"
)
_COLUMNS: Final = (
    "run_id, period, started, ended, outcome, volume, reason, actor, start_text, end_text"
)
_KEY: Final = "app_id = ? AND job = ? AND host_id = ?"
# Two index reads: runs without an end, and all that events of this batch may concern.
_LOAD: Final = f"""SELECT {_COLUMNS} FROM run WHERE {_KEY} AND ended IS NULL
UNION SELECT {_COLUMNS} FROM run WHERE {_KEY} AND at >= ? ORDER BY 1"""

_Job = tuple[int, str, int]  # application, job, host


def write_runs(batch: Batch) -> None:
    """Apply the job events of every log that was read, across logs in time order."""
    events: dict[_Job, list[JobEvent]] = {}
    for reading in batch.readings:
        app_id = batch.names.app(reading.log.app)
        host_id = batch.names.host(reading.host).host_id
        for event in reading.log.jobs:
            events.setdefault((app_id, cap(event.job), host_id), []).append(event)
            batch.touched.fact(reading.source.app, "runs", event.time, event.time)
    for job, told in events.items():
        rows = _load(batch.cursor, job, min(event.time for event in told))
        apply_events(rows, told)
        _save(batch.cursor, job, rows)


def write_verdicts(cursor: Cursor, verdicts: Mapping[int, Verdict]) -> None:
    """Set verdicts by run id; a run that is not there is no error."""
    cursor.executemany(
        "UPDATE run SET verdict = ? WHERE run_id = ? AND verdict <> ?",
        [(verdict.value, run_id, verdict.value) for run_id, verdict in verdicts.items()],
    )


def _load(cursor: Cursor, job: _Job, since: int) -> list[RunRow]:
    cursor.execute(_LOAD, (*job, *job, since))
    return [
        RunRow(run_id, period, started, ended, Outcome(outcome), *rest)
        for run_id, period, started, ended, outcome, *rest in cursor.fetchall()
    ]


def _save(cursor: Cursor, job: _Job, rows: list[RunRow]) -> None:
    new, old = [], []
    for row in rows:
        values = (
            *(row.period, row.at, row.started, row.ended, row.outcome.value, row.volume),
            *(row.reason, row.actor, row.start_text, row.end_text),
        )
        if row.run_id == 0:
            new.append((*job, *values))
        elif row.changed:
            old.append((*values, row.run_id))
    cursor.executemany(_UPDATE, old)
    cursor.executemany(_INSERT, new)
