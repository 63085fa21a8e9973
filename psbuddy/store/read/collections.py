"""Visits to a host, and how well its logs are read."""

import json
import sqlite3

from psbuddy.model.status import LogState, Visit


def collections(
    conn: sqlite3.Connection, host: str | None = None, limit: int = 100
) -> tuple[Visit, ...]:
    """The newest visits to a host (or to all), newest first."""
    rows = conn.execute(
        "SELECT host, started, seconds, stage, outcome, detail, bytes_read, bytes_sent, "
        "bytes_received, cpu_seconds, memory_bytes, collection.transport, program "
        "FROM collection JOIN host USING (host_id) "
        + ("WHERE host = ? " if host is not None else "")
        + "ORDER BY started DESC, collection_id DESC LIMIT ?",
        (limit,) if host is None else (host, limit),
    ).fetchall()
    return tuple(Visit(*row) for row in rows)


def met_and_booted(conn: sqlite3.Connection, host: str) -> tuple[int, int]:
    """When a host was first visited with success since its state began, and its last known boot.

    Epoch seconds, 0 for never and not known.
    """
    row = conn.execute(
        "SELECT coalesce(min(started), 0), boot_time FROM host "
        "LEFT JOIN collection ON collection.host_id = host.host_id "
        "AND outcome = 'ok' AND started >= since WHERE host = ?",
        (host,),
    ).fetchone()
    return (int(row[0]), int(row[1] or 0)) if row else (0, 0)


def log_states(conn: sqlite3.Connection, app: str) -> tuple[LogState, ...]:
    """Every log of an application on every host, by host and log."""
    rows = conn.execute(
        "SELECT app, host, log, format, lines, records, unparsed_lines, unparsed_bytes, "
        "oversize_records, held_bytes, backlog_bytes, first_observed, read_until, read_at, "
        "problems FROM source JOIN application USING (app_id) JOIN host USING (host_id) "
        "WHERE app = ? ORDER BY host, log",
        (app,),
    ).fetchall()
    states = []
    for *values, problems in rows:
        values.append(tuple(json.loads(problems)))
        states.append(LogState(*values))
    return tuple(states)
