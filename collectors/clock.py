"""The tick of the engine. APScheduler is used as a clock and as nothing else.

Its job stores execute what is in a database, its cron fires twice on the autumn night and its
default grace drops work after sleep: so one interval job, in memory, in UTC, without a limit.
"""

import logging
from collections.abc import Callable
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler

TICK_SECONDS = 1.0
#: Wall and monotonic clock drift apart by this much only when the machine slept or was set.
_JUMP_SECONDS = 20.0

logging.getLogger("apscheduler").addHandler(logging.NullHandler())


class Clock:
    """Calls `tick()` from a thread of its own, once a second."""

    def __init__(self, tick: Callable[[], None]) -> None:
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._scheduler.add_job(
            tick,
            "interval",
            seconds=TICK_SECONDS,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """End the thread; a tick under way is waited for."""
        self._scheduler.shutdown(wait=True)


class JumpWatch:
    """Notices that the wall clock went on without us: sleep, or somebody set it."""

    def __init__(self, wall: float, monotonic: float) -> None:
        self._offset = wall - monotonic
        self._monotonic = monotonic

    def observe(self, wall: float, monotonic: float) -> float:
        """Seconds the wall clock jumped since the last call; 0.0 when it did not.

        A long stretch without a call counts too: some systems let both clocks go on in sleep.
        """
        offset, pause = wall - monotonic, monotonic - self._monotonic
        jump = offset - self._offset
        self._offset, self._monotonic = offset, monotonic
        if abs(jump) > _JUMP_SECONDS:
            return jump
        return pause if pause > _JUMP_SECONDS else 0.0
