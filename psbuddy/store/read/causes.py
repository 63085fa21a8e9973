"""Causes of an application over a range, and their newest examples."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from psbuddy.model.series import CauseRow
from psbuddy.model.status import FoundExample
from psbuddy.model.terms import LEVELS, Level
from psbuddy.store.read.buckets import cover, marks
from psbuddy.store.views import KNOWN_AFTER, NEW_FOR


def cause_rows(
    conn: sqlite3.Connection,
    app: str,
    since: int,
    until: int,
    levels: Iterable[Level] = LEVELS,
) -> tuple[CauseRow, ...]:
    """Causes with records in [since, until), most records first.

    Minutes that the range only touches count whole.
    `state`: the user's mark, else `new` or `regressed` (as of the end of the range, see
    `psbuddy.store.views`), else `ongoing`.
    """
    rows = rows_by_id(conn, app, since, until, levels).values()
    return tuple(sorted(rows, key=lambda row: (-row.records, row.cause)))


def rows_by_id(
    conn: sqlite3.Connection, app: str, since: int, until: int, levels: Iterable[Level]
) -> dict[int, CauseRow]:
    """The rows of `cause_rows` by the cause's number in the store."""
    found = _counted(conn, app, since, until)
    wanted = set(levels)
    known_since, now = _observed(conn, app, until)
    result = {}
    for cause_id, level, key, title, template, exception, frame, first, last, back, mark in _all(
        conn, app
    ):
        if cause_id in found and LEVELS[level] in wanted:
            records, hosts = found[cause_id]
            new = first >= max(now - NEW_FOR, known_since + KNOWN_AFTER)
            again = back > 0 and back >= now - NEW_FOR
            result[cause_id] = CauseRow(
                cause=key,
                level=LEVELS[level],
                title=title,
                template=template,
                exception=exception,
                frame=frame,
                first_seen=first,
                last_seen=last,
                records=records,
                state=mark or ("new" if new else "regressed" if again else "ongoing"),
                hosts=tuple(sorted(hosts)),
            )
    return result


def cause_examples(
    conn: sqlite3.Connection, app: str, cause: str, limit: int = 5
) -> tuple[FoundExample, ...]:
    """The newest records of a cause, newest first, with the host and log they stood in."""
    rows = conn.execute(
        "SELECT e.time, e.text, h.host, s.log FROM cause_example e "
        "JOIN cause c USING (cause_id) JOIN application a ON a.app_id = c.app_id "
        "JOIN source s ON s.source_id = e.source_id JOIN host h USING (host_id) "
        "WHERE a.app = ? AND c.fingerprint = ? ORDER BY e.time DESC, e.example_id DESC LIMIT ?",
        (app, cause, limit),
    ).fetchall()
    return tuple(FoundExample(*row) for row in rows)


def _counted(
    conn: sqlite3.Connection, app: str, since: int, until: int
) -> dict[int, tuple[int, set[str]]]:
    """Records within the range and hosts of every cause, by its number in the store."""
    hosts = dict(
        conn.execute(
            "SELECT source_id, host FROM source JOIN host USING (host_id) "
            "JOIN application USING (app_id) WHERE app = ?",
            (app,),
        ).fetchall()
    )
    found: dict[int, tuple[int, set[str]]] = {}
    for grain, start, end in cover(since, until):
        rows = conn.execute(
            f"SELECT source_id, cause_id, sum(records) FROM {grain}_cause "
            f"WHERE source_id IN ({marks(list(hosts))}) AND {grain} >= ? AND {grain} < ? "
            "GROUP BY source_id, cause_id",
            (*hosts, start, end),
        ).fetchall()
        for source_id, cause_id, records in rows:
            total, names = found.get(cause_id, (0, set()))
            found[cause_id] = (total + records, names | {hosts[source_id]})
    return found


def _observed(conn: sqlite3.Connection, app: str, until: int) -> tuple[int, int]:
    """Since when the application is read, and the end of the range or of our knowledge."""
    first, last = conn.execute(
        "SELECT min(first_observed), max(read_until) FROM source "
        "JOIN application USING (app_id) WHERE app = ? AND first_observed > 0",
        (app,),
    ).fetchone()
    return first or 0, min(until, last) if last else until


def _all(conn: sqlite3.Connection, app: str) -> list[Any]:
    return conn.execute(
        "SELECT cause_id, level, fingerprint, title, template, exception, frame, first_seen, "
        "last_seen, returned_at, mark FROM cause JOIN application USING (app_id) WHERE app = ?",
        (app,),
    ).fetchall()
