"""Offsets of a log's time zone: a table of transitions, or the host's own local time."""

import time
from bisect import bisect_right


class Zone:
    """Turns local wall seconds (as if they were UTC) into UTC epoch seconds.

    `table`: (from UTC second, offset in seconds east), sorted; None: the host's local time.
    In the hour that happens twice in autumn the first one is taken; wall times that never
    happened in spring are taken with the offset before the change.
    """

    def __init__(self, table=None):
        self._starts = None
        if table is not None:
            rows = sorted((int(start), int(offset)) for start, offset in table[:4096])
            if not rows:
                rows = [(0, 0)]
            self._starts = [row[0] for row in rows]
            self._offsets = [row[1] for row in rows]

    def offset_at(self, epoch: int) -> int:
        """Seconds east of UTC at a UTC second."""
        if self._starts is None:
            return _host_offset(epoch)
        index = bisect_right(self._starts, epoch) - 1
        return self._offsets[max(0, index)]

    def to_epoch(self, wall: int) -> int:
        """UTC epoch seconds of local wall seconds."""
        first = wall - self.offset_at(wall - 86400)
        if self.offset_at(first) == wall - first:
            return first
        second = wall - self.offset_at(wall + 86400)
        if self.offset_at(second) == wall - second:
            return second
        return first


def _host_offset(epoch: int) -> int:
    try:
        return time.localtime(epoch).tm_gmtoff
    except (OverflowError, ValueError, OSError):
        return 0


UTC = Zone([[0, 0]])
