"""Events out as JSON lines, requests in as JSON lines. The end of the input means: stop.

The window is the other side. It may die at any moment, so neither side's silence or death may
hold the engine: writing happens on a thread of its own, and a broken pipe is an end.
"""

import json
import os
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

_REQUEST_CAP = 2**20
_CHUNK = 2**16
#: Events the other side may leave unread before those that only inform are left out.
_PATIENCE = 10_000
_ONLY_INFORM = frozenset(("visiting", "status", "idle"))


class EventWriter:
    """Writes events to a file descriptor; `broken` is called once when nobody reads any more."""

    def __init__(self, descriptor: int, broken: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._broken = broken
        self._queue: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)
        self._thread.start()

    def emit(self, event: dict[str, Any]) -> None:
        if event.get("event") in _ONLY_INFORM and self._queue.qsize() > _PATIENCE:
            return
        self._queue.put(event)

    def stop(self, deadline: float) -> None:
        """Write what is left, as far as somebody reads it before the deadline (monotonic)."""
        self._queue.put(None)
        self._thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self) -> None:
        while (event := self._queue.get()) is not None:
            line = json.dumps(event, separators=(",", ":")).encode() + b"\n"
            try:
                while line:
                    line = line[os.write(self._descriptor, line) :]
            except OSError:
                self._broken()
                return


class RequestReader:
    """Reads requests from a file descriptor on a thread of its own.

    `request` gets each one, `refused` a sentence for a line that is none, `ended` is called at
    the end of the input; all from that thread.
    """

    def __init__(
        self,
        descriptor: int,
        request: Callable[[dict[str, Any]], None],
        refused: Callable[[str], None],
        ended: Callable[[], None],
    ) -> None:
        self._descriptor = descriptor
        self._request = request
        self._refused = refused
        self._ended = ended
        # A daemon that reads by os.read: it holds no lock the interpreter needs at its end.
        threading.Thread(target=self._run, name="requests", daemon=True).start()

    def _run(self) -> None:
        buffer = b""
        while data := self._read():
            *lines, buffer = (buffer + data).split(b"\n")
            for line in lines:
                self._handle(line)
            if len(buffer) > _REQUEST_CAP:
                buffer = b""
                self._refused("A request was longer than a megabyte and was left out.")
        self._ended()

    def _read(self) -> bytes:
        try:
            return os.read(self._descriptor, _CHUNK)
        except OSError:
            return b""  # closed under us: an end as well

    def _handle(self, line: bytes) -> None:
        if not line.strip():
            return
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and isinstance(value.get("request"), str):
            self._request(value)
        else:
            self._refused("A line on stdin is no request; see docs/engine.md.")
