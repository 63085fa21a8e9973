"""Secrets that may be used again without asking, and who answers during a login.

They live in the memory of this process, or in the system's keyring where a person chose that.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from collectors.bounded import SLICE_SECONDS, bounded
from collectors.secret import PATIENCE_SECONDS, Answer, Keep, Put, Secret, SecretQuestion

T = TypeVar("T")

#: A held secret that was good so recently may be used by several logins at once.
_TRUSTED_SECONDS = 60.0
_KEYRING_SECONDS = 10.0
_SERVICE = "PS Buddy"
_NO_KEYRINGS = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")


class _Ring(Protocol):
    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class Held:
    """Secrets that may be used without asking. Shared by all logins of the process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._values: dict[str, Secret] = {}
        self._missing: set[str] = set()  # the keyring was asked already
        self._wrong: set[str] = set()  # what the keyring holds may be the wrong one still
        self._good: dict[str, float] = {}  # until when it needs no proof
        self._trying: set[str] = set()

    def has(self, name: str) -> bool:
        return self._get(name) is not None

    def holds(self, name: str) -> bool:
        """The same without asking the keyring, which may be locked and wait for its owner."""
        with self._changed:
            return name in self._values

    def take(
        self, name: str, until: float, wanted: Callable[[], bool] = lambda: True
    ) -> Secret | None:
        """The secret, to be followed by `release`. One that may be wrong is lent to one login
        at a time: the others wait for what comes of it."""
        with self._changed:
            while name in self._trying:
                self._changed.wait(SLICE_SECONDS)
                if time.monotonic() >= until or not wanted():
                    return None
            self._trying.add(name)
        secret = self._get(name)
        with self._changed:
            if secret is None or time.monotonic() < self._good.get(name, 0.0):
                self._trying.discard(name)
                self._changed.notify_all()
        return secret

    def release(self, name: str, *, right: bool | None) -> None:
        """What came of it. A wrong one is forgotten, in the keyring too."""
        if right is False:
            self._forget(name)
        with self._changed:
            if right:
                self._good[name] = time.monotonic() + _TRUSTED_SECONDS
            self._trying.discard(name)
            self._changed.notify_all()

    def keep(self, name: str, secret: Secret, keep: Keep) -> str:
        """Hold it. Returns a sentence when the keyring could not take it, "" when all is well."""
        if keep is Keep.NO:
            return ""
        with self._changed:
            self._values[name] = secret
            self._wrong.discard(name)
        return _keyring_set(name, secret) if keep is Keep.KEYRING else ""

    def look_again(self) -> None:
        """A person wants something: the keyring may hold by now what it did not."""
        with self._changed:
            self._missing.clear()

    def _get(self, name: str) -> Secret | None:
        with self._changed:
            if name in self._values or name in self._missing or name in self._wrong:
                return self._values.get(name)
        found = _keyring_get(name)
        with self._changed:
            if found is None:
                self._missing.add(name)
                return None
            return self._values.setdefault(name, found)

    def _forget(self, name: str) -> None:
        with self._changed:
            self._values.pop(name, None)
            self._good.pop(name, None)
            self._wrong.add(name)
        _keyring_delete(name)


class HeldAsker:
    """For visits that nobody watches: only what is held answers."""

    patience = 0.0

    def __init__(self, held: Held) -> None:
        self._held = held

    def ask(
        self, question: SecretQuestion, until: float, wanted: Callable[[], bool]
    ) -> tuple[Secret, ...] | None:
        secret = self._held.take(question.name, until, wanted) if question.name else None
        return None if secret is None else (secret,)

    def may_answer(self, question: SecretQuestion) -> bool:
        return bool(question.name) and self._held.has(question.name)

    def told(self, question: SecretQuestion, *, right: bool | None) -> None:
        if question.name:
            self._held.release(question.name, right=right)


class PersonAsker:
    """For a login that a person wants: what is held first, then the person is asked."""

    patience = PATIENCE_SECONDS

    def __init__(self, held: Held, put: Put, tell: Callable[[str], object]) -> None:
        self._held = HeldAsker(held)
        self._store = held
        self._put = put
        self._tell = tell
        self._answers: dict[SecretQuestion, Answer] = {}

    def ask(
        self, question: SecretQuestion, until: float, wanted: Callable[[], bool]
    ) -> tuple[Secret, ...] | None:
        held = self._held.ask(question, until, wanted)
        if held is not None:
            return held
        answer = self._put(question, until, wanted)
        if answer is None or len(answer.values) != len(question.prompts):
            return None
        self._answers[question] = answer
        return answer.values

    def may_answer(self, question: SecretQuestion) -> bool:
        return True

    def told(self, question: SecretQuestion, *, right: bool | None) -> None:
        answer = self._answers.pop(question, None)
        if answer is None:
            self._held.told(question, right=right)
        elif right and question.name:
            said = self._store.keep(question.name, answer.values[0], answer.keep)
            self._store.release(question.name, right=True)
            if said:
                self._tell(said)


def has_keyring() -> bool:
    """Whether this machine has a keyring that keeps secrets as one should."""
    return bool(_with_keyring(lambda ring: True))


def _keyring_get(name: str) -> Secret | None:
    found = _with_keyring(lambda ring: ring.get_password(_SERVICE, name))
    return Secret.of(found)


def _keyring_set(name: str, secret: Secret) -> str:
    def put(ring: _Ring) -> bool:
        ring.set_password(_SERVICE, name, secret.reveal())
        return True

    if _with_keyring(put):
        return ""
    return (
        "This machine's keyring could not take the secret; it is held until PS Buddy ends. Is a "
        "keyring installed and unlocked?"
    )


def _keyring_delete(name: str) -> None:
    def delete(ring: _Ring) -> None:
        if ring.get_password(_SERVICE, name) is not None:
            ring.delete_password(_SERVICE, name)

    _with_keyring(delete)


def _with_keyring(work: Callable[[_Ring], T]) -> T | None:
    """What `work` gives; None where there is no keyring, or it does not answer."""

    def call() -> T | None:
        import keyring  # noqa: PLC0415 - dear, and only where a secret is wanted

        ring = _usable(keyring.get_keyring())
        return None if ring is None else work(ring)

    try:
        return bounded(
            call, time.monotonic() + _KEYRING_SECONDS, "keyring", aborted=threading.Event()
        )
    except Exception:  # noqa: BLE001 - whatever a backend raises may quote what it was given
        return None


def _usable(ring: Any) -> _Ring | None:
    """Not one that fails, not one that forgets, not one that writes plain files."""
    for each in getattr(ring, "backends", None) or (ring,):
        if not type(each).__module__.startswith(_NO_KEYRINGS):
            return cast(_Ring, each)
    return None
