"""Messages between this program and the engine: both talk through it, the session and the host.

A message is a letter, eight hexadecimal digits of length, and its bytes. `S`: what the session
sends and gets, frames of docs/protocol.md. `H`: a question to the host's shell and its answer.
"""

from collections import deque
from typing import BinaryIO

SESSION, HOST = b"S", b"H"
HEADER = 9


class Wire:
    """The two streams of this process."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink
        self._waiting: deque[bytes] = deque()  # of the session, while the host is asked

    def send(self, kind: bytes, data: bytes) -> None:
        self._sink.write(kind + b"%08x" % len(data) + data)
        self._sink.flush()

    def session(self) -> bytes:
        """The next bytes of the session; b"" at its end."""
        if self._waiting:
            return self._waiting.popleft()
        kind, data = self._next()
        if kind != SESSION:
            raise ValueError("the host answers unasked")
        return data

    def ask(self, question: bytes) -> bytes:
        """What the host answers. Raises EOFError when the engine has gone."""
        self.send(HOST, question)
        while True:
            kind, data = self._next()
            if kind == HOST:
                return data
            if not data:
                raise EOFError("the session has ended")
            self._waiting.append(data)

    def _next(self) -> tuple[bytes, bytes]:
        header = self._source.read(HEADER)
        if len(header) < HEADER:
            return SESSION, b""
        size = int(header[1:], 16)
        data = self._source.read(size)
        return (header[:1], data) if len(data) == size else (SESSION, b"")
