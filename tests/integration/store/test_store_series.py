"""Series as charts ask for them: sums, grains, gaps, and the cost of asking."""

import re
import sqlite3
from collections.abc import Callable

import numpy as np
import pytest

from psbuddy.model import latency
from psbuddy.model.observation import Gap
from psbuddy.model.runs import JobDef
from psbuddy.model.terms import LEVELS, Level
from psbuddy.store.read.causes import cause_rows
from psbuddy.store.read.runs import run_history
from psbuddy.store.read.series import cause_series, level_series, transaction_series
from psbuddy.store.read.states import observed_intervals
from psbuddy.store.store import Store
from tests.support.visits import NOON, cause, event, levels, log, transactions, visit

HOUR, DAY = 3_600, 86_400


def test_not_observed_is_not_zero(store: Store, conn: sqlite3.Connection) -> None:
    first = log(levels=levels((NOON, Level.ERROR, 2)), read_until=NOON + 120)
    lost = log(gaps=(Gap(NOON + 180, NOON + 300, "truncated", 9),), read_until=NOON + 390)
    store.commit([visit(first, at=NOON + 120), visit(lost, at=NOON + 390)], NOON + 390)
    series = level_series(conn, "shop", NOON - 60, NOON + 480, 60)
    nan = np.nan
    assert series.times[0] == NOON - 60 and len(series.times) == 9
    np.testing.assert_array_equal(series.counts[Level.ERROR], [nan, 2, 0, 0, nan, nan, 0, 0, nan])
    np.testing.assert_array_equal(series.observed, [0, 1, 1, 1, 0, 0, 1, 0.5, 0])
    np.testing.assert_array_equal(series.counts[Level.INFO][[0, 1]], [nan, 0])
    spans = observed_intervals(conn, "shop", 0, NOON + DAY)
    assert [(i.start - NOON, i.end - NOON) for i in spans] == [(0, 180), (300, 390)]


def test_observed_is_the_mean_over_logs(store: Store, conn: sqlite3.Connection) -> None:
    fact = levels((NOON, Level.INFO, 1))
    store.commit(
        [
            visit(log(levels=fact, read_until=NOON + 60), at=NOON + 60),
            visit(log(levels=fact, read_until=NOON + 30), at=NOON + 60, host="h2"),
        ],
        NOON + 60,
    )
    series = level_series(conn, "shop", NOON, NOON + 60, 60)
    assert series.observed.tolist() == [0.75]
    assert series.counts[Level.INFO].tolist() == [2]


def test_what_was_counted_is_shown_even_while_the_end_is_not_reached(
    store: Store, conn: sqlite3.Connection
) -> None:
    behind = log(levels=levels((NOON, Level.INFO, 4)), read_until=0, backlog_bytes=99)
    store.commit([visit(behind)], NOON)
    series = level_series(conn, "shop", NOON - 60, NOON + 60, 60)
    np.testing.assert_array_equal(series.counts[Level.INFO], [np.nan, 4])


@pytest.mark.parametrize("step", [60, 300, HOUR, 2 * HOUR, DAY, 7 * DAY])
def test_every_step_gives_the_same_total(store: Store, conn: sqlite3.Connection, step: int) -> None:
    minutes = [NOON - 9 * DAY + n * 7_777 // 60 * 60 for n in range(100)]
    fact = log(
        levels=levels(*((m, Level.ERROR, 1 + n) for n, m in enumerate(minutes))),
        causes=tuple(cause(f"f{n % 9}", ((m, 1 + n),)) for n, m in enumerate(minutes)),
        transactions=tuple(transactions(m, {n % 40: 1 + n}) for n, m in enumerate(minutes)),
    )
    store.commit([visit(fact)], NOON)
    told = sum(range(1, 101))
    series = level_series(conn, "shop", NOON - 9 * DAY, NOON, step)
    assert np.nansum(series.counts[Level.ERROR]) == told
    assert (np.diff(series.times) == step).all() and series.times[0] % step == 0
    causes = cause_series(conn, "shop", NOON - 9 * DAY, NOON, step)
    assert len(causes.rows) == 7
    assert np.nansum(causes.other) + sum(np.nansum(c) for c in causes.counts) == told
    for row, counts in zip(causes.rows, causes.counts, strict=True):
        assert np.nansum(counts) == row.records
    done = transaction_series(conn, "shop", NOON - 9 * DAY, NOON, step)
    assert np.nansum(done.count) == told
    assert set(series.counts) == set(LEVELS)


def test_warnings_are_not_stacked_with_errors_unless_asked(
    store: Store, conn: sqlite3.Connection
) -> None:
    told = (cause("e"), cause("w", level=Level.WARNING, minutes=((NOON, 9),)))
    store.commit([visit(log(levels=levels((NOON, Level.ERROR, 1)), causes=told))], NOON)
    assert [r.cause for r in cause_series(conn, "shop", NOON, NOON + 60, 60).rows] == ["e"]
    both = cause_series(conn, "shop", NOON, NOON + 60, 60, levels=LEVELS, top=1)
    assert [r.cause for r in both.rows] == ["w"]
    assert both.other.tolist() == [1]
    assert [r.cause for r in cause_rows(conn, "shop", NOON, NOON + 60)] == ["w", "e"]


def test_latencies_are_merged_over_minutes_and_hosts(
    store: Store, conn: sqlite3.Connection
) -> None:
    store.commit(
        [
            visit(log(transactions=(transactions(NOON, {10: 98}, 0, 3.0),))),
            visit(log(transactions=(transactions(NOON + 60, {50: 2}, 2, 99.0),)), host="h2"),
        ],
        NOON,
    )
    series = transaction_series(conn, "shop", NOON - HOUR, NOON + HOUR, HOUR)
    assert series.count[1] == 100 and series.failed[1] == 2
    assert series.p50_ms[1] == pytest.approx(latency.value_of(10))
    assert series.p95_ms[1] == pytest.approx(latency.value_of(10))
    assert series.p99_ms[1] == 99  # its bucket reaches further, no transaction did
    assert series.max_ms[1] == 99
    assert np.isnan(series.p50_ms[0]) and np.isnan(series.max_ms[0])


def test_an_unknown_application_has_no_data_rather_than_zeros(conn: sqlite3.Connection) -> None:
    series = level_series(conn, "nobody", NOON, NOON + 300, 60)
    assert np.isnan(series.counts[Level.ERROR]).all() and not series.observed.any()
    assert cause_series(conn, "nobody", NOON, NOON + 300, 60).rows == ()
    assert np.isnan(transaction_series(conn, "nobody", NOON, NOON + 300, 60).count).all()
    assert cause_rows(conn, "nobody", NOON, NOON + 300) == ()
    assert observed_intervals(conn, "nobody", NOON, NOON + 300) == ()


def _plans(conn: sqlite3.Connection, read: Callable[[], object]) -> list[str]:
    """Query plan lines of every statement a read runs."""
    told: list[str] = []
    conn.set_trace_callback(told.append)
    read()
    conn.set_trace_callback(None)
    return [
        line for sql in told for *_, line in conn.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
    ]


@pytest.mark.parametrize("step", [60, HOUR, DAY])
def test_charts_read_ranges_of_the_clustered_tables(
    store: Store, conn: sqlite3.Connection, step: int
) -> None:
    fact = log(
        levels=levels((NOON, Level.ERROR, 1)),
        causes=(cause(),),
        transactions=(transactions(NOON, {1: 1}),),
        jobs=(event("start", NOON),),
    )
    store.commit([visit(fact, host=f"h{n}") for n in range(4)], NOON)
    since, until = NOON - 30 * DAY, NOON
    lines = _plans(conn, lambda: level_series(conn, "shop", since, until, step))
    lines += _plans(conn, lambda: cause_series(conn, "shop", since, until, step))
    lines += _plans(conn, lambda: transaction_series(conn, "shop", since, until, step))
    facts = [line for line in lines if re.search(r"(minute|hour|day)_|\bf\b", line)]
    assert len(facts) >= 4
    for line in facts:
        assert re.search(
            r"SEARCH .* USING (PRIMARY KEY|INDEX sqlite_autoindex_minute_page_1) "
            r"\(source_id=\? AND \w+>\? AND \w+<\?\)",
            line,
        )
    runs = _plans(conn, lambda: run_history(conn, JobDef("shop", "close", "app"), since, until))
    assert any("ix_run_app_id_job_at (app_id=? AND job=? AND at<?)" in line for line in runs)
