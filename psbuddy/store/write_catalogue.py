"""The catalogue in force, kept so that a copy of the store can be read without it."""

from collections.abc import Sequence
from typing import Final

from psbuddy.model.application import AppDef
from psbuddy.store import tables as t
from psbuddy.store.caps import DETAIL, cap
from psbuddy.store.definition import to_json
from psbuddy.store.sql import Cursor, upsert

_SAVE: Final = upsert(
    t.application,
    key=("app",),
    replace=("name", "owner", "runbook", "interval", "hosts", "active", "definition"),
)
_HISTORY: Final = """INSERT INTO application_history (app_id, since, definition)
SELECT app_id, ?, definition FROM application a WHERE app = ? AND NOT EXISTS (
  SELECT 1 FROM application_history h WHERE h.app_id = a.app_id AND h.definition = a.definition
  AND h.since = (SELECT max(since) FROM application_history WHERE app_id = a.app_id))
ON CONFLICT (app_id, since) DO UPDATE SET definition = excluded.definition"""


def write(cursor: Cursor, applications: Sequence[AppDef], now: int) -> None:
    """Replace the catalogue; a definition that changed is added to the history."""
    cursor.execute("UPDATE application SET active = 0")
    cursor.executemany(_SAVE, [_row(a) for a in applications])
    cursor.executemany(_HISTORY, [(now, cap(a.app)) for a in applications])
    cursor.execute(
        "DELETE FROM app_status WHERE app NOT IN (SELECT app FROM application WHERE active = 1)"
    )


def _row(a: AppDef) -> tuple[object, ...]:
    return (
        *(cap(a.app), cap(a.name), cap(a.owner), cap(a.runbook, DETAIL), a.interval),
        *(len(a.hosts), 1, to_json(a)),
    )
