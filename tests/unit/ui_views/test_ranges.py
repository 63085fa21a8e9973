"""Ranges: presets follow the clock, custom ones stay, nothing lies in the future."""

import pytest

from ui.pages.application.ranges import (
    DAY,
    PRESETS,
    SPOKEN,
    Range,
    custom,
    earlier,
    follow,
    later,
    named,
    preset,
    touches,
)

NOW = 1_000_000


def test_a_preset_ends_now_and_follows_the_clock() -> None:
    shown = preset("24h", NOW)
    assert (shown.since, shown.until, shown.live) == (NOW - DAY, NOW, True)
    assert follow(shown, NOW + 60) == preset("24h", NOW + 60)


def test_a_custom_range_stays_where_it_is() -> None:
    shown = custom(NOW - 500, NOW - 100, NOW)
    assert follow(shown, NOW + 60) == shown
    assert not shown.live


@pytest.mark.parametrize(
    ("since", "until", "wanted"),
    [
        (NOW - 500, NOW + 900, (NOW - 500, NOW)),
        (NOW + 10, NOW + 900, (NOW - 60, NOW)),
        (NOW - 10, NOW - 10, (NOW - 70, NOW - 10)),
        (NOW - 500.4, NOW - 99.6, (NOW - 500, NOW - 100)),
    ],
)
def test_custom_never_lies_in_the_future_and_is_never_empty(
    since: float, until: float, wanted: tuple[int, int]
) -> None:
    shown = custom(since, until, NOW)
    assert (shown.since, shown.until) == wanted


def test_back_and_on_again_is_live_again() -> None:
    back = earlier(preset("6h", NOW))
    assert back == Range(NOW - 2 * 21_600, NOW - 21_600)
    assert later(back, NOW) == preset("6h", NOW)


def test_on_from_far_back_is_one_range_only() -> None:
    assert later(Range(100, 200), NOW) == Range(200, 300)


def test_on_with_an_odd_length_ends_now() -> None:
    assert later(Range(NOW - 150, NOW - 50), NOW) == Range(NOW - 100, NOW)


@pytest.mark.parametrize(
    ("since", "until", "touched"),
    [(0, 5, True), (150, 160, True), (50, 100, True), (200, 300, False), (10, 99, False)],
)
def test_a_fixed_range_is_touched_by_facts_inside_it(since: int, until: int, touched: bool) -> None:
    assert touches(Range(100, 200), since, until) is touched


def test_a_live_range_is_touched_by_every_commit() -> None:
    assert touches(preset("1h", NOW), 5, 6)


def test_what_was_read_is_live_only_if_it_ends_now_and_has_a_presets_length() -> None:
    assert named(NOW - DAY, NOW, NOW) == preset("24h", NOW)
    assert not named(NOW - DAY - 5, NOW - 5, NOW + 5).live
    assert not named(NOW - 1_234, NOW, NOW).live


def test_every_preset_has_a_spoken_name() -> None:
    assert set(PRESETS) == set(SPOKEN)
