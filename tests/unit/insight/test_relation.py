"""Run time against volume: a line, or an honest no."""

import numpy as np
import pytest

from psbuddy.insight.relation import rank_correlation, relation, theil_sen

RNG = np.random.default_rng(5)
VOLUME = RNG.uniform(10_000, 90_000, 80)


def test_run_time_in_proportion_to_volume() -> None:
    fit = relation("close", VOLUME, VOLUME * 0.05)
    assert fit.usable
    assert fit.sentence == "10 % more records = 10 % longer"
    assert fit.slope == pytest.approx(0.05)
    assert fit.intercept == pytest.approx(0, abs=1e-6)


def test_a_fixed_start_up_cost_lowers_the_share() -> None:
    volume = np.linspace(1, 3, 41) * 1000
    fit = relation("close", volume, 2_000 + volume)
    assert fit.sentence == "10 % more records = 5 % longer"


def test_outliers_do_not_bend_the_line() -> None:
    seconds = VOLUME * 0.05
    seconds[:10] *= 20
    assert relation("close", VOLUME, seconds).slope == pytest.approx(0.05, rel=0.05)


@pytest.mark.parametrize(
    ("volume", "seconds", "why"),
    [
        (VOLUME[:5], VOLUME[:5], "5 of the 8 runs"),
        (np.full(40, 7.0), RNG.uniform(1, 2, 40), "hardly varies"),
        (VOLUME, RNG.uniform(100, 200, 80), "does not follow"),
        (VOLUME, 9_999 - VOLUME * 0.05, "does not follow"),
        (np.zeros(0), np.zeros(0), "0 of the 8 runs"),
        (np.full(40, np.nan), VOLUME[:40], "0 of the 8 runs"),
    ],
)
def test_no_usable_relation_says_why(volume: np.ndarray, seconds: np.ndarray, why: str) -> None:
    fit = relation("close", volume, seconds)
    assert not fit.usable
    assert fit.sentence.startswith("No usable relation: ")
    assert why in fit.sentence


def test_unknown_values_do_not_spread() -> None:
    seconds = VOLUME * 0.05
    seconds[3] = np.nan
    fit = relation("close", VOLUME, seconds)
    assert fit.volume.size == fit.seconds.size == 79
    assert fit.slope == pytest.approx(0.05)


def test_ties_share_their_rank() -> None:
    x = np.array([1.0, 1.0, 2.0, 3.0])
    assert rank_correlation(x, x) == pytest.approx(1.0)
    assert rank_correlation(x, np.full(4, 2.0)) == 0.0


def test_theil_sen_scales_and_shifts() -> None:
    slope, intercept = theil_sen(VOLUME, 3 * VOLUME + 7)
    assert slope == pytest.approx(3)
    assert intercept == pytest.approx(7, abs=1e-4)
