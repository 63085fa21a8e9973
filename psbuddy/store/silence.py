"""Did a cause come back after two observed weeks without it, under any of its fingerprints?"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from psbuddy.store.cause_state import SILENT_FOR
from psbuddy.store.grains import HOUR
from psbuddy.store.read.observed import union
from psbuddy.store.sql import Cursor

_SURVIVOR: Final = "SELECT survivor_id FROM cause_alias WHERE cause_id = ?"
_OTHERS: Final = """cause_id <> ? AND cause_id IN (
  SELECT cause_id FROM cause_alias WHERE survivor_id = ? UNION SELECT ?)"""
# Newest hour in which another fingerprint of the same cause was seen.
_SPOKE: Final = f"""SELECT max(hour) FROM hour_cause
WHERE source_id IN (SELECT source_id FROM source WHERE app_id = ?) AND hour > ? AND hour < ?
  AND {_OTHERS}"""
_LAST: Final = f"SELECT max(last_seen) FROM cause WHERE last_seen < ? AND {_OTHERS}"
_GAPS: Final = """SELECT from_time, to_time FROM gap JOIN source USING (source_id)
WHERE app_id = ? AND to_time > ? AND from_time < ?"""


class Return(NamedTuple):
    """A fingerprint seen at `at` whose last record before was at `silent_from`."""

    cause: int
    app: int
    silent_from: int
    at: int


def check_silence(cursor: Cursor, returned: Iterable[Return]) -> None:
    """Take a return back where the silence was not observed, or another fingerprint spoke."""
    for cause, app, silent_from, at in returned:
        survivor = _survivor(cursor, cause)
        cursor.execute(_SPOKE, (app, silent_from, at - HOUR, cause, survivor, survivor))
        spoke = max(silent_from, int(cursor.fetchone()[0] or 0))
        cursor.execute(_GAPS, (app, spoke, at))
        gaps = union((max(since, spoke), min(until, at)) for since, until in cursor.fetchall())
        if at - spoke - sum(until - since for since, until in gaps) <= SILENT_FOR:
            cursor.execute("UPDATE cause SET returned_at = 0 WHERE cause_id = ?", (cause,))


def mark_returns(cursor: Cursor, app: int, causes: Iterable[int]) -> None:
    """Fingerprints that just became part of a cause may be its return in other words."""
    for cause in causes:
        cursor.execute("SELECT first_seen FROM cause WHERE cause_id = ?", (cause,))
        at, survivor = int(cursor.fetchone()[0]), _survivor(cursor, cause)
        cursor.execute(_LAST, (at, cause, survivor, survivor))
        before = int(cursor.fetchone()[0] or 0)
        if 0 < before < at - SILENT_FOR:
            cursor.execute(
                "UPDATE cause SET silent_from = ?, returned_at = ? WHERE cause_id = ?",
                (before, at, cause),
            )
            check_silence(cursor, [Return(cause, app, before, at)])


def _survivor(cursor: Cursor, cause: int) -> int:
    cursor.execute(_SURVIVOR, (cause,))
    row = cursor.fetchone()
    return int(row[0]) if row else cause
