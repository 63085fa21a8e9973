"""Causes: what they are, when they were seen, how often, and their newest examples."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from psbuddy.model.observation import CauseCount
from psbuddy.model.terms import LEVELS
from psbuddy.store import tables as t
from psbuddy.store.batch import Batch
from psbuddy.store.caps import DETAIL, TEXT, cap
from psbuddy.store.cells import Grains, write_cells
from psbuddy.store.errors import BadObservation
from psbuddy.store.grains import DAY, HOUR, MINUTE
from psbuddy.store.sql import Cursor, fetch_keys, insert
from psbuddy.store.views import SILENT_FOR

EXAMPLES_KEPT: Final = 5

_GRAINS: Final[Grains] = (
    ("minute", MINUTE, t.minute_cause),
    ("hour", HOUR, t.hour_cause),
    ("day", DAY, t.day_cause),
)
_NUMBER: Final = {level: number for number, level in enumerate(LEVELS)}
_COLUMNS: Final = (
    *("app_id", "fingerprint", "level", "title", "template", "exception", "frame"),
    *("first_seen", "last_seen", "records"),
)
# The words of a cause are those of its first record: they stay while it is known.
_SAVE: Final = f"""{insert(t.cause, *_COLUMNS)}
ON CONFLICT (app_id, fingerprint) DO UPDATE SET
  level = CASE WHEN excluded.level > cause.level THEN excluded.level ELSE cause.level END,
  returned_at = CASE WHEN excluded.first_seen > cause.last_seen + {SILENT_FOR}
                THEN excluded.first_seen ELSE cause.returned_at END,
  first_seen = CASE WHEN excluded.first_seen < cause.first_seen
               THEN excluded.first_seen ELSE cause.first_seen END,
  last_seen = CASE WHEN excluded.last_seen > cause.last_seen
              THEN excluded.last_seen ELSE cause.last_seen END,
  records = cause.records + excluded.records"""
_FORGET: Final = """DELETE FROM cause_example WHERE cause_id = ? AND example_id NOT IN (
  SELECT example_id FROM cause_example WHERE cause_id = ?
  ORDER BY time DESC, example_id DESC LIMIT ?)"""

_Found = list[tuple[int, int, str, CauseCount]]  # source, app id, fingerprint, count


def write_causes(batch: Batch) -> None:
    """Add the causes of every log that was read."""
    found: _Found = []
    for reading in batch.readings:
        app_id = batch.names.app(reading.log.app)
        for cause in reading.log.causes:
            found.append((reading.source.source_id, app_id, cap(cause.fingerprint), cause))
            batch.touched.fact(
                reading.source.app, "causes", cause.first_seen, cause.last_seen + MINUTE
            )
    if not found:
        return
    batch.cursor.executemany(_SAVE, [_row(app_id, key, c) for _, app_id, key, c in found])
    ids = _ids(batch.cursor, found)
    cells: Counter[tuple[int, int, int]] = Counter()
    for source_id, app_id, key, cause in found:
        for minute, records in cause.minutes:
            if records > 0:
                cells[source_id, minute, ids[app_id, key]] += records
    write_cells(batch.cursor, _GRAINS, "cause_id", cells)
    _write_examples(batch.cursor, found, ids)


def mark(cursor: Cursor, app: str, causes: Iterable[str], mark: str) -> None:
    """Mark causes of an application. Raises BadObservation for an unknown mark."""
    if mark not in ("", "known", "muted"):
        raise BadObservation(f"A cause can be marked known or muted, not '{cap(mark, 40)}'.")
    cursor.executemany(
        "UPDATE cause SET mark = ? WHERE fingerprint = ? "
        "AND app_id = (SELECT app_id FROM application WHERE app = ?)",
        [(mark, cause, app) for cause in causes],
    )


def _row(app_id: int, fingerprint: str, cause: CauseCount) -> tuple[object, ...]:
    return (
        app_id,
        fingerprint,
        _NUMBER[cause.level],
        cap(cause.title, DETAIL),
        cap(cause.template, DETAIL),
        cap(cause.exception),
        cap(cause.frame, DETAIL),
        cause.first_seen,
        cause.last_seen,
        cause.records,
    )


def _ids(cursor: Cursor, found: _Found) -> dict[tuple[int, str], int]:
    keys = {(app_id, key) for _, app_id, key, _ in found}
    sql = "SELECT app_id, fingerprint, cause_id FROM cause WHERE (app_id, fingerprint) IN"
    return {(app_id, key): cause_id for app_id, key, cause_id in fetch_keys(cursor, sql, keys)}


def _write_examples(cursor: Cursor, found: _Found, ids: dict[tuple[int, str], int]) -> None:
    rows = [
        (ids[app_id, key], source_id, example.time, cap(example.text, TEXT))
        for source_id, app_id, key, cause in found
        for example in cause.examples
    ]
    cursor.executemany(insert(t.cause_example, "cause_id", "source_id", "time", "text"), rows)
    touched = {row[0] for row in rows}
    cursor.executemany(_FORGET, [(cause, cause, EXAMPLES_KEPT) for cause in touched])
