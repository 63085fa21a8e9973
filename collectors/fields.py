"""Typed look into JSON of strangers: every value is checked before anything believes it."""

import math
import re
from typing import Any

# Line breaks and tabs stay: a stack trace is made of them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

#: Integers of the wire: sizes, offsets, counts.
MOST = 2**62


class ReplyError(Exception):
    """A reply that does not keep the protocol. The text says which value and why."""


class Fields:
    """One JSON object. Each method names a key, its type and its range; ReplyError otherwise."""

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise ReplyError(f"{place} is not an object")
        self._values: dict[str, Any] = value
        self.place = place

    def whole(self, key: str, *, least: int = 0, most: int = MOST, default: int = 0) -> int:
        """An integer; `default` where the key is missing or null."""
        value = self._values.get(key)
        return default if value is None else whole(value, self._at(key), least=least, most=most)

    def number(self, key: str, *, least: float = 0.0, most: float = 1e18) -> float | None:
        """A finite number, None where the key is missing or null."""
        value = self._values.get(key)
        return None if value is None else number(value, self._at(key), least=least, most=most)

    def text(self, key: str, cap: int) -> str:
        """Plain text, cut at `cap` characters; "" where the key is missing or null."""
        value = self._values.get(key)
        return "" if value is None else text(value, self._at(key), cap)

    def rows(self, key: str, most: int) -> list[Any]:
        """A list of at most `most` entries; empty where the key is missing or null."""
        value = self._values.get(key)
        return [] if value is None else listed(value, self._at(key), most)

    def one(self, key: str) -> "Fields | None":
        """An object, None where the key is missing or null."""
        value = self._values.get(key)
        return None if value is None else Fields(value, self._at(key))

    def all(self, key: str, most: int) -> "list[Fields]":
        """A list of objects."""
        return [
            Fields(value, f"{self._at(key)}[{index}]")
            for index, value in enumerate(self.rows(key, most))
        ]

    def _at(self, key: str) -> str:
        return f"{self.place}.{key}"


def whole(value: Any, place: str, *, least: int = 0, most: int = MOST) -> int:
    """An integer within a range."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ReplyError(f"{place} is not a whole number")
    if not least <= value <= most:
        raise ReplyError(f"{place} is out of range")
    return value


def number(value: Any, place: str, *, least: float = 0.0, most: float = 1e18) -> float:
    """A finite number within a range."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ReplyError(f"{place} is not a number")
    if not math.isfinite(value) or not least <= value <= most:
        raise ReplyError(f"{place} is out of range")
    return float(value)


def text(value: Any, place: str, cap: int) -> str:
    """Plain text: control characters made visible, line breaks and tabs kept, cut at `cap`."""
    if not isinstance(value, str):
        raise ReplyError(f"{place} is not a text")
    if len(value) > cap:
        value = value[: cap - 1] + "…"
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)


def listed(value: Any, place: str, most: int) -> list[Any]:
    """A list of at most `most` entries."""
    if not isinstance(value, list):
        raise ReplyError(f"{place} is not a list")
    if len(value) > most:
        raise ReplyError(f"{place} has {len(value)} entries, more than {most}")
    return value


def row(value: Any, place: str, width: int) -> list[Any]:
    """A list of exactly `width` entries."""
    entries = listed(value, place, width)
    if len(entries) != width:
        raise ReplyError(f"{place} has {len(entries)} entries instead of {width}")
    return entries
