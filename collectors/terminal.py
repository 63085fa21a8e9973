"""The engine without a window: its events as lines for a person, its questions on a terminal."""

import sys
from collections.abc import Callable
from typing import Any

from collectors.errors import HostKeyQuestion


def sentence(event: dict[str, Any]) -> str | None:
    """What a person at a terminal should read of an event; None for nothing."""
    match event["event"]:
        case "problem" | "busy":
            return str(event["message"])
        case "catalogue" if event["problems"]:
            return "\n".join(event["problems"])
        case "collected" if event["outcome"] != "ok":
            return str(event["detail"])
        case "collected" if event["problems"]:
            return "\n".join(event["problems"])
        case "host_key" if event["changed"]:
            return None  # the visit's own sentence tells it
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
        "Compare it with the host's own (ssh-keygen -lf on its /etc/ssh/ssh_host_*_key.pub).\n"
        "Accept it? Type yes to accept: "
    )
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() == "yes"


def can_ask() -> bool:
    """Somebody sits at this terminal."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr.isatty())
