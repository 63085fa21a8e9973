"""Mergeable latency buckets with a known relative error.

Source of the formula: DDSketch (Masson, Rim, Lee; PVLDB 12, 2019): bucket i holds the values
in (GAMMA**(i-1), GAMMA**i], its middle 2*GAMMA**i/(GAMMA+1) is within (GAMMA-1)/(GAMMA+1) of
each of them: 4.8 % here. The host program carries the same three lines.
"""

import math
from collections.abc import Iterable, Mapping

GAMMA = 1.1
#: Bucket of durations of 1 microsecond and less, and of 116 days and more.
LOWEST, HIGHEST = -73, 242


def bucket_of(milliseconds: float) -> int:
    """Bucket index of a duration in milliseconds."""
    if milliseconds <= 0.001:
        return LOWEST
    return max(LOWEST, min(HIGHEST, math.ceil(math.log(milliseconds) / math.log(GAMMA))))


def value_of(bucket: int) -> float:
    """Duration in milliseconds that stands for a bucket."""
    return float(2 * GAMMA**bucket / (GAMMA + 1))


def merge(parts: Iterable[Iterable[tuple[int, int]]]) -> dict[int, int]:
    """Sum of several sets of buckets."""
    total: dict[int, int] = {}
    for part in parts:
        for bucket, count in part:
            total[bucket] = total.get(bucket, 0) + count
    return total


def quantile(buckets: Mapping[int, int], share: float) -> float | None:
    """Duration in milliseconds below which `share` (0..1) of the counted ones lie."""
    total = sum(buckets.values())
    if not total:
        return None
    rank = max(1, math.ceil(share * total))
    seen = 0
    for bucket in sorted(buckets):
        seen += buckets[bucket]
        if seen >= rank:
            return value_of(bucket)
    raise AssertionError("rank is within the total")
