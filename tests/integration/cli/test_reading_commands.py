"""Commands that read: the facts of the screens, as tables and JSON."""

import dataclasses
import json
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from psbuddy.model.observation import LevelCount
from psbuddy.model.terms import Level, State
from psbuddy.report.status import refresh_status
from psbuddy.store import open_store
from tests.integration.cli.conftest import MOMENT, Psbuddy
from tests.support import fleet_store
from tests.support.visits import NOON, log, visit
from tests.ui.samples import status


def test_status_names_what_is_wrong_and_exits_1(psbuddy: Psbuddy) -> None:
    done = psbuddy("status")
    assert done.code == 1
    ledger, shop = (done.out.find(name) for name in ("General Ledger", "Web shop"))
    assert 0 < shop < ledger, "the freshest trouble first, as in the window"
    assert "Month close for 2026-11 was started twice" in done.out
    assert done.err == ""


def test_status_as_json_is_one_document(psbuddy: Psbuddy) -> None:
    done = psbuddy("status", "--json", "--app", "shop")
    document = json.loads(done.out)
    (shop,) = document["applications"]
    assert (shop["app"], shop["state"]) == ("shop", "down")
    assert shop["last_collection"].startswith("2026-12-01T10:")
    assert len(shop["spark"]) == 24
    assert {host["host"] for host in document["hosts"]} == {"shop-app-1", "shop-app-2", "led-app-1"}


def test_an_unknown_application_is_wrong_use_and_brings_the_nearest(psbuddy: Psbuddy) -> None:
    for command in (["status", "--app", "shpo"], ["causes", "shpo"], ["jobs", "shpo"]):
        done = psbuddy(*command)
        assert (done.code, done.out) == (2, "")
        assert 'Did you mean "shop"?' in done.err


def test_old_knowledge_exits_1_though_all_was_quiet(psbuddy: Psbuddy, tmp_path: Path) -> None:
    with open_store(str(tmp_path / "old.db")) as store:
        store.write_catalogue([fleet_store.SHOP], NOON)
        store.write_status([status("shop", "Web shop", State.UP, last_collection=NOON - 86_400)])
    done = psbuddy("status", db=str(tmp_path / "old.db"))
    assert done.code == 1
    assert "All quiet" in done.out
    assert "Web shop: known" in done.err
    assert json.loads(psbuddy("status", "--json", db=str(tmp_path / "old.db")).out)["stale"] == [
        "shop"
    ]


def test_a_store_of_a_newer_version_is_left_alone(
    psbuddy: Psbuddy, fleet_db: str, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.db"
    newer.write_bytes(Path(fleet_db).read_bytes())
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 999")
    before = newer.read_bytes()
    for command in (["status"], ["collect", "--once"], ["doctor"]):
        done = psbuddy(*command, db=str(newer))
        assert done.code == 1
        assert "newer than this one" in done.err + done.out.replace("\n", " ")
    assert newer.read_bytes() == before


def test_causes_are_listed_with_their_examples(psbuddy: Psbuddy) -> None:
    done = psbuddy("causes", "shop", "--until", MOMENT, "--examples", "1")
    assert done.code == 0
    assert "SocketTimeout in PaymentClient.charge" in done.out
    assert "<b>&amp;</b> " in done.out
    assert re.search(r"\n +at ", done.out), "each line of a stack trace on a line of its own"
    done = psbuddy("causes", "shop", "--until", MOMENT, "--json", "--limit", "1")
    (cause,) = json.loads(done.out)["causes"]
    assert (cause["level"], cause["examples"]) == ("error", [])
    assert cause["first_seen"].endswith("Z")


def test_no_causes_is_said_not_shown_as_a_table(psbuddy: Psbuddy) -> None:
    done = psbuddy("causes", "ledger", "--until", MOMENT)
    assert (done.code, done.out) == (0, "")
    assert "No errors or warnings" in done.err


def test_jobs_tell_of_the_second_start_and_exit_1(psbuddy: Psbuddy) -> None:
    done = psbuddy("jobs", "--until", MOMENT)
    assert done.code == 1
    assert "ledger/month-close" in done.out
    assert "was started twice" in done.out  # further on, the table wraps as the names' widths want
    document = json.loads(psbuddy("jobs", "ledger", "--until", MOMENT, "--json").out)
    close = next(job for job in document["jobs"] if job["job"] == "month-close")
    assert close["last_run"]["verdict"] == "twice"
    assert close["definition"]["rerun"] == "never"


def test_runs_of_a_job_by_either_name(psbuddy: Psbuddy) -> None:
    for name in ("month-close", "ledger/month-close"):
        done = psbuddy("runs", name, "--until", MOMENT)
        assert done.code == 0
        assert "2026-11-30T23:31:00Z" in done.out
        assert done.out.splitlines()[1].split()[-2:] == ["Host", "Note"]
        assert "by ops-jane" in done.out
    runs = json.loads(psbuddy("runs", "nightly-post", "--until", MOMENT, "--json").out)["runs"]
    assert len(runs) == 30
    assert all(run["low_s"] < run["high_s"] for run in runs if run["low_s"] is not None)
    assert runs[0]["expected_s"] is None
    assert runs[-1]["expected_s"] is not None


def test_an_unknown_job_brings_the_nearest(psbuddy: Psbuddy) -> None:
    assert 'Did you mean "month-close"?' in psbuddy("runs", "month-clos").err
    done = psbuddy("runs", "ledger/month-clos")
    assert (done.code, 'Did you mean "ledger/month-close"?' in done.err) == (2, True)


def test_a_store_that_is_not_there_says_what_to_do(psbuddy: Psbuddy, tmp_path: Path) -> None:
    for command in (["status"], ["causes", "a"], ["jobs"], ["runs", "a"], ["sql", "select 1"]):
        done = psbuddy(*command, db=str(tmp_path / "none.db"))
        assert (done.code, done.out) == (1, "")
        assert "There is no store at" in done.err
        assert not (tmp_path / "none.db").exists()


def test_a_store_that_is_something_else_is_refused(psbuddy: Psbuddy, tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear all, " * 200)
    done = psbuddy("status", db=str(file))
    assert done.code == 1
    assert "Traceback" not in done.err
    assert "letter.db" in done.err


def test_an_address_we_cannot_open_is_wrong_use(psbuddy: Psbuddy) -> None:
    done = psbuddy("status", db="mysql://x/y")
    assert (done.code, "not supported" in done.err) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["statuss"],
        ["status", "--jsno"],
        ["causes"],
        ["causes", "shop", "--range", "soon"],
        ["causes", "shop", "--until", "later"],
        ["causes", "shop", "--limit", "0"],
        ["collect"],
        ["collect", "--once", "--watch"],
        ["sql", ""],
        ["catalogue", "chek"],
        ["export"],
        ["snapshot", "shop"],
    ],
)
def test_wrong_use_exits_2_with_a_word_on_stderr(psbuddy: Psbuddy, arguments: list[str]) -> None:
    done = psbuddy(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.strip()
    assert "Traceback" not in done.err


def test_help_names_every_command_and_the_places(psbuddy: Psbuddy) -> None:
    done = psbuddy("--help")
    assert done.code == 0
    for word in ("collect", "doctor", "snapshot", "--db", "--catalogue", "PSBUDDY_CATALOGUE"):
        assert word in done.out


def test_transactions_by_route_worst_first(psbuddy: Psbuddy) -> None:
    done = psbuddy("transactions", "shop", "--until", MOMENT)
    assert (done.code, done.err) == (0, "")
    names = ("POST /pay", "GET /report/{id}", "GET /cart", "other")
    places = [done.out.index(name) for name in names]
    assert places == sorted(places), "failures first, then the slowest, the rest last"
    assert "12 %" in done.out


def test_transactions_as_json(psbuddy: Psbuddy) -> None:
    arguments = ("transactions", "shop", "--until", MOMENT, "--range", "1h", "--json")
    document = json.loads(psbuddy(*arguments, "--limit", "1").out)
    (pay,) = document["routes"]
    assert (pay["route"], pay["failed"], pay["failed_share"]) == ("POST /pay", 24, 0.12)
    assert pay["transactions"] == 200, "two hosts, the two hours that the range touches"
    assert pay["p50_ms"] == pytest.approx(1.1**50, rel=0.05)
    slowest = json.loads(psbuddy(*arguments, "--sort", "slowest").out)["routes"]
    assert slowest[0]["route"] == "GET /report/{id}"
    assert (
        json.loads(psbuddy(*arguments, "--sort", "most").out)["routes"][0]["route"] == "GET /cart"
    )


def test_transactions_by_the_hour(psbuddy: Psbuddy) -> None:
    arguments = ("transactions", "shop", "--until", MOMENT, "--by", "hour", "--range", "2h")
    rows = json.loads(psbuddy(*arguments, "--json").out)["rows"]
    assert rows[0]["start"] == "2026-12-01T08:00:00Z"
    assert rows[1]["transactions"] == 1200
    assert rows[1]["p95_ms"] == pytest.approx(1.1**60, rel=0.05)
    assert "Median" in psbuddy(*arguments).out


def test_an_application_without_routes_says_why(psbuddy: Psbuddy) -> None:
    done = psbuddy("transactions", "ledger", "--until", MOMENT)
    assert (done.code, done.out) == (0, "")
    assert "No log of ledger names a route" in done.err
    done = psbuddy("transactions", "shop", "--until", "2026-10-01T00:00")
    assert "No transaction with a route was seen in these 24h." in done.err


def test_hosts_tells_how_each_is_reached(psbuddy: Psbuddy) -> None:
    done = psbuddy("hosts")
    assert done.code == 0
    assert "shop-app-1" in done.out
    document = json.loads(psbuddy("hosts", "--json").out)
    assert {each["line"]["host"] for each in document["hosts"]} >= {"shop-app-1", "led-app-1"}


def test_the_report_for_the_owner_of_a_host(psbuddy: Psbuddy) -> None:
    done = psbuddy("hosts", "--report", "shop-app-1")
    assert done.code == 0
    assert done.out.startswith("PS Buddy on shop-app-1\n")
    assert "exec python3 -I -S -c" in done.out
    assert "By day:" in done.out
    document = json.loads(psbuddy("hosts", "--report", "shop-app-1", "--json").out)
    assert document["line"]["host"] == "shop-app-1"
    assert document["days"][0]["visits"] >= 1
    wrong = psbuddy("hosts", "--report", "shop-app-9")
    assert (wrong.code, wrong.out) == (2, "")
    assert 'Did you mean "shop-app-' in wrong.err


def test_errors_that_rose_in_the_first_hours_are_on_watch(psbuddy: Psbuddy, tmp_path: Path) -> None:
    now, db = int(time.time()), str(tmp_path / "young.db")
    minutes = [(minute, 12) for minute in range(now - 1_200, now - 60, 60)]
    levels = [LevelCount(now - 10_000, Level.INFO, 1)]
    levels += [LevelCount(minute, Level.ERROR, records) for minute, records in minutes]
    with open_store(db) as store:
        store.write_catalogue([dataclasses.replace(fleet_store.SHOP, hosts=("h1",))], now)
        read = log("shop", "app", read_until=now, levels=tuple(levels))
        store.commit([visit(read, host="h1", at=now - 5)], now)
        refresh_status(store, now)
    (shop,) = json.loads(psbuddy("status", "--json", db=db).out)["applications"]
    assert shop["state"] == "watch"
    assert shop["headline"].startswith("Errors rose at ")
    assert "No normal is known yet" in shop["sentence"]
    done = psbuddy("status", db=db)
    assert done.code == 0, "on watch is no alarm"
    assert "Errors rose at " in " ".join(done.out.split())
