"""How far a held `ssh` got, read from its own account of itself (`LogLevel DEBUG1`).

Only the order of its steps is read: lines that OpenSSH 7 to 10 all write. What it says besides
is kept for the user, and never decides anything.
"""

import re
import threading
import time
from collections.abc import Callable

from collectors.bounded import remaining
from collectors.transport.base import STDERR_CAP
from psbuddy.model.terms import Stage

#: What ssh -v tells of itself: all else are words of ssh to its user, or of the host.
_DEBUG = re.compile(rb"debug[123]: |Transferred: sent |Bytes per second: sent ")
_LINE_CAP = 4096

#: What begins once a line like this was written.
_STEPS: tuple[tuple[bytes, Stage], ...] = (
    (b"debug1: Connecting to ", Stage.TCP),
    (b"debug1: Executing proxy command: ", Stage.TCP),
    (b"debug1: Connection established", Stage.BANNER),
    (b"debug1: Local version string ", Stage.BANNER),
    (b"debug1: Remote protocol version ", Stage.KEX),
    (b"debug1: Server host key: ", Stage.HOST_KEY),
    (b"debug1: Server host certificate: ", Stage.HOST_KEY),
    (b"debug1: SSH2_MSG_NEWKEYS sent", Stage.AUTH),
    (b"debug1: Authentication succeeded", Stage.CHANNEL),
    (b"Authenticated to ", Stage.CHANNEL),
    (b"debug1: Sending command: ", Stage.FIRST_FRAME),
)
_ORDER = (
    *(Stage.RESOLVE, Stage.TCP, Stage.BANNER, Stage.KEX, Stage.HOST_KEY),
    *(Stage.AUTH, Stage.CHANNEL, Stage.FIRST_FRAME),
)


class Progress:
    """Fed by the thread that drains stderr, watched by the one that opens the connection."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._stage = Stage.RESOLVE
        self._rest = b""
        self._said = bytearray()
        self._ended = False

    @property
    def stage(self) -> Stage:
        """The stage that is under way."""
        return self._stage

    @property
    def ended(self) -> bool:
        return self._ended

    @property
    def said(self) -> str:
        """What was written besides the account: the words of ssh, later those of the host."""
        return bytes(self._said).decode(errors="replace").strip()

    def feed(self, data: bytes) -> None:
        """The next bytes of stderr; b"" at its end."""
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()[-_LINE_CAP:]
        if not data:
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            self._take(line.rstrip(b"\r"))
        if not data:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def wait(self, seconds: Callable[[Stage], float], deadline: float) -> bool:
        """Whether the command was sent; False when ssh ended first.

        `seconds` is what a stage may take. Raises TimeoutError when one takes longer.
        """
        with self._changed:
            while self._stage is not Stage.FIRST_FRAME and not self._ended:
                stage = self._stage
                until = min(deadline, time.monotonic() + seconds(stage))
                while self._stage is stage and not self._ended:
                    self._changed.wait(remaining(until))
            return self._stage is Stage.FIRST_FRAME

    def _take(self, line: bytes) -> None:
        for mark, stage in _STEPS:
            if line.startswith(mark):
                self._reach(stage)
                break
        else:
            if line and not _DEBUG.match(line):
                self._said += (line + b"\n")[: max(0, STDERR_CAP - len(self._said))]

    def _reach(self, stage: Stage) -> None:
        if _ORDER.index(stage) > _ORDER.index(self._stage):
            with self._changed:
                self._stage = stage
                self._changed.notify_all()
