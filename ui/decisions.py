"""Writes what the user decides about causes, off the GUI thread, whoever collects meanwhile."""

import itertools
import time
from functools import partial

from PySide6.QtCore import QObject, Signal

from psbuddy.model.causes import Decision
from psbuddy.store.errors import StoreError
from ui.worker import TellUser, Worker


class DecisionDesk(QObject):
    """One decision after the other, in the order they were made; none is left out."""

    written = Signal(object)  # Decision
    failed = Signal(str)  # a sentence

    def __init__(self, db_url: str, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._db_url, self._worker = db_url, worker
        self._numbers = itertools.count()

    def decide(self, decision: Decision) -> None:
        """Write it soon; `written` or `failed` follows."""
        key = f"decision {next(self._numbers)}"  # of its own: a newer one does not replace it
        work = partial(_write, self._db_url, decision)
        self._worker.ask(key, work, self.written.emit, self.failed.emit, owner=self)


def _write(db_url: str, decision: Decision) -> Decision:
    from psbuddy.store.deciding import decide_in  # noqa: PLC0415 - when first wanted

    try:
        decide_in(db_url, decision, int(time.time()))
    except StoreError as error:
        raise TellUser(str(error)) from error
    return decision
