"""The one exec channel of a host: raw bytes both ways, stderr drained, nothing waits to read."""

import contextlib
import socket
import time
from collections.abc import Callable

import paramiko

from collectors.bounded import Watchdog, remaining
from collectors.transport.base import STDERR_CAP, has_room

_CHUNK = 2**16
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

    def writes_at_once(self, size: int) -> bool:
        transport = self._channel.get_transport()
        if self._channel.out_window_size < size or not transport.clear_to_send.is_set():
            return False  # the host's window is full, or keys are being exchanged
        connection = transport.sock
        if isinstance(connection, socket.socket):
            return has_room(connection)
        return bool(connection.out_window_size >= size)  # a channel of the jump host

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
        except (OSError, EOFError) as error:
            if time.monotonic() >= deadline:
                raise TimeoutError("the program does not read") from error
            raise EOFError("the channel is closed") from error

    def take(self) -> bytes | None:
        self._drain_complaints()
        self._channel.settimeout(0.0)
        try:
            data: bytes = self._channel.recv(_CHUNK)
        except TimeoutError:
            return None
        self._drain_complaints()
        self.bytes_received += len(data)
        return data

    def wake(self, call: Callable[[], None]) -> None:
        # stderr as well: one that is full would block the program.
        bell = _Bell(call)
        self._channel.in_stderr_buffer.set_event(bell)
        self._channel.in_buffer.set_event(bell)
        bell.hang()

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


class _Bell:
    """What the library takes for an Event that it sets when bytes or an end have come.

    It is heard once it hangs at both buffers: whoever is woken may hang up the next one.
    """

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call
        self._rang = self._hangs = False

    def hang(self) -> None:
        self._hangs = True
        if self._rang:
            self._call()

    def set(self) -> None:
        self._rang = True
        if self._hangs:
            self._call()

    def clear(self) -> None:
        """It does not stay set: whoever was woken looks."""
