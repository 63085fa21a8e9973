"""Visits to a host, and how well its logs are read."""

import json
import sqlite3

from psbuddy.model.status import LogState, Visit, VisitDay


def collections(
    conn: sqlite3.Connection, host: str | None = None, limit: int = 100
) -> tuple[Visit, ...]:
    """The newest visits to a host (or to all), newest first."""
    rows = conn.execute(
        "SELECT host, started, seconds, stage, outcome, detail, bytes_read, bytes_sent, "
        "bytes_received, cpu_seconds, memory_bytes, collection.transport, program, "
        "connected, logins, login_seconds, start_seconds "
        "FROM collection JOIN host USING (host_id) "
        + ("WHERE host = ? " if host is not None else "")
        + "ORDER BY started DESC, collection_id DESC LIMIT ?",
        (limit,) if host is None else (host, limit),
    ).fetchall()
    return tuple(Visit(*row) for row in rows)


def visit_days(conn: sqlite3.Connection, host: str, days: int = 14) -> tuple[VisitDay, ...]:
    """What was done on a host, by the days of this machine's clock, newest first.

    The days before and after which nothing is stored are not told.
    """
    rows = conn.execute(
        "SELECT strftime('%Y-%m-%d', started, 'unixepoch', 'localtime') AS day, count(*), "
        "sum(outcome <> 'ok'), sum(logins), sum(bytes_read), sum(bytes_received), "
        "total(cpu_seconds), max(memory_bytes), avg(start_seconds) "
        "FROM collection JOIN host USING (host_id) WHERE host = ? AND started > "
        "(SELECT max(started) FROM collection JOIN host USING (host_id) WHERE host = ?) - ? "
        "GROUP BY day ORDER BY day DESC LIMIT ?",
        (host, host, days * 86_400, days),
    ).fetchall()
    return tuple(VisitDay(*row) for row in rows)


def files_read(conn: sqlite3.Connection, host: str, limit: int = 500) -> tuple[str, ...]:
    """The files of a host from which something was read, by path."""
    rows = conn.execute(
        "SELECT DISTINCT path FROM position JOIN source USING (source_id) "
        "JOIN host USING (host_id) WHERE host = ? ORDER BY path LIMIT ?",
        (host, limit),
    ).fetchall()
    return tuple(row[0] for row in rows)


def host_notes(conn: sqlite3.Connection, host: str) -> tuple[str, ...]:
    """What is noted of the way to a host, in sentences."""
    row = conn.execute("SELECT notes FROM host WHERE host = ?", (host,)).fetchone()
    return tuple(json.loads(row[0])) if row else ()


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
