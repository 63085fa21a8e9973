from datetime import UTC, datetime

import numpy as np
import pytest

from psbuddy.demo.shape import FLAT, OFFICE, QUEUE, RETAIL, Shape, arrivals, weekly

MONDAY = int(datetime(2026, 11, 16, tzinfo=UTC).timestamp())
WEEK = np.arange(MONDAY, MONDAY + 7 * 86_400, 60)


def at(rate: np.ndarray, day: int, hour: int) -> float:
    return float(rate[day * 1440 + hour * 60])


@pytest.mark.parametrize("shape", [OFFICE, RETAIL, QUEUE, FLAT])
def test_the_mean_of_a_week_is_what_was_asked_for(shape: Shape) -> None:
    assert weekly(shape, "UTC", 2.5)(WEEK).mean() == pytest.approx(2.5, rel=0.01)


def test_an_office_works_by_day_and_rests_at_the_weekend() -> None:
    rate = weekly(OFFICE, "UTC", 1.0)(WEEK)
    assert at(rate, 1, 10) > 5 * at(rate, 1, 3)
    assert at(rate, 1, 10) > 4 * at(rate, 6, 10)


def test_hours_are_those_of_the_zone() -> None:
    here = weekly(OFFICE, "UTC", 1.0)(WEEK)
    there = weekly(OFFICE, "America/New_York", 1.0)(WEEK)
    assert at(there, 2, 15) == pytest.approx(at(here, 2, 10))


def test_arrivals_are_sorted_within_their_stretch_and_about_as_many_as_asked() -> None:
    rng = np.random.default_rng(1)
    since, until = MONDAY + 17, MONDAY + 86_400 - 5
    times = arrivals(rng, weekly(FLAT, "UTC", 3.0), since, until)
    assert times.min() >= since * 1000
    assert times.max() < until * 1000
    assert (np.diff(times) >= 0).all()
    assert times.size == pytest.approx(3 * 1440, rel=0.1)


def test_an_empty_stretch_has_no_arrivals() -> None:
    assert arrivals(np.random.default_rng(1), weekly(FLAT, "UTC", 3.0), MONDAY, MONDAY).size == 0
