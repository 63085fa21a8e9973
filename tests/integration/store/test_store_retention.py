"""What retention drops is gone, is written down, and is told instead of shown as nothing."""

import sqlite3
from contextlib import closing

import numpy as np
import pytest

from psbuddy.model.observation import LevelCount
from psbuddy.model.terms import ERROR_LEVELS, Level
from psbuddy.store import connect_readonly
from psbuddy.store.grains import DAY, HOUR
from psbuddy.store.read.causes import cause_rows
from psbuddy.store.read.series import cause_series, level_series, transaction_series
from psbuddy.store.read.states import gaps
from psbuddy.store.retention import AT_ONCE, kept_from
from psbuddy.store.store import Store
from tests.integration.store.test_store_seal import EVER, MIDNIGHT, counted, seal_all
from tests.support.visits import NOON, visit

FIRST = MIDNIGHT - 20 * DAY
DAYS = 20


@pytest.fixture(params=["rows", "pages", "some"])
def store(store: Store, request: pytest.FixtureRequest) -> Store:
    """Twenty days of a record every hour, three of each; none, all or half of them sealed."""
    counts = [
        LevelCount(minute, Level.ERROR, 3) for minute in range(FIRST, FIRST + DAYS * DAY, HOUR)
    ]
    store.commit([visit(counted(counts))], NOON)
    if request.param != "rows":
        seal_all(store, EVER if request.param == "pages" else FIRST + 5 * DAY)
    return store


def drop_all(store: Store, tier: str, before: int) -> int:
    """Steps it took."""
    steps = 0
    for source in store.droppable(tier, before):
        while store.drop(source, tier, before, NOON):
            steps += 1
    return steps


def test_minutes_go_in_steps_and_what_went_is_written_down(
    store: Store, conn: sqlite3.Connection
) -> None:
    before = kept_from(MIDNIGHT - 1, 10 * DAY)
    assert before == MIDNIGHT - 11 * DAY
    assert drop_all(store, "minute", before) == -(-9 // AT_ONCE)
    told = "SELECT app, host, log, tier, from_time, to_time FROM v_dropped"
    assert conn.execute(told).fetchall() == [
        ("shop", "h1", "app", "minute", "2026-11-04T00:00:00Z", "2026-11-13T00:00:00Z")
    ]
    assert drop_all(store, "minute", before) == 0
    assert drop_all(store, "minute", before + DAY) == 1
    assert conn.execute(told).fetchall()[0][4:] == ("2026-11-04T00:00:00Z", "2026-11-14T00:00:00Z")
    days = "SELECT DISTINCT {0} / 86400 * 86400 FROM {1} WHERE {0} < ?"
    for table, time in (("minute_page", "day"), ("minute_level", "minute")):
        assert conn.execute(days.format(time, table), (before + DAY,)).fetchall() == []
    assert conn.execute("SELECT sum(records) FROM hour_level").fetchone() == (DAYS * 24 * 3,)


def test_dropped_minutes_are_unknown_hours_are_not(store: Store) -> None:
    drop_all(store, "minute", FIRST + 8 * DAY)
    with closing(connect_readonly(store.url)) as conn:
        reach = FIRST + 7 * DAY + 12 * HOUR, FIRST + 8 * DAY + 12 * HOUR
        fine = level_series(conn, "shop", *reach, 300)
        lost = fine.times < FIRST + 8 * DAY
        for series in (
            fine.counts[Level.ERROR],
            transaction_series(conn, "shop", *reach, 300).count,
            cause_series(conn, "shop", *reach, 300, levels=(*ERROR_LEVELS, Level.WARNING)).other,
        ):
            assert np.isnan(series[lost]).all() and np.isfinite(series[~lost]).all()
        assert np.isfinite(level_series(conn, "shop", *reach, HOUR).counts[Level.ERROR]).all()
        (gap,) = gaps(conn, "shop", *reach, 300)
        assert (gap.host, gap.log, gap.from_time, gap.to_time) == (
            *("h1", "app"),
            *(FIRST, FIRST + 8 * DAY),
        )
        assert "minutes of this time were dropped by retention" in gap.reason
        assert gaps(conn, "shop", *reach, HOUR) == ()
        assert gaps(conn, "shop", FIRST + 8 * DAY, FIRST + 9 * DAY, 60) == ()


def test_what_is_left_counts_whole_where_a_range_cuts_it(store: Store) -> None:
    """Ranges begin and end in minutes that are gone: the hours about them count."""
    since, until = FIRST + 90 * 60, FIRST + 3 * DAY + 90 * 60
    with closing(connect_readonly(store.url)) as conn:
        (before,) = cause_rows(conn, "shop", since, until)
    drop_all(store, "minute", FIRST + 8 * DAY)
    with closing(connect_readonly(store.url)) as conn:
        (after,) = cause_rows(conn, "shop", since, until)
    assert before.records == 72 * 3  # 02:00 to 01:00
    assert after.records == 73 * 3  # 01:00 to 01:00: the hour of 01:30 counts whole
    drop_all(store, "hour", FIRST + 8 * DAY)
    with closing(connect_readonly(store.url)) as conn:
        (coarse,) = cause_rows(conn, "shop", since, until)
        hourly = level_series(conn, "shop", FIRST + 7 * DAY, FIRST + 9 * DAY, HOUR)
        daily = level_series(conn, "shop", FIRST + 7 * DAY, FIRST + 9 * DAY, DAY)
        reasons = [gap.reason for gap in gaps(conn, "shop", FIRST, FIRST + DAY, HOUR)]
    assert coarse.records == 4 * 24 * 3
    assert np.isnan(hourly.counts[Level.ERROR]).tolist() == [True] * 24 + [False] * 24
    assert daily.counts[Level.ERROR].tolist() == [72, 72]
    assert len(reasons) == 1 and reasons[0].startswith("The hours of this time were dropped")
