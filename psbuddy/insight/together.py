"""What shows statements to be one in more than a place: clauses, texts, places that vary together.

Each rule looks at the set of statements alone and finds no less in more of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from math import comb

from psbuddy.insight.known import Found, Known
from psbuddy.insight.slots import (
    VALUE,
    Pattern,
    all_opened,
    crossed,
    fills,
    is_aside,
    is_clause,
    is_value,
    opened,
    paired,
    without_states,
)

#: Statements for which several places are tried at once; words in each, and in those of which
#: the values of keys alone are tried; ways to choose the places of one.
_PAIRED = 2_000
_PAIRED_WORDS, _LONGEST = 16, 60
_GROUPS = 500
#: Statements that are the same around these places, and different words at each of them.
_LEAST_PAIRED, _LEAST_VARIED = 4, 3
_LEAST_FIXED = 2  # words around them
_KEYED = 4  # words around two keys whose values come in all combinations
#: Words of a clause; words of a statement that goes without one, at its end and within.
_CLAUSE = 8
_LEAST_REST, _LEAST_AROUND = 3, 4
#: Signs before what someone wrote; how many texts show it, behind several words and behind one,
#: and of how many lengths.
_OPENS_TEXT = frozenset(":\">'")
_TEXTS, _MANY_TEXTS, _LENGTHS = 8, 16, 4


def clauses(known: Known) -> list[Found]:
    """Statements with and without a clause that holds a value: `filled on X`, `user X (uid 7)`."""
    held: dict[tuple[Pattern, Pattern], list[Pattern]] = defaultdict(list)
    inside: list[Found] = []
    ends = {(len(words), words[0], words[-1]) for words in known.statement if words}
    for words in known.statement:
        before = known.before[words]
        for size in range(1, min(_CLAUSE, len(words) - 2) + 1):
            rest, clause = words[:-size], words[-size:]
            if _goes_without(rest, known) and is_clause(clause, before[-size:]):
                held[rest, (*clause[:-1], VALUE)].append(words)
        for start in range(1, len(words) - 1):
            for end in range(start + 1, min(start + _CLAUSE, len(words)) + 1):
                last = words[-1] if end < len(words) else words[start - 1]
                if (len(words) - end + start, words[0], last) not in ends:
                    continue  # a quick look: few can be without these words
                rest = (*words[:start], *words[end:])
                if is_aside(words[start:end], before[start:end]) and _goes_without(
                    rest, known, _LEAST_AROUND
                ):
                    inside.append((words, before, [rest, words]))
    return inside + [
        ((*rest, *clause), known.before[min(views)], [rest, *views])
        for (rest, clause), views in held.items()
        if VALUE in clause[:-1] or fills({words[-1] for words in views})
    ]


def _goes_without(rest: Pattern, known: Known, least: int = _LEAST_REST) -> bool:
    """Whether a clause was left out of a statement that has values and words enough."""
    return (
        rest in known.statement and VALUE in rest and sum(word != VALUE for word in rest) >= least
    )


def as_seen(known: Known) -> list[Found]:
    """Statements with values as they are: others may hold words in their place."""
    return [
        (words, before, [words])
        for words, before in known.before.items()
        if VALUE in words[1:] and sum(word != VALUE for word in words) > _LEAST_FIXED
    ]


def texts(known: Known) -> list[Found]:
    """Statements that end in what someone wrote: many words in many orders behind a sign."""
    held: dict[Pattern, list[Pattern]] = defaultdict(list)
    for words in known.marked:
        before = known.before[words]
        for at in range(len(words) - 1, 0, -1):
            if words[at] == VALUE:
                break
            if before[at] in _OPENS_TEXT:
                held[words[:at]].append(words)
                if at > 1 or before[0] == "<":
                    held[opened(words[:at], at - 1)].append(words)
                break
    found: list[Found] = []
    for head, views in held.items():
        said = sum(word != VALUE for word in head)
        least = _TEXTS if said > 1 else _MANY_TEXTS
        if len(views) < least or len({len(words) for words in views}) < _LENGTHS:
            continue
        if not said and known.before[views[0]][0] != "<":
            continue
        names = {words[len(head) - 1] for words in views} if head[-1] == VALUE else set()
        if head[-1] != VALUE or names == {VALUE} or len(without_states(names)) >= _TEXTS:
            found.append(((*head, VALUE), (*known.before[views[0]][: len(head)], ":"), views))
    return found


def several_places(known: Known) -> list[Found]:
    """Patterns in which several places vary together, so that none does alone."""
    fitting = sorted(words for words in known.statement if 3 < len(words) <= _LONGEST)
    held: dict[tuple[tuple[int, ...], Pattern], list[Pattern]] = defaultdict(list)
    for words, groups in _often(fitting[:_PAIRED], known):
        for places in groups:
            held[places, all_opened(words, places)].append(words)
    return [
        (pattern, known.before[min(views)], views)
        for (places, pattern), views in held.items()
        if _vary(known, places, pattern, views)
    ]


def _vary(known: Known, places: tuple[int, ...], pattern: Pattern, views: list[Pattern]) -> bool:
    """Whether each of these places holds a value."""
    fixed = sum(word != VALUE for word in pattern)
    if fixed < max(_LEAST_FIXED, len(places)):
        return False
    signs = [{known.before[words][place] for words in views} for place in places]
    if len(places) == 2 and places[0]:
        both = {(words[places[0]], words[places[1]]) for words in views}
        if crossed(both) or (fixed >= _KEYED and paired(both, signs)):
            return True
    least = _LEAST_VARIED + (len(places) > 2)
    return all(
        len(values) >= least and is_value(pattern, place, sign, values)
        for place, sign, values in (
            (place, sign, {words[place] for words in views} - {VALUE})
            for place, sign in zip(places, signs, strict=True)
        )
    )


def _often(fitting: list[Pattern], known: Known) -> Iterator[tuple[Pattern, list[tuple[int, ...]]]]:
    """Of each statement the places around which enough others may be the same.

    What is the same around some places has the same sum of hashes without them: sums are compared
    first, and the few that are left word by word.
    """
    sums: list[list[tuple[tuple[int, ...], int]]] = []
    for words in fitting:
        parts = [hash(pair) for pair in enumerate(words)]
        whole = sum(parts)
        sums.append(
            [
                (places, whole - sum(parts[place] for place in places))
                for places in _groups(words, known.before[words])
            ]
        )
    often = Counter(each for those in sums for each in those)
    for words, those in zip(fitting, sums, strict=True):
        yield words, [places for places, at in those if often[places, at] >= _LEAST_PAIRED]


def _groups(words: Pattern, before: Pattern) -> Iterator[tuple[int, ...]]:
    """Places of words to be opened together: two, and as many more as leave enough words."""
    open_ = [place for place, word in enumerate(words) if word != VALUE]
    if len(words) > _PAIRED_WORDS:  # the values of keys alone
        open_ = [place for place in open_ if before[place] in ("=", ":")][:_PAIRED_WORDS]
    yield from combinations(open_, 2)
    for size in (3, 4):
        if len(open_) >= 2 * size and comb(len(open_), size) <= _GROUPS:
            yield from combinations(open_, size)
