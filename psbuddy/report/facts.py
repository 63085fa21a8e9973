"""Gathers from the store what the verdict on an application is made of."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from psbuddy.insight import availability, baseline, onset
from psbuddy.insight.baseline import Baseline, Episode
from psbuddy.insight.contact import is_missed
from psbuddy.insight.facts import (
    AppFacts,
    CheckFact,
    ErrorFact,
    HostFact,
    LeadingCause,
    LogFact,
)
from psbuddy.insight.lives import life
from psbuddy.insight.onset import Rise
from psbuddy.insight.sight import stale_after
from psbuddy.model.application import AppDef
from psbuddy.model.series import CauseRow, Interval, LevelSeries, Strip, Values
from psbuddy.model.status import HostLine, LogState
from psbuddy.model.terms import ERROR_LEVELS, State
from psbuddy.report import memory
from psbuddy.report.births import is_birth
from psbuddy.report.judged import Judged, job_fact, judged_history
from psbuddy.store.read import cause_counts, causes, collections, fleet, series, states

MINUTE, HOUR, DAY = 60, 3_600, 86_400
#: Days of hourly counts that "normal" rests on.
LEARN_DAYS = 28
_LONG_ENOUGH = 72.0  # observed hours from which the last day is judged by the days before it
_DEPLOYED_WITHIN = 3_600  # seconds before a cause's birth that a deployment is worth naming
_BORN_BEFORE = 3_600  # seconds before an episode or a rise that its new cause may be older
_NEW_SHARE = 0.3  # a new cause leads with this share, even behind an old one
_CHECK_DAYS = 30


@dataclass(frozen=True, slots=True)
class Day:
    """The last 24 hours of errors by the minute, beside what is normal."""

    times: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    errors: Values
    known: Baseline
    observed: Values  # (n,) share 0..1 of the logs that was read


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts, and what they were made of, for those who show it."""

    facts: AppFacts
    day: Day
    jobs: tuple[Judged, ...]


def gather(conn: sqlite3.Connection, app: AppDef, now: int, zone: str = "") -> Gathered:
    """Everything the verdict needs, as of `now`."""
    lines = {line.host: line for line in fleet.host_lines(conn)}
    logs = collections.log_states(conn, app.app)
    observed = states.observed_intervals(conn, app.app, now - LEARN_DAYS * DAY, now)
    day = error_day(conn, app.app, logs, observed, now, zone=zone)
    jobs = tuple(judged_history(conn, job, now - DAY, now) for job in app.jobs)
    facts = AppFacts(
        app=app,
        now=now,
        last_collection=max((lines[h].last_good for h in app.hosts if h in lines), default=0),
        coverage=availability.coverage(observed, now - DAY, now),
        errors=error_fact(conn, app, day, logs, now, zone=zone),
        hosts=tuple(_host(lines.get(host), host, app.interval, now) for host in app.hosts),
        logs=_log_facts(app, logs),
        checks=check_facts(conn, app, now),
        jobs=tuple(job_fact(judged, now, logs) for judged in jobs),
        last_failure=_last_failure(app, lines),
        zone=zone,
    )
    return Gathered(facts, day, jobs)


def errors_of(levels: LevelSeries) -> Values:
    """(n,) error records per bucket, NaN where not observed."""
    return np.asarray(np.sum([levels.counts[level] for level in ERROR_LEVELS], axis=0))


def error_day(
    conn: sqlite3.Connection,
    app: str,
    logs: Sequence[LogState],
    observed: Sequence[Interval],
    now: int,
    *,
    zone: str,
) -> Day:
    """Errors of the last 24 hours and the baseline they are held against."""
    hour = now // HOUR * HOUR
    muted = cause_counts.muted_causes(conn, app)
    name = memory.key_of(conn, app, logs, hour, zone)
    key = name and (name, muted)
    reach = now - DAY, now
    fine = series.level_series(conn, app, *reach, MINUTE)
    errors = _loud_errors(conn, app, muted, fine, reach)
    known = memory.recall(key)
    if known is None:
        rise = onset.newest_rise(fine.times, errors, fine.observed, MINUTE)
        known = _learn(conn, app, muted, hour, rise, zone=zone)
        memory.keep(key, known)
    hours = availability.observed_seconds(observed, now - LEARN_DAYS * DAY, now) / HOUR
    return Day(fine.times, errors, known.seen(hours), fine.observed)


def _loud_errors(
    conn: sqlite3.Connection,
    app: str,
    muted: Sequence[int],
    levels: LevelSeries,
    reach: tuple[int, int],
) -> Values:
    """Errors without those of muted causes: they are counted everywhere, and never alarm."""
    errors = errors_of(levels)
    if not muted:
        return errors
    quiet = cause_counts.muted_errors(conn, app, muted, reach, levels.step)
    return np.maximum(errors - quiet, 0.0)


def _learn(
    conn: sqlite3.Connection,
    app: str,
    muted: Sequence[int],
    hour: int,
    rise: Rise | None,
    *,
    zone: str,
) -> Baseline:
    """Normal as of a full hour: without the last day, unless there is hardly more than that.

    Then it is without the last two hours and without a rise that goes on: it would soon be taken
    for what is normal.
    """
    reach = hour - LEARN_DAYS * DAY, hour
    hourly = series.level_series(conn, app, *reach, HOUR)
    errors = _loud_errors(conn, app, muted, hourly, reach)
    known_hours = float(np.where(np.isfinite(errors), hourly.observed, 0.0).sum())
    begun = rise.since if rise is not None and rise.ongoing else hour
    before = hour - DAY if known_hours >= _LONG_ENOUGH else min(hour - 2 * HOUR, begun)
    past = hourly.times + HOUR <= before
    return baseline.learn(hourly.times[past], errors[past], HOUR, hourly.observed[past], zone)


def error_fact(
    conn: sqlite3.Connection,
    app: AppDef,
    day: Day,
    logs: Sequence[LogState],
    now: int,
    *,
    zone: str,
) -> ErrorFact:
    """Rate now, what is normal, and the newest episode or rise with its leading cause."""
    if series.tells_no_level(conn, app.app):
        return ErrorFact(None, None, day.known.observed, untold=True)
    normal = baseline.expected(day.known, np.array([now], np.int64), MINUTE, zone)[0]
    episode = baseline.last_episode(day.known, day.times, day.errors, MINUTE, zone)
    rise = _rise(day, episode, zone) if not np.isfinite(normal) else None
    told = next((found for found in (episode, rise) if found and found.ongoing), None)
    rows = causes.cause_rows(conn, app.app, now - DAY, now, ERROR_LEVELS)
    return ErrorFact(
        per_minute=baseline.rate_now(day.times, day.errors, MINUTE, HOUR),
        normal_per_minute=float(normal) if np.isfinite(normal) else None,
        hours_observed=day.known.observed,
        episode=episode,
        rise=rise,
        lead=_lead(conn, app, told, now, zone) if told else None,
        newborn=tuple(
            (row.title, row.records) for row in rows if row.state == "new" and is_birth(row, logs)
        ),
        lively=tuple(row for row in rows if row.state in ("regressed", "rising")),
        muted=sum(row.records for row in rows if row.state == "muted"),
    )


def _rise(day: Day, episode: Episode | None, zone: str) -> Rise | None:
    """What rose in the hours without a normal that reach until now.

    Hours that have one are judged by it, and only compared with; an episode of theirs that did
    not end with them may go on.
    """
    if episode is not None and episode.ongoing:
        return None
    judged = np.flatnonzero(np.isfinite(baseline.expected(day.known, day.times, MINUTE, zone)))
    begin = int(day.times[judged[-1]]) + MINUTE if judged.size else 0
    if episode is not None and episode.until + HOUR >= begin:
        begin = episode.since
    return onset.newest_rise(day.times, day.errors, day.observed, MINUTE, begin)


def spark(day: Day) -> tuple[float | None, ...]:
    """Errors of each of the last 24 hours, oldest first; None where an hour was not observed."""
    errors = day.errors[-24 * 60 :]
    if len(errors) < 24 * 60:
        errors = np.concatenate((np.full(24 * 60 - len(errors), np.nan), errors))
    hours = errors.reshape(24, 60)
    seen = np.asarray(np.isfinite(hours).any(axis=1))
    totals = np.nansum(hours, axis=1)
    return tuple(
        float(t) if s else None for t, s in zip(totals.tolist(), seen.tolist(), strict=True)
    )


def check_facts(conn: sqlite3.Connection, app: AppDef, now: int) -> tuple[CheckFact, ...]:
    """The newest word of every check of the catalogue on every host; an old word is unknown."""
    found = []
    old = now - stale_after(app.interval)
    every = states.check_intervals(conn, app.app, now - _CHECK_DAYS * DAY, now + 1)
    for (host, check), intervals in every.items():
        if intervals and check in app.checks and host in app.hosts:
            last = intervals[-1]
            state = last.state if last.end >= old else State.UNKNOWN
            found.append(CheckFact(check, host, state, last.start, last.reason))
    return tuple(found)


def host_strips(
    conn: sqlite3.Connection, app: AppDef, since: int, until: int
) -> tuple[tuple[Strip, ...], tuple[tuple[str, Strip], ...]]:
    """Strip per host, and (check, strip) per check on a host, over [since, until)."""
    hosts = states.host_intervals(conn, app.app, since, until)
    checks = states.check_intervals(conn, app.app, since, until)
    by_host: dict[str, list[tuple[Interval, ...]]] = {}
    for (host, _), intervals in checks.items():
        by_host.setdefault(host, []).append(intervals)
    names = app.hosts or tuple(hosts)
    return (
        availability.strips(names, hosts, by_host, since, until),
        tuple(
            (check, availability.strip(host, (intervals,), since, until))
            for (host, check), intervals in checks.items()
        ),
    )


def _lead(
    conn: sqlite3.Connection, app: AppDef, told: Episode | Rise, now: int, zone: str
) -> LeadingCause | None:
    found = causes.cause_rows(conn, app.app, told.since, told.until, ERROR_LEVELS)
    rows = [row for row in found if row.state != "muted"]
    total = sum(row.records for row in rows)
    if not total:
        return None
    born = [row for row in rows if _is_born(row, told.since) and row.records >= _NEW_SHARE * total]
    row = born[0] if born else rows[0]
    deployment = _deployment(conn, app.app, row.first_seen) if born else None
    alone = len(row.hosts) == 1 and len(app.hosts) > 1
    return LeadingCause(
        title=row.title,
        share=row.records / total,
        is_new=bool(born),
        born=row.first_seen,
        only_on=row.hosts[0] if alone else "",
        deployment=deployment[0] if deployment else "",
        deployed=deployment[1] if deployment else 0,
        cause=row.cause,
        state=row.state,
        life=life(row, now, zone),
    )


def _is_born(row: CauseRow, since: int) -> bool:
    return row.state == "new" and row.first_seen >= since - _BORN_BEFORE


def _deployment(conn: sqlite3.Connection, app: str, born: int) -> tuple[str, int] | None:
    marks = states.changes(conn, app, born - _DEPLOYED_WITHIN, born + 1)
    deployments = [mark for mark in marks if mark.kind == "deployment"]
    return (deployments[-1].label, deployments[-1].time) if deployments else None


def _host(line: HostLine | None, host: str, interval: int, now: int) -> HostFact:
    if line is None or not line.last_good:
        reason = line.reason if line else ""
        return HostFact(host, State.UNKNOWN, line.since if line else 0, reason or "not seen yet")
    if is_missed(line, now):
        return HostFact(host, State.UP, line.last_good, line.reason, missed=line.last_good)
    if line.state is not State.UP:
        return HostFact(host, State.UNKNOWN, line.since, line.reason)
    if now - line.last_good > stale_after(interval):
        return HostFact(host, State.UNKNOWN, line.last_good, "no visit since")
    return HostFact(host, State.UP, line.since)


def _log_facts(app: AppDef, logs: Sequence[LogState]) -> tuple[LogFact, ...]:
    """How far the catalogue's logs have been read; one that no visit told of was never read."""
    mine = [log for log in logs if log.log in app.logs and log.host in app.hosts]
    if not mine:
        return tuple(LogFact(log, "", 0) for log in app.logs)
    return tuple(_log_fact(log) for log in mine)


def _log_fact(log: LogState) -> LogFact:
    """A log of which no line is understood says nothing, whatever was read of it."""
    if log.lines and log.unparsed_lines >= log.lines:
        problem = (
            f"None of the {log.lines:,} lines of {log.log} on {log.host} was understood. "
            "Name a text log, or its format in the catalogue."
        )
        return LogFact(log.log, log.host, 0, problem)
    return LogFact(log.log, log.host, log.read_until, "".join(log.problems[:1]), log.backlog_bytes)


def _last_failure(app: AppDef, lines: dict[str, HostLine]) -> str:
    failed = [lines[h] for h in app.hosts if h in lines and lines[h].state is State.UNKNOWN]
    reasons = [line.reason for line in sorted(failed, key=lambda x: -x.last_try) if line.reason]
    return reasons[0] if reasons else ""
