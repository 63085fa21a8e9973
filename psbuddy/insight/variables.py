"""The commonest values of the variable parts of a template, from messages that were kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from psbuddy.model.template import WILDCARD, fixed_parts, values_in

#: Values told of each variable part; variable parts told of a template.
MOST_VALUES = 5
MOST_PARTS = 12
_BEFORE = 3  # words before a part, by which a person finds it


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable part of a template."""

    before: str  # the words before it, "" at the beginning
    values: tuple[tuple[str, int], ...]  # commonest first: (value, messages)
    different: int  # how many different values there were


@dataclass(frozen=True, slots=True)
class Variables:
    """What the messages say: `kept` were looked at, `fitting` of them have the template."""

    parts: tuple[Variable, ...]
    fitting: int
    kept: int


def variables(template: str, messages: Sequence[str]) -> Variables:
    """Values of each variable part. Ties go to the value that sorts first."""
    fixed = fixed_parts(template)
    # The end of a template that was cut is open, and no variable part.
    counts = [Counter[str]() for _ in range(min(template.count(WILDCARD), MOST_PARTS))]
    fitting = 0
    for message in messages:
        values = values_in(template, message)
        if values is None:
            continue
        fitting += 1
        for count, value in zip(counts, values, strict=False):
            count[value] += 1
    parts = tuple(
        Variable(_words_before(fixed, place), _commonest(count), len(count))
        for place, count in enumerate(counts)
    )
    return Variables(parts, fitting, len(messages))


def _commonest(count: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(count.items(), key=lambda item: (-item[1], item[0]))[:MOST_VALUES])


def _words_before(fixed: Sequence[str], place: int) -> str:
    words = WILDCARD.join(fixed[: place + 1]).split()
    return " ".join(words[-_BEFORE:])
