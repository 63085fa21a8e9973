"""Records per minute and level, with their hours and days."""

from collections import Counter
from typing import Final

from psbuddy.model.terms import LEVELS
from psbuddy.store import tables as t
from psbuddy.store.batch import Batch
from psbuddy.store.cells import Grains, write_cells
from psbuddy.store.grains import DAY, HOUR, MINUTE

_GRAINS: Final[Grains] = (
    ("minute", MINUTE, t.minute_level),
    ("hour", HOUR, t.hour_level),
    ("day", DAY, t.day_level),
)
_NUMBER: Final = {level: number for number, level in enumerate(LEVELS)}


def write_levels(batch: Batch) -> None:
    """Add the level counts of every log that was read."""
    cells: Counter[tuple[int, int, int]] = Counter()
    for reading in batch.readings:
        counts = [c for c in reading.log.levels if c.records > 0]
        for count in counts:
            cells[reading.source.source_id, count.minute, _NUMBER[count.level]] += count.records
        if counts:
            minutes = [c.minute for c in counts]
            batch.touched.fact(reading.source.app, "levels", min(minutes), max(minutes) + MINUTE)
    write_cells(batch.cursor, _GRAINS, "level", cells)
