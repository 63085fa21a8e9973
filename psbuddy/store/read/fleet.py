"""What the fleet page shows: one statement for applications, one for hosts. No numpy here."""

from typing import TYPE_CHECKING, Any

from psbuddy.model.fleet import AppStatus, HostLine
from psbuddy.model.terms import State

if TYPE_CHECKING:  # for its name alone, see psbuddy.store.connect
    import sqlite3

_NOT_YET = "Not looked at yet."

_APPS = f"""SELECT a.app, CASE WHEN a.name = '' THEN a.app ELSE a.name END, a.owner, a.runbook,
  coalesce(s.state, 'unknown'), coalesce(s.since, 0),
  coalesce(s.sentence, '{_NOT_YET}'), coalesce(s.headline, '{_NOT_YET}'),
  s.errors_per_minute, s.normal_per_minute, coalesce(s.spark, '[]'),
  coalesce(s.worst_job, ''), coalesce(s.worst_job_note, ''), s.availability, s.coverage,
  coalesce(s.hosts_seen, 0), coalesce(s.hosts_total, a.hosts), coalesce(s.last_collection, 0),
  a.interval, coalesce(s.as_of, 0)
FROM application a LEFT JOIN app_status s USING (app) WHERE a.active = 1 ORDER BY a.app"""

# A host that no application of the catalogue names any more is no longer looked at. Where a store
# holds no definitions, nobody has said so.
_HOSTS = """WITH named AS (SELECT j.value AS host, min(a.interval) AS interval
  FROM application a, json_each(a.definition, '$.hosts') j
  WHERE a.active = 1 AND definition <> '' GROUP BY j.value)
SELECT h.host, state, since, reason, last_good, last_try, transport,
  coalesce(nullif(n.interval, 0), 60),
  (SELECT count(*) FROM (SELECT 1 FROM collection c
    WHERE c.host_id = h.host_id AND c.started > h.last_good LIMIT 2)),
  coalesce((SELECT stage FROM collection c WHERE c.host_id = h.host_id
    AND c.started = h.last_try AND c.started > h.last_good LIMIT 1), ''),
  n.host IS NOT NULL OR EXISTS (SELECT 1 FROM application WHERE active = 1 AND definition = '')
  OR NOT EXISTS (SELECT 1 FROM application WHERE definition <> '')
FROM host h LEFT JOIN named n ON n.host = h.host ORDER BY h.host"""
_REMOVED = "No application of the catalogue names it any more; what was seen of it stays."

_NO_SPARK: tuple[float | None, ...] = (None,) * 24


def app_statuses(conn: "sqlite3.Connection") -> tuple[AppStatus, ...]:
    """A line for every application of the catalogue, by id; unknown until it was judged."""
    return tuple(_status(row) for row in conn.execute(_APPS).fetchall())


def host_lines(conn: "sqlite3.Connection") -> tuple[HostLine, ...]:
    """Every host that was ever visited, by name, as the last visit left it.

    Paused since that visit where no application of the catalogue names it any more.
    """
    return tuple(_host(row) for row in conn.execute(_HOSTS).fetchall())


def _host(row: tuple[Any, ...]) -> HostLine:
    """Columns come in the order of HostLine's fields; the last one: the catalogue names it."""
    host, state, since, reason, last_good, last_try, *rest, named = row
    if not named:
        state, since, reason = State.PAUSED, last_try, _REMOVED
    return HostLine(host, State(state), since, reason, last_good, last_try, *rest)


def _status(row: tuple[Any, ...]) -> AppStatus:
    """Columns come in the order of AppStatus's fields."""
    values: list[Any] = list(row)
    values[4] = State(row[4])
    values[10] = _spark(row[10]) or _NO_SPARK
    return AppStatus(*values)


def _spark(text: str) -> tuple[float | None, ...]:
    """`[12, 0.5, null]`. By hand: the json module is 3 ms of the first paint."""
    values = (each.strip() for each in text.strip("[] ").split(","))
    return tuple(None if each == "null" else float(each) for each in values if each)
