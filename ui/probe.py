"""How long each turn of the event loop keeps the GUI thread's own CPU clock busy.

The wall clock would blame us for a busy machine; `time.thread_time` counts only what this
thread itself burnt. A turn is what lies between waking up and going back to sleep, or
between two sleeps. The suite fails on any turn over 100 ms.
"""

import time
from dataclasses import dataclass

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Slot

LIMIT_MS = 100.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the loop: its CPU time and the wall time beside it, in milliseconds."""

    cpu_ms: float
    wall_ms: float


class TurnProbe(QObject):
    """Listens to the event dispatcher of the current thread until `stop`."""

    def __init__(self, limit_ms: float = LIMIT_MS) -> None:
        super().__init__()
        self.limit_ms = limit_ms
        self.turns = 0
        self.worst = Turn(0.0, 0.0)
        self.slow: list[Turn] = []
        self._since: tuple[float, float] | None = None
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is None:
            raise RuntimeError("There is no event loop in this thread to be measured.")
        self._dispatcher: QAbstractEventDispatcher | None = dispatcher
        signals = (dispatcher.awake, dispatcher.aboutToBlock)
        glib = "Glib" in str(dispatcher.metaObject().className())
        self._first, self._last = reversed(signals) if glib else signals
        self._first.connect(self._begin)
        self._last.connect(self._end)

    def stop(self) -> None:
        """Stop listening; a turn under way is not judged."""
        if self._dispatcher is not None:
            self._first.disconnect(self._begin)
            self._last.disconnect(self._end)
            self._dispatcher = None

    @Slot()
    def _begin(self) -> None:
        self._since = time.thread_time(), time.perf_counter()

    @Slot()
    def _end(self) -> None:
        if self._since is None:
            return
        cpu, wall = self._since
        self._since = None
        turn = Turn((time.thread_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000)
        self.turns += 1
        self.worst = max(self.worst, turn, key=lambda each: each.cpu_ms)
        if turn.cpu_ms > self.limit_ms:
            self.slow.append(turn)
