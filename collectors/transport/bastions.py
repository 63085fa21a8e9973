"""Turns at jump hosts: their sshd drops connections when too many log in at once."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from collectors.bounded import SLICE_SECONDS
from collectors.errors import TurnError
from collectors.ssh_config import Route
from psbuddy.model.terms import Stage

#: MaxStartups of an untouched sshd begins to refuse at ten.
AT_ONCE = 4


class BastionTurns:
    """Lets a few at a time through each first jump host. Shared by all workers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: dict[tuple[str, int], threading.BoundedSemaphore] = {}

    @contextmanager
    def turn(self, route: Route, deadline: float, aborted: threading.Event) -> Iterator[None]:
        """Held while a connection is made. Raises TurnError when it never comes."""
        if not route.jumps:
            yield
            return
        first = route.jumps[0]
        with self._lock:
            turn = self._turns.setdefault(
                (first.hostname, first.port), threading.BoundedSemaphore(AT_ONCE)
            )
        while not turn.acquire(timeout=SLICE_SECONDS):
            if time.monotonic() < deadline and not aborted.is_set():
                continue
            raise TurnError(
                Stage.TCP,
                f"{route.alias} had to wait too long: many hosts are reached through "
                f"{first.place}. Collect less often, or use a second jump host.",
            )
        try:
            yield
        finally:
            turn.release()
