"""Runs with their bands and verdicts, from a real store."""

import dataclasses
import itertools
import math
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from psbuddy.model.application import AppDef
from psbuddy.model.runs import JobDef
from psbuddy.model.terms import Level, Outcome, PeriodKind, Rerun, Verdict
from psbuddy.report.judged import due_times, job_fact, judged_history, within
from psbuddy.store import connect_readonly, open_store
from psbuddy.store.read.collections import log_states
from psbuddy.store.store import Store
from tests.support.fleet_store import DAY, HOUR, LONDON, NOW, at
from tests.support.visits import event, levels, log, visit

JOB = JobDef("pay", "payout", "batch", PeriodKind.DAY, Rerun.AFTER_FAILURE, LONDON, "0 9 * * *",
             deadline="11:00")  # fmt: skip
APP = AppDef("pay", "Payments", "", "", ("h1",), 60, ("batch",), (), (JOB,))
FIRST = at("2026-11-01 09:00")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path / 'pay.db'}") as opened:
        opened.write_catalogue((APP,), FIRST)
        yield opened


def tell(store: Store, *events: object, until: int = NOW) -> None:
    seen = levels((FIRST - DAY, Level.INFO, 1))
    read = log("pay", "batch", read_until=until, levels=seen, jobs=events)
    store.commit([visit(read, at=until, apps=(("pay", 60),))], until)


def nightly(days: int) -> list[object]:
    return [
        event(kind, FIRST + day * DAY + 30 + seconds, "payout", volume=None)
        for day in range(days)
        for kind, seconds in (("start", 0), ("finish", 600 + day % 5))
    ]


def test_a_running_run_has_a_forecast_and_a_chance(store: Store) -> None:
    tell(store, *nightly(30), event("start", at("2026-12-01 10:15"), "payout"))
    with closing(connect_readonly(store.url)) as conn:
        judged = judged_history(conn, JOB, NOW - DAY, NOW)
        fact = job_fact(judged, NOW, log_states(conn, "pay"))
    assert fact.last is not None
    assert fact.last.outcome is Outcome.RUNNING
    assert fact.forecast is not None
    assert fact.forecast.likely == pytest.approx(at("2026-12-01 10:25"), abs=60)
    assert fact.deadline == at("2026-12-01 11:00")
    assert fact.forecast.on_time is not None
    assert fact.forecast.on_time > 0.9
    assert (fact.verdict, fact.late_by) == (Verdict.LATE, 75 * 60)


def test_a_run_of_today_that_is_not_there_is_missed_once_the_log_was_read(store: Store) -> None:
    tell(store, *nightly(30), until=at("2026-12-01 09:03"))
    with closing(connect_readonly(store.url)) as conn:
        judged = judged_history(conn, JOB, NOW - DAY, NOW)
        assert job_fact(judged, NOW, log_states(conn, "pay")).missed is None
    tell(store, until=NOW)
    with closing(connect_readonly(store.url)) as conn:
        judged = judged_history(conn, JOB, NOW - DAY, NOW)
        missed = job_fact(judged, NOW, log_states(conn, "pay")).missed
    assert missed is not None
    assert missed.due == at("2026-12-01 09:00")


def test_a_rerun_after_a_good_end_is_twice_and_after_a_failure_is_not(store: Store) -> None:
    day = FIRST + 3 * DAY
    tell(
        store,
        *(event("start", day, "payout"), event("fail", day + 60, "payout", reason="disk full")),
        *(event("start", day + 600, "payout"), event("finish", day + 1_200, "payout")),
        *(event("start", day + 1_800, "payout"), event("finish", day + 2_400, "payout")),
    )
    with closing(connect_readonly(store.url)) as conn:
        judged = judged_history(conn, JOB, FIRST, NOW)
    assert [run.verdict for run in judged.history.runs] == [
        Verdict.FAILED,
        Verdict.NORMAL,
        Verdict.TWICE,
    ]
    assert set(judged.changed.values()) == {Verdict.FAILED, Verdict.NORMAL, Verdict.TWICE}


def test_no_run_of_a_busy_job_is_left_out_of_its_range(store: Store) -> None:
    busy = [
        event(kind, FIRST + hour * HOUR + seconds, "payout", period=f"p{hour}")
        for hour in range(700)
        for kind, seconds in (("start", 0), ("fail" if hour == 3 else "finish", 600))
    ]
    tell(store, *busy)
    with closing(connect_readonly(store.url)) as conn:
        history = judged_history(conn, JOB, FIRST, NOW).history
    assert len(history.runs) == len(history.start) == len(history.seconds) == 700
    assert history.runs[3].verdict is Verdict.FAILED
    assert history.band is not None
    assert history.band.low.shape == (700,)
    assert math.isnan(history.band.low[0])
    assert not math.isnan(history.band.low[-1])


def test_a_part_of_a_history_keeps_its_part_of_the_band(store: Store) -> None:
    tell(store, *nightly(30))
    with closing(connect_readonly(store.url)) as conn:
        history = judged_history(conn, JOB, FIRST, NOW).history
    part = within(history, FIRST + 10 * DAY, FIRST + 20 * DAY)
    assert len(part.runs) == len(part.start) == len(part.seconds) == 10
    assert part.band is not None
    assert history.band is not None
    assert part.band.middle.tolist() == history.band.middle[10:20].tolist()


def test_a_job_due_every_minute_is_not_asked_about_last_month() -> None:
    busy = dataclasses.replace(JOB, cron="* * * * *")
    starts = due_times(busy, (), NOW)
    assert len(starts) < 6 * 1_440
    assert starts[0] < NOW - 2 * DAY
    assert starts[-1] > NOW


def test_a_monthly_job_is_due_at_the_end_of_the_last_month() -> None:
    monthly = dataclasses.replace(JOB, cron="0 22 * * *", on="last-business-day")
    starts = due_times(monthly, (), at("2026-12-20 10:00"))
    assert at("2026-11-30 22:00") in starts
    assert all(later - earlier > 20 * DAY for earlier, later in itertools.pairwise(starts))


def test_a_job_without_runs_has_no_last_one(store: Store) -> None:
    tell(store, until=FIRST - 2 * HOUR)
    with closing(connect_readonly(store.url)) as conn:
        fact = job_fact(judged_history(conn, JOB, FIRST, FIRST), FIRST, log_states(conn, "pay"))
    assert (fact.last, fact.missed, fact.verdict) == (None, None, Verdict.NORMAL)
