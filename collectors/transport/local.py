"""This machine as a host: the same program under the same interpreter flags."""

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from collectors.bounded import Watchdog, remaining
from collectors.errors import CollectError
from collectors.program import CODE, SHELL_CODE
from collectors.transport.base import STDERR_CAP, has_room
from psbuddy.model.terms import Stage

_CHUNK = 2**16
_PIPE_HOLDS = 2**16  # an empty one; what was sent before was read, as it was answered
_END_SECONDS = 2.0


class LocalTransport:
    """Runs the host program as a child process."""

    name = "local"
    notes: tuple[str, ...] = ()

    def __init__(self, watchdog: Watchdog) -> None:
        self._watchdog = watchdog
        self._channel: LocalChannel | None = None

    def open(self, deadline: float) -> "LocalChannel":
        return self._start([_interpreter(), "-I", "-S", "-c", CODE], deadline)

    def shell(self, deadline: float) -> "LocalChannel":
        if self._channel is not None:
            self._channel.close()
        return self._start(["sh", "-c", SHELL_CODE], deadline)

    def _start(self, argv: list[str], deadline: float) -> "LocalChannel":
        remaining(deadline)
        try:
            process = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=os.name == "posix",  # so that its own children end with it
            )
        except OSError as error:
            raise CollectError(
                Stage.CHANNEL,
                f"Python could not be started on this machine: {error.strerror}. "
                "Install Python 3.6 or newer as python3.",
            ) from error
        self._channel = LocalChannel(process, self._watchdog)
        return self._channel

    @property
    def stands(self) -> bool:
        return False

    def again(self, deadline: float) -> "LocalChannel":
        raise NotImplementedError  # it does not stand

    def abort(self) -> None:
        """Starting a child is over before anybody could want this."""


class LocalChannel:
    """Two threads take what the child writes, so that neither stream can block it."""

    def __init__(self, process: subprocess.Popen[bytes], watchdog: Watchdog) -> None:
        self.bytes_sent = 0
        self.bytes_received = 0
        self._process = process
        self._watchdog = watchdog
        self._output: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._waking = threading.Lock()
        self._waker: Callable[[], None] | None = None
        self._stderr = bytearray()
        self._closed = False
        self._pumps = tuple(
            threading.Thread(target=pump, name=f"local-{process.pid}", daemon=True)
            for pump in (self._pump_output, self._pump_complaints)
        )
        for thread in self._pumps:
            thread.start()

    def writes_at_once(self, size: int) -> bool:
        assert self._process.stdin is not None
        return size <= _PIPE_HOLDS and has_room(self._process.stdin)

    def write(self, data: bytes, deadline: float) -> None:
        assert self._process.stdin is not None
        view = memoryview(data)
        try:
            with self._watchdog.guard(deadline, self._kill):
                while view:
                    written = os.write(self._process.stdin.fileno(), view[:_CHUNK])
                    view = view[written:]
                    self.bytes_sent += written
        except (OSError, ValueError) as error:
            if time.monotonic() >= deadline:
                raise TimeoutError("the program does not read") from error
            raise EOFError("the program has ended") from error

    def take(self) -> bytes | None:
        try:
            data = self._output.get_nowait()
        except queue.Empty:
            return None
        if not data:
            self._output.put(b"")  # the end stays the end
        self.bytes_received += len(data)
        return data

    def wake(self, call: Callable[[], None]) -> None:
        with self._waking:
            self._waker = call
            if self._output.empty():
                return
        call()

    def complaints(self) -> str:
        return self._stderr.decode(errors="replace").strip()

    def exit_status(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=_END_SECONDS)
        return None

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._kill()
        self._process.wait()
        for thread in self._pumps:
            thread.join(_END_SECONDS)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream is not None
            stream.close()

    def _kill(self) -> None:
        # The group, because a check command may have children that hold our pipes.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _pump_output(self) -> None:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while data := os.read(descriptor, _CHUNK):
            self._bring(data)
        self._bring(b"")

    def _bring(self, data: bytes) -> None:
        with self._waking:
            self._output.put(data)
            waker, self._waker = self._waker, None
        if waker is not None:
            waker()

    def _pump_complaints(self) -> None:
        assert self._process.stderr is not None
        descriptor = self._process.stderr.fileno()
        while data := os.read(descriptor, _CHUNK):
            self._hear(data)
        self._hear(b"")

    def _hear(self, data: bytes) -> None:
        """The next bytes of stderr; b"" at its end. On the thread that drains it."""
        self._stderr += data[: max(0, STDERR_CAP - len(self._stderr))]


def _interpreter() -> str:
    # A packed program is its own executable and no Python.
    if not getattr(sys, "frozen", False):
        return sys.executable
    return shutil.which("python3") or "python3"
