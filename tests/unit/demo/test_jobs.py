from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from psbuddy.demo.jobs import PlannedRun, at_local, books_of, days, week_of, wobble


def test_a_run_tells_of_its_start_and_its_end() -> None:
    run = PlannedRun("close", 1_900, 62_000, "2026-10", 48_211, actor="rkane")
    start, end = run.start("s"), run.end("e")
    assert (start.kind, start.time, start.period, start.volume) == ("start", 1, "2026-10", None)
    assert (start.actor, start.text) == ("rkane", "s")
    assert (end.kind, end.time, end.volume, end.text) == ("finish", 62, 48_211, "e")


def test_a_reason_makes_it_a_failure() -> None:
    end = PlannedRun("close", 0, 1_000, reason="disk full").end("e")
    assert (end.kind, end.reason) == ("fail", "disk full")


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (datetime(2026, 11, 23, tzinfo=UTC), "2026-10"),
        (datetime(2026, 1, 5, tzinfo=UTC), "2025-12"),
        (datetime(2026, 11, 30, tzinfo=UTC), "2026-11"),
        (datetime(2026, 2, 28, tzinfo=UTC), "2026-02"),
    ],
)
def test_books_closed_are_those_of_the_last_month_that_ended(day: datetime, period: str) -> None:
    assert books_of(day) == period


def test_wall_clock_times_follow_the_zone() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/London"))
    assert at_local("Europe/London", summer, 22, 4) == int(
        datetime(2026, 7, 1, 21, 4, tzinfo=UTC).timestamp()
    )


def test_every_date_comes_once_even_when_clocks_change() -> None:
    since = int(datetime(2026, 10, 23, 23, 30, tzinfo=UTC).timestamp())
    found = list(days("Europe/London", since, since + 4 * 86_400))
    assert [day.day for day in found] == [24, 25, 26, 27]


def test_weeks_are_iso_weeks() -> None:
    assert week_of(datetime(2026, 11, 24, tzinfo=UTC)) == "2026-W48"
    assert week_of(datetime(2027, 1, 1, tzinfo=UTC)) == "2026-W53"


def test_ordinary_nights_do_not_look_like_stories() -> None:
    rng = np.random.default_rng(1)
    factors = [wobble(rng, 0.1) for _ in range(2_000)]
    assert min(factors) == pytest.approx(np.exp(-0.15))
    assert max(factors) == pytest.approx(np.exp(0.15))
    assert np.median(factors) == pytest.approx(1, abs=0.02)
