"""How far reading has come: what is still to be read, and when to come back for it."""

from dataclasses import dataclass, field

from psbuddy.model.observation import Observation

#: Pauses that `until_whole` waits for held bytes: together longer than any record is held.
_HELD_VISITS = 5


@dataclass(slots=True)
class CatchingUp:
    """`hold`: seconds a host holds back an unfinished record.

    `until_whole`: come back for held records too; else the next ordinary visit finds them.
    """

    hold: int
    until_whole: bool
    _read: dict[str, int] = field(default_factory=dict)  # bytes since a host began to catch up
    _left: dict[str, int] = field(default_factory=dict)
    _visits: dict[str, int] = field(default_factory=dict)  # for held bytes, in a row

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
        held = any(log.held_bytes for log in observation.logs)
        if self.until_whole and held and self._visits.get(host, 0) < _HELD_VISITS:
            self._visits[host] = self._visits.get(host, 0) + 1
            return self.hold + 0.5
        self._visits.pop(host, None)
        return None

    def share(self, host: str) -> float | None:
        """Share (0..1) of a backlog that is read; None where there is none."""
        read = self._read.get(host)
        return None if read is None else read / (read + self._left[host])
