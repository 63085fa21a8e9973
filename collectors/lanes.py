"""Who may begin: hosts that answer are never held up by hosts that do not.

A host that is being reached holds a worker until it lets us in or its deadlines pass; thousands
that do not answer would hold all workers for ever. (One that has let us in holds none while it is
waited for: steps.py.) So those of which nothing good is known yet share a part of the workers, only
a few at once go through one jump host, and not many where the way is known to be down: others that
are lost may be reached meanwhile.
"""

from collections import Counter
from collections.abc import Mapping

from psbuddy.insight.path import Way

#: Of the workers, for hosts that are not known to answer.
_SHARE = 0.75
#: MaxStartups of an untouched sshd begins to refuse at ten; see collectors/transport/bastions.py.
AT_ONE_JUMP = 4
#: At once on a way that is known to be down.
ON_A_DOWN_WAY = 8


def across(ways: Mapping[str, Way | None]) -> list[str]:
    """Hosts in an order that begins everywhere: the first of each network, then the second.

    Of thousands in one dead network few are tried before those of a living one.
    """
    before: Counter[Way | None] = Counter()
    ranked = []
    for host, way in ways.items():
        ranked.append((before[way], host))
        before[way] += 1
    return [host for _, host in sorted(ranked)]


class Lanes:
    """Belongs to the conductor's thread."""

    def __init__(self, workers: int) -> None:
        self._most = max(1, int(workers * _SHARE))
        self._unsure: dict[str, tuple[object, ...]] = {}  # host -> what it shares with others
        self._shared: Counter[object] = Counter()

    @property
    def is_full(self) -> bool:
        """Only hosts that are known to answer may begin."""
        return len(self._unsure) >= self._most

    def enter(self, host: str, limits: Mapping[object, int]) -> bool:
        """Whether a host that is not known to answer may begin now; it has begun then.

        `limits`: what it shares with others, and how many of them may be under way at once.
        """
        if self.is_full or any(self._shared[key] >= most for key, most in limits.items()):
            return False
        self._unsure[host] = tuple(limits)
        self._shared.update(limits.keys())
        return True

    def leave(self, host: str) -> bool:
        """It has let us in, or its visit is over: whether this makes way for another one."""
        was_in = host in self._unsure
        self._shared.subtract(self._unsure.pop(host, ()))
        return was_in
