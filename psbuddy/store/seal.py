"""Sealing: the rows of a day of one log become a page, and rows again when more comes in.

A day of a log is either rows or a page. Only beside a page that is damaged, and so cannot be
opened, rows may stand too: nothing that comes in is ever refused for it.
"""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from psbuddy.model.observation import LogObservation
from psbuddy.store import page
from psbuddy.store import tables as t
from psbuddy.store.grains import DAY, MINUTE
from psbuddy.store.page import Calls, Counts, Latencies, Minutes, Page, PageError
from psbuddy.store.sql import Cursor, fetch_keys, insert

#: Days of which the minutes are rows, after the day itself.
ROWS_FOR: Final = 3

#: (source, day)
Key = tuple[int, int]

_TABLES: Final = (t.minute_level, t.minute_cause, t.minute_transaction)
_LEVEL: Final = ("source_id", "minute", "level", "records")
_CAUSE: Final = ("source_id", "minute", "cause_id", "records")
_CALL: Final = ("minute", "transactions", "failed")
_LATENCY: Final = ("total_ms", "max_ms", "p50_ms", "p95_ms", "buckets")
_PAGE: Final = insert(
    t.minute_page, "source_id", "day", "records", "transactions", "failed", "data"
)


def sealed_before(now: int, rows_for: int = ROWS_FOR) -> int:
    """Days that start before this are to be sealed: whole ones, old enough."""
    return now // DAY * DAY - rows_for * DAY


def sealable(cursor: Cursor, before: int) -> list[Key]:
    """Days that stand as rows and start before `before`, oldest first."""
    found: set[Key] = set()
    for table in _TABLES:
        # From day to day by the key, not through all the minutes.
        first = f"SELECT min(minute) / {DAY} * {DAY} FROM {table.name} m WHERE m.source_id ="
        cursor.execute(
            "WITH RECURSIVE found (source_id, day) AS ("
            f"SELECT source_id, ({first} s.source_id AND m.minute >= 0) FROM source s "
            f"UNION ALL SELECT source_id, ({first} f.source_id AND m.minute >= f.day + {DAY}) "
            "FROM found f WHERE f.day < ?) "
            "SELECT source_id, day FROM found WHERE day < ?",
            (before, before),
        )
        found.update(cursor.fetchall())
    return sorted(found, key=lambda key: (key[1], key[0]))


def seal(cursor: Cursor, source: int, day: int) -> bool:
    """Put the rows of a day into a page; False where there is none to make."""
    cursor.execute("SELECT 1 FROM minute_page WHERE source_id = ? AND day = ?", (source, day))
    if cursor.fetchone():
        return False  # a damaged one: see above
    minutes = rows_of(cursor, source, day)
    head = page.head_of(minutes)
    if not any(head.rows):
        return False
    try:
        data = page.pack(source, day, minutes)
        Page(source, day, data).minutes()  # before the rows go
    except PageError:
        return False
    cursor.execute(_PAGE, (source, day, head.records, head.transactions, head.failed, data))
    for table in _TABLES:
        cursor.execute(
            f"DELETE FROM {table.name} WHERE source_id = ? AND minute >= ? AND minute < ?",
            (source, day, day + DAY),
        )
    return True


def reopen(cursor: Cursor, keys: Iterable[Key]) -> None:
    """Make rows again of those of the days that are pages."""
    sql = "SELECT source_id, day, data FROM minute_page WHERE (source_id, day) IN"
    for source, day, data in list(fetch_keys(cursor, sql, keys)):
        try:
            minutes = Page(source, day, data).minutes()
        except PageError:
            continue
        if any(page.head_of(rows_of(cursor, source, day)).rows):
            continue
        _write_rows(cursor, source, minutes)
        cursor.execute("DELETE FROM minute_page WHERE source_id = ? AND day = ?", (source, day))


def days_of(source: int, log: LogObservation) -> set[Key]:
    """Days that the minutes of an observation fall on."""
    days = {count.minute // DAY for count in log.levels}
    days.update(count.minute // MINUTE * MINUTE // DAY for count in log.transactions)
    days.update(minute // DAY for cause in log.causes for minute, _ in cause.minutes)
    return {(source, day * DAY) for day in days}


def rows_of(cursor: Cursor, source: int, day: int) -> Minutes:
    """The rows of a day as columns."""

    def rows(table: str, columns: tuple[str, ...]) -> list[Any]:
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM {table} "
            "WHERE source_id = ? AND minute >= ? AND minute < ?",
            (source, day, day + DAY),
        )
        return cursor.fetchall()

    told = rows("minute_transaction", (*_CALL, *_LATENCY))
    total, most, p50, p95 = np.array([row[3:7] for row in told], np.float64).reshape(-1, 4).T
    return Minutes(
        Counts(*_whole(rows("minute_level", _LEVEL[1:]))),
        Counts(*_whole(rows("minute_cause", _CAUSE[1:]))),
        Calls(*_whole([row[:3] for row in told])),
        Latencies(total, most, p50, p95, [row[7] for row in told]),
    )


def _whole(rows: list[Any]) -> Any:
    return np.array(rows, np.int64).reshape(-1, 3).T


def _write_rows(cursor: Cursor, source: int, minutes: Minutes) -> None:
    for table, columns, counts in (
        (t.minute_level, _LEVEL, minutes.levels),
        (t.minute_cause, _CAUSE, minutes.causes),
    ):
        parts = (counts.minute.tolist(), counts.what.tolist(), counts.records.tolist())
        rows = sorted(zip(*parts, strict=True))
        cursor.executemany(insert(table, *columns), [(source, *row) for row in rows])
    cursor.executemany(
        insert(t.minute_transaction, "source_id", *_CALL, *_LATENCY),
        [(source, *row) for row in transaction_rows(minutes.calls, minutes.latencies)],
    )


def transaction_rows(calls: Calls, told: Latencies) -> Iterable[tuple[Any, ...]]:
    """Rows as the table has them, without the source."""
    return zip(
        *(column.tolist() for column in (calls.minute, calls.transactions, calls.failed)),
        *(
            [None if value != value else value for value in column.tolist()]  # noqa: PLR0124
            for column in (told.total_ms, told.max_ms, told.p50_ms, told.p95_ms)
        ),
        told.buckets,
        strict=True,
    )
