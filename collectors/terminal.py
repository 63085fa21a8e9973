"""The engine without a window: its events as lines for a person, its questions on a terminal."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from collectors.bounded import SLICE_SECONDS
from collectors.errors import HostKeyQuestion
from collectors.held import Held, PersonAsker, has_keyring
from collectors.secret import PATIENCE_SECONDS, Answer, Keep, Prompt, Secret, SecretQuestion
from psbuddy.insight.path import is_path
from psbuddy.model.command import compare_command

_TYPED_CAP = 4096


def sentence(event: dict[str, Any]) -> str | None:
    """What a person at a terminal should read of an event; None for nothing."""
    match event["event"]:
        case "problem" | "busy":
            return str(event["message"])
        case "catalogue" if event["problems"]:
            return "\n".join(event["problems"])
        case "path" if event["message"] and event.get("first", True):
            return str(event["message"])
        case "collected" if event.get("asked"):
            return None  # the question that follows says it
        case "collected" if event["outcome"] != "ok" and not is_path(event["detail"]):
            return str(event["detail"])
        case "collected" if event["problems"]:
            return "\n".join(event["problems"])
        case "host_key" if event["changed"]:
            return None  # the visit's own sentence tells it
        case "login" if event["detail"]:
            return str(event["detail"])
        case "woke":
            return "The machine was asleep or its clock was set: every host is visited now."
    return None


class Teller:
    """Says each sentence once until something else is said of the same host."""

    def __init__(self, echo: Callable[[str], object]) -> None:
        self._echo = echo
        self._last: dict[str, str] = {}

    def tell(self, event: dict[str, Any]) -> None:
        host = str(event.get("host", ""))
        said = sentence(event)
        if said is None:
            if event["event"] == "collected":
                self._last.pop(host, None)
            return
        if self._last.get(host) != said:
            self._last[host] = said
            self._echo(said)


def ask_on_terminal(question: HostKeyQuestion) -> bool:
    """Put a host key question on the terminal: only a typed "yes" accepts."""
    sys.stderr.write(
        f"The key of {question.host} ({question.address} port {question.port}) is not known yet:\n"
        f"  {question.key_type} {question.sha256}\n"
        "Compare it with what the host itself says, over a way you already trust (its console, "
        "whoever administers it):\n"
        f"  {compare_command(question.key_type)}\n"
        "Accept it? Type yes to accept: "
    )
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() == "yes"


def ask_secret_on_terminal(
    question: SecretQuestion, until: float, wanted: Callable[[], bool]
) -> Answer | None:
    """Ask for what a login wants, without showing what is typed; an empty line gives up.

    Written to the terminal itself: not even a redirected stderr sees a word of it.
    """
    until = min(until, time.monotonic() + PATIENCE_SECONDS)
    try:
        with _terminal() as descriptor:
            typing = _Typing(descriptor, until, wanted)
            typing.show(_introduction(question))
            values = []
            for prompt in question.prompts:
                value = typing.line(prompt)
                if not value:
                    return None
                values.append(Secret(value))
            return Answer(tuple(values), _ask_keep(question, typing))
    except OSError:
        return None  # no terminal after all


def asker_on_terminal(held: Held) -> PersonAsker | None:
    """Whoever sits at this terminal; None when nobody does."""
    if not can_ask():
        return None
    return PersonAsker(held, ask_secret_on_terminal, lambda text: sys.stderr.write(f"{text}\n"))


def _introduction(question: SecretQuestion) -> str:
    heading = f"  {question.heading}\n" if question.heading else ""
    return (
        f"{question.place} wants {question.wants} to let {question.user} in.\n"
        f"  its key: {question.fingerprint}\n{heading}"
    )


def _ask_keep(question: SecretQuestion, typing: "_Typing") -> Keep:
    if not question.name or not has_keyring():
        return Keep.SESSION
    said = typing.line(Prompt("Keep it in this computer's keyring? Type yes to keep it:", True))
    return Keep.KEYRING if said.strip().lower() == "yes" else Keep.SESSION


class _Typing:
    """Reads lines. Looks around ten times a second: no terminal holds up the program's end."""

    def __init__(self, descriptor: int, until: float, wanted: Callable[[], bool]) -> None:
        self._descriptor = descriptor
        self._until = until
        self._wanted = wanted

    def show(self, text: str) -> None:
        os.write(self._descriptor, text.encode(errors="replace"))

    def line(self, prompt: Prompt) -> str:
        """What was typed; "" for nothing, or when it took too long."""
        with _echo(self._descriptor, on=prompt.echo):  # before anybody is invited to type
            self.show(f"{prompt.text.rstrip()} ")
            typed = self._read()
        if not prompt.echo:
            self.show("\n")
        return typed if Secret.of(typed) is not None else ""

    def _read(self) -> str:
        import select  # noqa: PLC0415 - knows terminals on Unix only

        typed = b""
        while not typed.endswith(b"\n"):
            if time.monotonic() >= self._until or not self._wanted():
                return ""
            if select.select([self._descriptor], [], [], SLICE_SECONDS)[0]:
                more = os.read(self._descriptor, _TYPED_CAP)
                if not more:
                    return ""
                typed += more
        return typed.decode(errors="replace").rstrip("\r\n")


@contextmanager
def _terminal() -> Iterator[int]:
    descriptor = os.open("/dev/tty", os.O_RDWR | getattr(os, "O_NOCTTY", 0))
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _echo(descriptor: int, *, on: bool) -> Iterator[None]:
    import termios  # noqa: PLC0415 - not on every platform

    before = termios.tcgetattr(descriptor)
    changed = [*before]
    changed[3] = before[3] | termios.ECHO if on else before[3] & ~termios.ECHO
    termios.tcsetattr(descriptor, termios.TCSAFLUSH, changed)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def can_ask() -> bool:
    """Somebody sits at this terminal."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr.isatty())
