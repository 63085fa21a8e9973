"""The state of a cause, for the readers; the view `v_cause` says the same in SQL."""

from dataclasses import dataclass
from typing import Final

#: A cause is `new` for a day, if its application had been read for a day before it came,
#: or for an hour when a deployment came shortly before it.
NEW_FOR: Final = 86_400
KNOWN_AFTER: Final = 86_400
KNOWN_BEFORE_DEPLOYMENT: Final = 3_600
DEPLOYED_WITHIN: Final = 3_600
#: A cause that was silent for two observed weeks and came back is `regressed` for a day.
SILENT_FOR: Final = 14 * 86_400


@dataclass(frozen=True, slots=True)
class Life:
    """What the state follows from. Times in epoch seconds, 0 for never."""

    first_seen: int
    last_seen: int
    returned_at: int
    rising_since: int
    mark: str
    marked_at: int
    mark_until: int


def state_of(life: Life, since: int, now: int, *, deployed: bool) -> str:
    """muted, known, resolved, regressed, new, rising or ongoing, as of `now`.

    `since`: when reading of the application began; `deployed`: a deployment came at most
    `DEPLOYED_WITHIN` before the cause did. A person's mark comes before everything else,
    until the cause is seen after it should have been gone.
    """
    if life.mark in ("muted", "known") and not 0 < life.mark_until <= now:
        return life.mark
    if life.mark in ("known", "resolved"):
        gone = life.mark_until if life.mark == "known" else life.marked_at
        if life.last_seen > gone:
            return "regressed"
        if life.mark == "resolved":
            return "resolved"
    known = KNOWN_BEFORE_DEPLOYMENT if deployed else KNOWN_AFTER
    if life.first_seen >= now - NEW_FOR and life.first_seen >= since + known:
        return "new"
    if life.returned_at > 0 and life.returned_at >= now - NEW_FOR:
        return "regressed"
    return "rising" if 0 < life.rising_since < now else "ongoing"
