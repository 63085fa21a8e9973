"""Statements and patterns that learning knows of, found by the words they hold."""

from collections import defaultdict

from psbuddy.insight.slots import VALUE, Pattern, fits

#: A pattern that was found, what stands before its words, and the views that showed it.
Found = tuple[Pattern, tuple[str, ...], list[Pattern]]


class Known:
    """Views and patterns, found by the words they hold.

    `statement`: of each, one of the statements that it stands for.
    """

    def __init__(self) -> None:
        self.statement: dict[Pattern, int] = {}
        self.before: dict[Pattern, tuple[str, ...]] = {}
        self.order: dict[Pattern, int] = {}
        self.marked: dict[Pattern, None] = {}  # those that show where values stand
        self._holding: dict[tuple[int, int, str], list[Pattern]] = defaultdict(list)

    def add(self, words: Pattern, before: tuple[str, ...], statement: int) -> bool:
        """Whether it is new."""
        if words in self.statement:
            return False
        self.order[words] = len(self.order)
        self.statement[words], self.before[words] = statement, before
        for place, word in enumerate(words):
            if word != VALUE:
                self._holding[len(words), place, word].append(words)
        return True

    def of(self, pattern: Pattern) -> list[Pattern]:
        """All that fit a pattern: those with its rarest word are looked at."""
        held = [
            self._holding[len(pattern), place, word]
            for place, word in enumerate(pattern)
            if word != VALUE
        ]
        return [words for words in min(held, key=len, default=[]) if fits(pattern, words)]


class Learned:
    """Patterns that were learned, found by their longest word."""

    def __init__(self) -> None:
        self._all: set[Pattern] = set()
        self._by_word: dict[tuple[int, int, str], list[Pattern]] = defaultdict(list)

    def add(self, pattern: Pattern) -> bool:
        """Whether it is new."""
        if pattern in self._all:
            return False
        self._all.add(pattern)
        place = max(
            range(len(pattern)), key=lambda place: (pattern[place] != VALUE, len(pattern[place]))
        )
        self._by_word[len(pattern), place, pattern[place]].append(pattern)
        return True

    def of(self, words: Pattern) -> list[Pattern]:
        """All patterns that some words are of."""
        return [
            pattern
            for place, word in enumerate(words)
            for pattern in self._by_word.get((len(words), place, word), ())
            if fits(pattern, words)
        ]
