"""psbuddy catalogue: check, schema, discover."""

import json
from pathlib import Path

import pytest

from psbuddy.calendars import codes
from psbuddy.catalogue import json_schema
from tests.integration.cli.conftest import Psbuddy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "catalogue").mkdir()
    return tmp_path / "catalogue"


def test_a_good_catalogue_is_counted(psbuddy: Psbuddy, folder: Path) -> None:
    (folder / "a.yaml").write_text("applications: {a: {hosts: [b, c], logs: {x: {path: /x}}}}")
    done = psbuddy("catalogue", "check", catalogue=folder)
    assert (done.code, done.out) == (0, "")
    assert "1 application, 2 hosts, 1 log, 0 jobs" in done.err
    document = json.loads(psbuddy("catalogue", "check", "--json", catalogue=folder).out)
    assert (document["valid"], document["hosts"]) == (True, ["b", "c"])


def test_a_calendar_that_narrows_nothing_is_told(psbuddy: Psbuddy, folder: Path) -> None:
    text = (
        "applications: {a: {hosts: [b], logs: {x: {path: /x}}, jobs: {j: {log: x, "
        "start: go, schedule: {cron: 0 1 * * *, calendar: GB}}}}}"
    )
    (folder / "a.yaml").write_text(text)
    done = psbuddy("catalogue", "check", catalogue=folder)
    assert done.code == 0, done
    assert "a/j: " in done.err
    assert "calendar: GB leaves no day out" in done.err
    document = json.loads(psbuddy("catalogue", "check", "--json", catalogue=folder).out)
    assert len(document["notes"]) == 1
    (folder / "a.yaml").write_text(text.replace("calendar", "on: business-day, calendar"))
    assert ("leaves no day out" in psbuddy("catalogue", "check", catalogue=folder).err) is not bool(
        codes()
    )


def test_objectives_that_nothing_measures_are_said(psbuddy: Psbuddy, folder: Path) -> None:
    (folder / "a.yaml").write_text(
        "applications:\n  shop:\n    name: Shop\n    hosts: [local]\n"
        "    logs: {app: {path: /var/log/a.log}}\n"
        "    slos: {served: {good: transactions - failed, target: 99.5}}\n"
    )
    done = psbuddy("catalogue", "check", catalogue=folder)
    assert done.code == 0
    assert "shop: slos (served) are checked and kept; nothing measures them yet." in done.err


def test_problems_are_lines_on_stdout(psbuddy: Psbuddy, folder: Path) -> None:
    (folder / "a.yaml").write_text("applications:\n  a: {hosts: b, ownr: x}\n  B: {hosts: -x}\n")
    done = psbuddy("catalogue", "check", catalogue=folder)
    assert done.code == 1
    lines = done.out.splitlines()
    assert [line.split(":")[:2] for line in lines] == [
        ["a.yaml", "2"],
        ["a.yaml", "3"],
        ["a.yaml", "3"],
    ]
    assert 'Did you mean "owner"?' in lines[0]
    assert "3 problems" in done.err
    document = json.loads(psbuddy("catalogue", "check", "--json", catalogue=folder).out)
    assert [problem["line"] for problem in document["problems"]] == [2, 3, 3]


def test_no_catalogue_is_said(psbuddy: Psbuddy, folder: Path) -> None:
    done = psbuddy("catalogue", "check", catalogue=folder)
    assert (done.code, "no .yaml file" in done.err) == (1, True)


def test_the_schema_is_json(psbuddy: Psbuddy) -> None:
    done = psbuddy("catalogue", "schema")
    assert (done.code, json.loads(done.out)) == (0, json_schema())


def test_discovery_on_this_machine_proposes_a_catalogue(
    psbuddy: Psbuddy, tmp_path: Path, folder: Path
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "app.log").write_text("2026-11-24 12:00:00,123 INFO  [main] c.e.App - started\n" * 20)
    db = str(tmp_path / "psbuddy.db")
    done = psbuddy("catalogue", "discover", "local", "--folder", str(logs), db=db)
    assert done.code == 0, done.err
    assert str(logs / "app.log") in done.err
    (folder / "found.yaml").write_text(done.out)
    assert psbuddy("catalogue", "check", catalogue=folder).code == 0
    done = psbuddy("catalogue", "discover", "local", "--folder", str(logs), "--json", db=db)
    assert [log["path"] for log in json.loads(done.out)["logs"]] == [str(logs / "app.log")]


def test_a_file_alone_can_be_looked_at(psbuddy: Psbuddy, tmp_path: Path) -> None:
    file = tmp_path / "batch.output"
    file.write_text("2026-11-24 12:00:00,123 INFO  [main] c.e.App - started\n" * 20)
    db = str(tmp_path / "psbuddy.db")
    done = psbuddy("catalogue", "discover", "local", "--in", str(file), db=db)
    assert done.code == 0, done.err
    assert f"path: {file}" in done.out
    done = psbuddy("catalogue", "discover", "local", "--in", str(tmp_path / "no.log"), db=db)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"No log was found at {tmp_path / 'no.log'} on local. Is the path")
    done = psbuddy("catalogue", "discover", "web-1", "--in", "logs/app.log", db=db)
    assert (done.code, 'it begins with "/"' in done.err) == (2, True)


def test_a_host_that_is_nowhere_is_told_in_words(psbuddy: Psbuddy, tmp_path: Path) -> None:
    done = psbuddy("catalogue", "discover", "nowhere.invalid", db=str(tmp_path / "x.db"))
    assert (done.code, done.out) == (1, "")
    assert "nowhere.invalid" in done.err
    assert "Traceback" not in done.err
