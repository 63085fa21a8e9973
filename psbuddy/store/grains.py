"""The three grains of time at which counts are kept, in seconds."""

from typing import Final

MINUTE: Final = 60
HOUR: Final = 3_600
DAY: Final = 86_400
