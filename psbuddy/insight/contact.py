"""Whether a host is seen: one visit that failed is no silence yet.

A dropped connection is tried again within seconds, so a single failed visit says little while the
last contact is fresh. The stretch stays unobserved in every strip all the same. Standard library
alone: the fleet page asks before numpy is there.
"""

from dataclasses import replace

from psbuddy import words
from psbuddy.model.fleet import HostLine
from psbuddy.model.terms import Stage, State

#: Intervals between visits for which the last contact vouches for the host.
FRESH = 2.5
#: Failures that do not pass by themselves: the host answered and turned us away.
_REFUSED = (Stage.HOST_KEY.value, Stage.AUTH.value)
#: How the reason of a host begins that shows another key than the one on record.
KEY_CHANGED = "Host key changed: "
#: The same where the key it shows is marked as one that nobody may trust any more.
KEY_REVOKED = "Host key revoked: "


def is_key_refused(reason: str) -> bool:
    """Whether a host is refused for its key: somebody may be in between."""
    return reason.startswith((KEY_CHANGED, KEY_REVOKED))


def is_key_revoked(reason: str) -> bool:
    return reason.startswith(KEY_REVOKED)


def is_missed(line: HostLine, now: int) -> bool:
    """Whether the only visit since a good and fresh one failed, and not by a refusal."""
    if line.state is not State.UNKNOWN or line.failures != 1 or line.failed_at in _REFUSED:
        return False
    return line.last_good > 0 and now - line.last_good <= FRESH * line.interval


def as_seen(line: HostLine, now: int) -> HostLine:
    """The host as it stands now: still up after a single missed visit."""
    return replace(line, state=State.UP) if is_missed(line, now) else line


def missed_words(line: HostLine, now: int, zone: str = "") -> str:
    """`last seen 1 min ago, one visit failed`."""
    return f"last seen {words.when(line.last_good, now, zone)}, one visit failed"
