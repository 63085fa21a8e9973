"""A page: all minutes of one log on one UTC day, as compressed columns with a checksum.

    1 byte    the format, FORMAT
    varint    length of the head, then the head: rows of levels, causes and transactions; bytes of
              the three sections; records, transactions, failed; (level, records) of each level
    3 x zlib  the columns of transactions and levels, of causes, of latencies (see varints.py)
    16 bytes  BLAKE2b over the source, the day and all of the above

Transactions and levels are one section: in many logs each record is a transaction, and what
is said twice costs nothing. Nothing is rounded or left out: what comes out are the rows that
went in.
"""

import hashlib
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from psbuddy.model.latency import HIGHEST, LOWEST, value_of
from psbuddy.store.buckets import PAIR
from psbuddy.store.grains import DAY
from psbuddy.store.varints import Floats, Ints, Packer, Unpacker

FORMAT: Final = 1
#: Bytes a section may take when it is inflated; a day with more stays as rows.
MOST: Final = 64 * 1024 * 1024

_KEY = struct.Struct("<qq")
_CHECK: Final = 16  # bytes
_HEAD: Final = 9  # numbers in it, before those of the levels
_PAIRS = np.dtype([("bucket", "<i2"), ("count", "<u4")])
_SHARES: Final = (0.50, 0.95)
_VALUES = np.array([value_of(bucket) for bucket in range(LOWEST, HIGHEST + 1)])

T = TypeVar("T")


class PageError(Exception):
    """A page that is not what was written, or a day that no page can hold."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Records of a day: parallel columns, ordered by `what` (a level or a cause) and minute."""

    minute: Ints  # epoch seconds
    what: Ints
    records: Ints


@dataclass(frozen=True, slots=True)
class Calls:
    """Transactions of a day: parallel columns by minute."""

    minute: Ints
    transactions: Ints
    failed: Ints


@dataclass(frozen=True, slots=True)
class Latencies:
    """How long they took, in the order of `Calls`; NaN where the store has NULL."""

    total_ms: Floats
    max_ms: Floats
    p50_ms: Floats
    p95_ms: Floats
    buckets: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Minutes:
    """What is known of the minutes of one log on one day."""

    levels: Counts
    causes: Counts
    calls: Calls
    latencies: Latencies


@dataclass(frozen=True, slots=True)
class Head:
    """What a page tells before it is inflated."""

    rows: tuple[int, int, int]  # of levels, causes, transactions
    records: int
    transactions: int
    failed: int
    levels: tuple[tuple[int, int], ...]  # level, records


def pack(source: int, day: int, minutes: Minutes) -> bytes:
    """The page of a day. Raises PageError for a day that no page can hold."""
    order = np.argsort(minutes.calls.minute, kind="stable")
    try:
        sections = [
            _deflated(_pack_calls(day, minutes.calls, order), _pack_counts(day, minutes.levels)),
            _deflated(_pack_counts(day, minutes.causes)),
            _deflated(_pack_latencies(minutes.latencies, order)),
        ]
        head = head_of(minutes)
        numbers = Packer()
        numbers.counts(
            np.array(
                [
                    *head.rows,
                    *map(len, sections),
                    *(head.records, head.transactions, head.failed),
                    *(number for pair in head.levels for number in pair),
                ],
                np.int64,
            )
        )
    except (ValueError, OverflowError) as error:
        raise PageError(str(error)) from error
    body = bytes([FORMAT]) + numbers.joined() + b"".join(sections)
    return body + _checksum(source, day, body)


def head_of(minutes: Minutes) -> Head:
    """The sums of a day."""
    levels: dict[int, int] = {}
    counts, calls = minutes.levels, minutes.calls
    for level, records in zip(counts.what.tolist(), counts.records.tolist(), strict=True):
        levels[level] = levels.get(level, 0) + records
    return Head(
        (len(counts.minute), len(minutes.causes.minute), len(calls.minute)),
        sum(levels.values()),
        sum(calls.transactions.tolist()),
        sum(calls.failed.tolist()),
        tuple(sorted(levels.items())),
    )


class Page:
    """A page whose checksum is right; its sections are inflated when they are asked for.

    Every part raises PageError when it is not what was written.
    """

    def __init__(self, source: int, day: int, data: bytes) -> None:
        body, self._day = data[:-_CHECK], day
        if not body or _checksum(source, day, body) != data[-_CHECK:]:
            raise PageError("its checksum is wrong")
        if body[0] != FORMAT:
            raise PageError(f"it has format {body[0]}, which this version cannot read")
        try:
            self.head, self._sections = _opened(body)
        except ValueError as error:
            raise PageError("its head is broken") from error

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Bytes of the sections: transactions and levels, causes, latencies."""
        counts, causes, latencies = map(len, self._sections)
        return counts, causes, latencies

    def levels(self) -> Counts:
        return self._read(0, self.head.rows[0], _unpack_levels)

    def causes(self) -> Counts:
        return self._read(1, self.head.rows[1], _unpack_counts)

    def calls(self) -> Calls:
        return self._read(0, self.head.rows[2], _unpack_calls)

    def latencies(self) -> Latencies:
        return self._read(2, self.head.rows[2], _unpack_latencies)

    def minutes(self) -> Minutes:
        """All of it, which must be what the head says."""
        found = Minutes(self.levels(), self.causes(), self.calls(), self.latencies())
        if head_of(found) != self.head:
            raise PageError("its sums are wrong")
        return found

    def _read(self, section: int, rows: int, read: Callable[[int, int, Unpacker], T]) -> T:
        try:
            return read(self._day, rows, Unpacker(_inflated(self._sections[section])))
        except (ValueError, IndexError, zlib.error) as error:
            raise PageError("it cannot be read") from error


def _checksum(source: int, day: int, body: bytes) -> bytes:
    return hashlib.blake2b(_KEY.pack(source, day) + body, digest_size=_CHECK).digest()


def _opened(body: bytes) -> tuple[Head, list[bytes]]:
    columns = Unpacker(body[1:])
    numbers = columns.counts().tolist()
    place, sections = 1 + columns.place, []
    for length in numbers[3:6]:
        sections.append(body[place : place + length])
        place += length
    if len(numbers) < _HEAD or min(numbers) < 0 or place != len(body):
        raise ValueError("the parts are not as long as the head says")
    rows = (numbers[0], numbers[1], numbers[2])
    levels = zip(numbers[_HEAD::2], numbers[_HEAD + 1 :: 2], strict=True)
    return Head(rows, numbers[6], numbers[7], numbers[8], tuple(levels)), sections


# --- sections


def _deflated(*columns: Packer) -> bytes:
    raw = b"".join(each.joined() for each in columns)
    if len(raw) > MOST:
        raise PageError("the day is too large")
    return zlib.compress(raw, 6)


def _inflated(section: bytes) -> bytes:
    inflater = zlib.decompressobj()
    raw = inflater.decompress(section, MOST)
    if not inflater.eof or inflater.unused_data:
        raise ValueError("the section has another length")
    return raw


def _seconds(day: int, minutes: Ints) -> Ints:
    seconds = minutes - day
    if len(seconds) and not 0 <= int(seconds.min()) <= int(seconds.max()) < DAY:
        raise ValueError("a minute is of another day")
    return seconds


def _pack_counts(day: int, counts: Counts) -> Packer:
    order = np.lexsort((counts.minute, counts.what))
    kinds, sizes = np.unique(counts.what, return_counts=True)
    columns = Packer()
    columns.steps(kinds)
    columns.counts(sizes.astype(np.int64))
    columns.steps(_seconds(day, counts.minute[order]))
    columns.counts(counts.records[order])
    return columns


def _unpack_counts(day: int, rows: int, columns: Unpacker) -> Counts:
    kinds = columns.steps()
    sizes = columns.counts(len(kinds))
    minute = day + _seconds(0, columns.steps(rows))
    if sum(sizes.tolist()) != rows:  # before so much memory is taken
        raise ValueError("there are more or fewer rows")
    return Counts(minute, np.repeat(kinds, sizes), columns.counts(rows))


_CALL_COLUMNS: Final = 3


def _pack_calls(day: int, calls: Calls, order: Ints) -> Packer:
    columns = Packer()
    columns.steps(_seconds(day, calls.minute[order]))
    columns.counts(calls.transactions[order])
    columns.counts(calls.failed[order])
    return columns


def _unpack_calls(day: int, rows: int, columns: Unpacker) -> Calls:
    minute = day + _seconds(0, columns.steps(rows))
    return Calls(minute, columns.counts(rows), columns.counts(rows))


def _unpack_levels(day: int, rows: int, columns: Unpacker) -> Counts:
    for _ in range(_CALL_COLUMNS):
        columns.raw()
    return _unpack_counts(day, rows, columns)


def _pack_latencies(told: Latencies, order: Ints) -> Packer:
    blobs = [told.buckets[place] for place in order.tolist()]
    lengths = np.fromiter(map(len, blobs), np.int64, len(blobs))
    if (lengths % PAIR.size).any():
        raise ValueError("the latency buckets are broken")
    pairs, sizes = np.frombuffer(b"".join(blobs), _PAIRS), lengths // PAIR.size
    columns = Packer()
    columns.counts(sizes)
    columns.steps(pairs["bucket"].astype(np.int64))
    columns.counts(pairs["count"].astype(np.int64))
    columns.floats(told.total_ms[order])
    columns.floats(told.max_ms[order])
    kept = [told.p50_ms[order], told.p95_ms[order]]
    follow = zip(kept, _quantiles(pairs, sizes), strict=True)
    if not all(np.array_equal(one, other, equal_nan=True) for one, other in follow):
        columns.floats(kept[0])  # else they follow from the buckets
        columns.floats(kept[1])
    return columns


def _unpack_latencies(_day: int, rows: int, columns: Unpacker) -> Latencies:
    sizes = columns.counts(rows)
    bucket = columns.steps(int(sizes.sum()))
    pairs = np.empty(len(bucket), _PAIRS)
    pairs["bucket"], pairs["count"] = bucket, columns.counts(len(bucket))
    total_ms, max_ms = columns.floats(rows), columns.floats(rows)
    if columns.more:
        p50_ms, p95_ms = columns.floats(rows), columns.floats(rows)
    else:
        p50_ms, p95_ms = _quantiles(pairs, sizes)
    data, ends = pairs.tobytes(), (np.cumsum(sizes) * PAIR.size).tolist()
    buckets = [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return Latencies(total_ms, max_ms, p50_ms, p95_ms, buckets)


def _quantiles(pairs: "np.ndarray[tuple[int], np.dtype[np.void]]", sizes: Ints) -> list[Floats]:
    """p50 and p95 of each row, to the last bit those of `latency.quantile`."""
    found = [np.full(len(sizes), np.nan) for _ in _SHARES]
    if not len(pairs):
        return found
    summed = np.cumsum(pairs["count"].astype(np.int64))
    ends = np.cumsum(sizes)
    before = np.concatenate((np.zeros(1, np.int64), summed))[ends - sizes]
    filled = np.flatnonzero(sizes > 0)
    total = summed[ends[filled] - 1] - before[filled]
    for values, share in zip(found, _SHARES, strict=True):
        rank = np.maximum(1, np.ceil(share * total)).astype(np.int64)
        place = np.searchsorted(summed, before[filled] + rank)
        bucket = pairs["bucket"][np.minimum(place, len(pairs) - 1)].astype(np.int64)
        values[filled] = _VALUES[np.clip(bucket, LOWEST, HIGHEST) - LOWEST]
    return found
