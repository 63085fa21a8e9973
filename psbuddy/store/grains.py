"""The three grains of time at which counts are kept, in seconds."""

from typing import Final

MINUTE: Final = 60
HOUR: Final = 3_600
DAY: Final = 86_400
#: Tables of which only the younger hours are kept, their days for ever: so long.
HOURS_KEPT: Final = 92 * DAY


def hours_from(now: int) -> int:
    """Since when the hours of those tables are all there; a day's start."""
    return (now - HOURS_KEPT) // DAY * DAY
