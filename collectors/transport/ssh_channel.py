"""The one exec channel of a host: raw bytes both ways, stderr drained, deadlines kept."""

import contextlib
import time
from collections.abc import Callable

import paramiko

from collectors.bounded import Watchdog, remaining
from collectors.transport.base import STDERR_CAP

_CHUNK = 2**16
#: stderr is looked at this often while stdout is silent: a full one would block the program.
_LOOK_SECONDS = 0.25
_STATUS_SECONDS = 2.0


class SshChannel:
    """Reads with `recv`: the library's file objects cost seven times as much."""

    def __init__(
        self, channel: paramiko.Channel, give_up: Callable[[], None], watchdog: Watchdog
    ) -> None:
        self.bytes_sent = 0
        self.bytes_received = 0
        self._channel = channel
        self._give_up = give_up
        self._watchdog = watchdog
        self._stderr = bytearray()

    def write(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        try:
            with self._watchdog.guard(deadline, self._give_up):
                while view:
                    self._drain_complaints()
                    self._channel.settimeout(remaining(deadline))
                    sent = self._channel.send(bytes(view[:_CHUNK]))
                    if not sent:
                        raise EOFError("the channel is closed")
                    view = view[sent:]
                    self.bytes_sent += sent
        except TimeoutError:
            raise
        except OSError as error:
            if time.monotonic() >= deadline:
                raise TimeoutError("the program does not read") from error
            raise EOFError("the channel is closed") from error

    def read(self, deadline: float) -> bytes:
        while True:
            self._channel.settimeout(min(_LOOK_SECONDS, remaining(deadline)))
            try:
                data: bytes = self._channel.recv(_CHUNK)
            except TimeoutError:
                self._drain_complaints()
                continue
            self._drain_complaints()
            self.bytes_received += len(data)
            return data

    def complaints(self) -> str:
        self._drain_complaints()
        return self._stderr.decode(errors="replace").strip()

    def exit_status(self) -> int | None:
        # recv_exit_status has no deadline of its own.
        if not self._channel.status_event.wait(_STATUS_SECONDS):
            return None
        status: int = self._channel.recv_exit_status()
        return None if status < 0 else status  # -1 is paramiko's word for "nobody told"

    def close(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            self._channel.close()
        self._give_up()

    def _drain_complaints(self) -> None:
        while self._channel.recv_stderr_ready():
            said = self._channel.recv_stderr(_CHUNK)
            self.bytes_received += len(said)
            self._stderr += said[: max(0, STDERR_CAP - len(self._stderr))]
