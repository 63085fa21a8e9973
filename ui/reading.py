"""The one door for reads: off the GUI thread, newest question wins, answered on the GUI thread.

No page and no panel owns a thread or a connection. They ask with a key ("dashboard"); a
newer question with the same key makes the older one void, whether it waits, runs or has
just been answered.
"""

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from psbuddy.store.connect import connect_readonly
from psbuddy.store.errors import StoreError
from psbuddy.store.sqlite import Error as SqliteError

Value = TypeVar("Value")
Connect = Callable[[str], sqlite3.Connection]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Question:
    key: str
    generation: int
    function: Callable[[sqlite3.Connection], Any]
    done: Callable[[Any], None]
    failed: Callable[[str], None]
    owner: QObject | None


@dataclass(frozen=True, slots=True)
class _Answer:
    question: _Question
    value: Any
    error: str  # "" when `value` counts


class Reader(QObject):
    """One worker thread with its own read-only connection to the store at `db_url`."""

    _answered = Signal(object)

    def __init__(
        self, db_url: str, parent: QObject | None = None, *, connect: Connect = connect_readonly
    ) -> None:
        super().__init__(parent)
        self.db_url = db_url
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._queue: queue.SimpleQueue[_Question | None] = queue.SimpleQueue()
        self._newest: dict[str, int] = {}
        self._generation = 0
        self._closed = threading.Event()
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="store reader", daemon=True)
        self._thread.start()

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
        if self._closed.is_set():
            return
        self._generation += 1
        self._newest[key] = self._generation
        self._queue.put(_Question(key, self._generation, function, done, failed, owner))

    def forget(self, key: str) -> None:
        """Make every open question of `key` void."""
        self._newest.pop(key, None)

    @property
    def busy(self) -> bool:
        """Whether a question is still without its answer."""
        return bool(self._newest)

    def close(self) -> None:
        """Interrupt the running query, end the thread and wait for it."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._newest.clear()
        self._queue.put(None)
        connection = self._connection
        if connection is not None:
            connection.interrupt()
        self._thread.join()

    def _work(self) -> None:
        while (question := self._queue.get()) is not None:
            if self._newest.get(question.key) == question.generation:
                answer = self._answer(question)
                if not self._closed.is_set():
                    self._answered.emit(answer)
            del question
        self._drop_connection()

    def _answer(self, question: _Question) -> _Answer:
        try:
            if self._connection is None:
                self._connection = self._connect(self.db_url)
            return _Answer(question, question.function(self._connection), "")
        except StoreError as error:
            self._drop_connection()
            return _Answer(question, None, str(error))
        except SqliteError as error:
            self._drop_connection()  # the next question opens the store anew
            return _Answer(question, None, f"The store could not be read: {error}.")
        except Exception as error:
            log.exception("a read for %r failed", question.key)
            self._drop_connection()
            return _Answer(question, None, str(error) or type(error).__name__)

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _deliver(self, answer: _Answer) -> None:
        question = answer.question
        if self._newest.get(question.key) != question.generation:
            return
        del self._newest[question.key]
        if question.owner is not None and not shiboken6.isValid(question.owner):
            return
        if answer.error:
            question.failed(answer.error)
        else:
            question.done(answer.value)
