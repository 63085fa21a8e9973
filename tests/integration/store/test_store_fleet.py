"""Catalogue and status kept in the store, read back for the first page."""

import sqlite3
import threading

from psbuddy.model.application import AppDef
from psbuddy.model.runs import JobDef
from psbuddy.model.status import AppStatus
from psbuddy.model.terms import Level, State
from psbuddy.store.read.apps import app_def, app_defs, job_defs
from psbuddy.store.read.fleet import app_statuses
from psbuddy.store.store import Store
from tests.support.visits import NOON, levels, log, visit


def _app(app: str, *jobs: str, name: str = "") -> AppDef:
    return AppDef(
        app=app,
        name=name or app.title(),
        owner="team",
        runbook="https://wiki.example",
        hosts=("a", "b"),
        interval=30,
        jobs=tuple(JobDef(app, job, "batch") for job in jobs),
    )


STATUS = AppStatus(
    app="shop",
    name="Shop",
    owner="team",
    runbook="https://wiki.example",
    state=State.WATCH,
    since=NOON,
    sentence="Errors are 3 times normal since 12:00.",
    headline="Errors are 3 times normal",
    errors_per_minute=3.5,
    normal_per_minute=None,
    spark=(1.0, None, 3.0),
    worst_job="close",
    worst_job_note="late",
    availability=0.99,
    coverage=None,
    hosts_seen=1,
    hosts_total=2,
    last_collection=NOON,
    interval=30,
    as_of=NOON + 1,
)


def test_an_application_nobody_looked_at_is_unknown(store: Store, conn: sqlite3.Connection) -> None:
    store.write_catalogue([_app("shop")], NOON)
    (line,) = app_statuses(conn)
    assert (line.state, line.headline) == (State.UNKNOWN, "Not looked at yet.")
    assert (line.name, line.owner, line.interval, line.hosts_total) == ("Shop", "team", 30, 2)
    assert line.spark == (None,) * 24
    assert line.errors_per_minute is None and line.coverage is None


def test_a_status_comes_back_as_it_was_written(store: Store, conn: sqlite3.Connection) -> None:
    store.write_catalogue([_app("shop")], NOON)
    store.write_status([STATUS])
    assert app_statuses(conn) == (STATUS,)


def test_a_status_without_a_catalogue_is_shown_too(store: Store, conn: sqlite3.Connection) -> None:
    store.write_status([STATUS])
    assert app_statuses(conn) == (STATUS,)


def test_an_application_that_left_the_catalogue_leaves_the_page_but_not_the_store(
    store: Store, conn: sqlite3.Connection
) -> None:
    store.write_catalogue([_app("shop"), _app("ledger", "close")], NOON)
    store.write_status([STATUS])
    store.write_catalogue([_app("ledger", "close")], NOON + 1)
    assert [line.app for line in app_statuses(conn)] == ["ledger"]
    assert app_def(conn, "shop") == _app("shop")
    store.write_catalogue([_app("shop")], NOON + 2)
    assert app_statuses(conn)[0].state is State.UNKNOWN  # its old line is not believed again


def test_definitions_are_kept_with_their_history(store: Store, conn: sqlite3.Connection) -> None:
    one, two = _app("shop", "close"), _app("shop", "close", "open", name="New Shop")
    store.write_catalogue([one], NOON)
    store.write_catalogue([one], NOON + 1)
    store.write_catalogue([two], NOON + 2)
    store.write_catalogue([one], NOON + 3)
    assert app_defs(conn) == (one,)
    since = conn.execute("SELECT since FROM application_history ORDER BY since").fetchall()
    assert since == [(NOON,), (NOON + 2,), (NOON + 3,)]


def test_jobs_of_one_or_of_all(store: Store, conn: sqlite3.Connection) -> None:
    store.write_catalogue([_app("shop", "b", "a"), _app("ledger", "close")], NOON)
    assert [job.job for job in job_defs(conn, "shop")] == ["b", "a"]
    assert [job.job for job in job_defs(conn)] == ["close", "b", "a"]
    assert job_defs(conn, "nobody") == ()


def test_an_application_known_by_its_logs_alone(store: Store, conn: sqlite3.Connection) -> None:
    store.commit([visit(log()), visit(log(name="access"), host="h2")], NOON)
    (seen,) = app_defs(conn)
    assert (seen.app, seen.hosts, seen.logs) == ("shop", ("h1", "h2"), ("app", "access"))
    assert app_def(conn, "nobody") is None


def test_threads_take_turns(store: Store, conn: sqlite3.Connection) -> None:
    failures: list[BaseException] = []

    def work(host: str) -> None:
        try:
            for minute in range(10):
                store.positions(host, "shop", "app")
                fact = log(levels=levels((NOON, Level.INFO, 1)))
                store.commit([visit(fact, host=host, at=NOON + minute)], NOON)
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"h{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert conn.execute("SELECT sum(records) FROM v_minute").fetchone() == (40,)
