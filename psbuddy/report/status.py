"""The state of the fleet: one line per application, judged after each commit."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from psbuddy.insight import availability
from psbuddy.insight.facts import AppFacts
from psbuddy.insight.verdict import job_line, verdict
from psbuddy.model.application import AppDef
from psbuddy.model.status import AppStatus
from psbuddy.model.terms import State, Verdict
from psbuddy.report.facts import Gathered, gather, host_strips, spark
from psbuddy.store import connect_readonly
from psbuddy.store.read.apps import app_defs
from psbuddy.store.read.fleet import app_statuses

if TYPE_CHECKING:  # the window reads statuses without the machinery that writes them
    from psbuddy.store.store import Store

DAY = 86_400


def refresh_status(
    store: "Store", now: int, apps: Sequence[str] | None = None, zone: str = ""
) -> tuple[AppStatus, ...]:
    """Judge applications (all, or those named) as of `now`; keep their lines and run verdicts.

    Reads on a connection of its own, then writes twice through the store. Clocks in sentences
    are read in `zone`, "" is the workstation's own.
    """
    lines: list[AppStatus] = []
    verdicts: dict[int, Verdict] = {}
    with closing(connect_readonly(store.url)) as conn:
        before = {status.app: status for status in app_statuses(conn)}
        for app in app_defs(conn):
            if apps is None or app.app in apps:
                gathered = gather(conn, app, now, zone)
                lines.append(status_of(conn, gathered, before.get(app.app)))
                for judged in gathered.jobs:
                    verdicts.update(judged.changed)
    if verdicts:
        store.write_verdicts(verdicts)
    store.write_status(lines)
    return tuple(lines)


def app_status(
    conn: sqlite3.Connection,
    app: AppDef,
    now: int,
    previous: AppStatus | None = None,
    zone: str = "",
) -> AppStatus:
    """The fleet line of one application as of `now`; writes nothing."""
    return status_of(conn, gather(conn, app, now, zone), previous)


def status_of(
    conn: sqlite3.Connection, gathered: Gathered, previous: AppStatus | None
) -> AppStatus:
    """The fleet line that these facts make; `previous` is the line before it."""
    facts, app, now = gathered.facts, gathered.facts.app, gathered.facts.now
    state, since, headline, sentence = verdict(facts, _judged(previous))
    strips, _ = host_strips(conn, app, now - DAY, now)
    job, note = _worst_job(facts)
    return AppStatus(
        app=app.app,
        name=app.name or app.app,
        owner=app.owner,
        runbook=app.runbook,
        state=state,
        since=since,
        sentence=sentence,
        headline=headline,
        errors_per_minute=facts.errors.per_minute,
        normal_per_minute=facts.errors.normal_per_minute,
        spark=spark(gathered.day),
        worst_job=job,
        worst_job_note=note,
        availability=availability.total(strips)[0],
        coverage=facts.coverage,
        hosts_seen=sum(host.state is not State.UNKNOWN for host in facts.hosts),
        hosts_total=len(app.hosts),
        last_collection=facts.last_collection,
        interval=app.interval,
        as_of=now,
    )


def _judged(previous: AppStatus | None) -> AppStatus | None:
    """A line that was never judged tells nothing of how long a state has lasted."""
    return previous if previous is not None and previous.as_of else None


def _worst_job(facts: AppFacts) -> tuple[str, str]:
    lines = [(job_line(facts, job), job) for job in facts.jobs]
    if not lines:
        return "", ""
    (line, job) = min(lines, key=lambda pair: pair[0].urgency)
    return job.job.job, line.note
