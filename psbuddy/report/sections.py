"""The parts of a dashboard, each read and thought by one function."""

import sqlite3
from collections.abc import Sequence

import numpy as np

from psbuddy import words
from psbuddy.insight import baseline, concerns
from psbuddy.insight.durations import expected_next
from psbuddy.insight.facts import JobFact
from psbuddy.insight.relation import LATEST, load_relation, relation
from psbuddy.insight.schedule import deadline_after
from psbuddy.insight.verdict import job_line
from psbuddy.model.application import AppDef
from psbuddy.model.runs import Relation, RunHistory
from psbuddy.model.series import Band, ChangeMark, LevelSeries, Values
from psbuddy.model.status import LogState
from psbuddy.model.terms import ERROR_LEVELS, LEVELS, Outcome
from psbuddy.report.births import is_birth
from psbuddy.report.facts import DAY, HOUR, LEARN_DAYS, MINUTE, Gathered, errors_of
from psbuddy.report.judged import NEAR_DAYS, Judged, judged_history, within
from psbuddy.report.values import CauseLine, JobLine
from psbuddy.store.read import causes, series, states
from psbuddy.store.read.during import transactions_during

_FIRST = ("new", "regressed", "rising")
_SPARKS = 24
_LINES = 200  # causes in the table
_WITH_EXAMPLES, _EXAMPLES = 10, 3
_BIRTHS = 30
_PROBLEMS = 20


def normal(
    conn: sqlite3.Connection, app: str, levels: LevelSeries, errors: Values, zone: str
) -> Band:
    """Normal errors per bucket, learnt from the four weeks before and then bucket by bucket."""
    before = None
    if levels.times.size:
        first = int(levels.times[0]) // HOUR * HOUR
        hourly = series.level_series(conn, app, first - LEARN_DAYS * DAY, first, HOUR)
        before = baseline.learn(hourly.times, errors_of(hourly), HOUR, hourly.observed, zone)
    return baseline.normal_band(
        levels.times, errors, levels.step, observed=levels.observed, before=before, zone=zone
    )


def cause_lines(
    conn: sqlite3.Connection, app: str, since: int, until: int
) -> tuple[CauseLine, ...]:
    """Causes of every level in the range: new ones first, then those that are back or rise, errors
    before warnings, then by count."""
    found = series.cause_series(
        conn, app, since, until, _spark_step(since, until), top=_LINES, levels=LEVELS
    )
    lines = [
        CauseLine(row, counts[-_SPARKS:], row.state == "new")
        for row, counts in zip(found.rows, found.counts, strict=True)
    ]
    lines.sort(
        key=lambda line: (
            _FIRST.index(line.row.state) if line.row.state in _FIRST else len(_FIRST),
            line.row.level not in ERROR_LEVELS,
            -line.row.records,
        )
    )
    return tuple(
        line
        if i >= _WITH_EXAMPLES
        else CauseLine(
            line.row,
            line.spark,
            line.is_new,
            causes.cause_examples(conn, app, line.row.cause, _EXAMPLES),
        )
        for i, line in enumerate(lines)
    )


def runs_in_range(
    conn: sqlite3.Connection, judged: Judged, since: int, until: int, now: int
) -> RunHistory:
    """Judged runs that touch the range; read again where the range begins long ago."""
    if since < now - NEAR_DAYS * DAY:
        judged = judged_history(conn, judged.history.job, since, now)
    return within(judged.history, since, until)


def job_lines(gathered: Gathered, histories: Sequence[RunHistory]) -> tuple[JobLine, ...]:
    """One line per job: the runs of the range, the words as of now."""
    facts = gathered.facts
    lines = []
    for fact, judged, history in zip(facts.jobs, gathered.jobs, histories, strict=True):
        expected = _expected(gathered, fact, judged)
        lines.append(JobLine(history, job_line(facts, fact).sentence, expected))
    return tuple(lines)


def _expected(gathered: Gathered, fact: JobFact, judged: Judged) -> str:
    """When the running run ends, or when the next one is due and should end."""
    now, zone, job = gathered.facts.now, gathered.facts.zone, fact.job
    if fact.last is not None and fact.last.outcome is Outcome.RUNNING:
        return concerns.finish(fact.forecast, fact.deadline, now, zone) if fact.forecast else ""
    due = next((start for start in judged.starts if start > now), None)
    if due is None:
        return ""
    limit = deadline_after(job, due)
    forecast = expected_next(
        good_seconds(judged.history),
        judged.history.start,
        due,
        now,
        deadline=limit,
        zone=job.timezone,
    )
    told = concerns.finish(forecast, limit, now, zone, told=due)
    return f"next due {words.clock(due, now, zone)}" + (f", {told}" if told else "")


def relations(
    conn: sqlite3.Connection, app: AppDef, jobs: Sequence[Judged]
) -> tuple[Relation, ...]:
    """Run time against volume per job; against the transactions meanwhile where none is told.

    A job without either is left out.
    """
    found = []
    for history in (judged.history for judged in jobs):
        if np.isfinite(history.volume).any():
            told = relation(history.job.job, history.volume, good_seconds(history))
        else:
            told = _against_load(conn, app, history)
        if told.measure == "records" or told.volume.size:
            found.append(told)
    return tuple(found)


def _against_load(conn: sqlite3.Connection, app: AppDef, history: RunHistory) -> Relation:
    ended = [run for run in history.runs if run.outcome is Outcome.OK and run.seconds][-LATEST:]
    seconds = np.array([run.seconds for run in ended], np.float64)
    spans = [(run.started, run.ended) for run in ended]
    return load_relation(history.job.job, transactions_during(conn, app, spans), seconds)


def good_seconds(history: RunHistory) -> Values:
    """(n,) run times of the runs that ended well, NaN for the others."""
    good = np.array([run.outcome is Outcome.OK for run in history.runs], dtype=np.bool_)
    return np.where(good, history.seconds, np.nan)


def changes(
    conn: sqlite3.Connection,
    app: str,
    reach: tuple[int, int],
    lines: Sequence[CauseLine],
    logs: Sequence[LogState],
) -> tuple[ChangeMark, ...]:
    """Deployments, restarts and births of causes, oldest first; `reach`: since, until."""
    since, until = reach
    births = [
        ChangeMark(line.row.first_seen, "new cause", line.row.title)
        for line in lines
        if since <= line.row.first_seen < until
        and line.row.level in ERROR_LEVELS
        and is_birth(line.row, logs)
    ][:_BIRTHS]
    marks = [*states.changes(conn, app, since, until), *births]
    return tuple(sorted(marks, key=lambda mark: mark.time))


def problems(logs: Sequence[LogState]) -> tuple[str, ...]:
    """What cannot be read of the application's logs, a sentence each."""
    told: list[str] = []
    for log in logs:
        told += [f"{log.host}, {log.log}: {problem}" for problem in log.problems]
        if log.backlog_bytes:
            left = words.size(log.backlog_bytes)
            told.append(f"{log.host}, {log.log}: {left} are still to be read; counts will grow.")
        if log.lines and log.unparsed_lines > log.lines * 0.01:
            share = words.share(log.unparsed_lines / log.lines)
            told.append(f"{log.host}, {log.log}: {share} of the lines were not understood.")
    if len(told) > _PROBLEMS:
        told[_PROBLEMS - 1 :] = [f"And {len(told) - _PROBLEMS + 1} more."]
    return tuple(told)


def _spark_step(since: int, until: int) -> int:
    width = max(MINUTE, -(-(until - since) // _SPARKS))
    grain = MINUTE if width < HOUR else HOUR if width < DAY else DAY
    return -(-width // grain) * grain
