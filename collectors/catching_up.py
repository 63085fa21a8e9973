"""How far reading has come: what is still to be read, and when to come back for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from psbuddy.model.observation import Observation

#: Pauses that `until_whole` waits for held bytes: together longer than any record is held.
_HELD_VISITS = 5

_File = tuple[str, str, str]  # application, log, path


@dataclass(slots=True)
class CatchingUp:
    """`hold`: seconds a host holds back an unfinished record.

    `until_whole`: come back for the records that were held at the first look, and for no later
    ones, so that a log that never pauses ends too; else the next ordinary visit finds them.
    """

    hold: int
    until_whole: bool
    _read: dict[str, int] = field(default_factory=dict)  # bytes since a host began to catch up
    _left: dict[str, int] = field(default_factory=dict)
    _visits: dict[str, int] = field(default_factory=dict)  # for held bytes, in a row
    _ends: dict[str, Mapping[_File, int]] = field(default_factory=dict)  # where files ended then

    def again_in(self, observation: Observation) -> float | None:
        """Seconds until the host should be read again; None when it was read to its end."""
        host = observation.host
        read = sum(log.bytes_read for log in observation.logs)
        backlog = sum(log.backlog_bytes for log in observation.logs)
        if backlog and read:
            self._read[host] = self._read.get(host, 0) + read
            self._left[host] = backlog
            self._visits.pop(host, None)
            return 0.0
        self._read.pop(host, None)
        if self.until_whole and self._still_held(observation):
            self._visits[host] = self._visits.get(host, 0) + 1
            return self.hold + 0.5
        self._visits.pop(host, None)
        self._ends.pop(host, None)
        return None

    def _still_held(self, observation: Observation) -> bool:
        """Whether something that was there at the first look is not counted yet."""
        host = observation.host
        held = {file: (at, end) for file, at, end in _held_files(observation)}
        ends = self._ends.setdefault(host, {file: end for file, (_, end) in held.items()})
        waiting = any(at < ends.get(file, 0) for file, (at, _) in held.items())
        return waiting and self._visits.get(host, 0) < _HELD_VISITS

    def share(self, host: str) -> float | None:
        """Share (0..1) of a backlog that is read; None where there is none."""
        read = self._read.get(host)
        return None if read is None else read / (read + self._left[host])


def _held_files(observation: Observation) -> Iterator[tuple[_File, int, int]]:
    """Files whose end is not counted yet: which, how far counting came, where they end."""
    for log in observation.logs:
        for position in log.positions if log.held_bytes else ():
            if position.offset < position.size:
                yield (log.app, log.log, position.path), position.offset, position.size
