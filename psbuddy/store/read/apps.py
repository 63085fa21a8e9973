"""Definitions of applications and jobs as the catalogue last had them."""

import sqlite3

from psbuddy.model.application import AppDef
from psbuddy.model.runs import JobDef
from psbuddy.store.definition import from_json


def app_defs(conn: sqlite3.Connection) -> tuple[AppDef, ...]:
    """Every application of the catalogue, by id. One that no catalogue named yet has its
    hosts and logs from what was read."""
    rows = conn.execute(
        "SELECT app, name, definition FROM application WHERE active = 1 ORDER BY app"
    ).fetchall()
    return tuple(from_json(text) if text else _seen(conn, app, name) for app, name, text in rows)


def app_def(conn: sqlite3.Connection, app: str) -> AppDef | None:
    """One application, also one no longer in the catalogue; None for an unknown id."""
    row = conn.execute("SELECT name, definition FROM application WHERE app = ?", (app,)).fetchone()
    if row is None:
        return None
    return from_json(row[1]) if row[1] else _seen(conn, app, row[0])


def job_defs(conn: sqlite3.Connection, app: str | None = None) -> tuple[JobDef, ...]:
    """Jobs of one application or of all, in the catalogue's order."""
    found = app_defs(conn)
    return tuple(job for a in found if app in (None, a.app) for job in a.jobs)


def _seen(conn: sqlite3.Connection, app: str, name: str) -> AppDef:
    rows = conn.execute(
        "SELECT h.host, s.log FROM source s JOIN application a USING (app_id) "
        "JOIN host h USING (host_id) WHERE a.app = ? ORDER BY h.host, s.log",
        (app,),
    ).fetchall()
    return AppDef(
        app=app,
        name=name or app,
        owner="",
        runbook="",
        hosts=tuple(dict.fromkeys(host for host, _ in rows)),
        interval=60,
        logs=tuple(dict.fromkeys(log for _, log in rows)),
    )
