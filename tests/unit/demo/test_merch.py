from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from psbuddy.demo.merch import LATE_DAYS_AGO, ZONE, merch_logs, planned_runs
from psbuddy.demo.span import DAY, Span
from tests.support.recount import SYSLOG

NOW = int(datetime(2026, 11, 24, 14, tzinfo=UTC).timestamp())
SPAN = Span(7, NOW - 30 * DAY, NOW)


def test_lines_are_syslog_without_a_year() -> None:
    (sim,) = merch_logs(SPAN)
    texts = sim.block(7, NOW - DAY, NOW).texts
    assert len(texts) > 300
    assert all(SYSLOG.match(text) for text in texts)
    assert not any("2026 " in text for text in texts)


def test_one_extract_of_last_week_started_late() -> None:
    late = []
    for run in planned_runs(SPAN):
        local = datetime.fromtimestamp(run.started_ms / 1000, ZoneInfo(ZONE))
        if local.hour != 2:
            late.append((NOW - run.started_ms // 1000) // DAY)
    assert late == [LATE_DAYS_AGO]


def test_the_crash_left_no_stop_line() -> None:
    (sim,) = merch_logs(SPAN)
    told = [r.text for r in sim.script if "merchd 9.4 ready" in r.text or "going down" in r.text]
    assert len(told) == 2
    assert not any("going down" in text for text in told)
    (crash,) = sim.outages
    texts = sim.block(7, *crash).texts
    assert all("stockx" in text or "ready" in text for text in texts)
