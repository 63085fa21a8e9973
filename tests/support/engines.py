"""An engine inside the test's process, with pipes as its window has them."""

import json
import os
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from collectors.engine import run_engine
from collectors.requests import Budget

#: No pauses for records that could still grow: the logs of tests are written whole.
AT_ONCE = Budget(hold=0, hold_partial=0)


class RunningEngine:
    """Events are read as they come; `wait` returns the first that fits and drops none before."""

    def __init__(self, requests: int, events: int) -> None:
        self._requests = requests
        self._events = events
        self._queue: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self.seen: list[dict[str, Any]] = []
        self.code: int | None = None

    def ask(self, name: str, **fields: Any) -> None:
        os.write(self._requests, json.dumps({"request": name, **fields}).encode() + b"\n")

    def wait(self, event: str, seconds: float = 30.0, **fields: Any) -> dict[str, Any]:
        """The next event of this name whose fields have these values."""
        while True:
            try:
                found = self._queue.get(timeout=seconds)
            except queue.Empty:
                raise AssertionError(f"no {event} {fields}; seen: {self.seen}") from None
            if found is None:
                raise AssertionError(f"the engine ended without {event}; seen: {self.seen}")
            self.seen.append(found)
            if found["event"] == event and all(found.get(k) == v for k, v in fields.items()):
                return found

    def close_input(self) -> None:
        if self._requests >= 0:
            os.close(self._requests)
            self._requests = -1

    def _read(self) -> None:
        with os.fdopen(self._events, "rb") as stream:
            for line in stream:
                self._queue.put(json.loads(line))
        self._queue.put(None)


@contextmanager
def running(db: Path, catalogue: Path, **options: Any) -> Iterator[RunningEngine]:
    """A `collect --watch --jsonl` on a thread; its input is closed at the end."""
    request_read, request_write = os.pipe()
    event_read, event_write = os.pipe()
    engine = RunningEngine(request_write, event_read)

    def run() -> None:
        engine.code = run_engine(
            str(db),
            catalogue,
            jsonl=True,
            descriptors=(request_read, event_write),
            budget=options.pop("budget", AT_ONCE),
            **options,
        )
        os.close(event_write)

    threads = [threading.Thread(target=run), threading.Thread(target=engine._read)]
    for thread in threads:
        thread.start()
    try:
        yield engine
    finally:
        engine.close_input()
        for thread in threads:
            thread.join(10)
        os.close(request_read)
