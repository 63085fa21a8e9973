"""Places in a statement: what may stand there, and when it is a value."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from psbuddy.insight.masking import words_of
from psbuddy.insight.phrases import NAME, plain_phrases
from psbuddy.model.template import WILDCARD

#: Stands in a pattern for a value.
VALUE = WILDCARD
#: Words of a statement in their order, `VALUE` where a value is known.
Pattern = tuple[str, ...]

# How many different words make a place a value. A sentence has few ways to go on, and a machine
# few states; names are many. Chosen on logs of eight systems and held against others.
_PLAIN, _DELIMITED, _NAME_LIKE, _ANNOUNCED, _STATE = 5, 4, 3, 2, 10
#: The same where all of them are values at other places of the application.
_KNOWN = 2
#: Words at each of two places that vary each by itself, and how many pairs of them.
_CROSSED, _COMBINED = 3, 10
#: Words that must surround a place at the start of a message, or one another's value fills.
_AROUND_FIRST, _AROUND_GAP = 3, 2

_DELIMITERS = frozenset("=[(\"'/{<|")
#: Nouns that announce a name: `queue orders`, `for user jsmith`.
_ANNOUNCES = frozenset(
    ["account", "adapter", "alias", "app", "application", "attribute", "bean", "broker",
     "bucket", "cache", "channel", "class", "client", "cluster", "codec", "column", "component",
     "consumer", "container", "counterparty", "customer", "database", "dataset", "datasource",
     "device", "directory", "domain", "endpoint", "environment", "exchange",
     "extension", "feature", "feed", "field", "file", "folder", "group", "header", "host",
     "image", "index", "instance", "interface", "key", "label", "lease", "license", "listener",
     "lock", "login", "machine", "mailbox", "member", "metric", "model", "module", "namespace",
     "node", "package", "parameter", "partition", "plugin", "pod", "policy", "pool",
     "principal", "printer", "procedure", "producer", "profile", "project", "property", "queue",
     "realm", "region", "repository", "role", "schema", "sensor", "server", "service", "share",
     "stream", "subsystem", "symbol", "table", "tablespace", "tag", "task", "template",
     "tenant", "topic", "trigger", "user", "username", "variable", "volume", "worker", "zone"]
)  # fmt: skip
#: Words that tell how things are, besides those in capitals and those that end like a verb.
_STATES = frozenset(
    ["active", "again", "alive", "available", "bad", "begin", "broken", "busy", "clean", "dead",
     "dirty", "done", "down", "early", "empty", "end", "failure", "false", "fast", "full",
     "gone", "good", "healthy", "high", "idle", "inactive", "invalid", "late", "lost", "low",
     "missing", "new", "no", "normal", "now", "off", "offline", "ok", "old", "on", "online",
     "open", "present", "ready", "reset", "slow", "start", "stop", "success", "successful",
     "true", "unavailable", "unhealthy", "unknown", "up", "valid", "yes"]
)  # fmt: skip
_STATE_ENDINGS = ("ed", "ing")


@dataclass(frozen=True, slots=True)
class Views:
    """A statement in two views: its words, and the same with `VALUE` where values stand and
    without what one statement says in several ways (see `psbuddy.insight.phrases`).

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
        return cls(*_split(plain), *_split(plain_phrases(template)))


def is_value(
    pattern: Pattern,
    place: int,
    before: str,
    words: Iterable[str],
    names: AbstractSet[str] = frozenset(),
) -> bool:
    """Whether a place that held these words holds a value; `pattern` is open at it.

    `names`: words that are values elsewhere in the same application, see `teaches`.
    """
    held = set(words)
    around = sum(word != VALUE for word in pattern)
    delimited = before in _DELIMITERS and before != ""
    if place == 0 and not delimited and around < _AROUND_FIRST:
        return False
    if VALUE in held:
        return around >= _AROUND_GAP
    if place == 0 and not delimited:
        return False  # how a sentence begins tells what happened
    if around >= _AROUND_GAP and len(held) >= _KNOWN and held <= names:
        return True
    return around > 0 and len(held) >= _needed(pattern, place, before, held)


def is_beside_value(pattern: Pattern, words: Iterable[str]) -> bool:
    """Whether a place next to a value, that others do without, holds a part of that value.

    `gpu[12]` beside `gpu12`: the second is one value as it is.
    """
    held = set(words) - {VALUE}
    around = sum(word != VALUE for word in pattern)
    telling = sum(word.lower() in _STATES or word.endswith(_STATE_ENDINGS) for word in held)
    return around >= _AROUND_GAP and len(held) >= _DELIMITED and 2 * telling < len(held)


def teaches(pattern: Pattern, words: Iterable[str]) -> bool:
    """Whether a place that holds a value shows by its words alone that they are names."""
    held = set(words) - {VALUE}
    return len(held) >= (_STATE if _are_states(held) else _PLAIN) and len(pattern) > 1


def _needed(pattern: Pattern, place: int, before: str, words: set[str]) -> int:
    states = _are_states(words)
    announced = place and before == pattern[place - 1] and before.lower() in _ANNOUNCES
    if announced and not states:
        return _ANNOUNCED
    if all(NAME.search(word) for word in words):
        return _NAME_LIKE
    if states:
        return _STATE
    if before in _DELIMITERS or (
        place and all(word[0].isupper() and not word.isupper() for word in words)
    ):
        return _DELIMITED  # within a sentence, capitals begin names
    return _PLAIN


def _are_states(words: set[str]) -> bool:
    states = sum(
        (word.isupper() and len(word) > 1)
        or word.lower() in _STATES
        or word.lower().endswith(_STATE_ENDINGS)
        for word in words
    )
    return 2 * states >= len(words)


def crossed(pairs: set[tuple[str, str]]) -> bool:
    """Whether two places vary each by itself: nobody writes a statement for every combination."""
    first, second = ({pair[place] for pair in pairs} - {VALUE} for place in (0, 1))
    if min(len(first), len(second)) < _CROSSED or _are_states(first) or _are_states(second):
        return False
    both = sum(VALUE not in pair for pair in pairs)
    return both >= _COMBINED and 5 * both >= 3 * len(first) * len(second)


def opened(words: Pattern, place: int) -> Pattern:
    """The pattern with one place open."""
    return (*words[:place], VALUE, *words[place + 1 :])


def closed(pattern: Pattern, before: Pattern) -> tuple[Pattern, Pattern]:
    """A pattern, and what stands before its words, with values that follow one another as one."""
    kept = [
        place
        for place, word in enumerate(pattern)
        if word != VALUE or not place or pattern[place - 1] != VALUE
    ]
    return tuple(pattern[place] for place in kept), tuple(before[place] for place in kept)


def fits(pattern: Pattern, words: Pattern) -> bool:
    """Whether words of any statement are of a pattern."""
    return len(pattern) == len(words) and all(
        kept in (VALUE, word) for kept, word in zip(pattern, words, strict=True)
    )


def _split(pairs: list[tuple[str, str]]) -> tuple[Pattern, Pattern]:
    return tuple(word for word, _ in pairs), tuple(before for _, before in pairs)
