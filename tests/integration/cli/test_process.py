"""The program as a process: streams, exit codes, what it imports before the first window."""

import contextlib
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

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


def on_terminal(width: int, *arguments: str) -> list[str]:
    """What a terminal of that width shows, line by line, without colours."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    command = [sys.executable, "-m", "psbuddy", *arguments]
    given = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
    with subprocess.Popen(
        command, stdout=follower, stderr=subprocess.DEVNULL, env={**given, "TERM": "xterm"}
    ) as process:
        os.close(follower)
        said = b""
        with contextlib.suppress(OSError):  # Linux: the end of a pty is an error
            while part := os.read(leader, 65536):
                said += part
        process.wait(60)
    os.close(leader)
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", said.decode()).splitlines()


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(
    ("command", "headings"),
    [
        (["status"], ["Application", "State", "Since", "Why"]),
        (["causes", "shop", "--until", MOMENT], ["State", "Records", "Last seen", "Id", "Cause"]),
        (["jobs", "--until", MOMENT], ["Job", "Last run", "Verdict", "What to know"]),
        (["runs", "month-close", "--until", MOMENT], ["Started (UTC)", "Took", "Verdict", "Note"]),
        (["transactions", "shop", "--until", MOMENT], ["Route", "Failed", "95 %", "Longest"]),
        (["hosts"], ["Host", "State", "Seen", "Visits"]),
    ],
)
def test_tables_fit_a_terminal(
    fleet_db: str, width: int, command: list[str], headings: list[str]
) -> None:
    lines = on_terminal(width, *command, "--db", fleet_db)
    (heading,) = [line for line in lines if all(name in line for name in headings)]
    table = lines[lines.index(heading) :]
    assert max(map(len, table)) <= width
    assert "Traceback" not in "".join(lines)


def test_a_pipe_gets_a_row_in_a_line_without_colours(fleet_db: str) -> None:
    for command in (["status"], ["jobs", "--until", MOMENT], ["runs", "ledger"]):
        done = run(*command, "--db", fleet_db, COLUMNS="40", TERM="xterm")
        assert "\x1b" not in done.stdout
        assert all(line == line.rstrip() for line in done.stdout.splitlines())
    status = run("status", "--db", fleet_db, COLUMNS="40").stdout.splitlines()
    assert len(status) == 3, "a heading and two applications"
