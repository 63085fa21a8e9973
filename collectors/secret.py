"""What a person types to get in: how it is asked for, carried, and held. Never written anywhere.

A `Secret` shows itself to nobody by accident. What may be held, and where: `held.py`.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, Protocol

from collectors.bounded import SLICE_SECONDS

#: How long a person may take. sshd hangs up after LoginGraceTime, which is 120 s.
PATIENCE_SECONDS = 100.0
_LONGEST = 4096
#: ssh takes one line, so what stands behind a line break would be cut off without a word.
_UNTYPABLE = frozenset("\0\r\n")


class Secret:
    """A text that no repr, log line, pickle or JSON shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    @classmethod
    def of(cls, value: object) -> "Secret | None":
        """`value` if it can be typed at a prompt, else None."""
        if not isinstance(value, str) or len(value) > _LONGEST or not _UNTYPABLE.isdisjoint(value):
            return None
        return None if any("\ud800" <= c <= "\udfff" for c in value) else cls(value)

    def reveal(self) -> str:
        """The text itself: only for the moment it is used."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    def __format__(self, spec: str) -> str:
        return "***"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is neither copied nor written")


class Keep(StrEnum):
    """For how long a good answer may be used again without asking."""

    NO = "no"
    SESSION = "session"  # as long as this process lives
    KEYRING = "keyring"  # the system's own store


class Kind(StrEnum):
    PASSPHRASE = "passphrase"  # noqa: S105 - a word
    PASSWORD = "password"  # noqa: S105 - a word
    ANSWERS = "answers"  # to the server's own prompts


@dataclass(frozen=True, slots=True)
class Prompt:
    text: str
    echo: bool = False


@dataclass(frozen=True, slots=True)
class SecretQuestion:
    """What a server, or a key file of ours, wants to be told before it lets us in."""

    host: str  # alias that is visited
    place: str  # the server that asks: the host, or a jump host on its way
    user: str
    fingerprint: str  # of the server's key, as ssh prints it
    kind: Kind
    prompts: tuple[Prompt, ...] = ()  # empty: not known before somebody answers them
    heading: str = ""  # the server's own words
    wants: str = ""  # what is wanted, to go after "wants"
    name: str = ""  # under which an answer may be held; "": never

    @property
    def about(self) -> str:
        """The same for all hosts that one answer helps."""
        return self.name or f"{self.kind} {self.host} {self.place}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person typed, one value for each prompt."""

    values: tuple[Secret, ...]
    keep: Keep = Keep.NO


#: Puts a question to a person; None when nobody answered before the monotonic time, or when
#: the callable says that the answer is no longer wanted.
Put = Callable[[SecretQuestion, float, Callable[[], bool]], Answer | None]


class Asker(Protocol):
    """Answers what is asked during one attempt to log in."""

    @property
    def patience(self) -> float:
        """Seconds that a login may take longer because a person answers."""

    def ask(
        self, question: SecretQuestion, until: float, wanted: Callable[[], bool]
    ) -> tuple[Secret, ...] | None:
        """One value for each prompt; None when there is nobody to answer."""

    def may_answer(self, question: SecretQuestion) -> bool:
        """Whether it is worth to let the server ask: asking may cost an attempt, or an SMS."""

    def told(self, question: SecretQuestion, *, right: bool | None) -> None:
        """Whether the answers were good; None when that was never known."""


class Waiting:
    """One question that waits for its answer from another thread."""

    def __init__(self, question: SecretQuestion) -> None:
        self.question = question
        self._done = threading.Event()
        self._answer: Answer | None = None

    def answer(self, answer: Answer | None) -> None:
        self._answer = answer
        self._done.set()

    def wait(self, until: float, wanted: Callable[[], bool]) -> Answer | None:
        """Until answered, until late, or until nobody wants it any more."""
        until = min(until, time.monotonic() + PATIENCE_SECONDS)
        while not self._done.wait(SLICE_SECONDS):
            if time.monotonic() >= until or not wanted():
                return None
        answer, self._answer = self._answer, None
        return answer
