"""Transactions per minute with mergeable latency buckets, and their hours and days.

p50 and p95 are stored beside the buckets, so that plain SQL can read them; they are computed
anew whenever buckets are merged.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from psbuddy.model.latency import quantile
from psbuddy.model.observation import TransactionCount
from psbuddy.store import tables as t
from psbuddy.store.batch import Batch
from psbuddy.store.buckets import pack, unpack
from psbuddy.store.cells import Grains
from psbuddy.store.grains import DAY, HOUR, MINUTE
from psbuddy.store.sql import Cursor, fetch_keys, upsert

_GRAINS: Final[Grains] = (
    ("minute", MINUTE, t.minute_transaction),
    ("hour", HOUR, t.hour_transaction),
    ("day", DAY, t.day_transaction),
)
_VALUES: Final = (
    *("transactions", "failed", "total_ms", "max_ms"),
    *("p50_ms", "p95_ms", "buckets"),
)


@dataclass(slots=True)
class _Cell:
    """Sum of several counts. Latencies only count where durations were told."""

    transactions: int = 0
    failed: int = 0
    total_ms: float = 0.0
    max_ms: float = 0.0
    buckets: Counter[int] = field(default_factory=Counter)

    def add(self, count: TransactionCount) -> None:
        self.transactions += count.transactions
        self.failed += count.failed
        if count.buckets:
            self.total_ms += count.total_ms
            self.max_ms = max(self.max_ms, count.max_ms)
            for bucket, number in count.buckets:
                self.buckets[bucket] += number

    def merge(self, other: "_Cell") -> None:
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


_Cells = dict[tuple[int, int], _Cell]  # (source, time)


def write_transactions(batch: Batch) -> None:
    """Add the transactions of every log that was read."""
    minutes: _Cells = {}
    for reading in batch.readings:
        counts = [c for c in reading.log.transactions if c.transactions > 0]
        for count in counts:
            key = (reading.source.source_id, count.minute // MINUTE * MINUTE)
            minutes.setdefault(key, _Cell()).add(count)
        if counts:
            times = [c.minute for c in counts]
            batch.touched.fact(reading.source.app, "transactions", min(times), max(times) + MINUTE)
    if not minutes:
        return
    for time, size, table in _GRAINS:
        cells: _Cells = {}
        for (source_id, minute), cell in minutes.items():
            cells.setdefault((source_id, minute // size * size), _Cell()).merge(cell)
        _merge_stored(batch.cursor, time, table.name, cells)
        batch.cursor.executemany(
            upsert(table, key=("source_id", time), replace=_VALUES),
            [(*key, *cell.values()) for key, cell in sorted(cells.items())],
        )


def _merge_stored(cursor: Cursor, time: str, table: str, cells: _Cells) -> None:
    sql = (
        f"SELECT source_id, {time}, transactions, failed, total_ms, max_ms, buckets "
        f"FROM {table} WHERE (source_id, {time}) IN"
    )
    for source_id, moment, transactions, failed, total, most, blob in list(
        fetch_keys(cursor, sql, list(cells))
    ):
        buckets = Counter[int]()
        for bucket, number in unpack(blob):
            buckets[bucket] += number
        cells[source_id, moment].merge(
            _Cell(transactions, failed, total or 0.0, most or 0.0, buckets)
        )
