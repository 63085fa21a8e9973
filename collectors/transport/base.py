"""The one interface behind which every way to a host looks the same.

All deadlines are values of `time.monotonic()`. Opening raises `CollectError` with the stage
that was reached; the session words what happens afterwards.
"""

from typing import Protocol

STDERR_CAP = 4096


class Channel(Protocol):
    """Standard input and output of the one program that runs on the host."""

    bytes_sent: int
    bytes_received: int

    def write(self, data: bytes, deadline: float) -> None:
        """Write all of it. Raises TimeoutError at the deadline, EOFError when nobody reads."""

    def read(self, deadline: float) -> bytes:
        """The next bytes, b"" when the program has ended. Raises TimeoutError at the deadline."""

    def complaints(self) -> str:
        """What the program said on stderr so far, the first 4 KiB, plain text."""

    def exit_status(self) -> int | None:
        """Exit status after the end of output; None when nobody told."""

    def close(self) -> None:
        """Give up everything the channel holds. Never blocks, may be called from any thread."""


class Transport(Protocol):
    """A way to one host."""

    @property
    def name(self) -> str:
        """ "ssh", "openssh", "local"."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out on the way and why it was taken, in sentences; complete once open."""

    def open(self, deadline: float) -> Channel:
        """Start the remote command and return its channel. Called once."""

    def shell(self, deadline: float) -> Channel:
        """Start `sh` the same way, after `open` found no Python there. Called once."""

    def abort(self) -> None:
        """End an `open` that is under way, from any thread: it raises CollectError soon."""
