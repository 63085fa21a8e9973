"""The living end of the logs: writes as real programs do, second by second, across rotations."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from psbuddy.demo.records import Block
from psbuddy.demo.rotation import midnights, rotate
from psbuddy.demo.sim import LogSim
from psbuddy.demo.truth import Truth

_TICK = 1.0
_DAY = 86_400


class LiveLog:
    """One log that goes on from `at` (UTC epoch seconds). Not safe for several threads."""

    def __init__(self, sim: LogSim, path: Path, truth: Truth, seed: int, at: int) -> None:
        self.path = path
        self._sim = sim
        self._truth = truth
        self._counts = truth.of(sim.app, sim.host, sim.log)
        self._seed = seed
        self._at = at
        self._minute = -1
        self._block: Block | None = None
        self._handle = path.open("ab", buffering=0)
        self._reopen = False
        self._due = self._next_rotation()

    def advance(self, until: int) -> None:
        """Write everything that happens before `until`, rotating where that is due."""
        while self._at < until:
            minute = self._at // 60 * 60
            end = min(until, minute + 60, self._due)
            self._write(self._drawn(minute).between(self._at, end))
            self._at = end
            if self._at >= self._due:
                self.rotate()
                self._due = self._next_rotation()

    def rotate(self) -> None:
        """Rotate now. After a renaming the next records still go to the renamed file."""
        self._reopen_if_due()
        rotate(self.path, self._sim.rotation, self._at)
        self._reopen = not self._sim.rotation.copytruncate

    def close(self) -> None:
        self._handle.close()

    def _drawn(self, minute: int) -> Block:
        if self._block is None or self._minute != minute:
            self._minute = minute
            self._block = self._sim.block(self._seed, minute, minute + 60)
        return self._block

    def _write(self, block: Block) -> None:
        if block.texts:
            with self._truth.lock:
                self._handle.write(block.encoded())
                self._counts.add(block)
        self._reopen_if_due()

    def _reopen_if_due(self) -> None:
        if self._reopen:
            self._handle.close()
            self._handle = self.path.open("ab", buffering=0)
            self._reopen = False

    def _next_rotation(self) -> int:
        rotation = self._sim.rotation
        ahead = (rotation.days + 1) * _DAY
        night = next(midnights(rotation.days, self._sim.stamps.zone, self._at, self._at + ahead))
        if not rotation.every:
            return night
        return min(night, (self._at // rotation.every + 1) * rotation.every)


class Writer:
    """A thread that lets several logs grow. `clock`: UTC epoch seconds."""

    def __init__(self, logs: Sequence[LiveLog], clock: Callable[[], float] = time.time) -> None:
        self._logs = logs
        self._clock = clock
        self._stop = threading.Event()
        self._one = threading.Lock()  # a log has one writer at a time
        self._thread: threading.Thread | None = None
        self.problem = ""  # a sentence when writing had to end

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="demo writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close the logs; every record counted is in its file."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        for log in self._logs:
            log.close()

    def advance(self, until: int) -> None:
        """Write what happens before `until`; for those who have a clock of their own."""
        with self._one:
            for log in self._logs:
                log.advance(until)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.advance(int(self._clock()))
            except OSError as error:
                self.problem = (
                    f"The logs of the demo no longer grow: {error.filename or 'a log'} cannot be "
                    f"written ({error.strerror}). Make room or start the demo with --keep DIR."
                )
                return
            self._stop.wait(_TICK)
