"""Logins that need a person: which hosts wait for what, and the attempts that answer it."""

import itertools
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from collectors import events
from collectors.errors import AuthError, CollectError, LoginWantedError
from collectors.held import Held, PersonAsker, has_keyring
from collectors.link import HostLink
from collectors.links import Links
from collectors.secret import Answer, Keep, Put, Secret, SecretQuestion, Waiting
from collectors.steps import Steps
from psbuddy.model.terms import Stage

_AT_ONCE = 4
_UNTYPABLE = (
    "What was typed was not sent: an answer is one line of at most 4096 characters, without "
    "line breaks and control characters. Was a line too many pasted?"
)

Done = Callable[[str, tuple[str, ...], CollectError | None], None]


class LoginDesk:
    """Belongs to the conductor's thread; questions are put and answered across threads.

    `done(host, also, error)` is told how an attempt ended: `also` are the hosts that the same
    answer helps. `put` asks a person at once, one host after the other; None: questions leave
    as events and answers come as requests.
    """

    def __init__(
        self,
        links: Links,
        held: Held,
        emit: Callable[[events.Event], None],
        done: Done,
        put: Put | None = None,
    ) -> None:
        self._links = links
        self._held = held
        self._emit = emit
        self._done = done
        self._put = put or self._ask_by_event
        self._most = 1 if put else _AT_ONCE
        self._wanting: dict[str, dict[str, SecretQuestion]] = {}  # about -> host -> question
        self._queue: list[str] = []
        self._running: set[str] = set()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._open: dict[int, Waiting] = {}  # guarded by the lock

    def wanted(self, host: str, error: LoginWantedError, *, now: bool) -> None:
        """A host waits for a person; `now`: somebody sits there and waits for it."""
        question = error.question
        hosts = self._wanting.setdefault(question.about, {})
        if host not in hosts or now:
            hosts[host] = question
            self._emit(events.login_wanted(host, question, str(error), now=now))

    def good(self, host: str) -> None:
        """The host was reached: nothing is wanted of anybody for it."""
        if self._drop(host):
            self._emit(events.login(host, "", ok=True))

    def forget(self, host: str) -> None:
        """A person wants the host anew, so what it wants may be told anew."""
        self._held.look_again()
        self._drop(host)

    def _drop(self, host: str) -> bool:
        found = [about for about, hosts in self._wanting.items() if host in hosts]
        for about in found:
            del self._wanting[about][host]
            if not self._wanting[about]:
                del self._wanting[about]
        return bool(found)

    def begin(self, host: str) -> None:
        """A person wants to log in: one attempt, as soon as the host is free."""
        if host not in self._queue and host not in self._running:
            self._queue.append(host)

    def dispatch(self) -> None:
        """Begin what can begin."""
        for host in tuple(self._queue):
            if len(self._running) < self._most and self._links.is_free(host):
                self._queue.remove(host)
                self._running.add(host)
                asker = PersonAsker(self._held, self._put, self._tell)
                self._links.work(host, partial(_log_in, asker), partial(self._ended, host))

    def answer(self, request: dict[str, Any]) -> None:
        """The request `answer`: what it carries is not kept, not told, not logged."""
        with self._lock:
            number = request.get("id")
            waiting = self._open.pop(number, None) if isinstance(number, int) else None
        typed = request.pop("values", None)
        if waiting is None:
            self._emit(events.problem("There is no open question that this answers."))
            return
        values = [Secret.of(value) for value in typed] if isinstance(typed, list) else []
        good = tuple(value for value in values if value is not None)
        if isinstance(typed, list) and len(good) < len(typed):
            self._emit(events.problem(_UNTYPABLE, waiting.question.host))
        complete = bool(good) and len(good) == len(waiting.question.prompts)
        keep = request.get("keep")
        kept = Keep(keep) if keep in tuple(Keep) and waiting.question.name else Keep.NO
        waiting.answer(Answer(good, kept) if complete else None)

    def _ended(self, host: str, _nothing: None, failure: Exception | None) -> None:
        self._links.release(host)
        self._running.discard(host)
        error = failure if failure is None or isinstance(failure, CollectError) else _odd(failure)
        also = self._helped(host) if error is None else set()
        self._drop(host)
        self._emit(events.login(host, str(error or ""), ok=error is None))
        self._done(host, tuple(sorted(also - {host})), error)

    def _helped(self, host: str) -> set[str]:
        """Hosts for which nothing is wanted either: what they want is held, or the jump host that
        wanted it has let us in."""
        given = [hosts[host] for hosts in self._wanting.values() if host in hosts]
        held = {each.about for each in given if each.name and self._held.holds(each.name)}
        places = {(each.place, each.user) for each in given}
        return {
            other
            for about, hosts in self._wanting.items()
            for other, each in hosts.items()
            if about in held or (each.place, each.user) in places
        }

    def _tell(self, sentence: str) -> None:
        self._emit(events.problem(sentence))

    # The thread of the attempt.

    def _ask_by_event(
        self, question: SecretQuestion, until: float, wanted: Callable[[], bool]
    ) -> Answer | None:
        number = next(self._numbers)
        waiting = Waiting(question)
        with self._lock:
            self._open[number] = waiting
        self._emit(events.secret_question(number, question, _choices(question)))
        answer = waiting.wait(until, wanted)
        with self._lock:
            left = self._open.pop(number, None) is not None
        if left:
            self._emit(events.secret_over(number, question.host))
        return answer


def _log_in(asker: PersonAsker, link: HostLink) -> Steps[None]:
    return link.login(asker)


def _odd(failure: Exception) -> CollectError:
    """Nobody foresaw it. Its words stay out: they may quote what was typed."""
    name = type(failure).__name__
    return AuthError(Stage.AUTH, f"The login failed in a way nobody foresaw ({name}).")


def _choices(question: SecretQuestion) -> tuple[Keep, ...]:
    if not question.name:
        return ()
    return (Keep.NO, Keep.SESSION, *([Keep.KEYRING] if has_keyring() else []))
