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
