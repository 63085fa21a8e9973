"""The tables of a reply that travelled as columns of bytes, put back: see docs/protocol.md.

Written by `scripts/psbhost/replycolumns.py`. What comes out is checked by `collectors.reply` like
any other reply; here only what is needed to read the bytes is. Bytes that do not fit raise
ArithmeticError, AttributeError, LookupError, TypeError or ValueError.
"""

from collections import Counter
from itertools import accumulate
from typing import Any

_MINUTE, _HOUR = 60, 3600
_SMALL = 252
_WIDEST = 8
_LENGTHS = {253: 2, 254: 4, 255: 8}
Row = list[Any]
#: What replies are made of, as a preset dictionary: the rarest first. As the host has them.
WORDS = (
    b"java.lang.java.util.IllegalStateExceptionNullPointerExceptionRuntimeException: "
    b"failedTimeoutExceptionconnection refused\\n\\tat org.springframework.\\n\\tat com."
    b"\\nCaused by: "
    b'access.log","application.log","/var/log/","code":"detail":"job":"status":"started":'
    b'[http-nio-8080-exec-INFO WARN  ERROR "other","GET /","POST /2026-11-01 00:00:00,000 '
    b'{"op":"visit","nonce":"","program":"","time":17,"cost":{"cpu_s":0.0,"rss":2,"bytes":},'
    b'"facts":null,"logs":[{"app":"","log":"","format":"log4j","lines":,"records":,'
    b'"unparsed_lines":0,"unparsed_bytes":0,"oversize":0,"bytes":,"held_bytes":0,'
    b'"backlog_bytes":0,"read_until":17,"positions":[{"path":"/","device":,"inode":,"offset":,'
    b'"size":,"modified":17,"head_length":1024,"head_hash":"","tail_hash":"",'
    b'"carry":"{\\"t\\":17,\\"h\\":2,\\"m\\":0,\\"d\\":2000,\\"r\\":1}"}],'
    b'"levels":{"levels":[2,3],"rows":[1,1],"implied":[4,5]},'
    b'"transactions":{"rows":1,"counted":true,"scales":[1000,1000],"widths":[3,2],"lowest":,'
    b'"order":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]},'
    b'"routes":{"routes":["GET /"],"rows":[1,1]},'
    b'"causes":[{"key":"","level":4,"message":"","exception":"","frame":"","first":17,"last":17,'
    b'"minutes":{"rows":1},"examples":[[17,""],[17,""]]},{"key":"","level":5,"message":"'
    b'"jobs":[],"changes":[],"check_events":[],"gaps":[],"problems":[]}],"checks":[]}'
)
#: How columns are packed, and how the second way does it: as in `scripts/psbhost/replycolumns.py`.
BY_ZLIB, BY_LZMA = b"\0", b"\1"
LZMA = {"lc": 0, "lp": 0, "pb": 0, "dict_size": 1 << 18}


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

    def planes(self, count: int, width: int) -> list[int]:
        """The next `count` numbers of so many bytes: the highest byte of each, then the next."""
        part = self._data[self._at : self._at + count * width]
        if count < 0 or not 0 <= width <= _WIDEST or len(part) < count * width:
            raise ValueError("the columns end early")
        self._at += count * width
        return [int.from_bytes(part[at::count], "big") for at in range(count)]

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
        for name, step in (("transactions", _MINUTE), ("routes", _HOUR)):
            if isinstance(log.get(name), dict):
                log[name] = _durations(log[name], step, columns)
        for cause in log.get("causes") or ():
            if isinstance(cause.get("minutes"), dict):
                cause["minutes"] = _counts(cause["minutes"]["rows"], columns)
        if isinstance(log.get("levels"), dict):
            log["levels"] = _levels(log["levels"], columns) + _implied(log)
            log["levels"].sort()
    columns.end()


def _counts(rows: int, columns: Columns) -> list[Row]:
    times = columns.times(rows, _MINUTE)
    return [list(row) for row in zip(times, columns.numbers(rows), strict=True)]


def _levels(told: dict[str, Any], columns: Columns) -> list[Row]:
    found = []
    for level, rows in zip(told["levels"], told["rows"], strict=True):
        found += [[minute, level, count] for minute, count in _counts(rows, columns)]
    return found


def _implied(log: dict[str, Any]) -> list[Row]:
    """The levels that other tables tell: none is that of requests, others have causes."""
    sums: Counter[tuple[int, int]] = Counter()
    for level in log["levels"]["implied"]:
        if level == 0:
            sums.update({(row[0], 0): row[1] for row in log["transactions"]})
            continue
        for cause in log["causes"]:
            if cause.get("level") == level:
                sums.update({(minute, level): count for minute, count in cause["minutes"]})
    return [[*place, count] for place, count in sums.items()]


def _durations(told: dict[str, Any], step: int, columns: Columns) -> list[Row]:
    routes = told.get("routes")
    groups: list[int] = [told["rows"]] if routes is None else told["rows"]
    rows = sum(groups)
    times = [time for count in groups for time in columns.times(count, step)]
    counts = None if told["counted"] else columns.numbers(rows)
    failed = columns.numbers(rows)
    total, longest = (
        [number * scale / 1000 for number in columns.planes(rows, width)]
        for scale, width in zip(told["scales"], told["widths"], strict=True)
    )
    buckets = _buckets(told["lowest"], told["order"], rows, columns)
    if counts is None:
        counts = [sum(count for _, count in row) for row in buckets]
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
