"""A log that our account may not read: which file, which group, and the one command, both ways."""

import grp
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from collectors.errors import ProgramError
from collectors.problems import sentence
from collectors.session import Session
from psbuddy.demo.sshd import LoopbackSshd
from tests.support import bare
from tests.support.accounts import throw_away
from tests.support.hosts import route, soon, ssh_session

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can work as two accounts")
ADM = "adm"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every account may enter, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def session_as(user: str, place: Path, tmp_path: Path, *, python: bool) -> Iterator[Session]:
    """A session with a host on which we are `user`."""
    path = "/usr/bin:/bin" if python else str(bare.tools(place / "tools"))
    force = (
        f"ForceCommand exec setpriv --reuid={user} --regid={user} --init-groups "
        f'/usr/bin/env PATH={path} /bin/sh -c "$SSH_ORIGINAL_COMMAND"'
    )
    made = LoopbackSshd(tmp_path / "sshd", {"host-1": "127.0.2.1"}, extra=[force])
    with made as server, ssh_session(route(server), tmp_path / "own") as session:
        session.start(soon())
        yield session


def problems(session: Session, path: Path | str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bare.visit(session, path)["problems"]
    return found


def closed(log: Path) -> Path:
    log.write_text("2026-12-01 10:00:00,000 INFO [main] a.B - x\n")
    os.chown(log, 0, grp.getgrnam(ADM).gr_gid)
    log.chmod(0o640)
    return log


@pytest.mark.parametrize("python", [True, False], ids=["with Python", "without Python"])
def test_the_file_the_group_and_the_command(place: Path, tmp_path: Path, python: bool) -> None:
    log = closed(place / "app.log")
    (place / "shut").mkdir(mode=0o700)
    with (
        throw_away() as account,
        session_as(account.name, place, tmp_path, python=python) as session,
    ):
        (told,) = problems(session, log)
        assert told["code"] == "unreadable"
        assert told["detail"] == (
            f"it belongs to root, group {ADM}, mode -rw-r-----. Its owner can type there: "
            f"sudo usermod -aG {ADM} {account.name}"
        )
        (told,) = problems(session, place / "shut" / "*.log")
        assert told["code"] == "unreadable"
        assert told["detail"].startswith(f"the folder {place}/shut belongs to root, group root")
        assert told["detail"].endswith(f"sudo setfacl -m u:{account.name}:rx {place}/shut")
        (told,) = problems(session, place / "nothing-*.log")
        assert told["code"] == "missing"
    words = sentence(told["code"], told["path"], told["detail"], "host-1")
    assert "host-1" in words


@pytest.mark.parametrize("python", [True, False], ids=["with Python", "without Python"])
def test_looking_for_logs_tells_the_command(place: Path, tmp_path: Path, python: bool) -> None:
    log = closed(place / "app.log")
    asked = {"op": "discover", "folders": [str(place)], "seconds": 10}
    with (
        throw_away() as account,
        session_as(account.name, place, tmp_path, python=python) as session,
    ):
        found = {each["path"]: each for each in session.request(asked, soon(60))["logs"]}
        assert found[str(log)]["readable"] is False
        assert found[str(log)]["detail"] == (
            f"it belongs to root, group {ADM}, mode -rw-r-----. Its owner can type there: "
            f"sudo usermod -aG {ADM} {account.name}"
        )


def test_the_command_works_and_the_next_visit_sees_it(place: Path, tmp_path: Path) -> None:
    log = closed(place / "app.log")
    with throw_away() as account, session_as(account.name, place, tmp_path, python=True) as session:
        (told,) = problems(session, log)
        command = told["detail"].rpartition("type there: ")[2]
        # The words are for the host's owner: here that is us.
        subprocess.run(["sh", "-c", command.removeprefix("sudo ")], check=True)
        # This login knows nothing of it; the program notices that and ends after its answer.
        assert [one["code"] for one in problems(session, log)] == ["unreadable"]
        with pytest.raises(ProgramError, match="cut"):
            session.request({"op": "ping"}, time.monotonic() + 20)
        assert account.name in grp.getgrnam(ADM).gr_mem


def test_a_new_login_reads_it(place: Path, tmp_path: Path) -> None:
    log = closed(place / "app.log")
    with throw_away() as account:
        subprocess.run(["usermod", "-aG", ADM, account.name], check=True)
        assert pwd.getpwnam(account.name)
        with session_as(account.name, place, tmp_path, python=True) as session:
            assert problems(session, log) == []


def test_the_lines_of_a_closed_log_bring_the_command_too(place: Path, tmp_path: Path) -> None:
    log = closed(place / "app.log")
    with throw_away() as account, session_as(account.name, place, tmp_path, python=True) as session:
        around = {"time": int(time.time()), "text": ""}
        asked = {"op": "lines", "path": str(log), "around": around, "before": 1, "after": 1}
        reply = session.request(asked, soon())
    assert reply["reason"] == "unreadable"
    assert f"sudo usermod -aG {ADM} {account.name}" in reply["detail"]
