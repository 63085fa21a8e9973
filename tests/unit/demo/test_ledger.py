"""The stories of the ledger, wherever the clock stands when the demo is opened."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from psbuddy.demo import ledger_batch
from psbuddy.demo.jobs import PlannedRun
from psbuddy.demo.ledger import ledger_logs
from psbuddy.demo.ledger_batch import batch_log, planned_runs, second_start
from psbuddy.demo.span import DAY, Span

LONDON = ZoneInfo("Europe/London")
MOMENTS = [
    datetime(2026, 11, 24, 10, 31, tzinfo=LONDON),  # an ordinary morning
    datetime(2026, 11, 24, 23, 35, tzinfo=LONDON),  # just after it happened
    datetime(2026, 11, 24, 22, 30, tzinfo=LONDON),  # while the chain runs
    datetime(2026, 11, 30, 12, 0, tzinfo=LONDON),
    datetime(2027, 1, 1, 0, 5, tzinfo=LONDON),
    datetime(2026, 3, 29, 9, 0, tzinfo=LONDON),  # the clocks have just changed
]


def span(moment: datetime) -> Span:
    now = int(moment.timestamp())
    return Span(7, now - 400 * DAY, now)


def closes(moment: datetime) -> list[PlannedRun]:
    """Month closes that have started, newest last."""
    now = moment.timestamp()
    runs = planned_runs(span(moment))
    return [r for r in runs if r.job == "month-close" and r.started_ms < now * 1000]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_the_newest_month_close_is_a_second_start_by_hand(moment: datetime) -> None:
    first, second = closes(moment)[-2:]
    assert second.period == first.period
    assert (first.volume, first.reason, first.actor) == (48_211, "", "scheduler")
    assert second.actor == ledger_batch.ACTOR
    assert first.ended_ms < second.started_ms
    local = datetime.fromtimestamp(second.started_ms / 1000, LONDON)
    assert (local.hour, local.minute) == (23, 31)
    assert timedelta(0) < moment - local < timedelta(days=1, minutes=10)


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_its_business_period_has_ended_or_ends_within_days(moment: datetime) -> None:
    period = datetime.strptime(closes(moment)[-1].period + " +0000", "%Y-%m %z")
    following = (period.replace(day=1) + timedelta(days=32)).replace(day=1)
    assert following <= moment + timedelta(days=4)


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_no_other_period_is_closed_twice(moment: datetime) -> None:
    periods = Counter(run.period for run in closes(moment))
    assert sorted(periods.values())[-2:] == [1, 2]
    assert len(periods) >= 12


def test_the_week_close_ran_twice_in_one_week() -> None:
    weeks = [r.period for r in planned_runs(span(MOMENTS[0])) if r.job == "week-close"]
    assert Counter(Counter(weeks).values())[2] == 1


def test_one_day_close_was_late_last_week() -> None:
    moment = MOMENTS[0]
    late = []
    for run in planned_runs(span(moment)):
        local = datetime.fromtimestamp(run.started_ms / 1000, LONDON)
        if run.job == "day-close" and (local.hour, local.minute) != (20, 30):
            late.append(local.date())
    assert late == [moment.date() - timedelta(days=6)]


def test_the_batch_log_tells_every_run_that_is_planned() -> None:
    log = batch_log(span(MOMENTS[0]))
    told = [record.event for record in log.script if record.event]
    runs = planned_runs(span(MOMENTS[0]))
    assert Counter(e.kind for e in told) == {"start": len(runs), "finish": len(runs)}
    second = [r for r in log.script if "by=rkane" in r.text]
    assert len(second) == 1
    assert second[0].text.rstrip().endswith("by=rkane restart=none")


def test_the_application_writes_nested_traces_and_is_silent_in_its_outage() -> None:
    here = span(MOMENTS[0])
    first, second = ledger_logs(here)
    text = first.block(7, here.now - 2 * DAY, here.now).encoded().decode()
    assert "\nCaused by: java.sql.SQLException: ORA-00060" in text
    assert " more\n" in text
    (outage,) = second.outages
    block = second.block(7, outage[0] - 3_600, outage[1] + 3_600)
    told = [t for t in block.texts if "LedgerApplication - " in t]
    assert [("Stopping" in t, "Started" in t) for t in told] == [(True, False), (False, True)]
    assert datetime.fromtimestamp(outage[0], UTC) < MOMENTS[0]


def test_the_second_start_is_never_in_the_future() -> None:
    for minute in range(0, 1440, 7):
        now = int(MOMENTS[0].timestamp()) + minute * 60
        assert 180 <= now - second_start(now) <= DAY + 180
