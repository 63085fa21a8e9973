"""`psbuddy collect --once` on a terminal asks there for what a login wants."""

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from psbuddy.demo.sshd import LoopbackSshd
from tests.support.catalogues import application, hosts_section, write_records

PASSPHRASE = "open sesame"
#: Makes stdin the terminal that the program belongs to, then becomes it.
TAKE = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
TAKE += "os.execv(sys.argv[1], sys.argv[1:])"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A catalogue of one host whose key needs its passphrase."""
    with LoopbackSshd(tmp_path / "sshd", {"host-1": "127.0.2.1"}) as server:
        command = ["ssh-keygen", "-q", "-p", "-P", "", "-N", PASSPHRASE, "-f"]
        subprocess.run([*command, server.identity_file], check=True)
        log = tmp_path / "app.log"
        write_records(log, 10)
        os.utime(log, (1, log.stat().st_mtime - 60))
        catalogue = tmp_path / "catalogue"
        catalogue.mkdir()
        text = hosts_section(server, ["host-1"]) + application("shop", ["host-1"], log)
        (catalogue / "shop.yaml").write_text(text)
        yield tmp_path


@contextmanager
def on_a_terminal(place: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The command with a terminal of its own, and the other end of that."""
    ours, its = pty.openpty()
    command = [
        sys.executable,
        "-c",
        TAKE,
        sys.executable,
        "-m",
        "psbuddy",
        "--db",
        str(place / "store.db"),
    ]
    command += ["--catalogue", str(place / "catalogue"), *(arguments or ("collect", "--once"))]
    process = subprocess.Popen(
        command,
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,
        env={**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
    )
    try:
        yield process, ours
    finally:
        process.kill()
        process.wait()
        os.close(its)
        os.close(ours)


def read_until(descriptor: int, *marks: str, seconds: float = 60.0) -> str:
    """What the terminal shows, until all marks came, one after the other."""
    shown, until = b"", time.monotonic() + seconds
    pattern = re.compile(".*".join(map(re.escape, marks)).encode(), re.DOTALL)
    while not pattern.search(shown):
        left = until - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            raise AssertionError(f"no {marks!r} in {shown.decode(errors='replace')}")
        shown += os.read(descriptor, 4096)
    return shown.decode(errors="replace")


def test_a_passphrase_is_asked_for_and_not_shown(place: Path) -> None:
    with on_a_terminal(place) as (process, terminal):
        asked = read_until(terminal, "Passphrase of ", "user_key ")
        assert "host-1 (127.0.2.1 port" in asked
        assert "SHA256:" in asked
        os.write(terminal, PASSPHRASE.encode() + b"\n")
        shown = read_until(terminal, "1 of 1 host read")
        assert process.wait(30) == 0
    assert PASSPHRASE not in shown


def test_an_empty_line_gives_up_and_says_what_is_wanted(place: Path) -> None:
    with on_a_terminal(place) as (process, terminal):
        asked = read_until(terminal, "Passphrase of ", "user_key ")
        os.write(terminal, b"\n")
        read_until(terminal, "0 of 1 host read")
        assert process.wait(30) == 1
    assert "wants the passphrase of" in asked


def test_a_host_that_is_looked_at_once_asks_as_well(place: Path) -> None:
    with on_a_terminal(
        place, "catalogue", "discover", "host-1", "--in", str(place / "app.log")
    ) as (
        process,
        terminal,
    ):
        read_until(terminal, "Passphrase of ", "user_key ")
        os.write(terminal, PASSPHRASE.encode() + b"\n")
        shown = read_until(terminal, "Written by PS Buddy", "app.log")
        assert process.wait(30) == 0
    assert PASSPHRASE not in shown


def test_ctrl_c_during_the_question_leaves_the_terminal_as_it_was(place: Path) -> None:
    with on_a_terminal(place) as (process, terminal):
        before = termios.tcgetattr(terminal)[3]
        read_until(terminal, "Passphrase of ", "user_key ")
        assert not termios.tcgetattr(terminal)[3] & termios.ECHO
        os.write(terminal, b"\x03")
        process.wait(30)
        assert termios.tcgetattr(terminal)[3] == before
