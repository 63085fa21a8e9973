"""The views that analysts, checks and other programs read. Stable: names, columns, order.

Times are ISO 8601 text in UTC, NULL where not known. They are made anew after migrations.
"""

from collections.abc import Callable
from typing import Final

#: A cause is `new` for a day, if its application had been read for an hour before it came.
NEW_FOR: Final = 86_400
KNOWN_AFTER: Final = 3_600
#: A cause that was silent for a week and came back is `regressed` for a day.
SILENT_FOR: Final = 7 * 86_400


def _iso(column: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, 'unixepoch')"


_SOURCE: Final = (
    "JOIN source s USING (source_id) JOIN application a USING (app_id) JOIN host h USING (host_id)"
)

VIEWS: Final[dict[str, str]] = {
    "v_minute": f"""
        SELECT a.app, h.host, s.log, {_iso("f.minute")} AS minute, n.name AS level, f.records
        FROM minute_level f {_SOURCE} JOIN level_name n USING (level)""",
    "v_transaction_minute": f"""
        SELECT a.app, h.host, s.log, {_iso("f.minute")} AS minute,
               f.transactions, f.failed, f.p50_ms, f.p95_ms, f.max_ms
        FROM minute_transaction f {_SOURCE}""",
    "v_cause": f"""
        SELECT a.app, c.fingerprint AS cause, n.name AS level, c.template,
               {_iso("c.first_seen")} AS first_seen, {_iso("c.last_seen")} AS last_seen, c.records,
               CASE WHEN c.mark <> '' THEN c.mark
                    WHEN c.first_seen >= o.until - {NEW_FOR}
                         AND c.first_seen >= o.since + {KNOWN_AFTER} THEN 'new'
                    WHEN c.returned_at >= o.until - {NEW_FOR} AND c.returned_at > 0
                    THEN 'regressed'
                    ELSE 'ongoing' END AS state
        FROM cause c JOIN application a USING (app_id)
        JOIN level_name n ON n.level = c.level
        LEFT JOIN (SELECT app_id, min(first_observed) AS since, max(read_until) AS until
              FROM source WHERE first_observed > 0 GROUP BY app_id) o USING (app_id)""",
    "v_cause_hour": f"""
        SELECT a.app, c.fingerprint AS cause, {_iso("f.hour")} AS hour, sum(f.records) AS records
        FROM hour_cause f JOIN cause c USING (cause_id)
        JOIN application a ON a.app_id = c.app_id
        GROUP BY f.cause_id, f.hour""",
    "v_run": f"""
        SELECT a.app, r.job, h.host, r.period, {_iso("r.started")} AS started,
               {_iso("r.ended")} AS ended, r.outcome, r.volume, r.verdict
        FROM run r JOIN application a USING (app_id) JOIN host h USING (host_id)""",
    "v_check": f"""
        SELECT a.app, h.host, k.check_name, f.state, {_iso("f.since")} AS since,
               {_iso("f.until")} AS until
        FROM check_state f JOIN app_check k USING (check_id)
        JOIN application a USING (app_id) JOIN host h USING (host_id)""",
    "v_collection": f"""
        SELECT h.host, {_iso("c.started")} AS started, c.seconds, c.stage, c.outcome,
               c.bytes_read, c.bytes_received, c.detail
        FROM collection c JOIN host h USING (host_id)""",
    "v_gap": f"""
        SELECT h.host, s.log, {_iso("g.from_time")} AS from_time, {_iso("g.to_time")} AS to_time,
               g.reason, g.bytes
        FROM gap g JOIN source s USING (source_id) JOIN host h USING (host_id)""",
}


def create(execute: Callable[[str], object]) -> None:
    """Create every view."""
    for name, query in VIEWS.items():
        execute(f"CREATE VIEW {name} AS {' '.join(query.split())}")


def drop(execute: Callable[[str], object]) -> None:
    """Drop every view that is there."""
    for name in VIEWS:
        execute(f"DROP VIEW IF EXISTS {name}")
