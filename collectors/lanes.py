"""Who may begin: hosts that answer are never held up by hosts that do not.

A host that does not answer holds a worker until its deadlines pass, thousands of them would hold
all workers for ever. So those of which nothing good is known yet share a part of the workers, and
only a few at once go through one jump host.
"""

from collections import Counter

#: Of the workers, for hosts that are not known to answer.
_SHARE = 0.75
#: MaxStartups of an untouched sshd begins to refuse at ten; see collectors/transport/bastions.py.
_AT_ONE_JUMP = 4


class Lanes:
    """Belongs to the conductor's thread."""

    def __init__(self, workers: int) -> None:
        self._most = max(1, int(workers * _SHARE))
        self._unsure: dict[str, str] = {}  # host -> its jump host, "" for none
        self._jumps: Counter[str] = Counter()

    @property
    def is_full(self) -> bool:
        """Only hosts that are known to answer may begin."""
        return len(self._unsure) >= self._most

    def enter(self, host: str, jump: str) -> bool:
        """Whether a host that is not known to answer may begin now; it has begun then."""
        if self.is_full or (jump and self._jumps[jump] >= _AT_ONE_JUMP):
            return False
        self._unsure[host] = jump
        self._jumps[jump] += 1
        return True

    def leave(self, host: str) -> None:
        """Its visit is over, whatever it was."""
        jump = self._unsure.pop(host, None)
        if jump is not None:
            self._jumps[jump] -= 1
