"""Jobs and their runs."""

import sqlite3
from typing import Any, Final

import numpy as np

from psbuddy.model.runs import JobDef, Run, RunHistory
from psbuddy.model.terms import Outcome, Verdict
from psbuddy.store.read.apps import job_defs

__all__ = ["job_defs", "jobs_seen", "run_history", "running"]

_SELECT: Final = """SELECT r.run_id, a.app, r.job, h.host, r.period, coalesce(r.started, 0),
  coalesce(r.ended, 0), r.outcome, r.volume, r.verdict, r.reason, r.actor
FROM run r JOIN application a USING (app_id) JOIN host h USING (host_id)"""


def run_history(conn: sqlite3.Connection, job: JobDef, since: int, until: int) -> RunHistory:
    """Runs of a job that touch [since, until), ordered by start (index ix_run_app_id_job_at).

    A run whose start was not seen stands at its end, in `start` too; its `seconds` are NaN.
    """
    rows = conn.execute(
        f"{_SELECT} WHERE a.app = ? AND r.job = ? AND r.at < ? "
        "AND (r.at >= ? OR r.ended >= ? OR r.outcome = 'running') ORDER BY r.at, r.run_id",
        (job.app, job.job, until, since, since),
    ).fetchall()
    runs = tuple(_run(row) for row in rows)
    nan = float("nan")
    seconds = (nan if run.seconds is None else float(run.seconds) for run in runs)
    volume = (nan if run.volume is None else float(run.volume) for run in runs)
    return RunHistory(
        job=job,
        runs=runs,
        start=np.array([run.started or run.ended for run in runs], np.int64),
        seconds=np.fromiter(seconds, np.float64, len(runs)),
        volume=np.fromiter(volume, np.float64, len(runs)),
    )


def running(conn: sqlite3.Connection) -> tuple[Run, ...]:
    """Every run that is believed to go on, oldest start first."""
    rows = conn.execute(f"{_SELECT} WHERE r.outcome = 'running' ORDER BY r.at, r.run_id").fetchall()
    return tuple(_run(row) for row in rows)


def jobs_seen(conn: sqlite3.Connection, app: str) -> tuple[str, ...]:
    """Names of all jobs of an application that ever ran, in the catalogue or not."""
    rows = conn.execute(
        "SELECT DISTINCT job FROM run JOIN application USING (app_id) WHERE app = ? ORDER BY job",
        (app,),
    ).fetchall()
    return tuple(row[0] for row in rows)


def _run(row: tuple[Any, ...]) -> Run:
    values: list[Any] = list(row)  # in the order of Run's fields
    values[7] = Outcome(row[7])
    values[9] = Verdict(row[9])
    return Run(*values)
