"""Sealed minutes for those who ask in SQL: on one connection, tables and views hold them too.

`minute_level`, `minute_cause`, `minute_transaction` and the views made of them are hidden behind
temporary views of the same names, in which pages are opened as rows are asked for. Nothing is
written. The store's own views give the hours of sealed days, for programs without this.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from psbuddy.store.grains import DAY
from psbuddy.store.page import Page, PageError
from psbuddy.store.seal import transaction_rows
from psbuddy.store.views import MINUTE_VIEWS

Key = tuple[int, int]  # source, day
#: After every day.
LAST: Final = 2**62

_COUNTS: Final = ("{0}", "{1}", "{2}")
# Floats travel as hexadecimal text and bytes too: JSON's decimals may lose the last bit.
_CALLS: Final = (
    *("{0}", "{1}", "{2}"),
    *("psb_real({3})", "psb_real({4})", "psb_real({5})", "psb_real({6})"),
    "psb_bytes({7})",
)
_TABLES: Final = {
    "minute_level": (("minute", "level", "records"), _COUNTS, "psb_levels"),
    "minute_cause": (("minute", "cause_id", "records"), _COUNTS, "psb_causes"),
    "minute_transaction": (
        (
            *("minute", "transactions", "failed"),
            *("total_ms", "max_ms", "p50_ms", "p95_ms", "buckets"),
        ),
        _CALLS,
        "psb_transactions",
    ),
}


@dataclass(slots=True)
class Unpacked:
    """What was found on the way: pages that could not be opened, so their minutes are missing."""

    damaged: set[Key] = field(default_factory=set)


def unpack_minutes(conn: sqlite3.Connection, since: int = 0, until: int = LAST) -> Unpacked:
    """Let SQL on this connection find sealed minutes, of days that touch [since, until)."""
    found = Unpacked()
    for name, rows in (("levels", _levels), ("causes", _causes), ("transactions", _transactions)):
        conn.create_function(f"psb_{name}", 3, _opener(found, rows), deterministic=True)
    conn.create_function("psb_real", 1, _real, deterministic=True)
    conn.create_function("psb_bytes", 1, bytes.fromhex, deterministic=True)
    # Nothing but the temporary schema can be written: the file is open for reading only.
    conn.execute("PRAGMA query_only = OFF")
    try:
        for name, (columns, values, opener) in _TABLES.items():
            picked = (
                f"{value} AS {column}"
                for column, value in zip(columns, _numbered(values), strict=True)
            )
            conn.execute(
                f"CREATE TEMP VIEW {name} AS "
                f"SELECT source_id, {', '.join(columns)} FROM main.{name} "
                f"UNION ALL SELECT p.source_id, {', '.join(picked)} FROM main.minute_page p, "
                f"json_each({opener}(p.source_id, p.day, p.data)) j "
                f"WHERE p.day > {since - DAY} AND p.day < {until}"
            )
        for name, query in MINUTE_VIEWS.items():
            conn.execute(f"CREATE TEMP VIEW {name} AS {query}")
    finally:
        conn.execute("PRAGMA query_only = ON")
    return found


def damaged_words(conn: sqlite3.Connection, found: Unpacked) -> str:
    """A sentence on the minutes that are missing; "" when none are."""
    if not found.damaged:
        return ""
    names = dict(
        conn.execute(
            "SELECT source_id, app || ', ' || log || ' on ' || host FROM source "
            "JOIN application USING (app_id) JOIN host USING (host_id)"
        ).fetchall()
    )
    told = [
        f"{time.strftime('%Y-%m-%d', time.gmtime(day))} of {names.get(source, source)}"
        for source, day in sorted(found.damaged, key=lambda key: (key[1], key[0]))
    ]
    more = f" and {len(told) - 3:,} more" if len(told) > 3 else ""
    return (
        f"Minutes that are sealed are damaged and missing here: {'; '.join(told[:3])}{more}. "
        "Their hours and days are still there; 'psbuddy doctor' looks at all of them."
    )


def _numbered(values: Sequence[str]) -> Iterable[str]:
    cells = [f"json_extract(j.value, '$[{place}]')" for place in range(len(values))]
    return (value.format(*cells) for value in values)


def _opener(
    found: Unpacked, rows: Callable[[Page], Iterable[Sequence[Any]]]
) -> Callable[[int, int, bytes], str]:
    def opened(source: int, day: int, data: bytes) -> str:
        try:
            return json.dumps([*map(list, rows(Page(source, day, data)))], separators=(",", ":"))
        except PageError:
            found.damaged.add((source, day))
            return "[]"

    return opened


def _levels(page: Page) -> Iterable[Sequence[Any]]:
    counts = page.levels()
    columns = (counts.minute, counts.what, counts.records)
    return zip(*(column.tolist() for column in columns), strict=True)


def _causes(page: Page) -> Iterable[Sequence[Any]]:
    counts = page.causes()
    columns = (counts.minute, counts.what, counts.records)
    return zip(*(column.tolist() for column in columns), strict=True)


def _transactions(page: Page) -> Iterable[Sequence[Any]]:
    for *whole, total, most, p50, p95, buckets in transaction_rows(page.calls(), page.latencies()):
        real = (None if value is None else value.hex() for value in (total, most, p50, p95))
        yield *whole, *real, buckets.hex()


def _real(value: str | None) -> float | None:
    return None if value is None else float.fromhex(value)
