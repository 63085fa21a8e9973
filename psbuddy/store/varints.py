"""Columns of numbers as few bytes: varints of 7 bits a byte, small numbers first in mind.

The same bytes as protocol buffers' varint and zigzag; numpy does all numbers of a column at once.
A `Packer` strings columns together, an `Unpacker` reads them back in the same order.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

_LONGEST = 10  # bytes of a 64-bit number
Unsigned = NDArray[np.uint64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: How a column of floats is kept: as whole numbers of one of these parts where that loses
#: nothing, else as it is.
_PARTS: Final = (1, 10, 100, 1000)
_RAW: Final = len(_PARTS)


def pack(values: Unsigned) -> bytes:
    """Bytes of a column."""
    lengths = np.ones(len(values), np.int64)
    for place in range(1, _LONGEST):
        longer = values >= np.uint64(1 << 7 * place)
        if not longer.any():
            break
        lengths += longer
    starts = np.cumsum(lengths) - lengths
    out = np.zeros(int(lengths.sum()), np.uint8)
    for place in range(int(lengths.max(initial=0))):
        some = lengths > place
        digit = (values[some] >> np.uint64(7 * place)) & np.uint64(0x7F)
        more = (lengths[some] > place + 1).astype(np.uint8) << 7
        out[starts[some] + place] = digit.astype(np.uint8) | more
    return out.tobytes()


def unpack(data: bytes) -> Unsigned:
    """The column again. Raises ValueError for bytes that are none."""
    raw = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(raw < 0x80)
    if len(raw) != (ends[-1] + 1 if len(ends) else 0):
        raise ValueError("the last number has no end")
    if len(ends) == len(raw):
        return raw.astype(np.uint64)
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1))
    lengths = ends - starts + 1
    if int(lengths.max()) > _LONGEST:
        raise ValueError("a number is too long")
    values = raw[starts].astype(np.uint64) & np.uint64(0x7F)
    for place in range(1, int(lengths.max())):
        some = np.flatnonzero(lengths > place)
        digit = raw[starts[some] + place].astype(np.uint64) & np.uint64(0x7F)
        values[some] |= digit << np.uint64(7 * place)
    return values


def zigzag(values: Ints) -> Unsigned:
    """Small numbers of either sign become small ones without."""
    return ((values << 1) ^ (values >> 63)).view(np.uint64)


def unzigzag(values: Unsigned) -> Ints:
    half: Ints = (values >> np.uint64(1)).view(np.int64)
    return half ^ -(values & np.uint64(1)).view(np.int64)


class Packer:
    """Columns one after the other, each a varint of its length and then its bytes."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def joined(self) -> bytes:
        return b"".join(self._parts)

    def raw(self, data: bytes) -> None:
        self._parts += [pack(np.array([len(data)], np.uint64)), data]

    def counts(self, values: Ints) -> None:
        """Numbers from 0 on. Raises ValueError for others."""
        if int(values.min(initial=0)) < 0:
            raise ValueError("a count is below zero")
        self.raw(pack(values.view(np.uint64)))

    def steps(self, values: Ints) -> None:
        """Numbers that are near their neighbours: what is kept is from one to the next."""
        self.raw(pack(zigzag(np.diff(values, prepend=np.int64(0)))))

    def floats(self, values: Floats) -> None:
        """Numbers, NaN among them."""
        known = ~np.isnan(values)
        self.raw(np.packbits(known).tobytes())
        told = values[known]
        for number, part in enumerate(_PARTS):
            whole = np.round(np.clip(told, 0, 2.0**40) * part)
            if bool(np.all((whole / part == told) & ~np.signbit(told))):
                self.counts(np.array([number], np.int64))
                self.counts(whole.astype(np.int64))
                return
        self.counts(np.array([_RAW], np.int64))
        self.raw(np.frombuffer(told.tobytes(), np.uint8).reshape(-1, 8).T.tobytes())


class Unpacker:
    """The columns of a Packer, in their order. Raises ValueError for what is none."""

    def __init__(self, data: bytes) -> None:
        self._data: Final = data
        self.place = 0  # so many bytes are read

    @property
    def more(self) -> bool:
        return self.place < len(self._data)

    def raw(self) -> bytes:
        start = end = self.place
        while end < len(self._data) and self._data[end] >= 0x80:
            end += 1
        length = 0
        for digit in reversed(self._data[start : end + 1]):
            length = length << 7 | digit & 0x7F
        self.place = end + 1 + length
        if end >= len(self._data) or self.place > len(self._data):
            raise ValueError("a column is cut")
        return self._data[end + 1 : self.place]

    def counts(self, size: int | None = None) -> Ints:
        return _sized(unpack(self.raw()).view(np.int64), size)

    def steps(self, size: int | None = None) -> Ints:
        return _sized(np.cumsum(unzigzag(unpack(self.raw()))), size)

    def floats(self, size: int) -> Floats:
        known = np.unpackbits(np.frombuffer(self.raw(), np.uint8), count=size).astype(bool)
        values = np.full(size, np.nan)
        many = int(known.sum())
        kept = int(self.counts(1)[0])
        if kept < _RAW:
            values[known] = self.counts(many) / _PARTS[kept]
        else:
            data = np.frombuffer(self.raw(), np.uint8).reshape(8, many).T
            values[known] = np.frombuffer(data.tobytes(), np.float64)
        return values


def _sized(values: Ints, size: int | None) -> Ints:
    if size is not None and len(values) != size:
        raise ValueError("a column has another length")
    return values
