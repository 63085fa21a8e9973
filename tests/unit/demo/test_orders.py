import json
from datetime import UTC, datetime

import numpy as np
import pytest

from psbuddy.demo.orders import HOSTS, JOB, orders_logs, planned_runs
from psbuddy.demo.outages import Outage
from psbuddy.demo.span import DAY, Span

NOW = int(datetime(2026, 11, 24, 10, 31, 17, tzinfo=UTC).timestamp())
SPAN = Span(7, NOW - 30 * DAY, NOW)
OUTAGE = Outage.days_ago(NOW, "Europe/London", 9, 14, 12, lasts=27)
RUNS = tuple(planned_runs(SPAN, OUTAGE))


def test_the_import_of_this_moment_runs_twelve_minutes_longer_than_usual() -> None:
    (current,) = [r for r in RUNS if r.started_ms < NOW * 1000 < r.ended_ms]
    usual = np.median([r.ended_ms - r.started_ms for r in RUNS]) / 60_000
    elapsed = NOW / 60 - current.started_ms / 60_000
    assert elapsed - usual == pytest.approx(12, abs=2)
    assert 60_000 < current.ended_ms - NOW * 1000 < 10 * 60_000


def test_all_other_imports_stay_near_the_usual() -> None:
    done = [r for r in RUNS if not r.reason and r.ended_ms < NOW * 1000]
    minutes = [(r.ended_ms - r.started_ms) / 60_000 for r in done]
    assert len(done) > 700
    assert min(minutes) > 10
    assert max(minutes) < 28


def test_the_outage_failed_or_prevented_the_imports_it_met() -> None:
    during = [r for r in RUNS if OUTAGE.down * 1000 <= r.started_ms < OUTAGE.up * 1000]
    assert during == []
    failed = [r for r in RUNS if r.reason]
    assert all(r.ended_ms < OUTAGE.down * 1000 for r in failed)


def test_every_line_is_json_with_a_stamp_a_level_and_a_message() -> None:
    for sim in orders_logs(SPAN):
        block = sim.block(7, NOW - 3 * 3_600, NOW)
        records = [json.loads(text) for text in block.texts]
        assert len(records) > 100
        for record in records:
            assert record["level"] in {"INFO", "WARN", "ERROR"}
            assert record["message"]
            assert record["@timestamp"].endswith("Z")


def test_errors_burst_before_the_stop_and_then_silence() -> None:
    sim = orders_logs(SPAN)[1]
    burst = sim.block(7, OUTAGE.down - 480, OUTAGE.down).texts
    assert sum('"level":"ERROR"' in text for text in burst) > 20
    assert json.loads(burst[-1])["message"].startswith("order queue stopping")
    assert sim.block(7, OUTAGE.down, OUTAGE.up - 1).texts == []


def test_only_the_first_host_imports() -> None:
    first, second = orders_logs(SPAN)
    assert (first.host, second.host) == HOSTS
    assert {r.event.job for r in first.script if r.event} == {JOB}
    assert not any(r.event for r in second.script)
