"""Words and numbers of all schools become one of seven levels."""

import pytest
from psbhost import levels

from psbuddy.model.terms import LEVELS


def test_the_index_is_the_one_of_the_wire():
    assert list(levels.NAMES) == [level.value for level in LEVELS]


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("WARN WARNING W warn", "warning"),
        ("ERR ERROR E SEVERE error", "error"),
        ("CRIT CRITICAL FATAL ALERT EMERG PANIC F", "critical"),
        ("NOTICE CONFIG INFO I", "info"),
        ("FINE VERBOSE V DEBUG", "debug"),
        ("FINER FINEST TRACE", "trace"),
        ("BANANA WARNED", "none"),
    ],
)
def test_words(words, level):
    assert {levels.NAMES[levels.from_word(word.encode())] for word in words.split()} == {level}


@pytest.mark.parametrize(
    ("value", "level"),
    [(60, "critical"), (50, "error"), (40, "warning"), (30, "info"), (20, "debug"), (10, "trace"),
     (3, "error"), (4, "warning"), (6, "info"), ("50", "error"), ("Warning", "warning"),
     (True, "none"), (None, "none"), (-1, "none"), ({}, "none")],
)  # fmt: skip
def test_values_of_json(value, level):
    assert levels.NAMES[levels.from_value(value)] == level
