"""The one thread that writes the store: groups what is ready, then brings the fleet up to date."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from psbuddy.model.observation import Committed, Observation
from psbuddy.store import StoreError
from psbuddy.store.store import Store

_log = logging.getLogger(__name__)

#: Observations in one transaction: enough for a full pool, few enough to stay quick.
GROUP = 32
_STOP = object()
_REFRESH = object()


@dataclass(frozen=True, slots=True)
class Job:
    """An observation to store. `done` is called from the writer's thread: None, or why not."""

    observation: Observation
    done: Callable[[StoreError | None], None]


class Writer:
    """`committed`, `problem` and `refresh` are called from the writer's thread.

    `refresh(store, now)` brings the fleet's lines up to date. Only then `committed` tells what
    changed: whoever reads the store upon it must not find the line of before.
    """

    def __init__(
        self,
        store: Store,
        committed: Callable[[Committed], None],
        problem: Callable[[str], None],
        refresh: Callable[[Store, int], object],
    ) -> None:
        self._store = store
        self._committed = committed
        self._problem = problem
        self._refresh = refresh
        self._untold: list[Committed] = []
        self._queue: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        self._queue.put(job)

    def refresh(self) -> None:
        """Bring the fleet up to date though nothing came in: time itself changes states."""
        self._queue.put(_REFRESH)

    def stop(self, deadline: float) -> bool:
        """Write what is there, then end; False when it is still writing at the deadline."""
        self._queue.put(_STOP)
        self._thread.join(max(0.0, deadline - time.monotonic()))
        return not self._thread.is_alive()

    def _run(self) -> None:
        stopping = False
        while not stopping:
            jobs, stopping = self._take()
            self._write(jobs)
            if jobs or not stopping:
                self._bring_up_to_date()
            for changed in self._untold:
                self._committed(changed)
            self._untold.clear()

    def _take(self) -> tuple[list[Job], bool]:
        jobs: list[Job] = []
        item = self._queue.get()
        while True:
            if item is _STOP:
                return jobs, True
            if isinstance(item, Job):
                jobs.append(item)
            if len(jobs) >= GROUP or self._queue.empty():
                return jobs, False
            item = self._queue.get()

    def _write(self, jobs: list[Job]) -> None:
        if not jobs:
            return
        error = self._commit(jobs)
        if error is None or len(jobs) == 1:
            for job in jobs:
                job.done(error)
            return
        # One bad visit must not take the others with it.
        for job in jobs:
            job.done(self._commit([job]))

    def _commit(self, jobs: list[Job]) -> StoreError | None:
        try:
            found = [job.observation for job in jobs]
            self._untold.append(self._store.commit(found, int(time.time())))
        except StoreError as error:
            return error
        except Exception as error:  # noqa: BLE001 - the thread must live on; nothing was stored
            _log.exception("a commit failed in a way nobody foresaw")
            return StoreError(
                f"A visit could not be stored ({type(error).__name__}: {str(error)[:200]}). It is "
                "read again at the next visit. Please report this."
            )
        return None

    def _bring_up_to_date(self) -> None:
        try:
            self._refresh(self._store, int(time.time()))
        except StoreError as error:
            self._problem(str(error))
        except Exception as error:  # noqa: BLE001 - collecting goes on, and it is said
            _log.exception("the fleet's lines could not be computed")
            self._problem(
                f"The state of the fleet could not be computed ({type(error).__name__}: "
                f"{str(error)[:200]}). Counting goes on. Please report this."
            )
