"""Why a file may not be read, and the one command for the host's owner: real files, real rights."""

import grp
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psbhost import rights

ENTRY = {"path": "/var/log/x.log", "mode": "-rw-r-----", "owner": "root", "group": "adm"}


@pytest.mark.parametrize(
    ("changes", "needs", "told"),
    [
        ({}, "r", "sudo usermod -aG adm ops"),
        ({"group": "root"}, "r", "sudo setfacl -m u:ops:r /var/log/x.log"),
        ({"group": "docker"}, "r", "sudo setfacl -m u:ops:r /var/log/x.log"),
        ({"mode": "-rw-------"}, "r", "sudo setfacl -m u:ops:r /var/log/x.log"),
        ({"owner": "ops"}, "r", "chmod u+r /var/log/x.log"),
        ({"path": "/a b/it's"}, "r", "sudo usermod -aG adm ops"),
        ({"path": "/a b/it's", "mode": "-rw-------"}, "r",
         "sudo setfacl -m u:ops:r '/a b/it'\"'\"'s'"),
        ({"group": "a;b"}, "r", "sudo setfacl -m u:ops:r /var/log/x.log"),
        ({"mode": "drwxr-x---"}, "x", "sudo usermod -aG adm ops"),
        ({"mode": "drwxr-s---"}, "x", "sudo usermod -aG adm ops"),
        ({"mode": "drwx--x---"}, "rx", "sudo setfacl -m u:ops:rx /var/log/x.log"),
    ],
)  # fmt: skip
def test_the_command(changes: dict[str, str], needs: str, told: str) -> None:
    assert rights.command("ops", {**ENTRY, **changes}, needs) == told


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account may enter."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@contextmanager
def as_nobody() -> Iterator[str]:
    """Work as an account whom rights bind; its name."""
    if os.geteuid() != 0:
        yield pwd.getpwuid(os.geteuid()).pw_name
        return
    nobody, groups = pwd.getpwnam("nobody"), os.getgroups()
    os.setgroups([nobody.pw_gid])
    os.seteuid(nobody.pw_uid)
    try:
        yield nobody.pw_name
    finally:
        os.seteuid(0)
        os.setgroups(groups)


def test_a_closed_file_of_another(folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a file of another account")
    log = folder / "app.log"
    log.write_text("x")
    log.chmod(0o640)
    group = grp.getgrnam("adm").gr_gid
    os.chown(log, 0, group)
    with as_nobody() as user:
        told = rights.denial(str(log), "Permission denied")
    assert told == (
        "it belongs to root, group adm, mode -rw-r-----. Its owner can type there: "
        f"sudo usermod -aG adm {user}"
    )


def test_a_closed_folder_on_the_way_is_named(folder: Path) -> None:
    inner = folder / "closed" / "deep"
    inner.mkdir(parents=True)
    (inner / "app.log").write_text("x")
    (folder / "closed").chmod(0o700 if os.geteuid() == 0 else 0)
    with as_nobody() as user:
        told = rights.denial(str(inner / "app.log"), "Permission denied")
        door = rights.closed_door(str(inner))
    (folder / "closed").chmod(0o700)
    assert told.startswith(f"the folder {folder}/closed belongs to ")
    if os.geteuid() == 0:
        assert told.endswith(f"sudo setfacl -m u:{user}:x {folder}/closed")
    assert door.startswith(f"the folder {folder}/closed belongs to ")


def test_a_folder_that_may_be_passed_but_not_listed_hides_what_a_pattern_names(
    folder: Path,
) -> None:
    hidden = folder / "hidden"
    hidden.mkdir()
    hidden.chmod(0o711 if os.geteuid() == 0 else 0o311)
    with as_nobody():
        door = rights.closed_door(str(hidden))
    hidden.chmod(0o700)
    assert f"the folder {hidden} belongs to" in door
    with as_nobody():
        assert rights.closed_door(str(folder)) == ""


def test_what_rights_do_not_explain_keeps_its_reason(folder: Path) -> None:
    log = folder / "app.log"
    log.write_text("x")
    assert rights.denial(str(log), "Permission denied") == "Permission denied"


def test_the_program_ends_once_when_the_account_joins_a_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    groups = [frozenset([1]), frozenset([1]), frozenset([1, 4])]
    monkeypatch.setattr(rights, "_first", [])
    monkeypatch.setattr(rights, "_groups", lambda: groups.pop(0))
    assert [rights.outdated() for _ in range(3)] == [False, False, True]
