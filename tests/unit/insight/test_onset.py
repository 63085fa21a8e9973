"""Errors that rose while no normal is known."""

import math

import numpy as np
import pytest

from psbuddy.insight.onset import Rise, newest_rise, significance
from tests.support.insight_facts import at

START = at("2026-10-26 08:00", "UTC")
HOUR = 3_600
Counts = np.ndarray


def poisson(per_minute: float, minutes: int, seed: int = 1) -> Counts:
    return np.random.default_rng(seed).poisson(per_minute, minutes).astype(float)


def unseen(minutes: int) -> Counts:
    return np.full(minutes, np.nan)


def rise_in(*parts: Counts, begin: int = 0, read: Counts | None = None) -> Rise | None:
    """The rise of parts put one after the other, a value a minute."""
    counts = np.concatenate(parts)
    times = START + 60 * np.arange(len(counts), dtype=np.int64)
    observed = np.isfinite(counts).astype(float) if read is None else read
    return newest_rise(times, counts, observed, 60, begin)


def minute_of(time: int) -> int:
    return (time - START) // 60


def test_two_counts_are_compared_as_in_the_paper() -> None:
    # Li and Ma 1983, equation 17, worked by hand for 10 on and 10 off with a third of the time.
    by_hand = math.sqrt(2 * (10 * math.log(10 / (20 / 3)) + 10 * math.log(10 / (40 / 3))))
    found = significance(np.array([10.0, 20.0, 0.0]), np.array([10.0, 0.0, 5.0]), np.array([1 / 3]))
    np.testing.assert_allclose(found, [by_hand, math.sqrt(40 * math.log(3)), 0.0])


def test_a_rise_has_its_onset_and_both_counts() -> None:
    before, after = poisson(0.1, 125), poisson(12, 20)
    rise = rise_in(before, after)
    assert rise is not None
    assert (minute_of(rise.since), minute_of(rise.until)) == (125, 145)
    assert (rise.records, rise.seconds) == (after.sum(), 1_200)
    assert (rise.before_records, rise.before_seconds) == (before.sum(), 125 * 60)
    assert (rise.unseen, rise.ongoing) == (0, True)


def test_it_is_told_from_ten_minutes_and_twenty_errors_on() -> None:
    two_hours = np.zeros(120)
    assert rise_in(two_hours, np.full(9, 12.0)) is None
    assert rise_in(two_hours, np.full(10, 12.0)) is not None
    assert rise_in(two_hours, np.full(19, 1.0)) is None
    assert rise_in(two_hours, np.full(20, 1.0)) is not None


def test_two_hours_before_it_must_have_been_observed() -> None:
    assert rise_in(poisson(0.1, 115), poisson(12, 60)) is None
    assert rise_in(poisson(0.1, 60), unseen(300), poisson(0.1, 50), poisson(12, 60)) is None
    assert rise_in(poisson(0.1, 70), unseen(300), poisson(0.1, 55), poisson(12, 60)) is not None


@pytest.mark.parametrize("per_minute", [0.02, 0.3, 5.0])
@pytest.mark.parametrize("seed", range(10))
def test_a_steady_application_has_none(per_minute: float, seed: int) -> None:
    steady = poisson(per_minute, 20 * 60, seed)
    for minutes in range(130, len(steady), 97):
        assert rise_in(steady[:minutes]) is None


def test_twice_as_many_is_none() -> None:
    assert rise_in(poisson(1, 240), poisson(2, 120)) is None
    assert rise_in(poisson(1, 240), poisson(5, 120)) is not None


def test_high_from_the_start_has_nothing_to_be_held_against() -> None:
    assert rise_in(poisson(12, 600)) is None
    assert rise_in(poisson(12, 300), poisson(0.1, 300)) is None


def test_one_burst_is_none_however_large() -> None:
    quiet = poisson(0.1, 180)
    for burst in ([20.0], [500.0], [300.0, 300.0]):
        for later in (1, 5, 10, 20, 60):
            assert rise_in(quiet, np.array(burst), poisson(0.1, later, seed=3)) is None


def test_bursts_that_come_every_hour_are_none() -> None:
    hours = np.tile(np.repeat([3.0, 0.0], [10, 50]), 10)
    for minutes in range(3 * 60, len(hours), 5):
        assert rise_in(hours[:minutes]) is None


def test_back_to_normal_it_is_over_an_hour_later_and_keeps_its_counts() -> None:
    quiet, loud = poisson(0.1, 180), poisson(12, 20)
    for later, ongoing in ((30, True), (150, False)):
        rise = rise_in(quiet, loud, poisson(0.1, later, seed=4))
        assert rise is not None
        assert rise.ongoing is ongoing
        assert minute_of(rise.since) == 180
        assert abs(minute_of(rise.until) - 200) <= 10


def test_it_goes_on_at_a_lower_rate_that_is_still_far_above() -> None:
    rise = rise_in(poisson(0.1, 180), poisson(12, 20), poisson(1, 300))
    assert rise is not None
    assert rise.ongoing
    assert minute_of(rise.until) > 490


def test_a_second_rise_is_told_for_itself() -> None:
    rise = rise_in(poisson(0.1, 240), poisson(12, 20), poisson(0.1, 180), poisson(12, 40))
    assert rise is not None
    assert minute_of(rise.since) == 440
    assert rise.before_records > 240


def test_a_gap_is_neither_quiet_nor_loud() -> None:
    quiet, loud = poisson(0.1, 60), poisson(12, 30)
    assert rise_in(quiet, unseen(300), loud) is None  # the gap is no "two hours without errors"
    rise = rise_in(poisson(0.1, 180), unseen(120), loud)
    assert rise is not None
    assert (minute_of(rise.since), rise.unseen) == (300, 120 * 60)
    assert rise.before_seconds == 180 * 60
    went_on = rise_in(poisson(0.1, 180), loud, unseen(300), poisson(0.1, 20))
    assert went_on is not None
    assert went_on.ongoing  # five hours out of sight are no hour of quiet


@pytest.mark.parametrize("seed", range(20))
def test_after_a_gap_it_begins_with_the_first_minute_in_sight(seed: int) -> None:
    rise = rise_in(poisson(0.1, 303, seed), unseen(220), np.full(20, 9.0))
    assert rise is not None
    assert (minute_of(rise.since), rise.unseen) == (523, 220 * 60)


def test_a_log_that_comes_into_sight_is_no_rise() -> None:
    one, both = np.zeros(240), poisson(5, 90)
    half = np.repeat([0.5, 1.0], [240, 90])
    assert rise_in(one, both) is not None
    assert rise_in(one, both, read=half) is None
    # Lost, it hides errors at most.
    assert rise_in(one, both, read=half[::-1][np.argsort(half, kind="stable")]) is not None


def test_slow_growth_is_told_once_it_is_threefold() -> None:
    minutes = np.arange(8 * 60)
    grown = np.random.default_rng(2).poisson(0.08 * 2 ** (minutes / 120)).astype(float)
    assert rise_in(grown[: 4 * 60]) is None
    assert rise_in(grown) is not None
    doubled = np.random.default_rng(2).poisson(0.2 * 2 ** (minutes / 480)).astype(float)
    assert rise_in(doubled) is None


def test_few_errors_far_apart_are_told_when_they_add_up() -> None:
    every_six = (np.arange(180) % 6 == 0).astype(float)
    rise = rise_in(np.zeros(240), every_six)
    assert rise is not None
    assert rise.ongoing
    assert rise_in(np.zeros(240), every_six[:60]) is None


def test_none_begins_before_the_hours_without_a_normal() -> None:
    judged, rest = poisson(0.1, 240), poisson(12, 60)
    again = poisson(12, 60, seed=5)
    assert rise_in(judged, rest, again, begin=START + 300 * 60) is None
    later = rise_in(judged, rest, poisson(90, 60), begin=START + 300 * 60)
    assert later is not None
    assert minute_of(later.since) >= 300


def test_a_day_without_minutes_has_none() -> None:
    assert rise_in(np.empty(0)) is None
    assert rise_in(unseen(1_440)) is None
