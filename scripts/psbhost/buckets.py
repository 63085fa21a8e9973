"""Latency buckets: the same three lines as psbuddy.model.latency (DDSketch, PVLDB 12, 2019)."""

import math

GAMMA = 1.1
LOWEST, HIGHEST = -73, 242
_LOG = math.log(GAMMA)


def bucket_of(milliseconds: float) -> int:
    """Bucket index of a duration in milliseconds."""
    if milliseconds <= 0.001:
        return LOWEST
    return max(LOWEST, min(HIGHEST, math.ceil(math.log(milliseconds) / _LOG)))
