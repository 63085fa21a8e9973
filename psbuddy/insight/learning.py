"""Learns which causes are one: statements that differ only where a value stands.

Masks know values by their shape; a value that is a word (a user, a queue, a class) is known
only from many lines. Where statements agree in all words but one, and that place has held
enough different ones, the place is a value and they are one cause. The result depends on the
set of statements alone, never on their order, and more statements never part what is merged:
a place that held five words has still held them.

After the families of word positions in Brain (Yu et al., IEEE TSC 2023) and of Drain (He et
al., ICWS 2017), turned around: templates that are known are merged, lines are never split.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from psbuddy.insight.known import Found, Known, Learned
from psbuddy.insight.masking import words_of
from psbuddy.insight.slots import (
    VALUE,
    Pattern,
    Views,
    announcing,
    closed,
    is_beside_value,
    is_value,
    opened,
    taught,
)
from psbuddy.insight.together import as_seen, clauses, several_places, texts
from psbuddy.model.template import WILDCARD

_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Seen:
    """A cause as far as learning needs it. One with a frame is never merged by its message."""

    fingerprint: str
    template: str
    records: int
    exception: str = ""
    frame: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """Causes that are one."""

    cause: str  # the fingerprint that survives: the one with the most records
    members: tuple[str, ...]  # all fingerprints, the survivor among them, sorted
    template: str
    why: str
    key: str  # 40 hex digits: the same wherever the same statement was learned, from any records


def learn(seen: Sequence[Seen]) -> tuple[Merge, ...]:
    """The merges that follow from all causes of one application. Pure, independent of order."""
    families: dict[str, list[Seen]] = defaultdict(list)
    for one in sorted(seen, key=lambda one: one.fingerprint):
        if not one.frame and one.template:
            families[one.exception].append(one)
    found: list[Merge] = []
    for exception in sorted(families):
        if len(families[exception]) > 1:
            found += _merges(families[exception])
    return tuple(found)


def _merges(family: list[Seen]) -> list[Merge]:
    views = [Views.of(one.template) for one in family]
    learner = _Learner(views)
    merges = []
    for members in learner.classes():
        if len(members) > 1:
            merges.append(_merge(members, family, views, learner))
    return merges


def _merge(
    members: list[int], family: list[Seen], views: list[Views], learner: "_Learner"
) -> Merge:
    most = max(members, key=lambda one: (family[one].records, family[one].fingerprint))
    # Where a word stands for a masked value of others, theirs is the template to show.
    shown = max(members, key=lambda one: (views[one].gapped.count(VALUE), one == most, -one))
    words = views[shown].words
    pattern = learner.widest(words) or words
    return Merge(
        cause=family[most].fingerprint,
        members=tuple(sorted(family[one].fingerprint for one in members)),
        template=_template(family[shown].template, pattern),
        why=_why(pattern, [views[one].words for one in members]),
        key=_digest(family[most].exception, pattern),
    )


class _Learner:
    """Joins statements round by round until nothing more follows.

    Each round looks only at what the one before it added: with n statements the work is about
    n times the square of their length, whatever is joined.
    """

    def __init__(self, views: list[Views]) -> None:
        self._parent = list(range(len(views)))
        self._known = Known()
        self._learned = Learned()
        self._places = _Places()
        for number, view in enumerate(views):
            for words, before in ((view.words, view.before), *view.marked):
                if self._known.add(words, before, number):
                    self._places.add(words)
                self._join(number, self._known.statement[words])
            self._known.marked |= dict.fromkeys(words for words, _ in view.marked)
        self._learn(as_seen(self._known))
        for _ in range(_ROUNDS):
            if not any(
                (
                    self._learn(self._places.values(self._known)),
                    self._learn(clauses(self._known)),
                    self._learn(texts(self._known)),
                )
            ) and not self._learn(several_places(self._known)):
                break

    def classes(self) -> list[list[int]]:
        """Statements that are one cause, each class and their list in order."""
        members: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self._parent)):
            members[self._root(number)].append(number)
        return list(members.values())

    def widest(self, words: Pattern) -> Pattern | None:
        """The learned pattern with most values that some words are of."""
        found = self._learned.of(words)
        return min(found, key=lambda each: (-each.count(VALUE), each), default=None)

    def _learn(self, found: Iterable[Found]) -> bool:
        """Take patterns in, with every statement they fit. Whether any joined statements."""
        joined = False
        added: list[Pattern] = []
        for pattern, before, views in found:
            number = self._known.statement[views[0]]
            for words in views:
                joined |= self._join(number, self._known.statement[words])
            for words, signs in ((pattern, before), closed(pattern, before)):
                if self._known.add(words, signs, number):
                    added.append(words)
                    self._places.add(words)
                joined |= self._join(number, self._known.statement[words])
            if self._learned.add(pattern):
                for words in self._known.of(pattern):
                    joined |= self._join(number, self._known.statement[words])
        for words in added:
            for pattern in self._learned.of(words):
                joined |= self._join(self._known.statement[pattern], self._known.statement[words])
        return joined

    def _join(self, one: int, other: int) -> bool:
        """Whether two statements were not one before."""
        roots = sorted((self._root(one), self._root(other)))
        self._parent[roots[1]] = roots[0]
        return roots[0] != roots[1]

    def _root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number


class _Places:
    """Views that agree in all words but the one at a place, kept from round to round."""

    def __init__(self) -> None:
        self._first: dict[tuple[int, Pattern], Pattern] = {}
        self._several: dict[tuple[int, Pattern], list[Pattern]] = {}
        self._changed: set[tuple[int, Pattern]] = set()
        self.names: set[str] = set()
        self._names: frozenset[str] = frozenset()

    def add(self, words: Pattern) -> None:
        for place in range(len(words)):
            key = place, opened(words, place)
            first = self._first.setdefault(key, words)
            if first is not words:
                self._several.setdefault(key, [first]).append(words)
                self._changed.add(key)

    def values(self, known: Known) -> list[Found]:
        """Patterns in which one more place is a value, of those that changed since."""
        found: list[Found] = []
        before_all = len(self.names)
        for place, pattern in sorted(
            self._changed, key=lambda key: (known.order[self._first[key]], key[0])
        ):
            views = self._several[place, pattern]
            before = known.before[min(views)]
            values = {words[place] for words in views}
            signs = {known.before[words][place] for words in views}
            alone, _ = closed(pattern, before)
            beside = place > 0 and alone != pattern and alone in known.statement
            if is_value(pattern, place, signs, values, self._names) or (
                beside and is_beside_value(pattern, values)
            ):
                found.append((pattern, before, views))
                self.names |= taught(values)
                self.names |= announcing(pattern, place, signs, values)
        self._names = frozenset(self.names)
        self._changed = set(self._several) if len(self.names) > before_all else set()
        return found


def _digest(exception: str, pattern: Pattern) -> str:
    text = "\0".join(("learned/1", exception, *pattern))
    return hashlib.sha1(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _template(template: str, pattern: Pattern) -> str:
    """The template with its learned values marked too."""
    words = [word for word, _ in words_of(template) if word != WILDCARD]
    if len(words) != len(pattern):
        return template
    text, at = template, 0
    for word, kept in zip(words, pattern, strict=True):
        at = text.find(word, at)
        shown = WILDCARD if kept == VALUE else word
        text = f"{text[:at]}{shown}{text[at + len(word) :]}"
        at += len(shown)
    return text


def _why(pattern: Pattern, members: list[Pattern]) -> str:
    """The evidence in words."""
    texts = []
    for place in [place for place, word in enumerate(pattern) if word == VALUE][:3]:
        held = sorted({words[place] for words in members if len(words) == len(pattern)})
        before = pattern[place - 1] if place else ""
        where = f"after “{before}”" if before not in ("", VALUE) else "at one place"
        more = ", …" if len(held) > 3 else ""
        texts.append(f"{len(held)} different words {where} ({', '.join(held[:3])}{more})")
    return "; ".join(texts) or "the same words around a value"
