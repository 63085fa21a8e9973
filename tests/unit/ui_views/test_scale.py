"""Value axes: nice ticks, never more than five, a log scale only where it helps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.charts.scale import DURATION_STEPS, extent, linear, logarithmic, tick_texts, wants_log


@pytest.mark.parametrize(
    ("high", "ticks"),
    [
        (0, (0, 0.5, 1)),
        (float("nan"), (0, 0.5, 1)),
        (1, (0, 0.5, 1)),
        (7.3, (0, 2, 4, 6, 8)),
        (10, (0, 2.5, 5, 7.5, 10)),
        (430, (0, 200, 400, 600)),
        (0.9, (0, 0.5, 1)),
    ],
)
def test_linear_ticks_are_numbers_people_say(high: float, ticks: tuple[float, ...]) -> None:
    assert linear(high).ticks == pytest.approx(ticks)


def test_durations_step_in_minutes_and_hours() -> None:
    assert linear(2_700, steps=DURATION_STEPS).ticks == (0, 900, 1_800, 2_700)
    assert linear(4 * 3_600, steps=DURATION_STEPS).ticks == (0, 3_600, 7_200, 10_800, 14_400)


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_linear_covers_the_value_with_at_most_five_ticks(high: float) -> None:
    scale = linear(high)
    assert scale.high >= high * (1 - 1e-9)
    assert 2 <= len(scale.ticks) <= 5
    assert scale.ticks[-1] == scale.high


@given(st.floats(min_value=1e-3, max_value=10), st.floats(min_value=200, max_value=1e9))
def test_log_covers_whole_decades_with_at_most_five_ticks(low: float, high: float) -> None:
    scale = logarithmic(low, high)
    assert scale.low <= low * (1 + 1e-9)
    assert scale.high >= high * (1 - 1e-9)
    assert 2 <= len(scale.ticks) <= 5


@pytest.mark.parametrize(
    ("high", "texts"),
    [
        (0.2, ("0", "0.05", "0.1", "0.15", "0.2")),
        (1, ("0", "0.5", "1")),
        (10, ("0", "2.5", "5", "7.5", "10")),
        (4_000, ("0", "1,000", "2,000", "3,000", "4,000")),
    ],
)
def test_labels_tell_neighbouring_ticks_apart(high: float, texts: tuple[str, ...]) -> None:
    assert tick_texts(linear(high)) == texts


def test_log_labels_are_plain_decades() -> None:
    assert tick_texts(logarithmic(0.1, 1_000)) == ("0.1", "1", "10", "100", "1,000")


def test_heights_keep_nan_and_start_at_zero() -> None:
    heights = linear(10).unit([0, 5, np.nan, 10])
    assert heights[[0, 1, 3]].tolist() == [0, 0.5, 1]
    assert np.isnan(heights[2])


def test_log_heights_put_zero_at_the_bottom_and_keep_nan() -> None:
    heights = logarithmic(1, 1000).unit([0, 1, 10, 1000, np.nan])
    assert heights[:4] == pytest.approx([0, 0, 1 / 3, 1])
    assert np.isnan(heights[4])


def test_log_is_offered_beyond_a_factor_of_a_hundred_only() -> None:
    assert not wants_log(1, 100)
    assert wants_log(1, 101)
    assert not wants_log(0, 0)


def test_extent_looks_past_zeros_gaps_and_empty_arrays() -> None:
    assert extent([np.array([0.0, np.nan, 3.0]), np.array([0.5])]) == (0.5, 3.0)
    assert extent([np.empty(0)]) == (0.0, 0.0)
    assert extent([]) == (0.0, 0.0)
