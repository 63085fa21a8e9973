"""Run time against volume: a line, or an honest no."""

import numpy as np
import pytest

from psbuddy.insight.relation import load_relation, rank_correlation, relation, theil_sen

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


#: Transactions a minute while each of 80 runs went on, and how long they took.
LOAD = RNG.uniform(50, 400, 80)


def test_runs_that_take_longer_under_load_have_a_relation() -> None:
    seconds = 300 + LOAD * 2
    fit = load_relation("export", LOAD * seconds / 60, seconds)
    assert fit.usable
    assert fit.measure == "transactions"
    assert fit.sentence.startswith("10 % more transactions during the run = ")
    assert fit.sentence.endswith(" % longer")


def test_a_longer_run_sees_more_transactions_and_that_alone_is_no_relation() -> None:
    seconds = RNG.uniform(300, 900, 80)
    fit = load_relation("export", 200 * seconds / 60 * RNG.uniform(0.95, 1.05, 80), seconds)
    assert not fit.usable
    assert "because they last longer" in fit.sentence
    assert fit.volume.size == 80


def test_runs_whose_transactions_were_not_observed_are_left_out_and_not_zero() -> None:
    seconds = 300 + LOAD * 2
    transactions = LOAD * seconds / 60
    transactions[::8] = np.nan
    fit = load_relation("export", transactions, seconds)
    assert fit.volume.size == 70
    assert fit.volume.min() > 0


@pytest.mark.parametrize(
    ("transactions", "why"),
    [
        (LOAD[:5], "5 of the 8 runs it takes have observed transactions and a run time"),
        (np.full(80, 900.0), "the transactions hardly vary"),
        (LOAD, "run time does not follow transactions"),
    ],
)
def test_no_relation_with_the_load_says_why(transactions: np.ndarray, why: str) -> None:
    seconds = (9_999 - LOAD)[: len(transactions)]
    fit = load_relation("export", transactions, seconds)
    assert fit.sentence.startswith(f"No usable relation: {why}")
