"""Causes: what they are, when they were seen, how often, and their newest examples."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from psbuddy.model.observation import CauseCount
from psbuddy.model.template import MESSAGE_CAP, message_in
from psbuddy.model.terms import LEVELS
from psbuddy.store import tables as t
from psbuddy.store.batch import Batch
from psbuddy.store.caps import DETAIL, TEXT, cap
from psbuddy.store.cause_state import SILENT_FOR
from psbuddy.store.cells import Grains, write_cells
from psbuddy.store.grains import DAY, HOUR, MINUTE
from psbuddy.store.silence import Return, check_silence
from psbuddy.store.sql import Cursor, fetch_keys, insert

EXAMPLES_KEPT: Final = 5
#: Messages kept of each cause, for the commonest values of its variable parts.
MESSAGES_KEPT: Final = 50

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
  silent_from = CASE WHEN excluded.first_seen > cause.last_seen + {SILENT_FOR}
                THEN cause.last_seen ELSE cause.silent_from END,
  returned_at = CASE WHEN excluded.first_seen > cause.last_seen + {SILENT_FOR}
                THEN excluded.first_seen ELSE cause.returned_at END,
  first_seen = CASE WHEN excluded.first_seen < cause.first_seen
               THEN excluded.first_seen ELSE cause.first_seen END,
  last_seen = CASE WHEN excluded.last_seen > cause.last_seen
              THEN excluded.last_seen ELSE cause.last_seen END,
  records = cause.records + excluded.records"""
_FORGET: Final = """DELETE FROM cause_example WHERE example_id IN (
  SELECT example_id FROM cause_example WHERE cause_id = ?
  ORDER BY time DESC, example_id DESC LIMIT -1 OFFSET ?)"""
_FORGET_MESSAGES: Final = """DELETE FROM cause_message WHERE message_id IN (
  SELECT message_id FROM cause_message WHERE cause_id = ?
  ORDER BY time DESC, message_id DESC LIMIT -1 OFFSET ?)"""
_EXAMPLE: Final = insert(t.cause_example, "cause_id", "source_id", "time", "text")
_MESSAGE: Final = insert(t.cause_message, "cause_id", "time", "text")

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
    ids, returned = _ids(batch.cursor, found)
    check_silence(batch.cursor, returned)
    cells: Counter[tuple[int, int, int]] = Counter()
    for source_id, app_id, key, cause in found:
        for minute, records in cause.minutes:
            if records > 0:
                cells[source_id, minute, ids[app_id, key]] += records
    write_cells(batch.cursor, _GRAINS, "cause_id", cells)
    _write_examples(batch.cursor, found, ids)


def write_rising(cursor: Cursor, rising: Mapping[str, Mapping[str, int]]) -> None:
    """Per application, causes above their own normal and since when; the others are not."""
    for app, since in rising.items():
        cursor.execute(
            "UPDATE cause SET rising_since = 0 WHERE rising_since > 0 "
            "AND app_id = (SELECT app_id FROM application WHERE app = ?)",
            (app,),
        )
        cursor.executemany(
            "UPDATE cause SET rising_since = ? WHERE fingerprint = ? "
            "AND app_id = (SELECT app_id FROM application WHERE app = ?)",
            [(moment, name, app) for name, moment in since.items()],
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


def _ids(cursor: Cursor, found: _Found) -> tuple[dict[tuple[int, str], int], list[Return]]:
    """Number of every cause, and those that just came back."""
    keys: dict[tuple[int, str], set[int]] = {}
    for _, app_id, key, cause in found:
        keys.setdefault((app_id, key), set()).add(cause.first_seen)
    sql = (
        "SELECT app_id, fingerprint, cause_id, silent_from, returned_at FROM cause "
        "WHERE (app_id, fingerprint) IN"
    )
    ids, returned = {}, []
    for app_id, key, cause_id, silent_from, at in fetch_keys(cursor, sql, keys):
        ids[app_id, key] = cause_id
        if at > 0 and at in keys[app_id, key]:
            returned.append(Return(cause_id, app_id, silent_from, at))
    return ids, returned


def _write_examples(cursor: Cursor, found: _Found, ids: dict[tuple[int, str], int]) -> None:
    rows, messages = [], []
    for source_id, app_id, key, cause in found:
        cause_id = ids[app_id, key]
        for example in cause.examples:
            rows.append((cause_id, source_id, example.time, cap(example.text, TEXT)))
            message = message_in(cause.template, example.text)
            if message:
                messages.append((cause_id, example.time, cap(message, MESSAGE_CAP)))
    cursor.executemany(_EXAMPLE, rows)
    cursor.executemany(_MESSAGE, messages)
    for forget, kept, touched in (
        (_FORGET, EXAMPLES_KEPT, {row[0] for row in rows}),
        (_FORGET_MESSAGES, MESSAGES_KEPT, {row[0] for row in messages}),
    ):
        cursor.executemany(forget, [(cause, kept) for cause in sorted(touched)])
