"""`psbuddy scan`: the real host program on local files."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from psbuddy.cli import scan_formats
from psbuddy.cli.guard import CliError
from psbuddy.cli.scan import _session, scan_command

LOG = (
    "2026-11-24 10:00:00,123 INFO  [main] com.shop.Orders - order 17 placed\n"
    "2026-11-24 10:00:01,123 ERROR [main] com.shop.Orders - order 18 failed\n"
    "java.lang.IllegalStateException: no stock\n"
    "\tat com.shop.Stock.take(Stock.java:41)\n"
    "2026-11-24 10:01:02,123 INFO  [main] com.shop.Orders - order 19 placed\n"
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app [1].log"  # a name that is no pattern here
    path.write_text(LOG)
    return path


def scan(*files: Path, as_json: bool = False, assign: bool = False, fmt: str | None = None) -> int:
    return scan_command(list(files), as_json=as_json, assign=assign, fmt=fmt)


def test_json_has_counts_causes_and_transactions(log, tmp_path, capsys):
    access = tmp_path / "access.log"
    line = '1.2.3.4 - - [24/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" {} 1 "-" "-" 0.250\n'
    access.write_text(line.format(200) * 3 + line.format(503))
    assert scan(log, access, as_json=True) == 0
    first, second = json.loads(capsys.readouterr().out)["files"]
    assert (first["format"], first["records"], first["lines"]) == ("log4j", 3, 5)
    assert first["levels"] == {"error": 1, "info": 2}
    assert sum(row["records"] for row in first["minutes"]) == 3
    [cause] = first["causes"]
    assert cause["frame"] == "com.shop.Stock.take"
    [row] = second["transactions"]
    assert (row["transactions"], row["failed"], row["max_ms"]) == (4, 1, 250.0)
    [route] = second["routes"]
    assert (route["route"], route["transactions"], route["failed"]) == ("GET /", 4, 1)


def test_routes_of_an_access_log_in_a_table(tmp_path, capsys):
    access = tmp_path / "access.log"
    line = '1.2.3.4 - - [24/Nov/2026:10:00:00 +0000] "GET /{} HTTP/1.1" {} 1 "-" "-" {}\n'
    rows = [("slow/1", 200, "2.500"), ("ok/2", 200, "0.010"), ("bad/3", 500, "0.010")]
    access.write_text("".join(line.format(*row) for row in rows))
    assert scan(access) == 0
    out = capsys.readouterr().out
    places = [out.index(f"GET /{name}/{{id}}") for name in ("bad", "slow", "ok")]
    assert places == sorted(places), "failures first, then the slowest"
    assert "2.5 s" in out


def test_durations_in_words_are_explained(tmp_path, capsys):
    path = tmp_path / "app.log"
    line = "2026-11-24 10:00:00,123 INFO  [main] a.B - order {} took 35 ms\n"
    path.write_text("".join(line.format(n) for n in range(3)))
    assert scan(path) == 0
    assert "3 of them are told in words, as in “took 35 ms”" in capsys.readouterr().out
    assert scan(path, as_json=True) == 0
    [told] = json.loads(capsys.readouterr().out)["files"]
    assert told["transactions_in_words"] == 3


def test_tables_for_a_person(log, capsys):
    assert scan(log) == 0
    out = capsys.readouterr().out
    assert "log4j" in out
    assert "3 records in 5 lines" in out
    assert "IllegalState" in out


def test_assign_prints_each_line_once(log, capsys):
    assert scan(log, assign=True) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [row[1] for row in rows] == ["1", "2", "2", "2", "3"]
    assert [row[3] for row in rows] == ["info", "error", "error", "error", "info"]
    assert rows[0][4] == rows[4][4] != rows[1][4]
    assert rows[1][1:] == rows[3][1:]
    assert all(row[2].startswith("2026-11-2") and row[2].endswith("Z") for row in rows)


def test_assign_leaves_unknown_lines_without_record_time_and_level(tmp_path, capsys):
    path = tmp_path / "a.log"
    path.write_text("\n\n" + LOG)
    assert scan(path, assign=True) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0] == "1\t\t\t\t"
    assert rows[2].startswith("3\t1\t2026-")


def causes_of(path: Path, capsys) -> list[str]:
    assert scan(path, assign=True) == 0
    return [line.split("\t")[4] for line in capsys.readouterr().out.splitlines()]


HEAD = "2026-11-24 10:00:0{},123 ERROR [main] com.shop.Orders - "


def test_assign_learns_names_from_the_whole_file(tmp_path, capsys):
    names = ["ann", "bob", "cem", "dee", "eve"]
    path = tmp_path / "a.log"
    path.write_text(
        "".join(HEAD.format(n) + f"login of {name} refused\n" for n, name in enumerate(names))
        + HEAD.format(9) + "disk full\n"
    )  # fmt: skip
    causes = causes_of(path, capsys)
    assert len(set(causes[:5])) == 1
    assert causes[5] not in causes[:5]


def test_assign_gives_a_stray_trace_no_say_over_a_statement_that_writes_none(tmp_path, capsys):
    trace = "java.io.IOException: gone\n\tat com.shop.Stock.take(Stock.java:41)\n"
    path = tmp_path / "a.log"
    path.write_text(
        "".join(HEAD.format(n) + f"order {n} refused\n" for n in range(4))
        + trace + HEAD.format(5) + "stock is lost\n" + trace
    )  # fmt: skip
    causes = causes_of(path, capsys)
    assert len(set(causes[:6])) == 1
    assert causes[6] == causes[8] != causes[0]


STRAY = "java.lang.IllegalStateException: no\n\tat com.shop.Stock.take(Stock.java:41)\n"


def test_a_stray_trace_counts_by_statement_whatever_name_stands_in_it(tmp_path, capsys):
    names = ["ann", "bob", "cem", "dee", "eve", "fay"]
    path = tmp_path / "a.log"
    path.write_text(
        "".join(HEAD.format(n) + f"login of {name} refused\n" for n, name in enumerate(names))
        + STRAY
    )  # fmt: skip
    assert len(set(causes_of(path, capsys))) == 1


def test_a_stray_trace_does_not_rename_a_failure_that_is_told_in_one_line(tmp_path, capsys):
    path = tmp_path / "a.log"
    told = "write of block {} got java.io.IOException: gone\n"
    path.write_text("".join(HEAD.format(n) + told.format(n) for n in range(4)) + STRAY)
    assert len(set(causes_of(path, capsys))) == 1


def test_a_trace_behind_the_first_of_many_plain_records_names_none(tmp_path, capsys):
    names = ["ann", "bob", "cem", "dee", "eve", "fay"]
    head = HEAD.replace("ERROR", "INFO ")
    lines = [head.format(n) + f"login of {name} accepted\n" for n, name in enumerate(names)]
    path = tmp_path / "a.log"
    path.write_text(lines[0] + STRAY + "".join(lines[1:]))
    assert len(set(causes_of(path, capsys))) == 1


def test_a_file_that_cannot_be_read_is_said_and_the_others_are_read(log, tmp_path, capsys):
    assert scan(tmp_path / "none.log", log, as_json=True) == 1
    said = capsys.readouterr()
    assert [each["records"] for each in json.loads(said.out)["files"]] == [0, 3]
    assert "none.log: no such file" in said.err
    assert scan(tmp_path / "none.log", assign=True) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_wrong_use(log):
    with pytest.raises(CliError, match="unknown format") as caught:
        scan(log, fmt="nonsense")
    assert caught.value.code == 2
    with pytest.raises(CliError, match="Choose one"):
        scan(log, as_json=True, assign=True)


def test_a_large_file_takes_several_requests_and_loses_nothing(tmp_path, capsys):
    path = tmp_path / "big.log"
    path.write_text(LOG * 6000)
    assert scan(path, assign=True) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[-1].startswith("30000\t18000\t")


def test_the_command_itself(log):
    done = subprocess.run(
        [sys.executable, "-m", "psbuddy", "scan", "--json", str(log)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["files"][0]["records"] == 3


def told(capsys, path: Path, text: str, **options) -> str:
    path.write_text(text)
    assert scan(path, **options) == 0
    return capsys.readouterr().out


def test_formats_have_their_share_an_example_and_the_line_they_begin_in(tmp_path, capsys):
    line = '{"level":"error","ts":"2026-11-24T10:00:03Z","msg":"no password=hunter2hunter2"}\n'
    out = told(capsys, tmp_path / "a.log", LOG + line, as_json=True)
    formats = json.loads(out)["files"][0]["formats"]
    first, second = formats["recognised"]
    assert (first["format"], first["records"], first["share"]) == ("log4j pattern", 3, 0.75)
    assert (second["title"], second["line"]) == ("JSON lines", 6)
    assert "hunter2" not in out
    assert formats["continuations"] == [
        {
            "kind": "of a stack trace",
            "lines": 2,
            "line": 3,
            "example": "java.lang.IllegalStateException: no stock",
        }
    ]
    assert formats["not_understood"] == []


def test_a_line_that_is_not_understood_is_shown_with_its_reason(tmp_path, capsys):
    out = told(capsys, tmp_path / "a.txt", "hello\n2026-13-40 10:00:00 x\n{broken\n")
    for words in (
        "3 lines not understood",
        "no time and no level stand in front",
        "begins like a time, but is none that exists",
        "begins like JSON, but is not one whole object",
        "No record has a time",
        "`pattern:`",
    ):
        assert words in out


@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        ("a.log", "2026-11-24T10:00:00Z INFO x\n", "Zone: written in the times."),
        ("a.log", "2026-11-24 10:00:00 INFO x\n", "Zone: the times name none"),
        ("a.log", "2026-11-24 10:00:00 CST INFO x\n", "Zone: CST stands for several zones"),
        ("a.log", "1795514400.123 job ended\n", "seconds since 1970"),
        ("a.log", "2026-11-24 10:00:00 10.0.0.7 GET / - 443 - 200\n", "always UTC"),
        (
            "a.log",
            "Nov 24 10:00:00 web01 su: x\n",
            "Year: the times name none; each has the newest",
        ),
        ("a_2026-11-24.log", "10:00:00,123 INFO x\n", "the date is that of the file's name"),
        ("a.log", "10:00:00,123 INFO x\n", "of the last day before the file's last change"),
        ("a.log", "11/24/2026 10:00:00 INFO x\n", "month, day, year, proven by a time"),
        ("a.log", "03/04/2026 10:00:00 INFO x\n", "no time in it proves the order"),
        ("a.log", "2026-11-24 10:00:00 x\n", "No record writes a level"),
        ("a.log", LOG + "2026-11-24 10:02:00,000 ended\n", "25 % of the records write no level"),
        (
            "a.log",
            LOG + '{"a": 1\n2026-13-40 x\n',
            "Line 6 begins like JSON, but is not one whole object",
        ),
        ("a.log", LOG + "2026-13-40 x\n", "Line 6 begins like a time, but names none that exists"),
    ],
)
def test_what_was_decided_is_said(tmp_path, capsys, name, line, says):
    assert says in told(capsys, tmp_path / name, line)


def test_bytes_that_are_no_text_are_called_so(tmp_path, capsys):
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(range(1, 256)) * 9)
    assert scan(path) == 0
    assert "bytes that are no text" in capsys.readouterr().out


ACCESS = '10.0.0.1 - - [24/Nov/2026:10:00:{:02d} +0000] "GET /a HTTP/1.1" 200 512 "-" "curl"{}\n'


def test_garbage_between_requests_is_not_understood(tmp_path, capsys):
    path = tmp_path / "access.log"
    lines = [ACCESS.format(n, "") for n in range(50)]
    lines[10:10] = ["%%% garbage\n", "segfault at 0 ip 00007f\n"]
    lines[40:40] = ['10.0.0.1 - - [99/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1\n']
    path.write_text("".join(lines))
    assert scan(path) == 0
    out = capsys.readouterr().out
    assert "50 records in 53 lines, 3 lines not understood (5.7 %)." in out
    (told,) = [line for line in out.splitlines() if "one-line records" in line]
    assert told.split()[:3] == ["5.7", "%", "3"]
    assert re.search(r" 11  %%% garbage", told), "the line it stands in, and an example"
    assert scan(path, as_json=True) == 0
    (found,) = json.loads(capsys.readouterr().out)["files"]
    assert (found["records"], found["unparsed_lines"]) == (50, 3)
    assert found["unparsed_bytes"] == sum(len(lines[at]) for at in (10, 11, 40))
    (reason,) = found["formats"]["not_understood"]
    assert (reason["lines"], reason["line"], reason["example"]) == (3, 11, "%%% garbage")


def test_a_trace_behind_a_json_record_is_part_of_it_and_garbage_is_not(tmp_path, capsys):
    path = tmp_path / "app.json"
    record = '{"time":"2026-11-24T10:00:00Z","level":"error","msg":"failed"}\n'
    trace = "java.lang.IllegalStateException: no stock\n\tat com.shop.Stock.take(Stock.java:41)\n"
    path.write_text(record + trace + record + "### lost ###\n" + record)
    assert scan(path, as_json=True) == 0
    (found,) = json.loads(capsys.readouterr().out)["files"]
    assert (found["records"], found["unparsed_lines"]) == (3, 1)
    assert [row["line"] for row in found["formats"]["not_understood"]] == [5]


def test_durations_in_whole_numbers_are_said_to_have_no_unit(tmp_path, capsys):
    path = tmp_path / "access.log"
    path.write_text("".join(ACCESS.format(n, f" {n + 3}") for n in range(20)))
    assert scan(path) == 0
    out = capsys.readouterr().out
    assert "Durations: 20 requests end in a whole number, such as 3 in line 1" in out
    assert 'duration: "%D"' in out
    for tail in ("", " 0.250"):
        path.write_text("".join(ACCESS.format(n, tail) for n in range(20)))
        assert scan(path) == 0
        assert "whole number" not in capsys.readouterr().out


def test_formats_are_told_of_the_lines_that_were_counted(tmp_path):
    path = tmp_path / "access.log"
    path.write_text("".join(ACCESS.format(n, "") for n in range(30)))
    with _session() as session:
        counted = session.request(scan_formats.asked(path, None, 12), time.monotonic() + 60)
        whole = session.request(scan_formats.asked(path, None, 30), time.monotonic() + 60)
    assert [kind["count"] for kind in counted["formats"]] == [12]
    assert [kind["count"] for kind in whole["formats"]] == [30]


def test_a_file_that_is_not_there_is_said(tmp_path, capsys):
    assert scan(tmp_path / "none.log") == 1
    done = capsys.readouterr()
    assert done.err == f"{tmp_path / 'none.log'}: no such file.\n"
    assert "understood" not in done.out
    assert scan(tmp_path / "none.log", as_json=True) == 1
    (found,) = json.loads(capsys.readouterr().out)["files"]
    assert (found["lines"], found["formats"]) == (0, None)
    assert found["problems"] == [f"{tmp_path / 'none.log'}: no such file."]
