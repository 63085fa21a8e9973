"""Runs of a job as screens want them: each with its expected band and its verdict."""

import sqlite3
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from psbuddy.insight.durations import expected_band, expected_next
from psbuddy.insight.facts import JobFact
from psbuddy.insight.ledger import (
    judge_runs,
    missed_start,
    second_starts,
    start_lags,
)
from psbuddy.insight.schedule import EARLY, deadline_after, expected_starts
from psbuddy.model.runs import JobDef, Run, RunHistory
from psbuddy.model.series import Band
from psbuddy.model.status import LogState
from psbuddy.model.terms import Outcome, Verdict
from psbuddy.store.read.runs import run_history

DAY = 86_400
#: Days back that are looked at first; a job that ran rarely is looked at further back.
NEAR_DAYS = 21
_LOOK_BACK = (NEAR_DAYS, 120, 800)
_ENOUGH = 250
_LAGS = 100  # newest runs whose start lags are learnt from
_DENSE = 30  # due times a day
#: Newest runs that get a band: older ones are drawn, and judged, without expectation.
_MOST = 500


@dataclass(frozen=True, slots=True)
class Judged:
    """All runs that were looked at, judged as of one moment."""

    history: RunHistory  # every run has its verdict, `band` one value per run
    starts: tuple[int, ...]  # due times, ascending
    changed: Mapping[int, Verdict]  # by run id, where the store knows another one


def judged_history(conn: sqlite3.Connection, job: JobDef, since: int, now: int) -> Judged:
    """Runs that touch [since, now], and those before that their expectation rests on."""
    for days in _LOOK_BACK:
        read = run_history(conn, job, min(since, now) - days * DAY, now + 1)
        if len(read.runs) >= _ENOUGH:
            break
    history = _newest(read, _MOST)
    older = within(_oldest(read, _MOST), since, now + 1)
    band = expected_band(_teaching(history), history.start, job.timezone)
    history = _joined(older, replace(history, band=band))
    starts = due_times(job, history.runs, now)
    verdicts = judge_runs(history, now, starts)
    runs = tuple(
        run if run.verdict is verdict else replace(run, verdict=verdict)
        for run, verdict in zip(history.runs, verdicts, strict=True)
    )
    changed = {
        new.run_id: new.verdict
        for old, new in zip(history.runs, runs, strict=True)
        if new.verdict is not old.verdict
    }
    return Judged(replace(history, runs=runs), starts, changed)


def within(history: RunHistory, since: int, until: int) -> RunHistory:
    """The runs that touch [since, until), with their part of the band."""
    keep = [
        i
        for i, run in enumerate(history.runs)
        if (run.started or run.ended) < until
        and ((run.ended or run.started) >= since or run.outcome is Outcome.RUNNING)
    ]
    band = history.band
    return RunHistory(
        job=history.job,
        runs=tuple(history.runs[i] for i in keep),
        start=history.start[keep],
        seconds=history.seconds[keep],
        volume=history.volume[keep],
        band=band and Band(band.low[keep], band.middle[keep], band.high[keep], basis=band.basis),
    )


def job_fact(judged: Judged, now: int, logs: Sequence[LogState]) -> JobFact:
    """What the verdict needs to know of one job; `logs`: how far each log has been read."""
    history, job = judged.history, judged.history.job
    runs, starts = history.runs, judged.starts
    due = _past(starts, now)
    begun, read_until = _read(job, logs)
    seen = due[bisect_right(due, begun + EARLY) :]
    missed = missed_start(runs, seen, now, read_until)
    twice = _newest_twice(job, runs)
    if not runs:
        deadline = deadline_after(job, missed.due) if missed else None
        return JobFact(job, missed=missed, deadline=deadline)
    last, i = runs[-1], len(runs) - 1
    place = bisect_right(due, last.started + EARLY) - 1
    due_at = missed.due if missed else due[place] if place >= 0 and last.started else last.started
    deadline = deadline_after(job, due_at) if due_at else None
    running = last.outcome is Outcome.RUNNING and last.started
    band = history.band
    assert band is not None
    return JobFact(
        job,
        last,
        last.verdict,
        low=float(band.low[i]),
        middle=float(band.middle[i]),
        high=float(band.high[i]),
        late_by=start_lags(runs, due).get(last.run_id, 0),
        deadline=deadline,
        forecast=expected_next(
            _teaching(history)[:-1],
            history.start[:-1],
            last.started,
            now,
            deadline=deadline,
            zone=job.timezone,
        )
        if running
        else None,
        missed=missed,
        twice=twice,
    )


def due_times(job: JobDef, runs: Sequence[Run], now: int) -> tuple[int, ...]:
    """Due times from the first of the newest hundred runs to the end of tomorrow."""
    first = next((run.started for run in runs[-_LAGS:] if run.started), now - 7 * DAY)
    since = min(first, now - 7 * DAY) // DAY * DAY - DAY
    if job.on.startswith("last"):
        since = min(since, now // DAY * DAY - 70 * DAY)
    today = now // DAY * DAY
    a_day = len(_cached_starts(job, today - DAY, today + 2 * DAY)) / 3
    if a_day > _DENSE:  # due every few minutes: nobody asks for last month's
        since = max(since, today - 3 * DAY)
    return _cached_starts(job, since, today + 2 * DAY)


def _newest_twice(job: JobDef, runs: Sequence[Run]) -> tuple[Run, Run] | None:
    before = second_starts(job, runs)
    second = next((run for run in reversed(runs) if run.run_id in before), None)
    return (second, before[second.run_id]) if second else None


def _past(starts: tuple[int, ...], now: int) -> tuple[int, ...]:
    return starts[: bisect_right(starts, now)]


def _read(job: JobDef, logs: Sequence[LogState]) -> tuple[int, int]:
    """Stretch that every host has told its log of this job; (0, 0) where one has not.

    A job may run on any of its hosts, so a start is missing only if none of them shows it.
    """
    mine = [log for log in logs if log.log == job.log]
    if not mine or any(not log.first_observed or log.backlog_bytes for log in mine):
        return 0, 0
    return max(log.first_observed for log in mine), min(log.read_until for log in mine)


def _teaching(history: RunHistory) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Run times that teach: of runs that ended well."""
    good = np.array([run.outcome is Outcome.OK for run in history.runs], dtype=np.bool_)
    return np.where(good, history.seconds, np.nan)


def _newest(history: RunHistory, most: int) -> RunHistory:
    if len(history.runs) <= most:
        return history
    return RunHistory(
        history.job,
        history.runs[-most:],
        history.start[-most:],
        history.seconds[-most:],
        history.volume[-most:],
    )


def _oldest(history: RunHistory, but: int) -> RunHistory:
    """All runs but the newest `but`."""
    cut = max(0, len(history.runs) - but)
    return RunHistory(
        history.job,
        history.runs[:cut],
        history.start[:cut],
        history.seconds[:cut],
        history.volume[:cut],
    )


def _joined(older: RunHistory, judged: RunHistory) -> RunHistory:
    """Both in one, the older ones without expectation."""
    band = judged.band
    blank = np.full(len(older.runs), np.nan)
    return RunHistory(
        job=judged.job,
        runs=older.runs + judged.runs,
        start=np.concatenate([older.start, judged.start]),
        seconds=np.concatenate([older.seconds, judged.seconds]),
        volume=np.concatenate([older.volume, judged.volume]),
        band=band
        and Band(
            np.concatenate([blank, band.low]),
            np.concatenate([blank, band.middle]),
            np.concatenate([blank, band.high]),
            basis=band.basis,
        ),
    )


@lru_cache(maxsize=256)
def _cached_starts(job: JobDef, since: int, until: int) -> tuple[int, ...]:
    return expected_starts(job, since, until)
