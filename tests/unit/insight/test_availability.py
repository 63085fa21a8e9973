"""Strips have no holes, and what was not seen is neither up nor down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psbuddy.insight.availability import coverage, observed_seconds, strip, strips, total
from psbuddy.model.series import Interval
from psbuddy.model.terms import State

UP, DOWN, UNKNOWN, WATCH = State.UP, State.DOWN, State.UNKNOWN, State.WATCH


def shape(parts: tuple[Interval, ...]) -> list[tuple[int, int, State]]:
    return [(p.start, p.end, p.state) for p in parts]


def test_a_host_without_any_word_is_unknown_throughout() -> None:
    [only] = strips(["a"], {}, {}, 0, 100)
    assert shape(only.intervals) == [(0, 100, UNKNOWN)]
    assert (only.availability, only.observed) == (None, 0.0)


def test_a_check_that_is_down_makes_the_host_down() -> None:
    host = {"a": (Interval(0, 100, UP),)}
    checks = {
        "a": ((Interval(0, 40, UP), Interval(40, 60, DOWN, "refused"), Interval(60, 100, UP)),)
    }
    [only] = strips(["a"], host, checks, 0, 100)
    assert shape(only.intervals) == [(0, 40, UP), (40, 60, DOWN), (60, 100, UP)]
    assert only.intervals[1].reason == "refused"
    assert only.availability == pytest.approx(0.8)
    assert only.observed == 1.0


def test_unknown_time_lowers_coverage_and_not_availability() -> None:
    [only] = strips(
        ["a"], {"a": (Interval(0, 50, UP), Interval(50, 100, UNKNOWN, "asleep"))}, {}, 0, 100
    )
    assert only.availability == 1.0
    assert only.observed == 0.5
    assert only.intervals[-1].reason == "asleep"


def test_a_check_may_know_what_the_host_does_not_say() -> None:
    [only] = strips(
        ["a"], {"a": (Interval(0, 100, UNKNOWN),)}, {"a": ((Interval(10, 20, UP),),)}, 0, 100
    )
    assert shape(only.intervals) == [(0, 10, UNKNOWN), (10, 20, UP), (20, 100, UNKNOWN)]


def test_holes_and_edges_are_filled_and_clipped() -> None:
    one = strip("a", ((Interval(-50, 10, UP), Interval(20, 500, UP)),), 0, 100)
    assert shape(one.intervals) == [(0, 10, UP), (10, 20, UNKNOWN), (20, 100, UP)]


def test_neighbours_of_one_state_are_one() -> None:
    one = strip("a", ((Interval(0, 30, UP), Interval(30, 60, UP)),), 0, 60)
    assert shape(one.intervals) == [(0, 60, UP)]


PIECES = st.lists(
    st.tuples(st.integers(-20, 120), st.integers(1, 60), st.sampled_from(list(State))), max_size=12
)


@given(st.lists(PIECES, max_size=4))
def test_every_second_has_exactly_one_state(layers: list[list[tuple[int, int, State]]]) -> None:
    made = [tuple(Interval(s, s + n, state) for s, n, state in layer) for layer in layers]
    one = strip("a", made, 0, 100)
    assert one.intervals[0].start == 0
    assert one.intervals[-1].end == 100
    for before, after in zip(one.intervals, one.intervals[1:], strict=False):
        assert before.end == after.start
        assert before.start < before.end
    assert 0.0 <= one.observed <= 1.0
    assert (one.availability is None) == (one.observed == 0.0)


def test_coverage_counts_overlaps_once() -> None:
    seen = (Interval(0, 40, UP), Interval(20, 60, DOWN), Interval(60, 100, UNKNOWN))
    assert coverage(seen, 0, 100) == pytest.approx(0.6)
    assert coverage((), 0, 100) == 0.0
    assert coverage((), 100, 100) is None
    assert observed_seconds(seen, 0, 100) == 60
    assert observed_seconds(seen, 50, 100) == 10
    assert observed_seconds(seen, 100, 50) == 0


def test_totals_weigh_what_was_seen() -> None:
    full = strip("a", ((Interval(0, 100, UP),),), 0, 100)
    half = strip("b", ((Interval(0, 50, DOWN),),), 0, 100)
    availability, observed = total((full, half))
    assert availability == pytest.approx(100 / 150)
    assert observed == pytest.approx(0.75)
    assert total(()) == (None, 0.0)
