"""What can be wrong with what we are given: said with what to do, unknown meanwhile, nothing lost.

One test for each kind, through the command line, over a real sshd where a host is concerned.
After the repair every record is counted once.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import psbuddy as package
from psbuddy.cli import main
from psbuddy.demo.sshd import LoopbackSshd
from psbuddy.store import open_store
from tests.support.catalogues import application, hosts_section, write_records
from tests.support.servers import Servers

RECORDS = 200
NOBODY = 65_534


class Desk:
    """One catalogue over one log, one store, and the command line on both."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.log = folder / "app.log"
        self.catalogue = folder / "catalogue"
        self.db = folder / "data" / "psbuddy.db"
        self.catalogue.mkdir()
        self._capsys = capsys

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self._capsys.readouterr()
        places = ("--db", str(self.db), "--catalogue", str(self.catalogue))
        code = main([*arguments, *places])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    def watch(self, hosts: str = "", host: str = "local", checks: str = "") -> None:
        text = hosts + application("shop", [host], self.log) + checks
        (self.catalogue / "shop.yaml").write_text(text)

    def write(self, count: int = RECORDS) -> None:
        write_records(self.log, count)
        moment = time.time() - 60
        os.utime(self.log, (moment, moment))  # nothing is still being written

    def fails(self, *said: str) -> None:
        """Collecting ends with 1 and says all of this; the application is not called healthy."""
        code, _, err = self.run("collect", "--once")
        assert code == 1, err
        for word in said:
            assert word in err
        assert self.state() == "unknown"

    def next_second(self) -> None:
        """Visits are told apart by the second in which they began."""
        now = int(time.time())
        while int(time.time()) == now:
            self.run("status")

    def state(self) -> str:
        code, out, _ = self.run("status", "--json")
        assert code == 1
        (shop,) = json.loads(out)["applications"]
        return str(shop["state"])

    def sentence(self) -> str:
        (shop,) = json.loads(self.run("status", "--json")[1])["applications"]
        return str(shop["sentence"])

    def is_repaired(self, records: int = RECORDS) -> None:
        """The next round counts everything once, and the application is seen."""
        code, _, err = self.run("collect", "--once")
        assert code == 0, err
        assert self.counted() == records
        assert self.run("status")[0] == 0, self.sentence()

    def counted(self) -> int:
        out = self.run("sql", "--json", "select sum(records) as n from v_minute")[1]
        return int(json.loads(out)[0]["n"] or 0)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys)
    made.write()
    return made


def test_a_wrong_catalogue(desk: Desk) -> None:
    desk.watch()
    right = (desk.catalogue / "shop.yaml").read_text()
    (desk.catalogue / "shop.yaml").write_text(right.replace("timezone", "timezon"))
    code, _, err = desk.run("collect", "--once")
    assert code == 1
    assert "shop.yaml:6" in err
    assert 'Did you mean "timezone"?' in err
    code, _, err = desk.run("status")
    assert code == 1
    assert "Nothing is watched yet" in err
    (desk.catalogue / "shop.yaml").write_text(right)
    desk.is_repaired()


def test_an_unreachable_host(desk: Desk, sshd: LoopbackSshd) -> None:
    hosts = hosts_section(sshd, ["host-1"])
    desk.watch(hosts.replace(sshd.addresses["host-1"], "127.0.3.9"), "host-1")
    desk.fails("host-1 (127.0.3.9 port", "refuses connections")
    assert "refuses connections" in desk.sentence()
    desk.watch(hosts, "host-1")
    desk.is_repaired()


def test_a_host_that_falls_silent(desk: Desk, group: Servers) -> None:
    """One missed visit is told and leaves the state; the second makes it unknown."""
    server = group.make()
    desk.watch(hosts_section(server, ["host-1"]), "host-1")
    desk.is_repaired()
    server.stop()
    for missed in (1, 2):
        desk.next_second()
        code, _, err = desk.run("collect", "--once")
        assert code == 1, err
        (host,) = json.loads(desk.run("status", "--json")[1])["hosts"]
        assert host["failures"] == missed
        if missed == 1:
            assert desk.run("status")[0] == 0, desk.sentence()
            assert "One visit to host-1 failed; it was last seen at" in desk.sentence()
    assert desk.state() == "unknown"
    server.start()  # on another port
    desk.watch(hosts_section(server, ["host-1"]), "host-1")
    desk.next_second()
    desk.is_repaired()


def test_a_refused_key(desk: Desk, group: Servers) -> None:
    server = group.make()
    keys = server.folder / "authorized_keys"
    allowed = keys.read_text()
    keys.write_text("")
    desk.watch(hosts_section(server, ["host-1"]), "host-1")
    desk.fails("host-1", "ssh-copy-id")
    keys.write_text(allowed)
    desk.is_repaired()


def test_no_python_on_the_host(desk: Desk, group: Servers, sshd: LoopbackSshd) -> None:
    server = group.make("SetEnv PATH=/nonexistent")
    desk.watch(hosts_section(server, ["host-1"]), "host-1")
    desk.fails("There is no python3 on host-1", "Install Python")
    desk.watch(hosts_section(sshd, ["host-1"]), "host-1")
    desk.is_repaired()


def test_an_unreadable_log(desk: Desk, group: Servers, request: pytest.FixtureRequest) -> None:
    # Root may read everything: there the host's side works as a user whom permissions bind.
    other = f"ForceCommand exec setpriv --reuid={NOBODY} --clear-groups sh -c "
    other += '"$SSH_ORIGINAL_COMMAND"'
    server = group.make(*([other] if os.geteuid() == 0 else []))
    folder = tempfile.TemporaryDirectory()  # pytest's own folders nobody else may enter
    request.addfinalizer(folder.cleanup)
    Path(folder.name).chmod(0o755)
    desk.log = Path(shutil.copy(desk.log, folder.name))
    desk.log.chmod(0o000 if os.geteuid() else 0o600)
    desk.watch(hosts_section(server, ["host-1"]), "host-1")
    assert "may not be read by this account" in desk.run("collect", "--once")[2]
    assert desk.state() == "unknown"
    assert "Ask for read access" in desk.sentence()
    desk.log.chmod(0o644)
    desk.is_repaired()


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_a_log_that_is_no_file(desk: Desk, make: Callable[[Path], None]) -> None:
    desk.log.unlink()
    make(desk.log)
    desk.watch()
    assert "is not a regular file" in desk.run("collect", "--once")[2]
    assert desk.state() == "unknown"
    assert "Name a log file" in desk.sentence()
    desk.log.rmdir() if desk.log.is_dir() else desk.log.unlink()
    desk.write()
    desk.is_repaired()


def test_a_binary_log(desk: Desk) -> None:
    text = desk.log.read_bytes()
    desk.log.write_bytes(bytes(range(256)) * 400)
    desk.watch()
    assert "holds binary data" in desk.run("collect", "--once")[2]
    assert desk.state() == "unknown"
    assert "Name a text log" in desk.sentence()
    desk.log.unlink()
    desk.log.write_bytes(text)
    desk.is_repaired(RECORDS + 401)  # its lines were counted too, as what they are: no level


def test_a_line_of_300_mb_without_an_end(desk: Desk, sshd: LoopbackSshd) -> None:
    with desk.log.open("ab") as file:
        for _ in range(300):
            file.write(b"x" * 1_000_000)
    desk.watch(hosts_section(sshd, ["host-1"]), "host-1")
    code, _, err = desk.run("collect", "--once")
    assert code == 0, err
    with desk.log.open("ab") as file:
        file.write(b"\n")
    write_records(desk.log, 1)
    moment = time.time() - 60
    os.utime(desk.log, (moment, moment))
    desk.is_repaired(RECORDS + 1)  # the line continues the record before it
    out = desk.run("sql", "--json", "select max(memory_bytes) as m from collection")[1]
    assert json.loads(out)[0]["m"] < 100_000_000
    out = desk.run("sql", "--json", "select sum(oversize_records) as n from source")[1]
    assert json.loads(out)[0]["n"] == 1


def test_a_reply_cut_in_the_middle(desk: Desk) -> None:
    # The check ends the program that runs it, after the log was read and before the reply.
    trap = "    checks:\n      trap: {command: [/bin/sh, -c, 'kill -9 $PPID']}\n"
    desk.watch(checks=trap)
    desk.fails("Nothing of it was counted")
    assert desk.counted() == 0
    desk.watch()
    desk.is_repaired()


def test_a_store_of_a_newer_version(desk: Desk) -> None:
    desk.watch()
    desk.is_repaired()
    _set_version(desk.db, 99)
    desk.write(5)
    before = desk.db.read_bytes()
    for command in (("collect", "--once"), ("status",), ("sql", "select 1")):
        code, out, err = desk.run(*command)
        assert (code, out) == (1, "")
        assert "newer than this one" in err
        assert "Install that version or a later one" in err
    assert desk.db.read_bytes() == before
    _set_version(desk.db, 1)
    desk.is_repaired(RECORDS + 5)


def _set_version(db: Path, version: int) -> None:
    with closing(sqlite3.connect(db)) as raw:
        raw.execute(f"PRAGMA user_version = {version}")


def test_a_store_on_a_read_only_disk(desk: Desk, request: pytest.FixtureRequest) -> None:
    desk.watch()
    desk.is_repaired()
    folder = tempfile.TemporaryDirectory()
    request.addfinalizer(folder.cleanup)
    there = Path(folder.name)
    for file in (desk.db, desk.log, desk.catalogue / "shop.yaml"):
        Path(shutil.copy(file, there)).chmod(0o444)
    there.chmod(0o555)
    code, _, err = _bound("collect", "--once", db=there / desk.db.name, catalogue=there)
    assert code == 1
    assert "may only be read by you" in err
    assert "choose another place with --db" in err
    code, out, err = _bound("status", db=there / desk.db.name, catalogue=there)
    assert code == 0, err
    assert "shop" in out
    there.chmod(0o755)
    Path(there / desk.db.name).chmod(0o644)
    desk.db = there / desk.db.name
    desk.write(5)
    desk.is_repaired(RECORDS + 5)


def _bound(*arguments: str, db: Path, catalogue: Path) -> tuple[int, str, str]:
    """The command line with permissions that bind: root without its right to pass them by."""
    rights = "--bounding-set=-dac_override,-dac_read_search"
    prefix = ["setpriv", rights] if os.geteuid() == 0 else []
    words = [*arguments, "--db", str(db), "--catalogue", str(catalogue)]
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "psbuddy", *words],
        capture_output=True,
        text=True,
        cwd=Path(package.__file__).parents[1],
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_a_second_instance_on_the_same_store(desk: Desk) -> None:
    desk.watch()
    with open_store(str(desk.db)):
        code, _, err = desk.run("collect", "--once")
        assert code == 1
        assert f"Another PS Buddy (process {os.getpid()}) is already collecting" in err
        assert "Close that one first" in err
    desk.is_repaired()


def test_an_engine_that_finds_the_store_taken_leaves_it_alone(desk: Desk) -> None:
    desk.watch()
    desk.is_repaired()
    with open_store(str(desk.db)):
        assert desk.run("collect", "--once")[0] == 1
        assert desk.run("status")[0] == 0  # looking needs no turn
    assert desk.counted() == RECORDS
