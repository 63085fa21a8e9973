"""Retention: minutes, then hours, that are older than wanted go; what went is written down.

A tier goes a log and a stretch at a time, oldest first, each in a short transaction of its own.
Days are never dropped.
"""

from typing import Final

from psbuddy.store import tables as t
from psbuddy.store.grains import DAY
from psbuddy.store.sql import Cursor, upsert

#: Days of a log that go in one transaction.
AT_ONCE: Final = 7

#: tier -> tables with their column of time
_TABLES: Final = {
    "minute": (
        ("minute_page", "day"),
        *((table.name, "minute") for table in (t.minute_level, t.minute_cause)),
        ("minute_transaction", "minute"),
    ),
    "hour": (
        *((table.name, "hour") for table in (t.hour_level, t.hour_cause)),
        *((table.name, "hour") for table in (t.hour_transaction, t.hour_route)),
    ),
}
_NOTE: Final = upsert(
    t.dropped,
    key=("source_id", "tier"),
    replace=("noticed",),
    least=("from_time",),
    greatest=("to_time",),
)


def kept_from(now: int, seconds: int) -> int:
    """The day from which a tier that is kept so long is all there."""
    return (now - seconds) // DAY * DAY


def droppable(cursor: Cursor, tier: str, before: int) -> list[int]:
    """Logs of which a tier has something older than `before`."""
    found: set[int] = set()
    for table, time in _TABLES[tier]:
        cursor.execute(
            "SELECT source_id FROM source s WHERE EXISTS (SELECT 1 FROM "
            f"{table} f WHERE f.source_id = s.source_id AND f.{time} < ?)",
            (before,),
        )
        found.update(row[0] for row in cursor.fetchall())
    return sorted(found)


def drop(cursor: Cursor, source: int, tier: str, before: int, now: int) -> bool:
    """Drop the oldest days of a tier of a log, up to `before`; False when nothing was left."""
    firsts = []
    for table, time in _TABLES[tier]:
        cursor.execute(f"SELECT min({time}) FROM {table} WHERE source_id = ?", (source,))
        firsts += [row[0] for row in cursor.fetchall() if row[0] is not None]
    first = min(firsts, default=before) // DAY * DAY
    until = min(before, first + AT_ONCE * DAY)
    if first >= until:
        return False
    for table, time in _TABLES[tier]:
        cursor.execute(f"DELETE FROM {table} WHERE source_id = ? AND {time} < ?", (source, until))
    cursor.execute(_NOTE, (source, tier, now, first, until))
    return True
