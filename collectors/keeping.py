"""Learning about causes beside the writer: however long it takes, no visit waits for it."""

import logging
import threading
import time
from collections.abc import Callable

from psbuddy.report.causes import CauseKeeper
from psbuddy.store import StoreError
from psbuddy.store.store import Store

_log = logging.getLogger(__name__)


class CauseKeeping:
    """A thread that looks when it is told to. `changed` gets the applications of which something
    changed, `problem` a sentence; both are called from that thread."""

    def __init__(
        self,
        store: Store,
        changed: Callable[[frozenset[str]], None],
        problem: Callable[[str], None],
        keeper: CauseKeeper | None = None,
    ) -> None:
        self._store, self._keeper = store, keeper or CauseKeeper()
        self._changed, self._problem = changed, problem
        self._wanted, self._ended = threading.Event(), False
        self._thread = threading.Thread(target=self._run, name="causes", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """Something was committed, or time has passed."""
        self._wanted.set()

    def stop(self, deadline: float) -> bool:
        """End it; False when it is still learning at the deadline (monotonic)."""
        self._ended = True
        self._wanted.set()
        self._thread.join(max(0.0, deadline - time.monotonic()))
        return not self._thread.is_alive()

    def finish(self) -> None:
        """Learn all that is left, then end."""
        self._ended = True
        self._wanted.set()
        self._thread.join()
        self._keep(self._keeper.finish)

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            if self._ended:
                return
            self._keep(self._keeper.refresh)

    def _keep(self, work: Callable[[Store, int], frozenset[str]]) -> None:
        try:
            changed = work(self._store, int(time.time()))
        except StoreError as error:
            self._problem(str(error))
        except Exception as error:  # noqa: BLE001 - collecting goes on, and it is said
            _log.exception("causes could not be learned")
            self._problem(
                f"What is one cause could not be worked out ({type(error).__name__}: "
                f"{str(error)[:200]}). Counting goes on. Please report this."
            )
        else:
            if changed:
                self._changed(changed)
