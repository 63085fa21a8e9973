"""Gaps, buckets, coarser grains, read-outs."""

from dataclasses import replace

import numpy as np
import pytest

from psbuddy.model.series import Interval
from psbuddy.model.terms import State
from tests.support.dashboards import dashboard
from ui.panels.values import (
    Grain,
    Line,
    Reading,
    bucket_at,
    gaps_of,
    observed_of,
    stale_span,
    steps,
    unobserved,
    without_lag,
)


def seen(*spans: tuple[int, int]) -> list[Interval]:
    return [Interval(start, end, State.UP) for start, end in spans]


@pytest.mark.parametrize(
    ("observed", "gaps"),
    [
        ([], ((0, 100),)),
        ([(0, 100)], ()),
        ([(10, 40), (60, 90)], ((0, 10), (40, 60), (90, 100))),
        ([(-50, 30), (20, 150)], ()),
        ([(60, 90), (10, 40)], ((0, 10), (40, 60), (90, 100))),
        ([(120, 150)], ((0, 100),)),
    ],
)
def test_what_no_interval_covers_is_unobserved(
    observed: list[tuple[int, int]], gaps: tuple[tuple[int, int], ...]
) -> None:
    assert unobserved(seen(*observed), 0, 100) == gaps


def test_the_time_since_the_last_visit_is_no_gap() -> None:
    assert without_lag(((0, 5), (90, 100)), 100, 20) == ((0, 5),)
    assert without_lag(((0, 5), (70, 100)), 100, 20) == ((0, 5), (70, 100))
    assert without_lag(((0, 5),), 100, 20) == ((0, 5),)
    assert without_lag((), 100, 20) == ()


def test_buckets_without_a_value_are_hatched_too_and_merged() -> None:
    series = (np.array([0, 60, 120, 180]), np.array([1, np.nan, np.nan, 0.0]), 60)
    assert gaps_of(seen((0, 240)), (0, 240), series) == ((60, 180),)
    assert gaps_of(seen((0, 200)), (0, 240), series) == ((60, 180), (200, 240))


@pytest.mark.parametrize(
    ("moment", "index"), [(99, None), (100, 0), (159.9, 0), (160, 1), (219, 1), (220, None)]
)
def test_the_bucket_that_holds_a_moment(moment: float, index: int | None) -> None:
    assert bucket_at(np.array([100, 160]), 60, moment) == index


def test_no_buckets_hold_nothing() -> None:
    assert bucket_at(np.array([], dtype=np.int64), 60, 5) is None


def test_a_coarser_grain_does_not_move_with_the_range() -> None:
    early = Grain.of(np.arange(0, 6_000, 60), 60, 50)
    late = Grain.of(np.arange(60, 6_060, 60), 60, 50)
    assert early.step == late.step == 120
    assert set(late.times.tolist()) - set(early.times.tolist()) == {6_000}


def test_rates_are_per_minute_of_what_was_observed() -> None:
    grain = Grain.of(np.arange(0, 240, 60), 60, 2)
    rates = grain.rate(np.array([4.0, np.nan, np.nan, np.nan]))
    assert rates[0] == 4.0
    assert np.isnan(rates[1])


def test_a_fine_grain_is_left_alone() -> None:
    times = np.arange(0, 300, 60)
    grain = Grain.of(times, 60, 150)
    assert grain.times.tolist() == times.tolist()
    assert grain.rate(np.arange(5.0)).tolist() == [0, 1, 2, 3, 4]


def test_a_reading_can_be_spoken() -> None:
    reading = Reading("a minute", (Line("failed", "3"), Line("", "none")))
    assert reading.spoken() == "a minute: failed 3; none"


def test_nothing_is_observed_after_the_newest_collection_once_that_is_old() -> None:
    shown = dashboard()
    newest = shown.now - 7 * 3_600
    old = replace(shown, last_collection=newest)
    assert stale_span(old) == ((newest, shown.until),)
    assert max(interval.end for interval in observed_of(old)) == newest
    assert stale_span(shown) == ()
    assert observed_of(shown) == shown.observed


def test_steps_hold_a_value_for_the_whole_of_its_bucket() -> None:
    moments, heights = steps(
        np.array([0.0, 60.0]), np.array([60.0, 120.0]), np.array([0.2, np.nan])
    )
    assert moments.tolist() == [0, 60, 60, 120]
    assert heights[:2].tolist() == [0.2, 0.2]
    assert np.isnan(heights[2:]).all()
