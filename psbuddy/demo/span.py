"""The stretch of time a demo fleet lives in, and what decides every number in it."""

from dataclasses import dataclass

DAY = 86_400
#: Scripted events (jobs) reach this far beyond the moment the fleet was made.
AHEAD = 14 * DAY


@dataclass(frozen=True, slots=True)
class Span:
    """`since`: first second of history; `now`: the moment it was made. UTC epoch seconds."""

    seed: int
    since: int
    now: int
    scale: float = 1.0  # times the usual traffic

    @property
    def until(self) -> int:
        return self.now + AHEAD
