"""Time zones for hosts that may have no zone files: a short table of transitions."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

_YEAR = 366 * 86_400
_STEP = 7 * 86_400  # no zone changes twice within it
#: Logs are rarely older; what is older gets the first offset.
_BACK, _AHEAD = 15 * _YEAR, _YEAR
_SAME_FOR = 30 * 86_400


def transitions(zone: str, now: int) -> list[list[int]]:
    """Transitions of an IANA zone around `now`: (from epoch second, seconds east of UTC).

    The first entry begins at 0. Raises ZoneInfoNotFoundError.
    """
    return [list(entry) for entry in _table(zone, now - now % _SAME_FOR)]


@lru_cache(maxsize=512)
def _table(name: str, now: int) -> tuple[tuple[int, int], ...]:
    zone = ZoneInfo(name)
    start, end = max(0, now - _BACK), now + _AHEAD
    offset = _offset(zone, start)
    table = [(0, offset)]
    for time in range(start, end, _STEP):
        after = _offset(zone, time + _STEP)
        if after != offset:
            table.append((_change(zone, time, time + _STEP, offset), after))
            offset = after
    return tuple(table)


def _change(zone: ZoneInfo, low: int, high: int, before: int) -> int:
    """First second in (low, high] whose offset is not `before`."""
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(zone: ZoneInfo, time: int) -> int:
    offset = datetime.fromtimestamp(time, UTC).astimezone(zone).utcoffset()
    assert offset is not None, "a zone from the IANA database always has an offset"
    return round(offset.total_seconds())
