"""The tables of a reply that travelled as columns of bytes, put back: see docs/protocol.md.

Written by `scripts/psbhost/replycolumns.py`. What comes out is checked by `collectors.reply` like
any other reply; here only what is needed to read the bytes is. Bytes that do not fit raise
ArithmeticError, AttributeError, LookupError, TypeError or ValueError.
"""

from itertools import accumulate
from typing import Any

_MINUTE, _HOUR = 60, 3600
_SMALL = 252
_LENGTHS = {253: 2, 254: 4, 255: 8}
Row = list[Any]


class Columns:
    """Numbers one behind the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def numbers(self, count: int) -> list[int]:
        """The next `count` of them."""
        part = self._data[self._at : self._at + count]
        if count < 0 or len(part) < count:
            raise ValueError("the columns end early")
        if not part or max(part) < _SMALL:
            self._at += count
            return list(part)
        return [self._number() for _ in range(count)]

    def _number(self) -> int:
        first = self._data[self._at]
        self._at += 1
        if first < _SMALL:
            return first
        if first == _SMALL:
            self._at += 1
            return _SMALL + self._data[self._at - 1]
        start, self._at = self._at, self._at + _LENGTHS[first]
        if self._at > len(self._data):
            raise ValueError("the columns end early")
        return int.from_bytes(self._data[start : self._at], "big")

    def times(self, count: int, step: int) -> list[int]:
        """Times in order, told by their distance."""
        return [at * step for at in accumulate(self.numbers(count))]

    def end(self) -> None:
        """Everything must have been read."""
        if self._at != len(self._data):
            raise ValueError("there are more columns than tables")


def put_back(document: dict[str, Any], data: bytes) -> None:
    """Put the tables into a reply."""
    columns = Columns(data)
    for log in document["logs"]:
        if isinstance(log.get("levels"), dict):
            log["levels"] = _levels(log["levels"], columns)
        for name, step in (("transactions", _MINUTE), ("routes", _HOUR)):
            if isinstance(log.get(name), dict):
                log[name] = _durations(log[name], step, columns)
        for cause in log.get("causes") or ():
            if isinstance(cause.get("minutes"), dict):
                cause["minutes"] = _counts(cause["minutes"]["rows"], columns)
    columns.end()


def _counts(rows: int, columns: Columns) -> list[Row]:
    times = columns.times(rows, _MINUTE)
    return [list(row) for row in zip(times, columns.numbers(rows), strict=True)]


def _levels(told: dict[str, Any], columns: Columns) -> list[Row]:
    found = []
    for level, rows in zip(told["levels"], told["rows"], strict=True):
        found += [[minute, level, count] for minute, count in _counts(rows, columns)]
    return sorted(found)


def _durations(told: dict[str, Any], step: int, columns: Columns) -> list[Row]:
    routes = told.get("routes")
    groups: list[int] = [told["rows"]] if routes is None else told["rows"]
    rows = sum(groups)
    times = [time for count in groups for time in columns.times(count, step)]
    counts, failed = columns.numbers(rows), columns.numbers(rows)
    total, longest = (
        [number * scale / 1000 for number in columns.numbers(rows)] for scale in told["scales"]
    )
    buckets = _buckets(told["lowest"], told["order"], rows, columns)
    found = [list(row) for row in zip(times, counts, failed, total, longest, buckets, strict=True)]
    if routes is None:
        return found
    names = [name for name, count in zip(routes, groups, strict=True) for _ in range(count)]
    return sorted([row[0], name, *row[1:]] for name, row in zip(names, found, strict=True))


def _buckets(lowest: int, order: list[int], rows: int, columns: Columns) -> list[list[Row]]:
    """By row, the counts that are not 0 by their bucket."""
    found: list[list[Row]] = [[] for _ in range(rows)]
    cells = {lowest + place: columns.numbers(rows) for place in order}
    for bucket in sorted(cells):
        for row, count in zip(found, cells[bucket], strict=True):
            if count:
                row.append([bucket, count])
    return found
