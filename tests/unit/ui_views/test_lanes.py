"""Marks in lanes: no label is struck through, and as many as have room are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.charts.lanes import Placed, place

LIMIT = 500.0


def crossed(placed: list[Placed]) -> list[tuple[Placed, Placed]]:
    """Labels with the mark or the label that touches them."""
    return [
        (one, other)
        for one in placed
        for other in placed
        if one.text is not None and other is not one and other.lane == one.lane
        if one.text < other.right and other.left < one.text + one.width
    ]


@given(st.lists(st.tuples(st.floats(6, LIMIT - 6), st.floats(10, 300)), max_size=30))
def test_nothing_touches_a_label(marks: list[tuple[float, float]]) -> None:
    placed = place(sorted(marks), 2, LIMIT)
    assert sorted(one.number for one in placed) == list(range(len(marks)))
    assert crossed(placed) == []


@pytest.mark.parametrize("x", [6.0, 250.0, LIMIT - 6])
def test_one_mark_has_its_label_right_of_it_or_left_at_the_edge(x: float) -> None:
    (one,) = place([(x, 100.0)], 2, LIMIT)
    assert one.lane == 0
    assert one.text == (x + 8 if x < LIMIT - 6 else x - 108)


def test_a_label_makes_way_to_the_other_side() -> None:
    placed = place([(150, 80), (170, 320), (200, 320)], 2, LIMIT)
    told = {one.number: one.text for one in placed}
    assert told == {0: 150 - 88, 1: 178, 2: None}


def test_where_there_is_no_other_side_the_label_goes() -> None:
    placed = place([(20, 80), (40, 320), (60, 320)], 2, LIMIT)
    assert {one.number: one.text for one in placed} == {0: None, 1: 48, 2: None}
