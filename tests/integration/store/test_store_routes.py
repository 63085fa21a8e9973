"""Transactions by route: sums, rollups, bounds, and what a read touches."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from psbuddy.model import latency
from psbuddy.model.observation import OTHER_ROUTES, RouteCount
from psbuddy.store import connect_readonly, migrate, open_store, sqlite
from psbuddy.store.grains import HOURS_KEPT
from psbuddy.store.read.routes import names_routes, route_rows
from psbuddy.store.store import Store
from psbuddy.store.write_routes import MOST_A_DAY
from tests.support.visits import NOON, log, routed, transactions, visit

HOUR, DAY = 3_600, 86_400


def test_visits_and_hosts_add_up(store: Store, conn: sqlite3.Connection) -> None:
    first = log(routes=(routed(NOON, "GET /a", {10: 4, 20: 1}, failed=1, max_ms=9.0),))
    second = log(
        routes=(routed(NOON, "GET /a", {20: 5}, max_ms=7.0), routed(NOON, "POST /b", {30: 1}))
    )
    store.commit([visit(first), visit(second, host="h2")], NOON)
    store.commit([visit(second, at=NOON + 60)], NOON + 60)
    one, other = route_rows(conn, "shop", NOON, NOON + HOUR)
    assert (one.route, one.transactions, one.failed, one.max_ms) == ("GET /a", 15, 1, 9.0)
    assert one.total_ms == 150.0
    assert one.p50_ms == latency.value_of(20)
    assert (other.route, other.transactions) == ("POST /b", 2)
    rows = conn.execute(
        "SELECT host, hour, route, transactions, p95_ms FROM v_route_hour ORDER BY 1, 3"
    ).fetchall()
    assert [row[:4] for row in rows] == [
        ("h1", "2026-11-24T12:00:00Z", "GET /a", 10),
        ("h1", "2026-11-24T12:00:00Z", "POST /b", 1),
        ("h2", "2026-11-24T12:00:00Z", "GET /a", 5),
        ("h2", "2026-11-24T12:00:00Z", "POST /b", 1),
    ]
    assert rows[0][4] == pytest.approx(latency.value_of(20))


def test_any_range_is_the_sum_of_its_whole_hours(store: Store, conn: sqlite3.Connection) -> None:
    hours = range(NOON - 3 * DAY, NOON + 3 * DAY, HOUR)
    store.commit([visit(log(routes=tuple(routed(h, "GET /a", {5: 2}) for h in hours)))], NOON)
    for since, until in ((NOON - 2 * DAY - 60, NOON + 2 * DAY + 1), (NOON + 60, NOON + 120)):
        wanted = sum(2 for h in hours if h + HOUR > since and h < until)
        (row,) = route_rows(conn, "shop", since, until)
        assert row.transactions == wanted
    assert route_rows(conn, "shop", NOON + 9 * DAY, NOON + 10 * DAY) == ()


def test_too_many_routes_go_to_other_with_exact_sums(
    store: Store, conn: sqlite3.Connection
) -> None:
    routes = [routed(NOON, f"GET /{n}", {5: 1 + n}) for n in range(MOST_A_DAY + 40)]
    rare = routed(NOON, "GET /rare", {5: 5}, failed=5)
    store.commit([visit(log(routes=(*routes, rare)))], NOON)
    late = tuple(routed(NOON + HOUR, f"GET /new{n}", {5: 3}) for n in range(20))
    again = routed(NOON + HOUR, "GET /99", {5: 1})
    tomorrow = routed(NOON + DAY, "GET /new1", {5: 7})
    store.commit([visit(log(routes=(*late, again, tomorrow)), at=NOON + DAY)], NOON + DAY)
    rows = {row.route: row for row in route_rows(conn, "shop", NOON, NOON + 2 * HOUR)}
    assert len(rows) == MOST_A_DAY + 1
    assert rows["GET /rare"].failed == 5
    assert rows["GET /99"].transactions == 101
    total = sum(r.transactions for r in (*routes, rare, *late, again))
    assert sum(row.transactions for row in rows.values()) == total
    left_out = sum(1 + n for n in range(41)) + 60
    assert rows[OTHER_ROUTES].transactions == left_out
    assert "GET /new1" in {
        row.route for row in route_rows(conn, "shop", NOON + DAY, NOON + 2 * DAY)
    }


def test_routes_without_durations(store: Store, conn: sqlite3.Connection) -> None:
    bare = RouteCount(NOON, "GET /a", 3, 1, 0.0, 0.0, ())
    store.commit([visit(log(routes=(bare,)))], NOON)
    (row,) = route_rows(conn, "shop", NOON, NOON + HOUR)
    assert (row.transactions, row.failed, row.failed_share) == (3, 1, 1 / 3)
    assert (row.total_ms, row.p50_ms, row.p99_ms, row.max_ms) == (None, None, None, None)


def test_a_commit_that_fails_stores_no_routes(store: Store, conn: sqlite3.Connection) -> None:
    broken = log(
        routes=(routed(NOON, "GET /a", {5: 1}),), transactions=(transactions(2**70, {5: 1}),)
    )
    with pytest.raises(Exception, match=r"cannot be stored"):
        store.commit([visit(broken)], NOON)
    assert not names_routes(conn, "shop")
    store.commit([visit(log(routes=(routed(NOON, "GET /a", {5: 1}),)))], NOON)
    assert names_routes(conn, "shop")


def test_old_hours_give_way_to_their_days(store: Store, conn: sqlite3.Connection) -> None:
    hours = range(NOON - 100 * DAY, NOON + HOUR, 6 * HOUR)
    store.commit([visit(log(routes=tuple(routed(h, "GET /a", {5: 2}) for h in hours)))], NOON)
    (oldest,) = conn.execute("SELECT min(hour) FROM hour_route").fetchone()
    assert NOON - HOURS_KEPT - DAY < oldest < NOON - HOURS_KEPT + DAY
    (row,) = route_rows(conn, "shop", NOON - 200 * DAY, NOON + HOUR)
    assert row.transactions == 2 * len(hours)
    day = NOON // DAY * DAY - 95 * DAY
    (row,) = route_rows(conn, "shop", day + 7 * HOUR, day + 8 * HOUR)
    assert row.transactions == 2 * len([h for h in hours if day <= h < day + DAY])


def test_a_range_is_read_by_the_key_alone(store: Store, conn: sqlite3.Connection) -> None:
    for table, time in (("hour_route", "hour"), ("day_route", "day")):
        plan = conn.execute(
            f"EXPLAIN QUERY PLAN SELECT route_id, buckets FROM {table} "
            f"WHERE source_id IN (1, 2) AND {time} >= 1 AND {time} < 9"
        ).fetchall()
        assert [row[3] for row in plan] == [
            f"SEARCH {table} USING PRIMARY KEY (source_id=? AND {time}>? AND {time}<?)"
        ]


def test_a_store_of_the_version_before_keeps_what_it_has(tmp_path: Path) -> None:
    from sqlalchemy import create_engine

    from psbuddy.store import views
    from psbuddy.store.schema import APPLICATION_ID

    path = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{path}", module=sqlite.DRIVER)
    with engine.begin() as connection:
        migrate.upgrade(connection, "0002")
        connection.exec_driver_sql("INSERT INTO application (app, name) VALUES ('shop', 'Shop')")
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql("PRAGMA user_version = 2")
        assert "v_route_hour" in views.VIEWS
    engine.dispose()
    with open_store(str(shutil.copy(path, tmp_path / "store.db"))) as store:
        store.commit([visit(log(routes=(routed(NOON, "GET /a", {5: 1}),)))], NOON)
        conn = connect_readonly(store.url)
        assert [row.route for row in route_rows(conn, "shop", NOON, NOON + 1)] == ["GET /a"]
        assert conn.execute("SELECT count(*) FROM application").fetchone() == (1,)
        conn.close()
