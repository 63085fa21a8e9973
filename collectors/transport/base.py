"""The one interface behind which every way to a host looks the same.

All deadlines are values of `time.monotonic()`. Opening raises `CollectError` with the stage
that was reached; the session words what happens afterwards.
"""

import select
from collections.abc import Callable
from typing import Protocol

STDERR_CAP = 4096


class _HasNumber(Protocol):
    def fileno(self) -> int: ...


def has_room(stream: _HasNumber) -> bool:
    """Whether a socket or pipe takes bytes now; where the system cannot say, it does not."""
    try:
        if hasattr(select, "poll"):
            poll = select.poll()  # select itself knows no number above 1023
            poll.register(stream.fileno(), select.POLLOUT)
            return bool(poll.poll(0))
        return bool(select.select([], [stream], [], 0)[1])
    except (OSError, ValueError):
        return False


class Channel(Protocol):
    """Standard input and output of the one program that runs on the host."""

    bytes_sent: int
    bytes_received: int

    def write(self, data: bytes, deadline: float) -> None:
        """Write all of it. Raises TimeoutError at the deadline, EOFError when nobody reads."""

    def writes_at_once(self, size: int) -> bool:
        """Whether so many bytes can be written now without waiting for the host."""

    def take(self) -> bytes | None:
        """What has come since, b"" when the program has ended, None when there is nothing yet.
        Never waits."""

    def wake(self, call: Callable[[], None]) -> None:
        """Have `call` called when `take` has something, or may have. See steps.Waking."""

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

    @property
    def stands(self) -> bool:
        """Whether the connection goes on though the program has ended: `again` may start it."""

    def again(self, deadline: float) -> Channel:
        """Start the remote command once more, over the same connection."""

    def abort(self) -> None:
        """End an `open` that is under way, from any thread: it raises CollectError soon."""
