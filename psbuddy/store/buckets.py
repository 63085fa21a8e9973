"""Latency buckets as bytes: pairs of a 2-byte index and a 4-byte count, by index.

Fixed width on purpose: a chart joins thousands of them and lets numpy read the whole.
See `psbuddy.model.latency` for what a bucket means.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from psbuddy.model.latency import GAMMA, HIGHEST, LOWEST

PAIR = struct.Struct("<hI")
_DTYPE = np.dtype([("bucket", "<i2"), ("count", "<u4")])
_MOST = 2**32 - 1
_WIDTH = HIGHEST - LOWEST + 1
_VALUES = 2 * GAMMA ** np.arange(LOWEST, HIGHEST + 1, dtype=np.float64) / (GAMMA + 1)


def pack(buckets: Mapping[int, int]) -> bytes:
    """Bytes of buckets; empty for none."""
    return b"".join(PAIR.pack(b, min(buckets[b], _MOST)) for b in sorted(buckets) if buckets[b] > 0)


def unpack(data: bytes) -> Iterable[tuple[int, int]]:
    """(bucket, count) pairs of packed buckets."""
    return PAIR.iter_unpack(data)


def capped(found: NDArray[np.float64], longest: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles that are never above the longest duration: the bounds of a bucket may be.

    `found`: (n, size). `longest`: (size,), NaN where it is not known.
    """
    return np.where(np.isnan(longest), found, np.minimum(found, longest))


def quantiles(
    slots: NDArray[np.int64], blobs: Sequence[bytes], size: int, shares: Sequence[float]
) -> NDArray[np.float64]:
    """Quantiles of merged buckets: (len(shares), size), milliseconds, NaN where none.

    `slots`: (n,), which of the `size` cells each of the n blobs is merged into.
    """
    lengths = np.fromiter(map(len, blobs), np.int64, len(blobs)) // PAIR.size
    pairs = np.frombuffer(b"".join(blobs), _DTYPE)
    index = np.clip(pairs["bucket"].astype(np.int64), LOWEST, HIGHEST) - LOWEST
    cells = np.repeat(slots, lengths) * _WIDTH + index
    table = np.bincount(cells, weights=pairs["count"], minlength=size * _WIDTH)
    summed = np.cumsum(table.reshape(size, _WIDTH), axis=1)
    total = summed[:, -1]
    result = np.full((len(shares), size), np.nan)
    filled = total > 0
    for row, share in enumerate(shares):
        rank = np.maximum(1.0, np.ceil(share * total))
        first = np.argmax(summed >= rank[:, None], axis=1)
        result[row, filled] = _VALUES[first[filled]]
    return result
