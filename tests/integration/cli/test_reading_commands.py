"""Commands that read: the facts of the screens, as tables and JSON."""

import dataclasses
import json
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from psbuddy.model import latency
from psbuddy.model.observation import LevelCount
from psbuddy.model.terms import Level, State
from psbuddy.report.status import refresh_status
from psbuddy.store import open_store
from tests.integration.cli.conftest import MOMENT, Psbuddy
from tests.support import fleet_store
from tests.support.visits import NOON, log, routed, transactions, visit
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


def test_status_says_why(psbuddy: Psbuddy) -> None:
    done = psbuddy("status")
    heading, *rows = done.out.splitlines()
    assert re.split(r"  +", heading.strip())[:5] == ["Application", "Id", "State", "Since", "Why"]
    ledger = next(row for row in rows if "General Ledger" in row)
    assert "  down  " in ledger
    assert "was started twice (Mon 22:04" in ledger, "the whole sentence in one line of a pipe"


def test_status_of_one_application_by_id_or_name(psbuddy: Psbuddy) -> None:
    for arguments in (["ledger"], ["General Ledger"], ["--app", "ledger"]):
        (found,) = json.loads(psbuddy("status", *arguments, "--json").out)["applications"]
        assert found["app"] == "ledger"
    done = psbuddy("status", "ledger", "--app", "shop")
    assert (done.code, "Two applications" in done.err) == (2, True)


def test_status_says_that_the_catalogue_on_disk_is_broken(psbuddy: Psbuddy, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("applications: {shop: {hosts: b, ownr: x}}")
    done = psbuddy("status", "shop", catalogue=tmp_path)
    assert done.code == 1
    for word in ("a.yaml:1", 'Did you mean "owner"?', "last good", "psbuddy catalogue check"):
        assert word in done.err
    told = json.loads(psbuddy("status", "--json", catalogue=tmp_path).out)["catalogue"]
    assert (told["valid"], len(told["problems"])) == (False, 1)
    whole = json.loads(psbuddy("status", "--json").out)["catalogue"]
    assert (whole["valid"], whole["problems"]) == (True, [])


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
    assert "<b>&amp;</b>" in done.out
    assert re.search(r"\n +at ", done.out), "each line of a stack trace on a line of its own"
    done = psbuddy("causes", "shop", "--until", MOMENT, "--json", "--limit", "1")
    (cause,) = json.loads(done.out)["causes"]
    assert (cause["level"], cause["examples"]) == ("error", [])
    assert cause["first_seen"].endswith("Z")


def test_no_causes_is_said_not_shown_as_a_table(psbuddy: Psbuddy) -> None:
    done = psbuddy("causes", "ledger", "--until", MOMENT)
    assert (done.code, done.out) == (0, "")
    assert "No errors or warnings" in done.err


@pytest.mark.parametrize("command", ["causes", "transactions"])
def test_none_is_not_told_of_time_that_nobody_saw(psbuddy: Psbuddy, command: str) -> None:
    done = psbuddy(command, "--until", "2024-01-02T00:00:00+00:00")
    assert "were seen in these 24h. Nothing was observed then" in done.err


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


def test_runs_of_an_application_and_of_all(psbuddy: Psbuddy) -> None:
    done = psbuddy("runs", "ledger", "--until", MOMENT)
    assert done.code == 0
    assert {"ledger/nightly-post", "ledger/month-close"} <= set(done.out.splitlines())
    for arguments in (["ledger"], ["General Ledger"], []):
        document = json.loads(psbuddy("runs", *arguments, "--until", MOMENT, "--json").out)
        jobs = {each["job"]["job"]: each["runs"] for each in document["jobs"]}
        assert len(jobs["nightly-post"]) == 30
        assert "month-close" in jobs
    done = psbuddy("runs", "shop")
    assert (done.code, done.err.startswith("shop has no jobs.")) == (2, True)
    assert 'Did you mean "ledger"?' in psbuddy("runs", "ledgr").err


def test_without_an_application_all_are_told(psbuddy: Psbuddy) -> None:
    for command, word in (("causes", "SocketTimeout"), ("transactions", "POST /pay")):
        done = psbuddy(command, "--until", MOMENT)
        assert (done.code, done.out.splitlines()[0]) == (0, "Web shop (shop)")
        assert word in done.out
        document = json.loads(psbuddy(command, "--until", MOMENT, "--json").out)
        assert [each["app"] for each in document["applications"]] == ["ledger", "shop"]


def test_nothing_watched_yet_says_what_to_do(psbuddy: Psbuddy, tmp_path: Path) -> None:
    open_store(str(tmp_path / "empty.db")).close()
    for command in ("causes", "transactions", "jobs", "runs", "status", "hosts"):
        done = psbuddy(command, db=str(tmp_path / "empty.db"))
        assert (done.out, len(done.err.splitlines())) == ("", 1), command
        json.loads(psbuddy(command, "--json", db=str(tmp_path / "empty.db")).out)
    done = psbuddy("causes", "shop", db=str(tmp_path / "empty.db"))
    assert (done.code, "psbuddy collect --once" in done.err) == (2, True)


@pytest.mark.parametrize(
    "command",
    [
        *(["status", "{}"], ["status", "--app", "{}"], ["causes", "{}"], ["jobs", "{}"]),
        *(["transactions", "{}"], ["runs", "{}"], ["snapshot", "{}", "-o", "x.png"]),
        *(
            ["cause", "show", "{}", "a"],
            ["cause", "mute", "{}", "a"],
            ["cause", "unmark", "{}", "a"],
        ),
    ],
)
def test_every_command_takes_the_application_in_one_way(
    psbuddy: Psbuddy, command: list[str]
) -> None:
    done = psbuddy(*(each.format("shpo") for each in command))
    assert (done.code, done.out) == (2, "")
    assert 'Did you mean "shop"?' in done.err


def test_usage_shows_what_may_be_left_out(psbuddy: Psbuddy) -> None:
    for command, usage in (
        ("causes", "[OPTIONS] [APP]"),
        ("runs", "[OPTIONS] [JOB]"),
        ("lines", "[OPTIONS] APP"),
        ("scan", "[OPTIONS] FILE..."),
    ):
        assert (
            psbuddy(command, "--nosuch").err.splitlines()[1] == f"Usage: psbuddy {command} {usage}"
        )


def test_mark_leads_to_what_marks(psbuddy: Psbuddy) -> None:
    done = psbuddy("cause", "mark", "shop", "abc", "--known")
    assert (done.code, done.out) == (2, "")
    for word in ("mute, known or resolve APP CAUSE", "psbuddy cause unmark"):
        assert word in done.err


def test_a_folder_that_cannot_be_is_said_before_the_demo_is_made(
    psbuddy: Psbuddy, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    for option in ("--headless", "--keep"):
        done = psbuddy("demo", option, str(tmp_path / "file"))
        assert (done.code, done.out) == (2, "")
        assert "it is a file" in done.err


def test_a_program_gets_a_document_with_every_error(psbuddy: Psbuddy, tmp_path: Path) -> None:
    for arguments, code in [
        (["causes", "shpo", "--json"], 2),
        (["causes", "--json", "--limit", "0"], 2),
        (["cause", "shwo", "--json"], 2),
        (["sql", "selct 1", "--json"], 2),
    ]:
        done = psbuddy(*arguments)
        document = json.loads(done.out)
        assert (done.code, document["exit_code"]) == (code, code)
        assert document["error"] in done.err
    done = psbuddy("status", "--json", db=str(tmp_path / "none.db"))
    assert (done.code, "There is no store" in json.loads(done.out)["error"]) == (1, True)


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
        ["lines"],
        ["cause", "show", "shop"],
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


def test_rows_by_route_add_up_to_all(psbuddy: Psbuddy, tmp_path: Path) -> None:
    db = str(tmp_path / "x.db")
    routes = [routed(NOON, f"GET /{name}", {10: 4}, failed=1, max_ms=9.0) for name in "abc"]
    told = (transactions(NOON, {10: 12, 40: 7}, failed=5, max_ms=50.0),)
    with open_store(db) as store:
        store.write_catalogue([fleet_store.SHOP], NOON)
        store.commit([visit(log(transactions=told, routes=tuple(routes)))], NOON)
    arguments = ("transactions", "shop", "--until", "2026-11-24T13:00", "--range", "1h")
    document = json.loads(psbuddy(*arguments, "--json", db=db).out)
    rest, every = document["no_route"], document["all"]
    assert (rest["route"], rest["transactions"], rest["failed"]) == (None, 7, 2)
    assert (rest["p50_ms"], rest["max_ms"]) == (latency.value_of(40), 50.0)
    assert (every["transactions"], every["failed"]) == (19, 5)
    lines = psbuddy(*arguments, "--limit", "1", db=db).out.splitlines()[1:]
    assert [re.split(r"  +", line)[:3] for line in lines] == [
        *(["GET /a", "4", "1"], ["(2 more routes)", "8", "2"]),
        *(["(no route)", "7", "2"], ["all", "19", "5"]),
    ]


@pytest.mark.parametrize(("by", "label"), [("hour", "Hour"), ("day", "Day")])
def test_times_have_one_kind_of_label(psbuddy: Psbuddy, by: str, label: str) -> None:
    done = psbuddy("transactions", "shop", "--until", MOMENT, "--range", "30d", "--by", by)
    heading, *rows = done.out.splitlines()
    assert heading.startswith(f"{label} ")
    pattern = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [ \d]\d (Nov|Dec) 2026( \d\d:\d\d)?  "
    found = [re.match(pattern, row) for row in rows]
    assert len(found) > 2
    assert all(found)
    assert len({len(each[0]) for each in found if each}) == 1


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
