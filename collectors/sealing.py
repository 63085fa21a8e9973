"""Upkeep of the store beside the writer: old minutes are sealed, what is too old is dropped.

A day of one log at a time, so that no visit waits.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from psbuddy.catalogue import StoreSpec
from psbuddy.store import StoreError
from psbuddy.store.grains import DAY
from psbuddy.store.retention import kept_from
from psbuddy.store.seal import sealed_before
from psbuddy.store.store import Store

_log = logging.getLogger(__name__)

#: Seconds of sealing after a commit: a backlog of years takes many commits, and no visit waits.
STRETCH: Final = 0.25
#: Seconds between two looks for days that have become old enough, and until the first one: an
#: engine that has just begun reads what was written while nobody looked, and that may be old.
LOOK_EVERY: Final = 3600.0
FIRST_LOOK: Final = 600.0


#: One short transaction; whether there is more of the same.
Step = Callable[[], bool]


def due(store: Store, spec: StoreSpec, now: int) -> list[Step]:
    """What is to be done by the settings of the catalogue: dropped first, then sealed."""
    steps: list[Step] = []
    for tier, seconds in (("minute", spec.keep_minutes), ("hour", spec.keep_hours)):
        if seconds is not None:
            before = kept_from(now, seconds)
            sources = store.droppable(tier, before)
            steps += [partial(store.drop, each, tier, before, now) for each in sources]
    before = sealed_before(now, -(-spec.seal_after // DAY))
    return [*steps, *(partial(_seal, store, *key) for key in store.sealable(before))]


def _seal(store: Store, source: int, day: int) -> bool:
    store.seal(source, day)
    return False


class Sealing:
    """A thread that works a little when it is told to. `problem` gets a sentence, from that thread.

    `spec`: the settings in force, None while they are not known; then nothing is done.
    """

    def __init__(
        self,
        store: Store,
        spec: Callable[[], StoreSpec | None],
        problem: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._spec, self._problem, self._clock = store, spec, problem, clock
        self._due: deque[Step] = deque()
        self._next = time.monotonic() + FIRST_LOOK
        self._told = ""
        self._wanted, self._ended = threading.Event(), False
        self._thread = threading.Thread(target=self._run, name="sealing", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """Something was committed, or time has passed."""
        self._wanted.set()

    def stop(self, deadline: float) -> bool:
        """End it after the day in hand; False when that is not done by the deadline (monotonic)."""
        self._ended = True
        self._wanted.set()
        self._thread.join(max(0.0, deadline - time.monotonic()))
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            if self._ended:
                return
            self._look()
            self._seal()

    def _look(self) -> None:
        if self._due or time.monotonic() < self._next:
            return
        spec = self._spec()
        if spec is None:
            return  # a catalogue that cannot be read may want to keep more
        self._next = time.monotonic() + LOOK_EVERY
        with self._guarded():
            self._due.extend(due(self._store, spec, int(self._clock())))

    def _seal(self) -> None:
        end = time.monotonic() + STRETCH
        while self._due and not self._ended and time.monotonic() < end:
            with self._guarded():
                if not self._due[0]():
                    self._due.popleft()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """What goes wrong is said, and tried again at the next look."""
        try:
            yield
        except StoreError as error:
            self._due.clear()
            self._tell(str(error))
        except Exception as error:  # noqa: BLE001 - collecting goes on, and it is said
            _log.exception("old minutes could not be sealed")
            self._due.clear()
            self._tell(
                f"Old minutes could not be sealed ({type(error).__name__}: {str(error)[:200]}). "
                "They stay as they are. Please report this."
            )

    def _tell(self, sentence: str) -> None:
        """Once, not every hour."""
        if sentence != self._told:
            self._told = sentence
            self._problem(sentence)
