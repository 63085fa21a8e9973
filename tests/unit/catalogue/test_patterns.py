"""Regular expressions of a catalogue: what is refused, and in which words."""

import pytest

from psbuddy.catalogue.patterns import change_pattern, groups, job_pattern, log_pattern, pattern
from psbuddy.catalogue.scalars import NearMissError


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("", "is empty"),
        ("x" * 1001, "longer than 1,000"),
        ("a(", "at position 2"),
        ("a**", "multiple repeat at position 3"),
        ("[z-a]", "bad character range z-a at position 2"),
        ("x*", "matches an empty line"),
        ("(?:MONTH)?", "matches an empty line"),
        ("a++b", "only newer hosts"),
        ("(?>a)b", "only newer hosts"),
        ("a{2,3}+b", "only newer hosts"),
        ("(a+)+b", "can take hours"),
        ("(" * 2000, "longer than"),
        ("a{99999999999}", "nested or repeated too far"),
    ],
)
def test_a_bad_pattern_says_why(value: str, says: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        pattern(value)
    assert says in str(caught.value)


@pytest.mark.parametrize("value", [r"a\++b", r"[*+]+x", r"C\+\+", r"a+ \(b\)", "Zażółć", r"x\d+"])
def test_a_good_pattern_comes_back_as_it_was(value: str) -> None:
    assert pattern(value) == value


def test_groups_of_a_broken_pattern_are_none() -> None:
    assert groups("(?P<a>x)(?P<b>y)") == ("a", "b")
    assert groups("(") == ()


def test_a_misspelt_group_of_a_job_names_the_right_one() -> None:
    with pytest.raises(NearMissError) as caught:
        job_pattern(r"(?P<volum>\d+)")
    assert caught.value.near == "volume"
    assert job_pattern(r"(?P<volume>\d+)") == r"(?P<volume>\d+)"


def test_a_log_pattern_needs_time_and_message() -> None:
    good = "(?P<time>x) (?P<level>y) (?P<message>z)"
    assert log_pattern(good) == good
    with pytest.raises(NearMissError, match="message"):
        log_pattern("(?P<time>x)")


def test_a_change_pattern_needs_its_label() -> None:
    with pytest.raises(NearMissError) as caught:
        change_pattern("started")
    assert caught.value.near == ""
