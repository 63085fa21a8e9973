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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from psbuddy.insight.masking import words_of
from psbuddy.insight.slots import VALUE, Pattern, Views, fits, is_value, opened
from psbuddy.model.template import WILDCARD

_ROUNDS = 6
#: Statements for which two places are tried at once; words in each.
_PAIRED = 2_000
_PAIRED_WORDS = 16
_LEAST_PAIRED = 4  # different words at each of them


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
            merges.append(_merge(members, family, views, learner.widest))
    return merges


def _merge(
    members: list[int], family: list[Seen], views: list[Views], learned: list[Pattern]
) -> Merge:
    most = max(members, key=lambda one: (family[one].records, family[one].fingerprint))
    # Where a word stands for a masked value of others, theirs is the template to show.
    shown = max(members, key=lambda one: (views[one].gapped.count(VALUE), one == most, -one))
    words = views[shown].words
    pattern = next((each for each in learned if fits(each, words)), words)
    return Merge(
        cause=family[most].fingerprint,
        members=tuple(sorted(family[one].fingerprint for one in members)),
        template=_template(family[shown].template, pattern),
        why=_why(pattern, [views[one].words for one in members]),
        key=_digest(family[most].exception, pattern),
    )


class _Learner:
    """Joins statements round by round until nothing more follows."""

    def __init__(self, views: list[Views]) -> None:
        self._parent = list(range(len(views)))
        self._before: dict[Pattern, tuple[str, ...]] = {}
        self._known: dict[Pattern, set[int]] = defaultdict(set)  # statements by their views
        self._learned: set[Pattern] = set()
        for number, view in enumerate(views):
            for words, before in ((view.words, view.before), (view.gapped, view.gapped_before)):
                self._known[words].add(number)
                self._before.setdefault(words, before)
        for _ in range(_ROUNDS):
            self._join(list(self._known.items()))
            if not self._learn(self._one_place()) and not self._learn(self._two_places()):
                break
        self.widest = sorted(self._learned, key=lambda each: (-each.count(VALUE), each))

    def classes(self) -> list[list[int]]:
        """Statements that are one cause, each class and their list in order."""
        members: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self._parent)):
            members[self._root(number)].append(number)
        return list(members.values())

    def _one_place(self) -> Iterator[tuple[Pattern, tuple[str, ...], set[int]]]:
        """Patterns in which one more place is a value, with the statements that showed it."""
        held: dict[tuple[int, Pattern], list[Pattern]] = defaultdict(list)
        for words in self._known:
            for place in range(len(words)):
                held[place, opened(words, place)].append(words)
        for (place, pattern), views in held.items():
            values = {words[place] for words in views}
            before = self._before[min(views)]
            if len(values) > 1 and is_value(pattern, place, before[place], values):
                yield pattern, before, self._statements(views)

    def _two_places(self) -> Iterator[tuple[Pattern, tuple[str, ...], set[int]]]:
        """Patterns in which two places vary together, so that neither does alone."""
        held: dict[tuple[int, int, Pattern], list[Pattern]] = defaultdict(list)
        fitting = sorted(words for words in self._known if 3 < len(words) <= _PAIRED_WORDS)
        for words in fitting[:_PAIRED]:
            for first in range(len(words)):
                once = opened(words, first)
                for second in range(first + 1, len(words)):
                    held[first, second, opened(once, second)].append(words)
        for (first, second, pattern), views in held.items():
            before = self._before[min(views)]
            if all(
                len(values) >= _LEAST_PAIRED and is_value(pattern, place, before[place], values)
                for place, values in (
                    (place, {words[place] for words in views} - {VALUE})
                    for place in (first, second)
                )
            ):
                yield pattern, before, self._statements(views)

    def _learn(self, found: Iterable[tuple[Pattern, tuple[str, ...], set[int]]]) -> bool:
        """Take patterns in, with every statement they fit. Whether any joined statements."""
        found = list(found)
        for pattern, before, statements in found:
            self._learned.add(pattern)
            self._before.setdefault(pattern, before)
            self._known[pattern] |= statements
        by_length: dict[int, list[Pattern]] = defaultdict(list)
        for pattern, _, _ in found:
            by_length[len(pattern)].append(pattern)
        for words, statements in list(self._known.items()):
            for pattern in by_length[len(words)]:
                if fits(pattern, words):
                    self._known[pattern] |= statements
        return self._join([(pattern, self._known[pattern]) for pattern, _, _ in found])

    def _join(self, known: Iterable[tuple[Pattern, set[int]]]) -> bool:
        joined = False
        for _, statements in known:
            roots = {self._root(number) for number in statements}
            joined |= len(roots) > 1
            for root in roots:
                self._parent[root] = min(roots)
        return joined

    def _root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def _statements(self, views: Iterable[Pattern]) -> set[int]:
        return set[int]().union(*(self._known[words] for words in views))


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
