"""What learning reads: the templates of an application, and which applications have new ones."""

import sqlite3
from dataclasses import dataclass

from psbuddy.store.aliases import LEARNED_UNTIL


@dataclass(frozen=True, slots=True)
class KnownTemplate:
    """One fingerprint of an application, with its own words."""

    fingerprint: str
    title: str
    template: str
    exception: str
    frame: str
    records: int  # all time


def learned_until(conn: sqlite3.Connection) -> int:
    """Number of the newest cause that learning has seen; 0 before the first time."""
    row = conn.execute("SELECT value FROM store_info WHERE name = ?", (LEARNED_UNTIL,)).fetchone()
    return int(row[0]) if row and str(row[0]).isdigit() else 0


def newest_cause(conn: sqlite3.Connection) -> int:
    """Number of the newest cause of the store, 0 without one. Costs one look-up."""
    return int(conn.execute("SELECT max(cause_id) FROM cause").fetchone()[0] or 0)


def apps_with_new_causes(conn: sqlite3.Connection, after: int) -> tuple[str, ...]:
    """Applications that have causes with a number beyond `after`."""
    rows = conn.execute(
        "SELECT DISTINCT app FROM cause JOIN application USING (app_id) WHERE cause_id > ? "
        "ORDER BY app",
        (after,),
    ).fetchall()
    return tuple(row[0] for row in rows)


def known_templates(conn: sqlite3.Connection, app: str, most: int) -> tuple[KnownTemplate, ...]:
    """The `most` recently seen fingerprints of an application and their own templates."""
    rows = conn.execute(
        "SELECT fingerprint, title, template, exception, frame, records "
        "FROM cause JOIN application USING (app_id) "
        "WHERE app = ? ORDER BY last_seen DESC, fingerprint LIMIT ?",
        (app, most),
    ).fetchall()
    return tuple(KnownTemplate(*row) for row in rows)


def is_outlived(conn: sqlite3.Connection, app: str) -> bool:
    """Whether records that came late made a fingerprint older than the one that names it."""
    row = conn.execute(
        "SELECT 1 FROM cause_alias l JOIN cause c USING (cause_id) "
        "JOIN cause s ON s.cause_id = l.survivor_id JOIN application a ON a.app_id = c.app_id "
        "WHERE a.app = ? AND l.\"by\" = 'learned' "
        "AND (c.first_seen, c.fingerprint) < (s.first_seen, s.fingerprint) LIMIT 1",
        (app,),
    ).fetchone()
    return row is not None
