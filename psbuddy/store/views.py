"""The views that analysts, checks and other programs read. Stable: names, columns, order.

Times are ISO 8601 text in UTC, NULL where not known. They are made anew after migrations.
"""

from collections.abc import Callable
from typing import Final

from psbuddy.store.cause_state import (
    DEPLOYED_WITHIN,
    KNOWN_AFTER,
    KNOWN_BEFORE_DEPLOYMENT,
    NEW_FOR,
)
from psbuddy.store.grains import DAY


def _iso(column: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, 'unixepoch')"


_SOURCE: Final = (
    "JOIN source s USING (source_id) JOIN application a USING (app_id) JOIN host h USING (host_id)"
)

# Counts stay with the fingerprint they came with; a cause is the sum of its aliases.
_GROUPS: Final = """
    SELECT coalesce(l.survivor_id, m.cause_id) AS cause_id, max(m.level) AS level,
           min(m.first_seen) AS first_seen, max(m.last_seen) AS last_seen,
           sum(m.records) AS records, max(m.returned_at) AS returned_at
    FROM cause m LEFT JOIN cause_alias l USING (cause_id) GROUP BY 1"""
_DEPLOYED: Final = f"""
    EXISTS (SELECT 1 FROM change d WHERE d.app_id = c.app_id AND d.kind = 'deployment'
            AND d.time BETWEEN g.first_seen - {DEPLOYED_WITHIN} AND g.first_seen)"""
# The same as cause_state.state_of, a test holds them together.
_STATE: Final = f"""
    CASE WHEN c.mark IN ('muted', 'known') AND (c.mark_until = 0 OR o.until < c.mark_until)
              THEN c.mark
         WHEN c.mark = 'known' AND g.last_seen > c.mark_until THEN 'regressed'
         WHEN c.mark = 'resolved' AND g.last_seen > c.marked_at THEN 'regressed'
         WHEN c.mark = 'resolved' THEN 'resolved'
         WHEN g.first_seen >= o.until - {NEW_FOR} AND (g.first_seen >= o.since + {KNOWN_AFTER}
              OR g.first_seen >= o.since + {KNOWN_BEFORE_DEPLOYMENT} AND {_DEPLOYED}) THEN 'new'
         WHEN g.returned_at > 0 AND g.returned_at >= o.until - {NEW_FOR} THEN 'regressed'
         WHEN c.rising_since > 0 AND c.rising_since < o.until THEN 'rising'
         ELSE 'ongoing' END"""

_LEVELS: Final = f"n.name AS level, f.records FROM {{}} f {_SOURCE} JOIN level_name n USING (level)"
_CALLS: Final = f"f.transactions, f.failed, f.p50_ms, f.p95_ms, f.max_ms FROM {{}} f {_SOURCE}"


def _minutes(facts: str, what: str) -> str:
    return (
        f"SELECT a.app, h.host, s.log, {_iso('f.minute')} AS minute, "
        f"{what.format(f'minute_{facts}')}"
    )


#: The views of minutes over the tables of minutes alone.
MINUTE_VIEWS: Final[dict[str, str]] = {
    "v_minute": _minutes("level", _LEVELS),
    "v_transaction_minute": _minutes("transaction", _CALLS),
}


def _with_sealed(view: str, facts: str, what: str) -> str:
    """Only our own programs can open a page. For others the hours of its day stand for it,
    told as hours: nothing is missing without a word, nothing is said of a wrong minute."""
    hours = (
        f"(SELECT x.* FROM minute_page p CROSS JOIN hour_{facts} x ON x.source_id = p.source_id "
        f"AND x.hour >= p.day AND x.hour < p.day + {DAY})"
    )
    return f"""
        {MINUTE_VIEWS[view]} WHERE NOT EXISTS (SELECT 1 FROM minute_page p
            WHERE p.source_id = f.source_id AND p.day = f.minute / {DAY} * {DAY})
        UNION ALL
        SELECT a.app, h.host, s.log, strftime('%Y-%m-%dT%H', f.hour, 'unixepoch') AS minute,
               {what.format(hours)}"""


VIEWS: Final[dict[str, str]] = {
    "v_minute": _with_sealed("v_minute", "level", _LEVELS),
    "v_transaction_minute": _with_sealed("v_transaction_minute", "transaction", _CALLS),
    "v_route_hour": f"""
        SELECT a.app, h.host, s.log, {_iso("f.hour")} AS hour, r.route,
               f.transactions, f.failed, f.p50_ms, f.p95_ms, f.max_ms
        FROM hour_route f {_SOURCE} JOIN route r USING (route_id)""",
    "v_cause": f"""
        SELECT a.app, c.fingerprint AS cause, n.name AS level,
               CASE c.shown_template WHEN '' THEN c.template ELSE c.shown_template END AS template,
               {_iso("g.first_seen")} AS first_seen, {_iso("g.last_seen")} AS last_seen, g.records,
               {_STATE} AS state
        FROM ({_GROUPS}) g JOIN cause c USING (cause_id)
        JOIN application a ON a.app_id = c.app_id JOIN level_name n ON n.level = g.level
        LEFT JOIN (SELECT app_id, min(first_observed) AS since, max(read_until) AS until
              FROM source WHERE first_observed > 0 GROUP BY app_id) o ON o.app_id = c.app_id""",
    "v_cause_hour": f"""
        SELECT a.app, c.fingerprint AS cause, {_iso("f.hour")} AS hour, sum(f.records) AS records
        FROM hour_cause f LEFT JOIN cause_alias l USING (cause_id)
        JOIN cause c ON c.cause_id = coalesce(l.survivor_id, f.cause_id)
        JOIN application a ON a.app_id = c.app_id
        GROUP BY c.cause_id, f.hour""",
    "v_cause_alias": f"""
        SELECT a.app, c.fingerprint, s.fingerprint AS cause, l."by", l.why,
               {_iso("nullif(l.since, 0)")} AS since
        FROM cause_alias l JOIN cause c USING (cause_id)
        JOIN cause s ON s.cause_id = l.survivor_id
        JOIN application a ON a.app_id = c.app_id""",
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
    "v_dropped": f"""
        SELECT a.app, h.host, s.log, d.tier, {_iso("d.from_time")} AS from_time,
               {_iso("d.to_time")} AS to_time, {_iso("d.noticed")} AS noticed
        FROM dropped d {_SOURCE}""",
}


def create(execute: Callable[[str], object]) -> None:
    """Create every view."""
    for name, query in VIEWS.items():
        execute(f"CREATE VIEW {name} AS {' '.join(query.split())}")


def drop(execute: Callable[[str], object]) -> None:
    """Drop every view that is there."""
    for name in VIEWS:
        execute(f"DROP VIEW IF EXISTS {name}")
