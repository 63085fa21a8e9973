"""A bounded set of worker threads that can never keep the program from ending."""

import queue
import threading
import time
from collections.abc import Callable

Task = Callable[[], None]


class WorkerPool:
    """Runs tasks on at most `size` threads, started as they are needed.

    Tasks must not raise: whoever submits one wraps it so that it reports its own failure.
    """

    def __init__(self, size: int, name: str) -> None:
        self.size = size
        self._name = name
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._waiting = 0  # tasks submitted and not yet taken
        self._idle = 0

    def submit(self, task: Task) -> None:
        """Run `task` as soon as a thread is free."""
        with self._lock:
            self._waiting += 1
            self._tasks.put(task)
            if self._idle < self._waiting and len(self._threads) < self.size:
                number = len(self._threads) + 1
                # Daemons: one that a hanging name look-up holds must not outlive the program.
                thread = threading.Thread(
                    target=self._run, name=f"{self._name}-{number}", daemon=True
                )
                self._threads.append(thread)
                thread.start()

    def stop(self, deadline: float) -> bool:
        """Let the threads end; False when some are still busy at the deadline (monotonic)."""
        with self._lock:
            for _ in self._threads:
                self._tasks.put(None)
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            task = self._tasks.get()
            with self._lock:
                self._idle -= 1
                if task is not None:
                    self._waiting -= 1
            if task is None:
                return
            task()
