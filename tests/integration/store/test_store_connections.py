"""Visits know the connection they used; a host keeps what is noted of the way to it."""

import shutil
import sqlite3
from pathlib import Path

from psbuddy.model.observation import Connection, HostCost, Position
from psbuddy.model.terms import Outcome, Stage
from psbuddy.store import connect_readonly, migrate, open_store, sqlite
from psbuddy.store.read.collections import (
    collections,
    files_read,
    host_notes,
    visit_days,
)
from psbuddy.store.store import Store
from tests.support.visits import NOON, log, visit

MADE = Connection(NOON, 1, 0.25, 0.125, ("Options of ssh_config without effect here: A b.",))
DAY = 86_400


def test_what_a_visit_knows_of_its_connection(store: Store, conn: sqlite3.Connection) -> None:
    kept = Connection(NOON, 0, None, None, MADE.notes)
    store.commit([visit(connection=MADE), visit(at=NOON + 60, connection=kept)], NOON)
    newest, first = collections(conn, "h1")
    assert (first.connected, first.logins) == (NOON, 1)
    assert (first.login_seconds, first.start_seconds) == (0.25, 0.125)
    assert (newest.connected, newest.logins, newest.start_seconds) == (NOON, 0, None)
    assert host_notes(conn, "h1") == MADE.notes
    assert host_notes(conn, "nobody") == ()


def test_a_failed_visit_keeps_the_notes_and_a_new_connection_replaces_them(
    store: Store, conn: sqlite3.Connection
) -> None:
    lost = visit(at=NOON + 60, stage=Stage.TCP, outcome=Outcome.FAILED, connection=Connection(0))
    store.commit([visit(connection=MADE), lost], NOON)
    assert host_notes(conn, "h1") == MADE.notes
    store.commit([visit(at=NOON + 120, connection=Connection(NOON + 120, 1))], NOON)
    assert host_notes(conn, "h1") == ()


def test_days_add_up(store: Store, conn: sqlite3.Connection) -> None:
    cost = HostCost(0.5, 1000, 64)
    store.commit(
        [
            visit(at=NOON - DAY, cost=cost, bytes_received=10, connection=MADE),
            visit(at=NOON, cost=cost, bytes_received=10, connection=MADE),
            visit(at=NOON + 60, cost=HostCost(0.25, 3000, 64), bytes_received=1),
            visit(at=NOON + 120, stage=Stage.TCP, outcome=Outcome.FAILED),
        ],
        NOON,
    )
    today, before = visit_days(conn, "h1")
    assert (today.visits, today.failed, today.logins) == (3, 1, 1)
    assert (today.bytes_read, today.bytes_received) == (128, 11)
    assert (today.cpu_seconds, today.memory_bytes, today.start_seconds) == (0.75, 3000, 0.125)
    assert (before.visits, before.failed) == (1, 0)
    assert before.day < today.day
    assert visit_days(conn, "nobody") == ()


def test_a_store_of_the_version_before_keeps_its_visits(tmp_path: Path) -> None:
    from sqlalchemy import create_engine

    from psbuddy.store.schema import APPLICATION_ID

    path = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{path}", module=sqlite.DRIVER)
    with engine.begin() as connection:
        migrate.upgrade(connection, "0003")
        connection.exec_driver_sql("INSERT INTO host (host) VALUES ('h1')")
        connection.exec_driver_sql(
            "INSERT INTO collection (host_id, started, stage, outcome) VALUES (1, 5, 'done', 'ok')"
        )
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql("PRAGMA user_version = 3")
    engine.dispose()
    with open_store(str(shutil.copy(path, tmp_path / "store.db"))) as store:
        store.commit([visit(connection=MADE)], NOON)
        conn = connect_readonly(store.url)
        newest, oldest = collections(conn, "h1")
        assert (oldest.started, oldest.connected, oldest.logins) == (5, 0, 0)
        assert newest.connected == NOON
        conn.close()


def test_the_files_that_were_read(store: Store, conn: sqlite3.Connection) -> None:
    paths = ("/var/log/b.log", "/var/log/a.log")
    positions = tuple(Position(path, 1, 2, 3, 4, 5, 6, "", "", "") for path in paths)
    store.commit([visit(log(positions=positions))], NOON)
    assert files_read(conn, "h1") == ("/var/log/a.log", "/var/log/b.log")
    assert files_read(conn, "nobody") == ()
