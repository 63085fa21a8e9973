"""A cell of transactions: counts, and durations as buckets that any other cell can be added to.

p50 and p95 are stored beside the buckets, so that plain SQL can read them; they are computed
anew whenever buckets are merged.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from psbuddy.model.latency import quantile
from psbuddy.model.observation import RouteCount, TransactionCount
from psbuddy.store.buckets import pack, unpack
from psbuddy.store.sql import Cursor, fetch_keys

#: Columns of a cell, in the order of `Cell.values`.
VALUES: Final = (
    *("transactions", "failed", "total_ms", "max_ms"),
    *("p50_ms", "p95_ms", "buckets"),
)
#: By the key of a table: source, time and perhaps route.
Cells = dict[tuple[int, ...], "Cell"]


@dataclass(slots=True)
class Cell:
    """Sum of several counts. Latencies only count where durations were told."""

    transactions: int = 0
    failed: int = 0
    total_ms: float = 0.0
    max_ms: float = 0.0
    buckets: Counter[int] = field(default_factory=Counter)

    def add(self, count: TransactionCount | RouteCount) -> None:
        self.transactions += count.transactions
        self.failed += count.failed
        if count.buckets:
            self.total_ms += count.total_ms
            self.max_ms = max(self.max_ms, count.max_ms)
            for bucket, number in count.buckets:
                self.buckets[bucket] += number

    def merge(self, other: "Cell") -> None:
        self.transactions += other.transactions
        self.failed += other.failed
        self.total_ms += other.total_ms
        self.max_ms = max(self.max_ms, other.max_ms)
        self.buckets.update(other.buckets)

    def values(self) -> tuple[object, ...]:
        timed = bool(self.buckets)
        return (
            self.transactions,
            self.failed,
            self.total_ms if timed else None,
            self.max_ms if timed else None,
            quantile(self.buckets, 0.50),
            quantile(self.buckets, 0.95),
            pack(self.buckets),
        )


def stored(values: Iterable[Any]) -> Cell:
    """The cell of a row: transactions, failed, total_ms, max_ms, buckets."""
    transactions, failed, total, most, blob = values
    buckets = Counter[int]()
    for bucket, number in unpack(blob):
        buckets[bucket] += number
    return Cell(transactions, failed, total or 0.0, most or 0.0, buckets)


def merge_stored(cursor: Cursor, table: str, key: tuple[str, ...], cells: Cells) -> None:
    """Add to each cell what the table holds of it already."""
    names = ", ".join(key)
    sql = (
        f"SELECT {names}, transactions, failed, total_ms, max_ms, buckets "
        f"FROM {table} WHERE ({names}) IN"
    )
    for row in list(fetch_keys(cursor, sql, list(cells))):
        cells[tuple(row[: len(key)])].merge(stored(row[len(key) :]))
