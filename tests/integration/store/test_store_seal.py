"""Sealed days read as the rows did, come back when more comes in, and tell of damage."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from psbuddy.model.application import AppDef
from psbuddy.model.observation import Gap, LevelCount, LogObservation
from psbuddy.model.terms import ERROR_LEVELS, LEVELS, Level
from psbuddy.store import connect_readonly, open_store
from psbuddy.store.grains import DAY, HOUR
from psbuddy.store.read.cause_counts import busiest_causes, cause_counts
from psbuddy.store.read.causes import cause_rows
from psbuddy.store.read.during import transactions_during
from psbuddy.store.read.series import cause_series, level_series, transaction_series
from psbuddy.store.seal import ROWS_FOR, sealed_before
from psbuddy.store.sqlite import DRIVER
from psbuddy.store.store import Store
from psbuddy.store.unpacked import damaged_words, unpack_minutes
from tests.support.visits import NOON, cause, levels, log, transactions, visit

SHOP = AppDef("shop", "Shop", "", "", ("h1", "h2"), 60, ("app",))
MIDNIGHT = NOON - 12 * HOUR
EVER = 2 * NOON


def _plain(value: Any) -> Any:
    """A result that can be compared: NaN is like NaN."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.tobytes()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return [_plain(getattr(value, name)) for name in value.__dataclass_fields__]
    return value


def everything(conn: sqlite3.Connection) -> list[Any]:
    """What every reader of minutes says, of ranges that cut days, hours and minutes."""
    found: list[Any] = []
    for since, until in (
        (MIDNIGHT - 2 * DAY, MIDNIGHT + DAY),
        (MIDNIGHT - DAY - 10 * HOUR - 59, MIDNIGHT - DAY + 17 * HOUR + 61),
        (NOON - 600, NOON + 600),
    ):
        for step in (60, 300, 7_200):
            found += [
                level_series(conn, "shop", since, until, step),
                cause_series(conn, "shop", since, until, step, top=2),
                cause_series(conn, "shop", since, until, step, levels=(Level.WARNING,)),
                transaction_series(conn, "shop", since, until, step),
                cause_counts(conn, "shop", {1: (1, 2), 3: (3,)}, (since, until), step),
            ]
        found.append(cause_rows(conn, "shop", since, until))
        found.append(busiest_causes(conn, "shop", since, until, least=2, most=3))
    spans = [
        (MIDNIGHT - DAY + at, MIDNIGHT - DAY + at + length)
        for at in (-HOUR - 90, -30, 0, 59 * 60, 11 * HOUR + 7)
        for length in (1, 60, 100, 50 * 60, 5 * HOUR, 26 * HOUR)
    ]
    found.append(transactions_during(conn, SHOP, spans))
    return [_plain(each) for each in found]


def read(store: Store) -> list[Any]:
    with closing(connect_readonly(store.url)) as conn:
        return everything(conn)


def seal_all(store: Store, before: int = EVER) -> int:
    return sum(store.seal(*key) for key in store.sealable(before))


def counted(counts: list[LevelCount], *, until: int = NOON + DAY) -> LogObservation:
    return log(
        levels=tuple(counts),
        causes=tuple(
            cause(
                f"f{c.records % 3}",
                ((c.minute, c.records),),
                Level.ERROR if c.records % 2 else Level.WARNING,
            )
            for c in counts
        ),
        transactions=tuple(
            transactions(c.minute, {c.records: 2, 7: 1}, c.records % 2, float(c.records))
            for c in counts
        ),
        read_until=until,
    )


MINUTES = st.integers(0, 3 * 1440 - 1).map(lambda m: MIDNIGHT - 2 * DAY + m * 60)
COUNTS = st.lists(
    st.builds(LevelCount, MINUTES, st.sampled_from(LEVELS), st.integers(1, 50)), max_size=12
)
VISITS = st.lists(
    st.tuples(st.sampled_from(["h1", "h2"]), COUNTS, st.booleans()), min_size=1, max_size=5
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VISITS)
@example(  # a stretch over midnight, no whole hour long, and the last minute of a day within it
    [
        ("h1", [LevelCount(MIDNIGHT - 2 * DAY, Level.INFO, 1)], False),
        ("h2", [LevelCount(MIDNIGHT - 2 * DAY, Level.INFO, 1)], False),
        ("h1", [LevelCount(MIDNIGHT - DAY + 540, Level.INFO, 42)], True),
    ]
)
def test_every_reader_says_the_same_before_and_after_sealing(
    tmp_path_factory: pytest.TempPathFactory,
    empty_store: Path,
    visits: list[tuple[str, list[LevelCount], bool]],
) -> None:
    """Also for late data: days are sealed between visits and opened again by them."""
    folder = tmp_path_factory.mktemp("stores")
    with (
        open_store(str(shutil.copy(empty_store, folder / "rows.db"))) as rows,
        open_store(str(shutil.copy(empty_store, folder / "sealed.db"))) as sealed,
    ):
        for number, (host, counts, seals) in enumerate(visits):
            for store in (rows, sealed):
                store.commit([visit(counted(counts), host=host, at=NOON + number)], NOON)
            if seals:
                seal_all(sealed)
        told = read(rows)
        assert read(sealed) == told
        seal_all(sealed)
        assert read(sealed) == told


def busy(store: Store, *, days: int = 3) -> None:
    """A record of every kind every seven minutes on two hosts."""
    rng = random.Random(3)
    first = MIDNIGHT - (days - 1) * DAY
    for host in ("h1", "h2"):
        counts = [
            LevelCount(minute, rng.choice(LEVELS), rng.randrange(1, 40))
            for minute in range(first, first + days * DAY, 420)
        ]
        store.commit([visit(counted(counts), host=host)], NOON)


def _count(conn: sqlite3.Connection, what: str) -> int:
    return int(conn.execute(f"SELECT count(*) FROM {what}").fetchone()[0])


def test_only_whole_days_that_are_old_enough_are_sealed(
    store: Store, conn: sqlite3.Connection
) -> None:
    busy(store)
    assert store.sealable(sealed_before(MIDNIGHT + DAY)) == []
    now = MIDNIGHT - DAY + ROWS_FOR * DAY  # when the first of three days is old enough
    assert store.sealable(sealed_before(now - 1)) == []
    assert seal_all(store, sealed_before(now)) == 2
    days = conn.execute("SELECT DISTINCT day FROM minute_page").fetchall()
    assert days == [(MIDNIGHT - 2 * DAY,)]
    assert seal_all(store, sealed_before(now)) == 0
    assert not store.seal(1, MIDNIGHT - 2 * DAY) and not store.seal(99, MIDNIGHT)


def test_a_page_tells_its_sums_and_takes_the_place_of_rows(
    store: Store, conn: sqlite3.Connection
) -> None:
    busy(store)
    sums = "SELECT source_id, day, sum(records) FROM day_level GROUP BY 1, 2 ORDER BY 1, 2"
    calls = "SELECT source_id, day, transactions, failed FROM day_transaction ORDER BY 1, 2"
    seal_all(store)
    assert [_count(conn, f"minute_{f}") for f in ("level", "cause", "transaction")] == [0, 0, 0]
    pages = "FROM minute_page ORDER BY 1, 2"
    assert conn.execute(f"SELECT source_id, day, records {pages}").fetchall() == (
        conn.execute(sums).fetchall()
    )
    assert conn.execute(f"SELECT source_id, day, transactions, failed {pages}").fetchall() == (
        conn.execute(calls).fetchall()
    )


MINUTE_SQL = (
    "SELECT * FROM v_minute ORDER BY 1, 2, 3, 4, 5",
    "SELECT * FROM v_transaction_minute ORDER BY 1, 2, 3, 4",
    "SELECT * FROM minute_level ORDER BY 1, 2, 3",
    "SELECT source_id, minute, cause_id, records FROM minute_cause ORDER BY 1, 2, 3",
    "SELECT * FROM minute_transaction ORDER BY 1, 2",
)


def test_sql_finds_sealed_minutes_as_it_found_the_rows(store: Store) -> None:
    busy(store)
    with closing(connect_readonly(store.url)) as conn:
        told = [conn.execute(sql).fetchall() for sql in MINUTE_SQL]
    seal_all(store)
    with closing(connect_readonly(store.url)) as conn:
        unpacked = unpack_minutes(conn)
        assert [conn.execute(sql).fetchall() for sql in MINUTE_SQL] == told
        assert not unpacked.damaged and damaged_words(conn, unpacked) == ""
        with pytest.raises(DRIVER.OperationalError, match="readonly"):
            conn.execute("DELETE FROM main.minute_page")
    with closing(connect_readonly(store.url)) as conn:
        unpack_minutes(conn, NOON, NOON + 60)
        found = conn.execute(MINUTE_SQL[0]).fetchall()
        assert found == [row for row in told[0] if row[3] >= "2026-11-24"]


def test_other_programs_see_the_hours_of_sealed_days(store: Store) -> None:
    busy(store)
    by_hour = (
        "SELECT app, host, log, substr(minute, 1, 13), level, sum(records) FROM v_minute "
        "GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
        "SELECT app, host, log, substr(minute, 1, 13), sum(transactions), sum(failed), "
        "max(max_ms) FROM v_transaction_minute GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
    )
    with closing(DRIVER.connect(str(store.path))) as other:
        told = [other.execute(sql).fetchall() for sql in by_hour]
        seal_all(store, MIDNIGHT)
        assert [other.execute(sql).fetchall() for sql in by_hour] == told
        lengths = "SELECT DISTINCT length(minute), minute < '2026-11-24' FROM v_minute ORDER BY 1"
        assert other.execute(lengths).fetchall() == [(13, 1), (20, 0)]


def test_sql_tells_of_damaged_days(store: Store, conn: sqlite3.Connection) -> None:
    busy(store)
    seal_all(store)
    flip(store.path, random.Random(4), 2, MIDNIGHT)
    unpacked = unpack_minutes(conn)
    rows = conn.execute("SELECT DISTINCT host FROM v_minute WHERE minute > '2026-11-24'")
    assert rows.fetchall() == [("h1",)]
    assert unpacked.damaged == {(2, MIDNIGHT)}
    assert "2026-11-24 of shop, app on h2." in damaged_words(conn, unpacked)


def test_late_records_open_their_day_and_no_other(store: Store, conn: sqlite3.Connection) -> None:
    busy(store)
    seal_all(store)
    late = log(levels=levels((MIDNIGHT - 60, Level.ERROR, 5)))
    store.commit([visit(late, at=NOON + 1)], NOON)
    keys = "SELECT source_id, day FROM minute_page ORDER BY 1, 2"
    assert (1, MIDNIGHT - DAY) not in conn.execute(keys).fetchall()
    assert _count(conn, "minute_page") == 5
    assert store.sealable(EVER) == [(1, MIDNIGHT - DAY)]
    seal_all(store)
    assert _count(conn, "minute_page") == 6


def flip(path: Path, rng: random.Random, source: int, day: int) -> None:
    """Another byte at a random place of a page, as a disk would do it."""
    with closing(DRIVER.connect(str(path))) as conn:
        where = "WHERE source_id = ? AND day = ?"
        (data,) = conn.execute(f"SELECT data FROM minute_page {where}", (source, day)).fetchone()
        flipped = bytearray(data)
        flipped[rng.randrange(len(flipped))] ^= rng.randrange(1, 256)
        conn.execute(f"UPDATE minute_page SET data = ? {where}", (bytes(flipped), source, day))
        conn.commit()


def test_a_damaged_day_is_unknown_and_never_zero(store: Store, conn: sqlite3.Connection) -> None:
    counts = [LevelCount(minute, Level.ERROR, 3) for minute in range(MIDNIGHT - DAY, NOON, 300)]
    store.commit([visit(counted(counts, until=NOON))], NOON)
    seal_all(store)
    flip(store.path, random.Random(1), 1, MIDNIGHT - DAY)
    reach = MIDNIGHT - DAY, NOON
    found = level_series(conn, "shop", *reach, 300)
    lost = found.times < MIDNIGHT
    for series in (
        *(found.counts[level] for level in LEVELS),
        transaction_series(conn, "shop", *reach, 300).count,
        transaction_series(conn, "shop", *reach, 300).failed,
        cause_series(conn, "shop", *reach, 300, levels=(*ERROR_LEVELS, Level.WARNING)).other,
        cause_counts(conn, "shop", {1: (1,)}, reach, 300).counts[1],
    ):
        assert np.isnan(series[lost]).all() and np.isfinite(series[~lost]).all()
    assert not found.observed[lost].any()
    hourly = level_series(conn, "shop", *reach, HOUR)  # hours are rows, and still known
    assert np.isfinite(hourly.counts[Level.ERROR]).all()
    spans = [(MIDNIGHT - HOUR - 90, MIDNIGHT - 30), (MIDNIGHT + 30, MIDNIGHT + 90)]
    shop = AppDef("shop", "Shop", "", "", ("h1",), 60, ("app",))
    assert np.isnan(transactions_during(conn, shop, spans)).tolist() == [True, False]


def test_what_comes_in_for_a_damaged_day_is_kept_beside_it(
    store: Store, conn: sqlite3.Connection
) -> None:
    busy(store)
    seal_all(store)
    flip(store.path, random.Random(2), 1, MIDNIGHT - DAY)
    late = log(levels=levels((MIDNIGHT - 60, Level.ERROR, 5)), gaps=(Gap(0, 0, "x", 1),))
    store.commit([visit(late, at=NOON + 1)], NOON)
    assert _count(conn, "minute_page") == 6 and _count(conn, "minute_level") == 1
    assert not store.seal(1, MIDNIGHT - DAY)
    assert conn.execute("SELECT records FROM minute_level").fetchone() == (5,)
