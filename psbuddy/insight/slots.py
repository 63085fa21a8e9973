"""Places in a statement: what may stand there, and when it is a value."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from psbuddy.insight.masking import words_of
from psbuddy.model.template import WILDCARD

#: Stands in a pattern for a value.
VALUE = WILDCARD
#: Words of a statement in their order, `VALUE` where a value is known.
Pattern = tuple[str, ...]

# How many different words make a place a value. A sentence has few ways to go on, and a machine
# few states; names are many. Chosen on logs of eight systems and held against others.
_PLAIN, _DELIMITED, _NAME_LIKE, _ANNOUNCED, _STATE = 5, 4, 3, 2, 10
#: Words that must surround a place at the start of a message, or one another's value fills.
_AROUND_FIRST, _AROUND_GAP = 3, 2

_DELIMITERS = frozenset("=[(\"'/{<|")
#: Nouns that announce a name: `queue orders`, `for user jsmith`.
_ANNOUNCES = frozenset(
    [
        "account",
        "bean",
        "broker",
        "bucket",
        "cache",
        "class",
        "client",
        "column",
        "container",
        "customer",
        "database",
        "device",
        "directory",
        "domain",
        "field",
        "file",
        "group",
        "host",
        "image",
        "index",
        "interface",
        "key",
        "lease",
        "lock",
        "login",
        "member",
        "module",
        "namespace",
        "node",
        "package",
        "parameter",
        "partition",
        "pod",
        "pool",
        "principal",
        "property",
        "queue",
        "realm",
        "role",
        "schema",
        "server",
        "table",
        "tablespace",
        "task",
        "tenant",
        "topic",
        "user",
        "username",
        "variable",
        "volume",
    ]
)
_NAME = re.compile(r"[._/$\\@-]\w|[a-z][A-Z]")
_STATE_ENDINGS = ("ed", "ing")


@dataclass(frozen=True, slots=True)
class Views:
    """A statement in two views: its words, and the same with `VALUE` where values stand.

    `before`, `gapped_before`: what stands right before each word, a word or a sign.
    """

    words: Pattern
    before: Pattern
    gapped: Pattern
    gapped_before: Pattern

    @classmethod
    def of(cls, template: str) -> "Views":
        found = words_of(template)
        plain = [pair for pair in found if pair[0] != WILDCARD]
        gapped: list[tuple[str, str]] = []
        for word, before in found:
            if word != VALUE or not gapped or gapped[-1][0] != VALUE:
                gapped.append((word, before))
        return cls(*_split(plain), *_split(gapped))


def is_value(pattern: Pattern, place: int, before: str, words: Iterable[str]) -> bool:
    """Whether a place that held these words holds a value; `pattern` is open at it."""
    held = set(words)
    around = sum(word != VALUE for word in pattern)
    delimited = before in _DELIMITERS and before != ""
    if place == 0 and not delimited and around < _AROUND_FIRST:
        return False
    if VALUE in held:
        return around >= _AROUND_GAP
    if place == 0 and not delimited:
        return False  # how a sentence begins tells what happened
    return around > 0 and len(held) >= _needed(pattern, place, before, held)


def _needed(pattern: Pattern, place: int, before: str, words: set[str]) -> int:
    if place and before == pattern[place - 1] and before.lower() in _ANNOUNCES:
        return _ANNOUNCED
    if all(_NAME.search(word) for word in words):
        return _NAME_LIKE
    states = sum(word.isupper() or word.lower().endswith(_STATE_ENDINGS) for word in words)
    if 2 * states >= len(words):
        return _STATE
    return _DELIMITED if before in _DELIMITERS else _PLAIN


def opened(words: Pattern, place: int) -> Pattern:
    """The pattern with one place open."""
    return (*words[:place], VALUE, *words[place + 1 :])


def fits(pattern: Pattern, words: Pattern) -> bool:
    """Whether words of any statement are of a pattern."""
    return len(pattern) == len(words) and all(
        kept in (VALUE, word) for kept, word in zip(pattern, words, strict=True)
    )


def _split(pairs: list[tuple[str, str]]) -> tuple[Pattern, Pattern]:
    return tuple(word for word, _ in pairs), tuple(before for _, before in pairs)
