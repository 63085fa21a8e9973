"""Normal error rates and the episodes above them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psbuddy.insight import baseline
from tests.support.insight_facts import at

START = at("2026-10-26 00:00", "UTC")  # a Monday
HOUR = 3_600


def hourly(days: int, rate: float = 6.0, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    times = START + HOUR * np.arange(24 * days, dtype=np.int64)
    return times, np.random.default_rng(seed).poisson(rate, len(times)).astype(float)


def minutes(
    begin: int, hours: int, per_minute: float, seed: int = 2
) -> tuple[np.ndarray, np.ndarray]:
    times = begin + 60 * np.arange(60 * hours, dtype=np.int64)
    return times, np.random.default_rng(seed).poisson(per_minute, len(times)).astype(float)


def test_hours_of_the_week_are_counted_from_monday_midnight() -> None:
    times = np.array([START, START + 25 * HOUR, START - HOUR])
    assert baseline.slots(times, "UTC").tolist() == [0, 25, 167]


def test_hours_of_the_week_follow_the_wall_clock_over_the_autumn_night() -> None:
    before = at("2026-10-24 09:00")
    after = at("2026-10-26 09:00")
    assert (baseline.slots(np.array([before, after]), "Europe/London") % 24).tolist() == [9, 9]


def test_nothing_is_normal_before_24_observed_hours() -> None:
    times, counts = hourly(2)
    band = baseline.normal_band(times, counts, HOUR, zone="UTC")
    assert np.isnan(band.middle[:24]).all()
    assert np.isfinite(band.middle[24:]).all()


def test_unobserved_hours_teach_nothing() -> None:
    times, counts = hourly(2)
    counts[:30] = np.nan
    assert not baseline.learn(times, counts, HOUR, zone="UTC").known


def test_the_band_holds_most_of_a_steady_rate() -> None:
    times, counts = hourly(28)
    band = baseline.normal_band(times, counts, HOUR, zone="UTC")
    later = slice(7 * 24, None)
    inside = (counts[later] <= band.high[later]).mean()
    assert inside > 0.93
    assert np.nanmean(band.middle[later]) == pytest.approx(6.0, rel=0.1)
    assert band.basis == 28 * 24


def test_busy_mornings_are_learnt_per_hour_of_the_week() -> None:
    times, counts = hourly(28, rate=2.0)
    busy = (baseline.slots(times, "UTC") % 24) == 9
    counts[busy] += 40
    known = baseline.learn(times, counts, HOUR, zone="UTC")
    assert known.rate(9) > 8 * known.rate(3)


@settings(max_examples=25, deadline=None)
@given(st.integers(24, 200), st.integers(0, 10_000))
def test_the_band_never_looks_ahead(cut: int, value: int) -> None:
    times, counts = hourly(10)
    changed = counts.copy()
    changed[cut:] = value
    first = baseline.normal_band(times, counts, HOUR, zone="UTC")
    second = baseline.normal_band(times, changed, HOUR, zone="UTC")
    np.testing.assert_array_equal(first.middle[: cut + 1], second.middle[: cut + 1])
    np.testing.assert_array_equal(first.high[: cut + 1], second.high[: cut + 1])


def test_nan_does_not_spread() -> None:
    times, counts = hourly(10)
    counts[50:60] = np.nan
    band = baseline.normal_band(times, counts, HOUR, zone="UTC")
    assert np.isfinite(band.middle[7 * 24 :]).all()


def test_an_incident_does_not_become_normal_at_once() -> None:
    times, counts = hourly(21)
    calm = baseline.learn(times, counts, HOUR, zone="UTC").rate(12)
    counts[-6:] = 5_000
    assert baseline.learn(times, counts, HOUR, zone="UTC").rate(12) < 3 * calm


def test_an_episode_has_its_onset_ratio_and_evidence() -> None:
    times, counts = hourly(28)  # 0.1 a minute
    known = baseline.learn(times, counts, HOUR, zone="UTC")
    fine, errors = minutes(START + 28 * 86_400, 24, 0.1)
    onset = 24 * 60 - 30
    errors[onset:] = 3
    episode = baseline.last_episode(known, fine, errors, 60, zone="UTC")
    assert episode is not None
    assert episode.ongoing
    assert abs(episode.since - int(fine[onset])) <= 300
    assert episode.ratio == pytest.approx(30, rel=0.3)


def test_a_slow_three_times_normal_is_found_through_the_longer_windows() -> None:
    times, counts = hourly(28)
    known = baseline.learn(times, counts, HOUR, zone="UTC")
    fine, errors = minutes(START + 28 * 86_400, 24, 0.1)
    worse = minutes(START, 3, 0.33)[1]
    errors[-180:] = worse
    episode = baseline.last_episode(known, fine, errors, 60, zone="UTC")
    assert episode is not None
    assert episode.ongoing
    assert 2.3 < episode.ratio < 4.5


def test_an_episode_that_is_over_is_not_ongoing_and_ends_near_its_end() -> None:
    times, counts = hourly(28)
    known = baseline.learn(times, counts, HOUR, zone="UTC")
    fine, errors = minutes(START + 28 * 86_400, 24, 0.1)
    errors[600:660] = 5
    episode = baseline.last_episode(known, fine, errors, 60, zone="UTC")
    assert episode is not None
    assert not episode.ongoing
    assert abs(episode.until - int(fine[660])) <= 600


def test_few_ordinary_errors_after_an_episode_do_not_keep_it_alive() -> None:
    times, counts = hourly(28)
    known = baseline.learn(times, counts, HOUR, zone="UTC")
    alive = 0
    for seed in range(20):
        fine, errors = minutes(START + 28 * 86_400, 18, 0.1, seed)
        errors[14 * 60 : 14 * 60 + 35] = 4
        episode = baseline.last_episode(known, fine, errors, 60, zone="UTC")
        assert episode is not None
        alive += episode.ongoing
    assert alive <= 5  # one in ten is chance


@pytest.mark.parametrize("seed", range(20))
def test_ordinary_days_raise_no_alarm(seed: int) -> None:
    times, counts = hourly(28, seed=seed)
    known = baseline.learn(times, counts, HOUR, zone="UTC")
    fine, errors = minutes(START + 28 * 86_400, 24, 0.1, seed=seed + 100)
    assert baseline.last_episode(known, fine, errors, 60, zone="UTC") is None


def test_a_few_errors_in_a_silent_log_are_no_episode() -> None:
    times, counts = hourly(28, rate=0.0)
    known = baseline.learn(times, counts, HOUR, zone="UTC")
    fine, errors = minutes(START + 28 * 86_400, 24, 0.0)
    errors[-9:] = 1
    assert baseline.last_episode(known, fine, errors, 60, zone="UTC") is None
    errors[-30:] = 1
    episode = baseline.last_episode(known, fine, errors, 60, zone="UTC")
    assert episode is not None
    assert episode.records >= 10


def test_no_episode_while_no_normal_is_known() -> None:
    times, counts = hourly(1)
    known = baseline.learn(times[:20], counts[:20], HOUR, zone="UTC")
    fine, errors = minutes(START, 24, 50)
    assert baseline.last_episode(known, fine, errors, 60) is None


def test_a_weekend_says_nothing_of_a_workday_nor_the_other_way() -> None:
    sunday = START - 86_400
    times = sunday + HOUR * np.arange(24, dtype=np.int64)
    known = baseline.learn(times, np.ones(24), HOUR, zone="UTC")
    assert known.known
    assert np.isnan([known.rate(slot) for slot in range(5 * 24)]).all()
    assert np.isfinite([known.rate(slot) for slot in range(5 * 24, 7 * 24)]).all()
    monday = START + 60 * np.arange(600, dtype=np.int64)
    assert baseline.last_episode(known, monday, np.full(600, 5.0), 60, zone="UTC") is None


def test_what_ended_in_hours_without_a_normal_is_over_an_hour_later() -> None:
    times, counts = hourly(5)  # Monday to Friday
    known = baseline.learn(times, counts, HOUR, zone="UTC")
    midnight = int(times[-1]) + HOUR
    calm, loud = minutes(midnight, 17, 0.1)[1], minutes(midnight, 1, 12)[1]

    def told(*rest: np.ndarray) -> baseline.Episode | None:
        errors = np.concatenate((calm, loud[:45], *rest))
        fine = midnight - 60 * (17 * 60 + 30) + 60 * np.arange(len(errors), dtype=np.int64)
        return baseline.last_episode(known, fine, errors, 60, zone="UTC")

    for rest, ongoing in (
        ((), True),
        ((calm[:30],), True),
        ((calm[:180],), False),
        ((minutes(midnight, 3, 12)[1],), True),  # it goes on where nothing is known to be normal
        ((np.full(180, np.nan),), True),  # out of sight is not over
    ):
        episode = told(*rest)
        assert episode is not None
        assert episode.ongoing is ongoing


@pytest.mark.parametrize("hour", [3, 10])
def test_a_peak_seen_once_is_no_alarm_on_the_next_day(hour: int) -> None:
    times = START + HOUR * np.arange(24, dtype=np.int64)
    counts = np.ones(24)
    counts[hour] = 300
    known = baseline.learn(times, counts, HOUR, zone="UTC")
    tuesday = START + 86_400 + 60 * np.arange(24 * 60, dtype=np.int64)
    errors = np.full(len(tuesday), 1 / 60)
    errors[hour * 60 : (hour + 1) * 60] = 5
    assert baseline.last_episode(known, tuesday, errors, 60, zone="UTC") is None
    errors[hour * 60 : (hour + 1) * 60] = 25
    assert baseline.last_episode(known, tuesday, errors, 60, zone="UTC") is not None


def test_the_rate_now_is_per_observed_minute() -> None:
    times, counts = minutes(START, 1, 0.0)
    counts[-15:] = 2
    assert baseline.rate_now(times, counts, 60) == 2.0
    counts[-10:] = np.nan
    assert baseline.rate_now(times, counts, 60) == 2.0
    counts[:] = np.nan
    assert baseline.rate_now(times, counts, 60) is None
    assert baseline.rate_now(times[:0], counts[:0], 60) is None
