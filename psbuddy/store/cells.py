"""Counted cells and their rollups: minute, hour and day tables grow by the same numbers."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Table

from psbuddy.store.sql import Cursor, upsert

#: (source, time, what) -> records
Cells = Mapping[tuple[int, int, int], int]
#: A table for each grain: (name of its time column, seconds, table)
Grains = tuple[tuple[str, int, Table], ...]


def write_cells(cursor: Cursor, grains: Grains, what: str, cells: Cells) -> None:
    """Add records to the cells of every grain. `what`: the third column of the key."""
    for time, size, table in grains:
        total: Counter[tuple[int, int, int]] = Counter()
        for (source, moment, kind), records in cells.items():
            total[source, moment // size * size, kind] += records
        cursor.executemany(
            upsert(table, key=("source_id", time, what), add=("records",)),
            [(*key, records) for key, records in sorted(total.items())],
        )
