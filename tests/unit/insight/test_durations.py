"""Expected run times: honest, one step ahead, without looking ahead."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psbuddy.insight.durations import MIN_RUNS, expected_band, expected_next
from tests.support.insight_facts import at

DAY = 86_400
START = at("2025-01-01 01:00", "UTC")


def nightly(n: int, seconds: float = 2_400.0, spread: float = 0.05, seed: int = 1):
    noise = np.random.default_rng(seed).normal(0, spread, n)
    return seconds * np.exp(noise), START + DAY * np.arange(n, dtype=np.int64)


def test_nothing_is_expected_before_five_runs_have_ended() -> None:
    seconds, start = nightly(12)
    band = expected_band(seconds, start)
    assert np.isnan(band.middle[:MIN_RUNS]).all()
    assert np.isfinite(band.middle[MIN_RUNS:]).all()
    assert (band.low[MIN_RUNS:] < band.middle[MIN_RUNS:]).all()
    assert (band.middle[MIN_RUNS:] < band.high[MIN_RUNS:]).all()
    assert band.basis == 11  # the last one had not ended when it started


@pytest.mark.parametrize("seed", range(4))
def test_coverage_of_steady_noise_is_near_its_name(seed: int) -> None:
    seconds, start = nightly(700, spread=0.2, seed=seed)
    band = expected_band(seconds, start)
    scored = slice(100, None)
    inside = (seconds >= band.low)[scored] & (seconds <= band.high)[scored]
    assert 0.925 <= inside.mean() <= 0.98


@settings(max_examples=20, deadline=None)
@given(st.integers(10, 55), st.floats(0.1, 1e6))
def test_it_never_looks_ahead(cut: int, value: float) -> None:
    seconds, start = nightly(60)
    changed = seconds.copy()
    changed[cut:] = value
    first, second = expected_band(seconds, start), expected_band(changed, start)
    np.testing.assert_array_equal(first.high[: cut + 1], second.high[: cut + 1])
    np.testing.assert_array_equal(first.middle[: cut + 1], second.middle[: cut + 1])


def test_a_run_still_going_when_the_next_starts_teaches_nothing_yet() -> None:
    seconds, start = nightly(30)
    longer = seconds.copy()
    longer[20] = 3 * DAY  # ends after runs 21 and 22 have started
    first, second = expected_band(seconds, start), expected_band(longer, start)
    assert first.middle[21] != second.middle[21]  # run 20 itself is not known there
    without = seconds.copy()
    without[20] = np.nan
    third = expected_band(without, start)
    np.testing.assert_array_equal(second.middle[:23], third.middle[:23])


@settings(max_examples=15, deadline=None)
@given(st.floats(0.5, 30))
def test_scaling_all_runs_scales_the_band(factor: float) -> None:
    seconds, start = nightly(80)
    once, scaled = expected_band(seconds, start), expected_band(seconds * factor, start)
    np.testing.assert_allclose(scaled.high, once.high * factor, rtol=1e-6)


def test_shifting_by_whole_weeks_in_a_month_changes_nothing_but_calendar_days() -> None:
    seconds, start = nightly(100)
    shifted = expected_band(seconds, start + 400 * 7 * DAY)
    once = expected_band(seconds, start)
    assert np.nanmedian(np.abs(shifted.middle / once.middle - 1)) < 0.03


def test_nan_runs_get_a_band_and_do_not_spread() -> None:
    seconds, start = nightly(60)
    seconds[30:33] = np.nan
    band = expected_band(seconds, start)
    assert np.isfinite(band.middle[MIN_RUNS:]).all()


def test_a_step_is_followed_within_two_weeks() -> None:
    seconds, start = nightly(200)
    seconds[100:] *= 3
    band = expected_band(seconds, start)
    assert band.middle[115] == pytest.approx(7_200, rel=0.15)


def test_long_sundays_are_expected_on_sundays() -> None:
    seconds, start = nightly(300)
    sunday = ((start // DAY + 3) % 7) == 6
    seconds[sunday] *= 2
    band = expected_band(seconds, start)
    later = np.arange(300) > 200
    assert np.median(band.middle[later & sunday]) > 1.6 * np.median(band.middle[later & ~sunday])


def test_empty_history() -> None:
    none = np.zeros(0)
    band = expected_band(none, none.astype(np.int64))
    assert (band.basis, band.middle.size) == (0, 0)


def test_a_running_job_is_forecast_by_what_outlasted_it() -> None:
    seconds, start = nightly(100)
    begin = int(start[-1]) + DAY
    early = expected_next(seconds, start, begin, begin + 60, deadline=begin + 2_400)
    late = expected_next(seconds, start, begin, begin + 2_450, deadline=begin + 2_400)
    assert early.likely == pytest.approx(begin + 2_400, abs=120)
    assert early.safe is not None and early.likely is not None
    assert early.safe > early.likely
    assert early.on_time is not None
    assert 0.2 < early.on_time < 0.8
    assert late.likely is not None
    assert late.likely > begin + 2_450
    assert late.on_time is not None
    assert late.on_time < 0.05


def test_a_job_beyond_all_experience_is_not_forecast() -> None:
    seconds, start = nightly(100)
    begin = int(start[-1]) + DAY
    lost = expected_next(seconds, start, begin, begin + DAY, deadline=begin + 3_600)
    assert lost.beyond
    assert lost.likely is None
    assert lost.on_time == 0.0


def test_too_few_runs_give_no_forecast() -> None:
    seconds, start = nightly(4)
    begin = int(start[-1]) + DAY
    forecast = expected_next(seconds, start, begin, begin + 60)
    assert (forecast.likely, forecast.on_time, forecast.basis) == (None, None, 4)


def test_a_forecast_uses_only_runs_that_ended_before_its_start() -> None:
    seconds, start = nightly(100)
    begin = int(start[50]) + DAY // 2
    whole = expected_next(seconds, start, begin, begin + 60)
    known = expected_next(seconds[:51], start[:51], begin, begin + 60)
    assert whole == known
