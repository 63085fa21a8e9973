"""What the store says of the whole fleet, kept fresh: after each commit, whoever made it."""

import sqlite3

from PySide6.QtCore import QObject, QTimer, Signal

from ui.pages.fleet.data import read_fleet
from ui.reading import Reader

POLL_MS = 2000
#: Many hosts commit within one second: the page is read once for all of them.
SETTLE_MS = 150


class LiveFleet(QObject):
    """Asks the reader when something was committed: told by the engine, or seen in the store."""

    read = Signal(object)  # Fleet
    failed = Signal(str)

    def __init__(self, reader: Reader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._version = -1
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._look)

    def start(self) -> None:
        """Watch the store for commits of any process."""
        self._poll.start()
        self._look()

    def refresh(self) -> None:
        """Read soon; many calls in a moment are one read."""
        if not self._settle.isActive():
            self._settle.start()

    def _look(self) -> None:
        self._reader.ask("data version", _data_version, self._compare, self._lost, owner=self)

    def _compare(self, version: int) -> None:
        if version != self._version:
            self._version = version
            self.refresh()

    def _lost(self, message: str) -> None:
        self._version = -1  # a new connection counts anew
        self.failed.emit(message)

    def _ask(self) -> None:
        self._reader.ask("fleet", read_fleet, self.read.emit, self.failed.emit, owner=self)


def _data_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])
