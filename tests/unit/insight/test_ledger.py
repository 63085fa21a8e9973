"""The ledger: periods, double starts, late, missed and failed runs."""

from dataclasses import replace

import numpy as np
import pytest

from psbuddy.calendars import codes
from psbuddy.insight.concerns import attention_until
from psbuddy.insight.ledger import (
    judge_runs,
    missed_start,
    period_for,
    period_of,
    second_starts,
    start_lags,
    start_tolerance,
)
from psbuddy.insight.schedule import deadline_after, expected_starts
from psbuddy.model.runs import JobDef, Run
from psbuddy.model.series import Band
from psbuddy.model.terms import Outcome, PeriodKind, Rerun, Verdict
from tests.support.insight_facts import CLOSE, IMPORT, LONDON, at, history, run

DAY = 86_400


@pytest.mark.parametrize(
    ("kind", "time", "zone", "period"),
    [
        (PeriodKind.DAY, "2026-11-24 00:10", LONDON, "2026-11-24"),
        (PeriodKind.DAY, "2026-11-24 23:59", "America/New_York", "2026-11-24"),
        (PeriodKind.WEEK, "2026-12-31 22:00", LONDON, "2026-W53"),
        (PeriodKind.WEEK, "2027-01-03 22:00", LONDON, "2026-W53"),
        (PeriodKind.WEEK, "2024-12-30 01:00", LONDON, "2025-W01"),
        (PeriodKind.MONTH, "2026-12-31 23:59", LONDON, "2026-12"),
        (PeriodKind.MONTH, "2028-02-29 12:00", LONDON, "2028-02"),
    ],
)
def test_periods(kind: PeriodKind, time: str, zone: str, period: str) -> None:
    assert period_for(kind, at(time, zone), zone) == period


def test_the_zone_decides_which_month_it_is() -> None:
    moment = at("2026-12-01 00:30", LONDON)
    assert period_for(PeriodKind.MONTH, moment, LONDON) == "2026-12"
    assert period_for(PeriodKind.MONTH, moment, "America/New_York") == "2026-11"
    assert period_for(PeriodKind.MONTH, moment, "") == "2026-12"


FIRST = run(1)
SECOND = run(2, started=at("2026-11-23 23:31"), ended=at("2026-11-24 00:12"))


def test_a_second_start_of_a_never_rerun_period_is_twice() -> None:
    assert judge_runs(history(CLOSE, (FIRST, SECOND)), SECOND.ended) == (
        Verdict.NORMAL,
        Verdict.TWICE,
    )


def test_twice_even_while_both_run_and_even_after_a_failure() -> None:
    running = replace(SECOND, ended=0, outcome=Outcome.RUNNING)
    for first in (
        replace(FIRST, ended=0, outcome=Outcome.RUNNING),
        replace(FIRST, outcome=Outcome.FAILED),
    ):
        assert judge_runs(history(CLOSE, (first, running)), running.started + 1)[1] is Verdict.TWICE


def test_another_period_is_not_twice() -> None:
    other = replace(SECOND, period="2026-12")
    assert judge_runs(history(CLOSE, (FIRST, other)), other.ended)[1] is Verdict.NORMAL


def test_a_period_that_is_not_told_is_derived_from_the_start() -> None:
    untold = [replace(r, period="") for r in (FIRST, SECOND)]
    assert dict(second_starts(CLOSE, untold)) == {2: untold[0]}


LATE_EVENING = replace(
    CLOSE, cron="58 23 * * *", on="", period=PeriodKind.DAY, deadline="", rerun=Rerun.NEVER
)


def _night(run_id: int, start: str, period: str = "") -> Run:
    return run(run_id, started=at(start), ended=at(start) + 60, period=period)


def test_a_start_that_slips_over_midnight_is_for_the_day_it_was_due() -> None:
    monday, tuesday = _night(1, "2026-11-24 00:01"), _night(2, "2026-11-24 23:58")
    assert [period_of(LATE_EVENING, r) for r in (monday, tuesday)] == ["2026-11-23", "2026-11-24"]
    assert second_starts(LATE_EVENING, (monday, tuesday)) == {}


def test_a_second_start_after_midnight_is_still_of_the_same_night() -> None:
    first, second = _night(1, "2026-11-23 23:58"), _night(2, "2026-11-24 01:10")
    assert list(second_starts(LATE_EVENING, (first, second))) == [2]


def test_a_job_of_every_hour_is_for_the_day_it_is_nearest_to() -> None:
    hourly = replace(LATE_EVENING, cron="0 * * * *")
    nights = [_night(1, "2026-11-23 23:54"), _night(2, "2026-11-24 00:02")]
    assert [period_of(hourly, each) for each in nights] == ["2026-11-24", "2026-11-24"]
    assert period_of(hourly, _night(3, "2026-11-23 23:20")) == "2026-11-23"


def test_a_second_start_on_another_host_is_twice() -> None:
    other = replace(SECOND, host="led-app-2")
    assert judge_runs(history(CLOSE, (FIRST, other)), other.ended)[1] is Verdict.TWICE


def test_a_run_by_hand_in_the_middle_of_the_month_has_its_own_deadline() -> None:
    starts = (at("2026-10-30 22:00"), at("2026-11-30 22:00"))
    month_end = run(1, started=starts[0], ended=starts[0] + 2_400, period="2026-10")
    by_hand = run(2, started=at("2026-11-12 14:00"), ended=at("2026-11-12 15:00"), period="2026-9x")
    verdicts = judge_runs(history(CLOSE, (month_end, by_hand)), by_hand.ended, starts)
    assert verdicts == (Verdict.NORMAL, Verdict.NORMAL)


def test_without_any_period_nothing_is_called_twice() -> None:
    job = replace(CLOSE, period=None)
    untold = [replace(r, period="") for r in (FIRST, SECOND)]
    assert second_starts(job, untold) == {}


@pytest.mark.parametrize(
    ("policy", "outcome", "accused"),
    [
        (Rerun.ALWAYS, Outcome.OK, False),
        (Rerun.AFTER_FAILURE, Outcome.OK, True),
        (Rerun.AFTER_FAILURE, Outcome.RUNNING, True),
        (Rerun.AFTER_FAILURE, Outcome.FAILED, False),
        (Rerun.AFTER_FAILURE, Outcome.UNKNOWN, False),
        (Rerun.NEVER, Outcome.FAILED, True),
        (Rerun.NEVER, Outcome.UNKNOWN, True),
    ],
)
def test_the_policy_decides(policy: Rerun, outcome: Outcome, accused: bool) -> None:
    first = replace(FIRST, outcome=outcome)
    assert bool(second_starts(replace(CLOSE, rerun=policy), (first, SECOND))) is accused


def test_a_weekly_job_may_run_twice_if_the_catalogue_says_always() -> None:
    job = replace(CLOSE, period=PeriodKind.WEEK, rerun=Rerun.ALWAYS)
    runs = tuple(replace(r, period="2026-W48") for r in (FIRST, SECOND))
    assert judge_runs(history(job, runs), SECOND.ended) == (Verdict.NORMAL, Verdict.NORMAL)


def test_a_failed_first_that_still_ran_when_the_second_began_is_twice() -> None:
    job = replace(CLOSE, rerun=Rerun.AFTER_FAILURE)
    overlapping = replace(FIRST, outcome=Outcome.FAILED, ended=SECOND.started + 60)
    assert second_starts(job, (overlapping, SECOND)) == {2: overlapping}


def band(low: float, middle: float, high: float) -> Band:
    return Band(*(np.array([x]) for x in (low, middle, high)), basis=40)


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (2_460, Verdict.NORMAL),
        (2_900, Verdict.NORMAL),
        (3_000, Verdict.OVERRUN),
        (600, Verdict.SHORT),
        (2_200, Verdict.NORMAL),
    ],
)
def test_run_times_outside_the_band(seconds: int, verdict: Verdict) -> None:
    job = replace(CLOSE, deadline="")
    ended = replace(FIRST, ended=FIRST.started + seconds)
    assert judge_runs(history(job, (ended,), band(2_280, 2_460, 2_820)), ended.ended) == (verdict,)


def test_a_running_run_is_judged_by_the_time_it_has_taken() -> None:
    running = replace(FIRST, ended=0, outcome=Outcome.RUNNING)
    told = history(replace(CLOSE, deadline=""), (running,), band(2_280, 2_460, 2_820))
    assert judge_runs(told, running.started + 2_500) == (Verdict.NORMAL,)
    assert judge_runs(told, running.started + 3_000) == (Verdict.OVERRUN,)


def test_an_unknown_band_judges_nobody() -> None:
    nan = float("nan")
    told = history(replace(CLOSE, deadline=""), (FIRST,), band(nan, nan, nan))
    assert judge_runs(told, FIRST.ended) == (Verdict.NORMAL,)


def test_a_failed_run_is_failed_and_an_unknown_one_unknown() -> None:
    runs = (
        replace(FIRST, outcome=Outcome.FAILED),
        replace(SECOND, period="2026-12", outcome=Outcome.UNKNOWN, ended=0),
    )
    assert judge_runs(history(CLOSE, runs), SECOND.started + 9) == (Verdict.FAILED, Verdict.UNKNOWN)


def test_a_run_past_its_deadline() -> None:
    due = (at("2026-11-23 22:00"),)
    late = replace(FIRST, ended=at("2026-11-24 03:05"))
    assert judge_runs(history(CLOSE, (late,)), late.ended, due) == (Verdict.MISSED_DEADLINE,)
    running = replace(FIRST, ended=0, outcome=Outcome.RUNNING)
    told = history(CLOSE, (running,))
    assert judge_runs(told, at("2026-11-24 02:59"), due) == (Verdict.NORMAL,)
    assert judge_runs(told, at("2026-11-24 03:01"), due) == (Verdict.MISSED_DEADLINE,)


def test_a_late_start_is_late_and_learns_what_is_usual() -> None:
    job = replace(IMPORT, deadline="")
    starts = tuple(at("2026-10-01 10:00") + k * DAY for k in range(20))
    runs = tuple(
        run(k, app="orders", job="import-orders", period="", started=s + 60, ended=s + 600)
        for k, s in enumerate(starts)
    )
    late = (*runs[:-1], replace(runs[-1], started=starts[-1] + 2_400, ended=starts[-1] + 3_000))
    assert judge_runs(history(job, runs), starts[-1] + DAY // 2, starts)[-1] is Verdict.NORMAL
    assert judge_runs(history(job, late), starts[-1] + DAY // 2, starts)[-1] is Verdict.LATE
    assert start_tolerance([60] * 20) == 300
    assert start_tolerance([900] * 20) == 1_125
    assert start_lags(late, starts)[19] == 2_400


def test_a_start_a_little_early_belongs_to_its_due_time() -> None:
    due = at("2026-11-23 22:00")
    early = replace(FIRST, started=due - 120)
    assert start_lags((early,), (due - DAY, due)) == {1: 0}


def test_a_miss_needs_an_observed_stretch() -> None:
    due = at("2026-11-23 22:00")
    assert missed_start((), (due,), due + DAY, due + 100) is None
    missed = missed_start((), (due,), due + DAY, due + 400)
    assert missed is not None
    assert (missed.due, missed.tolerance) == (due, 300)
    assert missed_start((FIRST,), (due,), due + DAY, due + DAY) is None
    assert missed_start((), (), due, due) is None


def test_a_run_whose_start_was_not_seen_is_no_miss() -> None:
    due = at("2026-11-23 22:00")
    assert missed_start((replace(FIRST, started=0),), (due,), due + DAY, due + DAY) is None


def starts_of(
    cron: str, since: str, until: str, on: str = "", zone: str = LONDON, calendar: str = ""
) -> list[str]:
    job = JobDef("a", "j", "l", cron=cron, on=on, timezone=zone, calendar=calendar)
    times = expected_starts(job, at(since, zone), at(until, zone))
    from psbuddy.words import local

    return [f"{local(t, zone):%d %b %H:%M}" for t in times]


def test_due_times_follow_cron_in_the_jobs_zone() -> None:
    assert starts_of("0 22 * * *", "2026-11-23 22:00", "2026-11-25 22:00") == [
        "23 Nov 22:00",
        "24 Nov 22:00",
    ]


def test_due_times_once_in_the_doubled_hour_and_kept_in_the_missing_one() -> None:
    assert starts_of("30 1 * * *", "2026-10-24 12:00", "2026-10-26 12:00") == [
        "25 Oct 01:30",
        "26 Oct 01:30",
    ]
    assert len(starts_of("30 1 * * *", "2026-03-28 12:00", "2026-03-30 12:00")) == 2


def test_business_day_rules() -> None:
    month = ("2026-10-01 00:00", "2026-11-01 00:00")
    assert starts_of("0 22 * * *", *month, on="last-business-day") == ["30 Oct 22:00"]
    assert starts_of("0 22 * * *", *month, on="last-day") == ["31 Oct 22:00"]
    assert len(starts_of("0 22 * * *", *month, on="business-day")) == 22


@pytest.mark.skipif(not codes(), reason="holidays is not installed: make setup")
def test_public_holidays_of_the_calendar_are_no_business_days() -> None:
    december = ("2027-12-01 00:00", "2028-01-01 00:00")
    last = [
        starts_of("0 22 * * *", *december, on="last-business-day", calendar=calendar)
        for calendar in ("", "GB", "US")
    ]
    # New Year's Day of 2028 is a Saturday; the United States keep the Friday before.
    assert last == [["31 Dec 22:00"], ["31 Dec 22:00"], ["30 Dec 22:00"]]
    april = ("2026-04-01 00:00", "2026-05-01 00:00")
    assert len(starts_of("0 22 * * *", *april, on="business-day")) == 22
    assert len(starts_of("0 22 * * *", *april, on="business-day", calendar="GB-ENG")) == 20
    evening = at("2026-04-02 23:00")  # Maundy Thursday: the next business day is Tuesday
    assert attention_until(evening, LONDON, "GB-ENG") == at("2026-04-07 23:00")
    assert attention_until(evening, LONDON) == at("2026-04-03 23:00")


def test_a_job_without_cron_is_never_due() -> None:
    assert starts_of("", "2026-10-01 00:00", "2026-11-01 00:00") == []


@pytest.mark.parametrize(
    ("start", "deadline", "expected"),
    [
        ("2026-11-23 22:00", "03:00", "2026-11-24 03:00"),
        ("2026-11-23 01:00", "03:00", "2026-11-23 03:00"),
        ("2026-10-24 22:00", "03:00", "2026-10-25 03:00"),  # the night has 25 hours
        ("2026-03-28 22:00", "03:00", "2026-03-29 03:00"),  # and 23
        ("2026-12-31 22:00", "03:00", "2027-01-01 03:00"),
    ],
)
def test_deadlines(start: str, deadline: str, expected: str) -> None:
    assert deadline_after(replace(CLOSE, deadline=deadline), at(start)) == at(expected)


def test_no_deadline() -> None:
    assert deadline_after(replace(CLOSE, deadline=""), 0) is None
