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
