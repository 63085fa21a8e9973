"""States over time: hosts, checks, what was observed, gaps, changes."""

import sqlite3

from psbuddy.model.series import ChangeMark, Interval
from psbuddy.model.status import LogGap
from psbuddy.model.terms import State
from psbuddy.store.grains import DAY
from psbuddy.store.read.minutes import lost_of
from psbuddy.store.read.observed import source_spans, union

#: The same change told by several hosts within an hour is one mark.
SAME_CHANGE = 3_600

_HOSTS = """SELECT host_id, host FROM host WHERE host_id IN (
  SELECT host_id FROM source JOIN application USING (app_id) WHERE app = ?
  UNION SELECT host_id FROM app_check JOIN application USING (app_id) WHERE app = ?)
OR host IN (SELECT j.value FROM application, json_each(definition, '$.hosts') j
  WHERE app = ? AND definition <> '')
ORDER BY host"""


def host_intervals(
    conn: sqlite3.Connection, app: str, since: int, until: int
) -> dict[str, tuple[Interval, ...]]:
    """States of the application's hosts within [since, until); what no interval covers is
    unknown. Hosts are those the catalogue names and those whose logs or checks were read,
    as far as they were ever visited, in vain or not."""
    hosts = conn.execute(_HOSTS, (app, app, app)).fetchall()
    return {
        host: _clipped(
            conn.execute(
                "SELECT since, until, state, reason FROM host_state "
                "WHERE host_id = ? AND since < ? AND until >= ? ORDER BY since",
                (host_id, until, since),
            ).fetchall(),
            since,
            until,
        )
        for host_id, host in hosts
    }


def check_intervals(
    conn: sqlite3.Connection, app: str, since: int, until: int
) -> dict[tuple[str, str], tuple[Interval, ...]]:
    """States by (host, check) within [since, until); what no interval covers is unknown."""
    checks = conn.execute(
        "SELECT check_id, host, check_name FROM app_check JOIN application USING (app_id) "
        "JOIN host USING (host_id) WHERE app = ? ORDER BY host, check_name",
        (app,),
    ).fetchall()
    return {
        (host, name): _clipped(
            conn.execute(
                "SELECT since, until, state, detail FROM check_state "
                "WHERE check_id = ? AND since < ? AND until >= ? ORDER BY since",
                (check_id, until, since),
            ).fetchall(),
            since,
            until,
        )
        for check_id, host, name in checks
    }


def observed_intervals(
    conn: sqlite3.Connection, app: str, since: int, until: int
) -> tuple[Interval, ...]:
    """Stretches in which at least one log of the application was read, as `up` intervals.

    For an application without logs: in which at least one check had an answer.
    """
    spans = [span for spans in source_spans(conn, app).values() for span in spans]
    if not spans:
        answered = check_intervals(conn, app, since, until).values()
        spans = [(i.start, i.end) for rows in answered for i in rows if i.state != State.UNKNOWN]
    return tuple(
        Interval(max(start, since), min(end, until), State.UP)
        for start, end in union(spans)
        if start < until and end > since
    )


def gaps(
    conn: sqlite3.Connection, app: str, since: int, until: int, step: int = DAY
) -> tuple[LogGap, ...]:
    """Lost stretches of the application's logs that touch [since, until], oldest first.

    With what buckets of `step` seconds cannot tell any more: retention, damage.
    """
    rows = conn.execute(
        "SELECT host, log, from_time, to_time, gap.reason, bytes FROM gap "
        "JOIN source USING (source_id) JOIN application USING (app_id) JOIN host USING (host_id) "
        "WHERE app = ? AND from_time <= ? AND to_time >= ? ORDER BY from_time, gap_id",
        (app, until, since),
    ).fetchall()
    lost = lost_of(conn, app, since, until, step)
    return tuple(sorted((*(LogGap(*row) for row in rows), *lost), key=lambda gap: gap.from_time))


def changes(conn: sqlite3.Connection, app: str, since: int, until: int) -> tuple[ChangeMark, ...]:
    """Deployments and other changes in [since, until), oldest first, one for all hosts."""
    rows = conn.execute(
        "SELECT time, kind, label FROM change JOIN application USING (app_id) "
        "WHERE app = ? AND time >= ? AND time < ? ORDER BY time, kind, label",
        (app, since, until),
    ).fetchall()
    last: dict[tuple[str, str], int] = {}
    marks = []
    for time, kind, label in rows:
        if time - last.get((kind, label), -SAME_CHANGE - 1) > SAME_CHANGE:
            marks.append(ChangeMark(time, kind, label))
        last[kind, label] = time
    return tuple(marks)


def _clipped(rows: list[tuple[int, int, str, str]], since: int, until: int) -> tuple[Interval, ...]:
    """Rows as intervals within the range. An empty newest one, a single sighting, stays."""
    return tuple(
        Interval(max(start, since), min(end, until), State(state), reason)
        for start, end, state, reason in rows
        if end > since or start >= since
    )
