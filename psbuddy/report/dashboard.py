"""A dashboard: everything that one application shows over one range, read and thought."""

import sqlite3

from psbuddy.insight import availability
from psbuddy.report import sections
from psbuddy.report.facts import errors_of, gather, host_strips
from psbuddy.report.routes import worst_first
from psbuddy.report.status import status_of
from psbuddy.report.values import (
    STEPS,
    CauseLine,
    CheckStrip,
    Dashboard,
    JobLine,
    step_for,
)
from psbuddy.store.read import collections, fleet, routes, series, states
from psbuddy.store.read.apps import app_def

__all__ = [
    "STEPS",
    "CauseLine",
    "CheckStrip",
    "Dashboard",
    "JobLine",
    "UnknownApplicationError",
    "load_dashboard",
    "step_for",
]


class UnknownApplicationError(LookupError):
    """The store has never heard of this application."""


def load_dashboard(
    conn: sqlite3.Connection, app: str, since: int, until: int, now: int, *, zone: str = ""
) -> Dashboard:
    """Read and think everything that the dashboard of `app` shows over [since, until).

    The status line is as of `now`, the rest as of the range. Raises UnknownApplicationError for an
    id that the store has never heard of.
    """
    definition = app_def(conn, app)
    if definition is None:
        raise UnknownApplicationError(
            f"The store knows no application {app!r}. 'psbuddy status' lists those it knows."
        )
    gathered = gather(conn, definition, now, zone)
    before = {line.app: line for line in fleet.app_statuses(conn)}.get(app)
    step = step_for(since, until)
    levels = series.level_series(conn, app, since, until, step)
    errors = errors_of(levels)
    strips, checks = host_strips(conn, definition, since, until)
    lines = sections.cause_lines(conn, app, since, until)
    logs = collections.log_states(conn, app)
    observed = states.observed_intervals(conn, app, since, until)
    jobs = tuple(
        sections.runs_in_range(conn, judged, since, until, now) for judged in gathered.jobs
    )
    return Dashboard(
        app=definition,
        status=status_of(conn, gathered, before),
        since=since,
        until=until,
        now=now,
        step=step,
        levels=levels,
        errors=errors,
        normal=sections.normal(conn, app, levels, errors, zone),
        causes=series.cause_series(conn, app, since, until, step),
        cause_lines=lines,
        transactions=series.transaction_series(conn, app, since, until, step),
        strips=strips,
        checks=tuple(CheckStrip(check, strip) for check, strip in checks),
        jobs=sections.job_lines(gathered, jobs),
        relations=sections.relations(conn, definition, gathered.jobs),
        changes=sections.changes(conn, app, (since, until), lines, logs),
        gaps=states.gaps(conn, app, since, until, step),
        observed=observed,
        coverage=availability.coverage(observed, since, min(until, now)),
        last_collection=gathered.facts.last_collection,
        problems=sections.problems(logs),
        routes=worst_first(routes.route_rows(conn, app, since, until)),
        routes_named=routes.names_routes(conn, app),
    )
