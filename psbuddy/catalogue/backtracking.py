"""Can a pattern make the matcher of Python run for hours on one line?

A backtracking matcher takes exponential time where a pattern can read the same text in two
ways and come back to where it was: `(a+)+`, `(a|a)*`, `(\\w+\\s?)*`. That is the property EDA
("exponential degree of ambiguity") of the pattern's automaton: a state with two different
paths back to itself that read the same word (Weber, Seidl: On the degree of ambiguity of
finite automata, 1991; Weideman et al.: Analyzing matching time behavior of backtracking
regular expression matchers, 2016). We build the position automaton (Glushkov, 1961), square
it, and look for a strongly connected component that holds both a pair (q, q) and a pair
(p, r) with p != r. Look-around and back-references are taken as if they let everything pass.

Polynomial time (`\\s*\\s*\\s*x`) is not refused: the text of a record is capped, and the meter on
the host (`psbhost.metered`) ends such a search and names its pattern.
"""

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Characters told apart: Latin-1, and one bit for all others.
_OTHER = 1 << 256
_ALL = (1 << 257) - 1
_MAX_STATES = 120  # in one loop; a readable pattern has fewer than 20
_UNROLL = 8  # a longer bounded repeat is taken as a loop

_parser = importlib.import_module("re._parser")  # the only tree of a pattern there is
_NO_END = int(_parser.MAXREPEAT)


@dataclass(slots=True)
class _Part:
    """First and last states of a piece of the pattern, and whether it may match nothing."""

    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    empty: bool = True


class _AmbiguityError(Exception):
    """Found while building: the same step is there twice."""


class _Automaton:
    def __init__(self) -> None:
        self.reads: list[int] = []  # per state: the characters it reads, as bits
        self.follow: list[set[int]] = []
        self.loops = 0  # that are open while building

    def state(self, characters: int) -> _Part:
        self.reads.append(characters)
        self.follow.append(set())
        number = len(self.reads) - 1
        return _Part([number], [number], empty=False)

    def join(self, before: _Part, after: _Part) -> _Part:
        for state in before.last:
            self.follow[state].update(after.first)
        return _Part(
            before.first + (after.first if before.empty else []),
            after.last + (before.last if after.empty else []),
            before.empty and after.empty,
        )

    def loop(self, part: _Part) -> _Part:
        for state in part.last:
            if self.follow[state].intersection(part.first):
                raise _AmbiguityError  # an inner loop has this very step: (a+)+
            self.follow[state].update(part.first)
        return part


def explodes(pattern: str) -> bool:
    """True when matching can take exponential time. The pattern must compile."""
    automaton = _Automaton()
    try:
        _sequence(automaton, list(_parser.parse(pattern)))
    except _AmbiguityError:
        return True
    return any(_two_ways_back(automaton, loop) for loop in _components(automaton.follow))


def _sequence(automaton: _Automaton, items: Iterable[tuple[Any, Any]]) -> _Part:
    whole = _Part()
    for operation, argument in items:
        whole = automaton.join(whole, _piece(automaton, str(operation), argument))
    return whole


def _piece(automaton: _Automaton, operation: str, argument: Any) -> _Part:
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _repeat(automaton, *argument)
    if operation == "SUBPATTERN":
        return _sequence(automaton, argument[-1])
    if operation == "ATOMIC_GROUP":
        return _sequence(automaton, argument)
    if operation == "BRANCH":
        parts = [_sequence(automaton, branch) for branch in argument[1]]
        if automaton.loops and sum(part.empty for part in parts) > 1:
            raise _AmbiguityError  # (a|[ab])*, which the parser makes [ab](|): two ways to go on
        return _either(parts)
    if operation == "GROUPREF_EXISTS":
        branches = [branch for branch in argument[1:] if branch is not None]
        parts = [_sequence(automaton, branch) for branch in branches]
        return _either([*parts, _Part()])
    if operation in ("ASSERT", "ASSERT_NOT"):
        _sequence(automaton, argument[1])  # for its own loops; it takes no part in ours
        return _Part()
    if operation == "AT":
        return _Part()
    if operation == "GROUPREF":
        return automaton.state(_ALL)
    return automaton.state(_characters(operation, argument))


def _either(parts: Sequence[_Part]) -> _Part:
    return _Part(
        [state for part in parts for state in part.first],
        [state for part in parts for state in part.last],
        any(part.empty for part in parts),
    )


def _repeat(automaton: _Automaton, least: int, most: int, body: Any) -> _Part:
    items = list(body)
    if most > _UNROLL or (most > 1 and len(automaton.reads) > _MAX_STATES):
        automaton.loops += 1
        body_part = _sequence(automaton, items)
        automaton.loops -= 1
        if body_part.empty and _UNROLL < most < _NO_END:
            raise _AmbiguityError  # (a?){40}: any of the forty may be the one that reads nothing
        part = automaton.loop(body_part)
        return _Part(part.first, part.last, part.empty or least == 0)
    whole = _Part()
    for count in range(most):
        part = _sequence(automaton, items)
        optional = _Part(part.first, part.last, part.empty or count >= least)
        whole = automaton.join(whole, optional)
    return whole


def _characters(operation: str, argument: Any) -> int:
    if operation == "LITERAL":
        return _letter(argument)
    if operation == "NOT_LITERAL":
        return _ALL & ~_letter(argument) | _OTHER
    if operation == "ANY":
        return _ALL & ~(1 << 10)
    if operation == "RANGE":
        return _span(*argument)
    if operation == "CATEGORY":
        return _category(str(argument))
    if operation == "IN":
        return _set(argument)
    return _ALL


def _set(members: Sequence[tuple[Any, Any]]) -> int:
    found, negated = 0, False
    for operation, argument in members:
        if str(operation) == "NEGATE":
            negated = True
        else:
            found |= _characters(str(operation), argument)
    return (_ALL & ~found) | _OTHER if negated else found


def _letter(code: int) -> int:
    """One character in both cases: whether case matters is left open."""
    bits = 0
    for variant in (chr(code), chr(code).lower(), chr(code).upper()):
        bits |= 1 << ord(variant) if len(variant) == 1 and ord(variant) < 256 else _OTHER
    return bits


def _span(low: int, high: int) -> int:
    bits = _OTHER if high > 255 else 0
    for code in range(low, min(high, 255) + 1):
        bits |= _letter(code)
    return bits


def _where(test: Any) -> int:
    return sum(1 << code for code in range(256) if test(chr(code)))


_DIGIT = _where(str.isdigit) | _OTHER
_SPACE = _where(str.isspace) | _OTHER
_WORD = _where(lambda letter: letter.isalnum() or letter == "_") | _OTHER
_CATEGORIES = {"DIGIT": _DIGIT, "SPACE": _SPACE, "WORD": _WORD}


def _category(name: str) -> int:
    words = name.split("_")
    bits = _CATEGORIES.get(words[-1], _ALL)
    return (_ALL & ~bits) | _OTHER if "NOT" in words else bits & ~_OTHER


def _components(follow: Sequence[set[int]]) -> list[list[int]]:
    """Strongly connected components that hold a loop (Tarjan, without recursion)."""
    return [
        states
        for states in _tarjan(dict(enumerate(follow)))
        if len(states) > 1 or states[0] in follow[states[0]]
    ]


def _two_ways_back(automaton: _Automaton, loop: Sequence[int]) -> bool:
    if len(loop) > _MAX_STATES:
        return True  # nobody can read it, and to prove it harmless would take too long
    inside = set(loop)
    steps = {state: sorted(automaton.follow[state] & inside) for state in loop}
    square: dict[int, set[int]] = {}
    width = len(automaton.reads)
    for left in loop:
        for right in loop:
            square[left * width + right] = {
                one * width + other
                for one in steps[left]
                for other in steps[right]
                if automaton.reads[one] & automaton.reads[other]
            }
    for component in _tarjan(square):
        same = any(pair // width == pair % width for pair in component)
        apart = any(pair // width != pair % width for pair in component)
        if same and apart:
            return True
    return False


def _tarjan(graph: dict[int, set[int]]) -> list[list[int]]:
    """Strongly connected components (Tarjan, 1972), with a stack of our own."""
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    open_: list[int] = []
    on_stack: set[int] = set()
    found: list[list[int]] = []
    for root, after in graph.items():
        if root in order:
            continue
        work = [(root, iter(after))]
        order[root] = low[root] = len(order)
        open_.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    found.append(_closed(node, open_, on_stack))
            elif following not in order:
                order[following] = low[following] = len(order)
                open_.append(following)
                on_stack.add(following)
                work.append((following, iter(graph[following])))
            elif following in on_stack:
                low[node] = min(low[node], order[following])
    return found


def _closed(node: int, open_: list[int], on_stack: set[int]) -> list[int]:
    component = []
    while True:
        member = open_.pop()
        on_stack.discard(member)
        component.append(member)
        if member == node:
            return component
