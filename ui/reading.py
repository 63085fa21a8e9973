"""The one door for reads of the store: off the GUI thread, answered on the GUI thread.

No page and no panel owns a thread or a connection: they ask the Reader they were given.
"""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from psbuddy.store.connect import connect_readonly
from psbuddy.store.errors import StoreError
from psbuddy.store.sqlite import Error as SqliteError
from ui.worker import TellUser, Worker

Value = TypeVar("Value")
Connect = Callable[[str], sqlite3.Connection]


#: Steps of SQLite's machine between two looks at whether the window is closing.
STEPS = 100_000


class Reader(QObject):
    """One worker thread with its own read-only connection to the store at `db_url`."""

    def __init__(
        self, db_url: str, parent: QObject | None = None, *, connect: Connect = connect_readonly
    ) -> None:
        super().__init__(parent)
        self.db_url = db_url
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._worker = Worker(
            "store reader",
            self,
            expected=(StoreError,),
            at_end=self._drop_connection,
        )

    def ask(
        self,
        key: str,
        function: Callable[[sqlite3.Connection], Value],
        done: Callable[[Value], None],
        failed: Callable[[str], None],
        *,
        owner: QObject | None = None,
    ) -> None:
        """Run `function(connection)` on the worker; then `done(value)` or `failed(message)`.

        Both are called on the GUI thread, and only while this is the newest question of
        `key` and `owner`, if given, still exists.
        """
        self._worker.ask(key, lambda: self._read(function), done, failed, owner=owner)

    def forget(self, key: str) -> None:
        """Make every open question of `key` void."""
        self._worker.forget(key)

    @property
    def busy(self) -> bool:
        """Whether a question is still without its answer."""
        return self._worker.busy

    def close(self) -> None:
        """Interrupt the running query, end the thread and wait for it."""
        self._worker.close(self._interrupt)

    def _interrupt(self) -> None:
        connection = self._connection
        if connection is not None:
            connection.interrupt()

    def _read(self, function: Callable[[sqlite3.Connection], Value]) -> Value:
        try:
            if self._connection is None:
                self._connection = self._connect(self.db_url)
                self._connection.set_progress_handler(self._must_end, STEPS)
            return function(self._connection)
        except SqliteError as error:
            self._drop_connection()  # the next question opens the store anew
            raise TellUser(f"The store could not be read: {error}.") from error

    def _must_end(self) -> int:
        """SQLite asks while a query runs; an interrupt alone misses one that is about to."""
        return int(self._worker.closed)

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
