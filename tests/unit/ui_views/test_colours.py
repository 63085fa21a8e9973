"""A cause keeps its colour while the program runs."""

from ui.charts.colours import CauseColours


def test_first_come_keeps_its_place_when_the_order_changes() -> None:
    colours = CauseColours(3)
    assert colours.assign("shop", ["a", "b"]) == {"a": 0, "b": 1}
    assert colours.assign("shop", ["b", "c", "a"]) == {"b": 1, "c": 2, "a": 0}


def test_more_causes_than_colours_share_other() -> None:
    assert CauseColours(2).assign("shop", ["a", "b", "c"]) == {"a": 0, "b": 1, "c": None}


def test_a_full_set_lends_the_place_of_a_cause_that_is_gone() -> None:
    colours = CauseColours(2)
    colours.assign("shop", ["a", "b"])
    assert colours.assign("shop", ["b", "c"]) == {"b": 1, "c": 0}


def test_applications_do_not_take_colours_from_each_other() -> None:
    colours = CauseColours(2)
    colours.assign("shop", ["a", "b"])
    assert colours.assign("ledger", ["b", "a"]) == {"b": 0, "a": 1}
