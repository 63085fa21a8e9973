"""Deadlines for calls that have none of their own.

All deadlines are values of `time.monotonic()`.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Generic, TypeVar

T = TypeVar("T")

#: How soon a wait that nothing can interrupt notices that it is no longer wanted.
SLICE_SECONDS = 0.1


def remaining(deadline: float) -> float:
    """Seconds until the deadline; raises TimeoutError when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the deadline has passed")
    return left


class _Call(threading.Thread, Generic[T]):
    """One call in a thread that nobody has to wait for."""

    def __init__(self, call: Callable[[], T], name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._call = call
        self.result: T | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.result = self._call()
        except Exception as error:  # noqa: BLE001 - handed on to the caller, whatever it is
            self.error = error


def bounded(
    call: Callable[[], T], deadline: float, name: str, aborted: threading.Event
) -> T | None:
    """Result of `call()`; TimeoutError when it takes longer, its thread is then left to itself.

    For name look-ups and the like, which nothing can interrupt. Also ends when `aborted` is set.
    """
    thread: _Call[T] = _Call(call, name)
    thread.start()
    while thread.is_alive():
        if aborted.is_set():
            raise TimeoutError(f"{name} was broken off")
        thread.join(min(SLICE_SECONDS, remaining(deadline)))
    if thread.error is not None:
        raise thread.error
    return thread.result


class Watchdog:
    """One thread that breaks off operations at their deadlines.

    `with watchdog.guard(deadline, close):` calls `close()` when the block is still busy then.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._queue: list[tuple[float, int]] = []
        # Apart from the queue: what a guard that was left would close is not held any longer.
        self._open: dict[int, Callable[[], None]] = {}
        self._numbers = itertools.count()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
        self._thread.start()

    @contextmanager
    def guard(self, deadline: float, action: Callable[[], None]) -> Iterator[None]:
        """Call `action` from the watchdog's thread if the block is not left by `deadline`."""
        forget = self.at(deadline, action)
        try:
            yield
        finally:
            forget()

    def at(self, deadline: float, action: Callable[[], None]) -> Callable[[], None]:
        """Call `action` at the deadline, unless what this returns is called before."""
        with self._condition:
            number = next(self._numbers)
            self._open[number] = action
            heapq.heappush(self._queue, (deadline, number))
            if self._queue[0][1] == number:
                self._condition.notify()
        return partial(self._forget, number)

    def _forget(self, number: int) -> None:
        with self._condition:
            self._open.pop(number, None)

    def stop(self) -> None:
        """End the thread. Guards that are still open are no longer watched."""
        with self._condition:
            self._stopped = True
            self._condition.notify()
        self._thread.join()

    def _run(self) -> None:
        while (action := self._next_due()) is not None:
            action()

    def _next_due(self) -> Callable[[], None] | None:
        with self._condition:
            while not self._stopped:
                while self._queue and self._queue[0][1] not in self._open:
                    heapq.heappop(self._queue)
                left = self._queue[0][0] - time.monotonic() if self._queue else None
                if left is None or left > 0:
                    self._condition.wait(left)
                    continue
                _, number = heapq.heappop(self._queue)
                return self._open.pop(number)
        return None
