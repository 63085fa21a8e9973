"""Caps at the door: what a host, a log or a catalogue says is cut before it is stored."""

import re
from typing import Final

NAME: Final = 200
DETAIL: Final = 2_048
TEXT: Final = 4_096

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def cap(text: str, limit: int = NAME) -> str:
    """At most `limit` characters, control characters and broken Unicode replaced.

    Line breaks and tabs stay: a stack trace is made of them.
    """
    if len(text) <= limit and text.isprintable():
        return text  # nearly always, and quickly
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
