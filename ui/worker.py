"""One thread for work that must not hold up the window; newest question wins.

Questions carry a key ("dashboard"). A newer one with the same key makes the older void,
whether it waits, runs or has just been answered. Answers arrive on the GUI thread.
"""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

Value = TypeVar("Value")
log = logging.getLogger(__name__)


class TellUser(Exception):  # noqa: N818 - it is a message, not a bug
    """Work that could not be done, for a reason whose text is meant for the user."""


@dataclass(frozen=True, slots=True)
class _Question:
    key: str
    generation: int
    function: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[str], None]
    owner: QObject | None


@dataclass(frozen=True, slots=True)
class _Answer:
    question: _Question
    value: Any
    error: str  # "" when `value` counts


class Worker(QObject):
    """A thread that ends with `close`. `expected`: more errors whose text is for the user."""

    _answered = Signal(object)

    def __init__(
        self,
        name: str,
        parent: QObject | None = None,
        *,
        expected: tuple[type[Exception], ...] = (),
        at_end: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._expected: tuple[type[Exception], ...] = (TellUser, OSError, *expected)
        self._at_end = at_end
        self._queue: queue.SimpleQueue[_Question | None] = queue.SimpleQueue()
        self._newest: dict[str, int] = {}
        self._generation = 0
        self._closed = threading.Event()
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def ask(
        self,
        key: str,
        function: Callable[[], Value],
        done: Callable[[Value], None],
        failed: Callable[[str], None],
        *,
        owner: QObject | None = None,
    ) -> None:
        """Run `function()` on the thread; then `done(value)` or `failed(sentence)` here.

        Only while this is the newest question of `key` and `owner`, if given, still exists.
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

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def close(self, interrupt: Callable[[], None] | None = None) -> None:
        """End the thread and wait for it; `interrupt` cuts short what runs."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._newest.clear()
        self._queue.put(None)
        if interrupt is not None:
            interrupt()
        self._thread.join()

    def _work(self) -> None:
        while (question := self._queue.get()) is not None:
            if self._newest.get(question.key) == question.generation:
                answer = self._answer(question)
                if not self._closed.is_set():
                    self._answered.emit(answer)
                del answer
            del question  # waiting must not keep the last work and its answer alive
        if self._at_end is not None:
            self._at_end()

    def _answer(self, question: _Question) -> _Answer:
        try:
            return _Answer(question, question.function(), "")
        except self._expected as error:
            return _Answer(question, None, str(error) or type(error).__name__)
        except Exception as error:
            if not self._closed.is_set():  # an interrupted query at the end is no news
                log.exception("work on %r failed", question.key)
            return _Answer(question, None, str(error) or type(error).__name__)

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
