"""Work that waits without holding a thread.

What is done with a host is written as a generator. Where it has to wait for the host it yields
an `Until`; before a stretch that may block (a login, a name look-up) it yields `PATIENCE`.
`finish` runs it on the thread at hand, `Runner` on few threads for all hosts: a host that is
waited for holds none of them.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Protocol, TypeVar

from collectors.bounded import Watchdog
from collectors.pool import WorkerPool

T = TypeVar("T")
Done = Callable[[T | None, Exception | None], None]


class Waking(Protocol):
    """What can be waited for."""

    def wake(self, call: Callable[[], None]) -> None:
        """Have `call()` run once, from any thread, as soon as going on is worth while; at once
        when it is already. It may be called under a lock, and more than once. Replaces an
        earlier call."""


@dataclass(frozen=True, slots=True)
class Until:
    """Go on when `source` wakes us, at `deadline` (monotonic) at the latest."""

    source: Waking
    deadline: float


class Patience(Enum):
    NEEDED = "what follows may block"


PATIENCE = Patience.NEEDED

Steps = Generator[Until | Patience, None, T]


def finish(steps: Steps[T]) -> T:
    """Do all of it on this thread."""
    while True:
        try:
            want = next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        if isinstance(want, Until):
            woken = threading.Event()
            want.source.wake(woken.set)
            woken.wait(max(0.0, want.deadline - time.monotonic()))


class Runner:
    """Steps of many hosts on two pools: `quick` never blocks for long, so hosts that answer are
    never held up by those that are being reached on `patient`. The numbers are threads."""

    def __init__(self, quick: int, patient: int, name: str) -> None:
        self.patient = patient
        self._quick = WorkerPool(quick, name)
        self._patient = WorkerPool(patient, f"{name}-begin")
        self._timers = Watchdog()

    def run(self, steps: Steps[T], done: Done[T]) -> None:
        """Do it; then `done(result, error)` is called on a thread of the pools."""
        self._quick.submit(partial(self._go_on, steps, done))

    def stop(self, deadline: float) -> None:
        """Let the threads end; what still waits is left where it is."""
        for pool in (self._quick, self._patient):
            pool.stop(deadline)
        self._timers.stop()

    def _go_on(self, steps: Steps[T], done: Done[T]) -> None:
        try:
            want = next(steps)
        except StopIteration as end:
            done(end.value, None)
            return
        except Exception as error:  # noqa: BLE001 - handed on to who asked, whatever it is
            done(None, error)
            return
        again = partial(self._go_on, steps, done)
        if want is PATIENCE:
            self._patient.submit(again)
        elif isinstance(want, Until):
            resume = _Once(partial(self._quick.submit, again))
            resume.forget = self._timers.at(want.deadline, resume)
            want.source.wake(resume)


class _Once:
    """Calls it the first time, whoever comes first: the host or its deadline."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._calls = [call]
        self.forget: Callable[[], None] | None = None

    def __call__(self) -> None:
        with contextlib.suppress(IndexError):
            call = self._calls.pop()  # one step of the interpreter: no lock
            if self.forget is not None:
                self.forget()
            call()
