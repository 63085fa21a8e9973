"""The program as a process: streams, exit codes, what it imports before the first window."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psbuddy
from tests.integration.cli.conftest import MOMENT


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "psbuddy", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )


def test_the_version_is_said() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        f"psbuddy {psbuddy.__version__}\n",
        "",
    )


def test_json_alone_is_on_stdout(fleet_db: str) -> None:
    done = run("causes", "shop", "--json", "--until", MOMENT, PSBUDDY_DB=fleet_db)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["app"] == "shop"


def test_a_reader_who_has_seen_enough_is_no_error(fleet_db: str) -> None:
    command = [sys.executable, "-m", "psbuddy", "--db", fleet_db, "sql", "select * from v_minute"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        assert (process.wait(60), said) == (0, b"")


def test_without_a_display_the_window_says_what_else_there_is(tmp_path: Path) -> None:
    hidden = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    done = run("--db", str(tmp_path / "x.db"), **hidden)
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no display here" in done.stderr


def test_nothing_heavy_is_imported_on_the_way_to_the_window() -> None:
    code = (
        "import sys, psbuddy.cli, psbuddy.cli.window\n"
        "psbuddy.cli.split_places(['--db', 'x'])\n"
        "heavy = {'typer', 'rich', 'pydantic', 'ruamel', 'sqlalchemy', 'numpy', 'paramiko'}\n"
        "sys.exit(', '.join(sorted(heavy & sys.modules.keys())) or None)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_old_console_gets_question_marks_not_an_error(fleet_db: str) -> None:
    done = run("status", "--db", fleet_db, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1
    assert "?  General Ledger" in done.stdout


def test_a_snapshot_is_a_picture_and_a_page_without_a_display(
    fleet_db: str, tmp_path: Path
) -> None:
    hidden = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    for name in ("shop.png", "shop.html"):
        file = str(tmp_path / name)
        done = run("snapshot", "shop", "-o", file, "--until", MOMENT, "--db", fleet_db, **hidden)
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr == f"{file} shows 24h of shop.\n"
    assert (tmp_path / "shop.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    page = (tmp_path / "shop.html").read_text()
    assert "SocketTimeout in PaymentClient.charge" in page
    assert "<b>&amp;</b>" not in page.replace("&lt;b&gt;&amp;amp;&lt;/b&gt;", "")
