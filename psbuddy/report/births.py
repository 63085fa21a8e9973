"""Which causes are new, as against merely rare."""

from collections.abc import Sequence

from psbuddy.model.series import CauseRow
from psbuddy.model.status import LogState

_LEARNING = 3_600  # seconds after reading of a log began in which every cause is new to us
_DISTANCES = 5


def is_birth(row: CauseRow, logs: Sequence[LogState]) -> bool:
    """Whether its absence since we read these logs says that it was not there before.

    A rare cause is first seen late without being new: it must have been away for five times
    its usual distance, in whichever log it stands.
    """
    distance = (row.last_seen - row.first_seen) / max(1, row.records)
    begun = (log.first_observed for log in logs if log.first_observed)
    away = [row.first_seen - first for first in begun if first <= row.first_seen]
    return bool(away) and min(away) >= max(_LEARNING, _DISTANCES * distance)
