"""A wire that can be cut: TCP between a client and a server, to the byte."""

import contextlib
import socket
import struct
import threading
from typing import Self

_RESET = struct.pack("ii", 1, 0)


class Wire:
    """Listens on a loopback address and passes everything on to `target`.

    `limit`: after so many bytes of the server `fate` comes by itself: "stall" (nothing passes any
    more, nothing is closed), "reset" (both ends get one), "close" (the client sees an end).
    """

    def __init__(
        self, target: tuple[str, int], *, limit: int | None = None, fate: str = "stall"
    ) -> None:
        self._target = target
        self._limit = limit
        self._fate = fate
        self._listener = socket.create_server(("127.0.2.77", 0))
        self.address, self.port = self._listener.getsockname()
        self._ends: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._stalled = threading.Event()
        self.passed = 0  # bytes of the server

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for end in (self._listener, *self._ends):
            end.close()

    def meet(self, fate: str) -> None:
        """Let it happen now."""
        if fate == "stall":
            self._stalled.set()
            return
        for end in self._ends:
            if fate == "reset":
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RD)  # who reads from it must let go first
                end.close()  # with that option: a reset, not an end
                continue
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(self._target)
            self._ends += [near, far]
            for source, sink, counted in ((near, far, False), (far, near, True)):
                thread = threading.Thread(target=self._pass, args=(source, sink, counted))
                self._threads.append(thread)
                thread.start()

    def _pass(self, source: socket.socket, sink: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                if counted and self._limit is not None:
                    data = data[: max(0, self._limit - self.passed)]
                if not self._stalled.is_set():
                    sink.sendall(data)
                if counted:
                    self.passed += len(data)
                    if self._limit is not None and self.passed >= self._limit:
                        self.meet(self._fate)
        with contextlib.suppress(OSError):
            if not self._stalled.is_set():
                sink.shutdown(socket.SHUT_WR)
