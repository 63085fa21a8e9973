"""Places in a statement: what may stand there, and when it is a value."""

import re
from collections import defaultdict
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
_CROSSED, _COMBINED = 3, 9
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
     "true", "unavailable", "unhealthy", "unknown", "up", "valid", "yes",
     "delete", "get", "head", "options", "patch", "post", "put"]
)  # fmt: skip
#: Words, in capitals or not, of which that many are no states.
_LOUD = 5
#: Names at the start of a message: so many, or more where little is said around them.
_FIRST, _MANY_FIRST = 8, 20
#: Words that bind any word to what stands before.
_BINDS = frozenset(
    ["a", "an", "and", "are", "be", "has", "is", "not", "or", "the", "to", "was", "were"]
)
_PREPOSITIONS = frozenset(
    ["after", "at", "by", "for", "from", "in", "of", "on", "via", "with", "within"]
)
_MARKED = re.compile(r"\w[._/$\\@]\w")
_PARTED = re.compile(r"[./]\w")
_DIGIT = re.compile(r"\d")
_STATE_ENDINGS = ("ed", "ing")
_SHORT = 4  # letters of a word that ends so by chance: red, king


@dataclass(frozen=True, slots=True)
class Views:
    """A statement in two views: its words, and the same with `VALUE` where values stand and
    without what one statement says in several ways (see `psbuddy.insight.phrases`).

    `marked`: `gapped`, also with all pairs and with identifiers as values, each with what stands
    before its words.
    `before`, `gapped_before`: what stands right before each word, a word or a sign.
    """

    words: Pattern
    before: Pattern
    gapped: Pattern
    gapped_before: Pattern
    marked: tuple[tuple[Pattern, Pattern], ...]

    @classmethod
    def of(cls, template: str) -> "Views":
        found = words_of(template)
        plain = [pair for pair in found if pair[0] != WILDCARD]
        gapped = _split(plain_phrases(template))
        whole = _split(plain_phrases(template, pairs=True))
        marked = {
            words: before for shown, before in (gapped, whole) for words in (shown, loose(shown))
        }
        return cls(*_split(plain), *gapped, tuple(marked.items()))


def is_value(
    pattern: Pattern,
    place: int,
    befores: Iterable[str],
    words: Iterable[str],
    names: AbstractSet[str] = frozenset(),
) -> bool:
    """Whether a place that held these words holds a value; `pattern` is open at it.

    `befores`: what stood right before them. `names`: words that are values elsewhere in the same
    application, see `teaches`. More words never make it false.
    """
    held, signs = set(words), set(befores)
    around = sum(word != VALUE for word in pattern)
    if any(_DIGIT.search(word) for word in held):
        return False  # a vendor's code names what happened
    delimited = not signs.isdisjoint(_DELIMITERS)
    if VALUE in held and around >= (_AROUND_GAP if place or delimited else _AROUND_FIRST):
        return True
    held.discard(VALUE)
    if around == 0:
        return False
    plain = without_states(held)
    if place == 0 and not delimited:  # how a sentence begins tells what happened
        many = len(plain) >= _FIRST or _name_like(held) >= _FIRST
        return (around >= _AROUND_FIRST and many) or (
            around >= _AROUND_GAP and len(plain) >= _MANY_FIRST
        )
    before = pattern[place - 1] if place else ""
    announced = before in signs and (
        before.lower() in _ANNOUNCES or (around >= _AROUND_GAP and f"{before} " in names)
    )
    capital = {word for word in plain if word[0].isupper() and not word.isupper()}
    return (
        (around >= _AROUND_GAP and len(plain & names) >= _KNOWN)
        or (around > _AROUND_GAP and len(plain) >= _KNOWN and not plain.isdisjoint(names))
        or (announced and len(plain) >= _ANNOUNCED)
        or _name_like(held) >= _NAME_LIKE
        or len(plain) >= _least(around, signs)
        or (around >= _AROUND_GAP and len({w for w in held if not tells(w)}) >= _LOUD)
        or (place > 0 and len(capital) >= _DELIMITED)  # within a sentence, capitals begin names
        or len(held) >= _STATE
    )


def _least(around: int, signs: AbstractSet[str]) -> int:
    """How many different words make a place a value: the fewer, the more is said around it."""
    if "=" in signs:
        return _DELIMITED
    if not signs.isdisjoint(_DELIMITERS):
        return _NAME_LIKE if around > _AROUND_GAP else _DELIMITED
    return max(_NAME_LIKE, _PLAIN - max(0, around - _AROUND_GAP))


def _name_like(words: Iterable[str]) -> int:
    return sum(
        bool(NAME.search(word)) and (not word.isupper() or bool(_PARTED.search(word)))
        for word in words
    )


def is_beside_value(pattern: Pattern, words: Iterable[str]) -> bool:
    """Whether a place next to a value, that others do without, holds a part of that value.

    `gpu[12]` beside `gpu12`: the second is one value as it is.
    """
    held = {word for word in words if word != VALUE and not tells(word)}
    return sum(word != VALUE for word in pattern) >= _AROUND_GAP and len(held) >= _DELIMITED


def taught(words: Iterable[str]) -> AbstractSet[str]:
    """The words at a place that holds a value, where they alone show that they are names."""
    held = without_states(words) - {VALUE}
    return held if len(held) >= _PLAIN else frozenset()


def announcing(
    pattern: Pattern, place: int, befores: AbstractSet[str], words: Iterable[str]
) -> AbstractSet[str]:
    """The word before a place that holds names, with a blank: elsewhere it announces others."""
    before = pattern[place - 1] if place else VALUE
    if before == VALUE or befores != {before} or before.lower() in _BINDS:
        return frozenset()
    return {f"{before} "} if len(taught(words)) >= _PLAIN else frozenset()


def loose(words: Pattern) -> Pattern:
    """Words with `VALUE` for each identifier but the first word."""
    shown = tuple(
        VALUE if place and _is_identifier(word) else word for place, word in enumerate(words)
    )
    return shown if sum(word != VALUE for word in shown) >= _AROUND_FIRST else words


def _is_identifier(word: str) -> bool:
    marked = _PARTED if word.isupper() else _MARKED
    return word != VALUE and bool(marked.search(word))


def is_clause(words: Pattern, before: Pattern) -> bool:
    """Whether words at the end of a statement are a clause that some records go without."""
    if before[0] in ("(", ","):
        return VALUE in words
    return VALUE not in words[:-1] and words[0].lower() in _PREPOSITIONS


def is_aside(words: Pattern, before: Pattern) -> bool:
    """Whether words within a statement may be left out: they hold values, and are no pairs."""
    return VALUE in words and ("=" not in before or "(" in before)


def fills(words: AbstractSet[str]) -> bool:
    """Whether these at the end of a clause are a value."""
    return VALUE in words or len({word for word in words if not tells(word)}) >= _NAME_LIKE


def without_states(words: Iterable[str]) -> set[str]:
    """The words that do not tell how things are."""
    return {word for word in words if not tells(word) and not (word.isupper() and len(word) > 1)}


def tells(word: str) -> bool:
    """Whether a word tells how things are, rather than what they are called."""
    low = word.lower()
    return low in _STATES or (low.endswith(_STATE_ENDINGS) and len(low) > _SHORT)


def crossed(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether two places vary each by itself: nobody writes a statement for every combination."""
    rows: dict[str, set[str]] = defaultdict(set)
    columns: dict[str, set[str]] = defaultdict(set)
    for first, second in pairs:
        if VALUE not in (first, second) and tells(first) == tells(second):
            rows[first].add(second)
            columns[second].add(first)
    return (
        all(
            sum(len(others) >= _CROSSED for others in line.values()) >= _CROSSED
            for line in (rows, columns)
        )
        and sum(map(len, rows.values())) >= _COMBINED
    )


def paired(pairs: AbstractSet[tuple[str, str]], signs: Iterable[AbstractSet[str]]) -> bool:
    """Whether two keys have two values each in all combinations."""
    return all(sign <= {"=", ":"} for sign in signs) and any(
        (one, right) in pairs and (left, other) in pairs
        for left, right in pairs
        for one, other in pairs
        if left != one and right != other and VALUE not in (left, right, one, other)
    )


def all_opened(words: Pattern, places: Iterable[int]) -> Pattern:
    """The pattern with several places open."""
    for place in places:
        words = opened(words, place)
    return words


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
