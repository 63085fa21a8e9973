"""Is a count more than chance? One answer for every alarm and every ratio on a screen.

Limits are negative-binomial: var = m + phi m**2 (Hilbe, "Negative Binomial Regression", 2011,
chapter 8). Standard library alone: the fleet page asks before numpy is there.
"""

import math

ALARM_Z = 4.0
#: Records below which nothing is told as a ratio and nothing is an episode.
MIN_RECORDS = 10
#: Times normal below which nothing is an episode.
MIN_RATIO = 2.0
#: How much counts scatter more than Poisson's, until an application has shown its own.
PHI = 0.1
#: Times normal from which a rate is said beside what is normal.
_NOTABLE = 1.5


def limit(mean: float, z: float = ALARM_Z, phi: float = PHI) -> float:
    """Upper limit of a count with this mean; half a record of continuity correction."""
    return mean + z * math.sqrt(mean + phi * mean * mean) + 0.5


def beyond_chance(records: float, mean: float) -> bool:
    """Whether so many records, where `mean` are normal, deserve to be told as a ratio."""
    return records >= MIN_RECORDS and records >= MIN_RATIO * mean and records > limit(mean)


def is_notable(per_minute: float, normal_per_minute: float) -> bool:
    """Whether an hour's rate differs so much that what is normal should stand beside it.

    Few where many are normal are as telling as many: a log may have fallen silent.
    """
    if per_minute > _NOTABLE * normal_per_minute:
        return True
    return normal_per_minute * 60 >= MIN_RECORDS and per_minute * 3 < normal_per_minute
