"""A pattern's literal guards it: never a literal that a match may lack."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psbhost.patterns import Pattern, PatternError


@pytest.mark.parametrize(
    ("source", "literal"),
    [
        (r"MONTH CLOSE started period=(?P<period>\d{4}-\d{2})", "MONTH CLOSE started period="),
        (r"^done in \d+ ms$", "done in "),
        (r"a|b", ""),
        (r"(?i)error", ""),
        (r"x?yes", "yes"),
        (r"(?:batch )?ended", "ended"),
        (r"Grüße \d", "Grüße "),
        (r".*", ""),
    ],
)
def test_literals(source, literal):
    assert Pattern(source).literal.decode() == literal


@pytest.mark.parametrize(
    ("source", "opens", "one_line"),
    [
        (r"took (?P<duration>\d+) ms", True, True),
        (r"took [0-9.]+", True, True),
        (r"took .*", True, True),
        (r"(?s)took .*", False, False),
        (r"(?s:.)took", False, False),
        (r"took[\t-\r]", True, False),
        (r"took\s", True, False),
        (r"took[^x]", True, False),
        (r"took\D", True, False),
        (r"took$", False, True),
        (r"took(?=x)", False, True),
        (r"t+ook", False, True),
        (r"(?i)took", False, True),
    ],
)
def test_what_a_match_may_begin_with_and_hold(source, opens, one_line):
    pattern = Pattern(source)
    assert (pattern.opens, pattern.one_line) == (opens, one_line)


@pytest.mark.parametrize("source", ["(", "*a", "(?P<x>a)(?P<x>b)"])
def test_a_bad_pattern_is_refused(source):
    with pytest.raises(PatternError, match="in '"):
        Pattern(source)


@given(st.text("ab|?*+()[]^$.\\d", max_size=8), st.text("ab01", max_size=12))
def test_what_matches_holds_the_literal(source, text):
    try:
        pattern = Pattern(source)
        found = re.search(source.encode(), text.encode())
    except (PatternError, re.error, RuntimeWarning, FutureWarning, DeprecationWarning):
        return
    assert found is None or pattern.may_match(text.encode())


def test_the_message_is_searched_before_the_line():
    assert Pattern("^x").search(b"x", b"2026 x").group() == b"x"
    assert Pattern("2026 x").search(b"x", b"2026 x").group() == b"2026 x"
