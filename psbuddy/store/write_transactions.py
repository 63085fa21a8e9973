"""Transactions per minute with mergeable latency buckets, and their hours and days."""

from typing import Final

from psbuddy.store import tables as t
from psbuddy.store.batch import Batch
from psbuddy.store.cells import Grains
from psbuddy.store.grains import DAY, HOUR, MINUTE
from psbuddy.store.latencies import VALUES, Cell, Cells, merge_stored
from psbuddy.store.sql import upsert

_GRAINS: Final[Grains] = (
    ("minute", MINUTE, t.minute_transaction),
    ("hour", HOUR, t.hour_transaction),
    ("day", DAY, t.day_transaction),
)


def write_transactions(batch: Batch) -> None:
    """Add the transactions of every log that was read."""
    minutes: dict[tuple[int, int], Cell] = {}
    for reading in batch.readings:
        counts = [c for c in reading.log.transactions if c.transactions > 0]
        for count in counts:
            key = (reading.source.source_id, count.minute // MINUTE * MINUTE)
            minutes.setdefault(key, Cell()).add(count)
        if counts:
            times = [c.minute for c in counts]
            batch.touched.fact(reading.source.app, "transactions", min(times), max(times) + MINUTE)
    if not minutes:
        return
    for time, size, table in _GRAINS:
        cells: Cells = {}
        for (source_id, minute), cell in minutes.items():
            cells.setdefault((source_id, minute // size * size), Cell()).merge(cell)
        merge_stored(batch.cursor, table.name, ("source_id", time), cells)
        batch.cursor.executemany(
            upsert(table, key=("source_id", time), replace=VALUES),
            [(*key, *cell.values()) for key, cell in sorted(cells.items())],
        )
