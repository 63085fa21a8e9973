"""psbuddy sql: questions only, with an end, and the values as they are stored."""

import io
import json
import sqlite3
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Psbuddy

ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"


def test_a_question_is_answered_as_a_table_and_as_rows(psbuddy: Psbuddy) -> None:
    query = "select job, started, volume from v_run where verdict = 'twice'"
    done = psbuddy("sql", query)
    assert (done.code, done.err) == (0, "")
    assert done.out.split() == ["job", "started", "volume", "month-close",
                                "2026-11-30T23:31:00Z", "48211"]  # fmt: skip
    assert json.loads(psbuddy("sql", query, "--json").out) == [
        {"job": "month-close", "started": "2026-11-30T23:31:00Z", "volume": 48211}
    ]


def test_values_are_not_interpreted(psbuddy: Psbuddy) -> None:
    done = psbuddy("sql", "select 5 as time, null as n, x'01ff' as b, 9e999 as f, 1 as n", "--json")
    assert json.loads(done.out) == [{"time": 5, "n": None, "b": "01ff", "f": None, "n_2": 1}]


def test_a_question_may_come_from_stdin(psbuddy: Psbuddy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("select 1 as one"))
    assert psbuddy("sql", "--json").out.strip() == '[\n  {\n    "one": 1\n  }\n]'


def test_log_text_cannot_steer_the_terminal(psbuddy: Psbuddy) -> None:
    done = psbuddy("sql", "select char(27) || '[2J[bold]x' as t")
    assert "\\x1b[2J[bold]x" in done.out


@pytest.mark.parametrize(
    "query",
    [
        "delete from run",
        "update run set job = 'x'",
        "insert into run (job) values ('x')",
        "drop table run",
        "create table x (y)",
        "create temp table x (y)",
        "attach 'other.db' as other",
        "attach ':memory:' as other",
        "vacuum into 'copy.db'",
        "pragma query_only = off",
        "pragma journal_mode = delete",
        "pragma writable_schema = on",
        "select load_extension('x')",
        "begin immediate",
        "reindex",
        "analyze",
    ],
)
def test_what_is_no_question_is_refused(
    psbuddy: Psbuddy, fleet_db: str, query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = Path(fleet_db).read_bytes()
    done = psbuddy("sql", query)
    assert (done.code, done.out) == (2, "")
    assert "Only questions are answered here" in done.err
    assert Path(fleet_db).read_bytes() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("selct 1", "near"),
        ("select * from nowhere", "no such table"),
        ("select 1; select 2", "Only one query at a time"),
        ("select json('{')", "does not understand"),
    ],
)
def test_a_question_that_is_wrong_says_where(psbuddy: Psbuddy, query: str, says: str) -> None:
    done = psbuddy("sql", query)
    assert (done.code, done.out) == (2, "")
    assert says in done.err


def test_a_question_without_end_is_stopped(psbuddy: Psbuddy) -> None:
    done = psbuddy("sql", ENDLESS, "--timeout", "0.2")
    assert (done.code, "longer than 0.2 s" in done.err) == (1, True)


@pytest.mark.parametrize(
    "query", ["select zeroblob(900000000)", "select printf('%.*c', 900000000, 'x')"]
)
def test_a_value_that_would_fill_the_memory_is_refused(psbuddy: Psbuddy, query: str) -> None:
    done = psbuddy("sql", query)
    assert (done.code, done.out) == (1, "")
    assert "more than 256 MB of memory" in done.err


def test_more_rows_than_asked_for_are_told_of(psbuddy: Psbuddy) -> None:
    done = psbuddy("sql", "select minute from v_minute", "--limit", "3")
    assert done.code == 1
    assert len(done.out.splitlines()) == 4
    assert "Only the first 3 rows" in done.err


def test_tables_describe_themselves(psbuddy: Psbuddy) -> None:
    assert "verdict" in psbuddy("sql", "pragma table_info(v_run)").out


def test_a_copy_of_the_store_is_enough(psbuddy: Psbuddy, fleet_db: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with sqlite3.connect(fleet_db) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    target.close()
    source.close()
    assert "48211" in psbuddy("sql", "select volume from v_run", db=str(copy)).out
