"""The OpenSSH server of the demo and the suite: answers, ends, touches nobody's files."""

import subprocess
import sys
from pathlib import Path

import pytest

from psbuddy.demo import sshd as module
from psbuddy.demo.sshd import LoopbackSshd, SshdUnavailable
from tests.support import leaks


def run(server: LoopbackSshd, alias: str, command: str) -> str:
    return subprocess.run(
        ["ssh", "-F", "none", "-p", str(server.port), "-i", server.identity_file, "-o",
         f"UserKnownHostsFile={server.known_hosts}", "-o", "BatchMode=yes",
         f"{server.user}@{server.addresses[alias]}", command],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def test_every_alias_answers_and_is_known(sshd: LoopbackSshd) -> None:
    assert run(sshd, "host-1", "echo one") == "one\n"
    assert run(sshd, "host-4", "echo four") == "four\n"


def test_stop_ends_the_server_and_its_sessions(tmp_path: Path) -> None:
    server = LoopbackSshd(tmp_path / "with space", {"a": "127.0.3.1"})
    server.start()
    server.start()  # once is enough
    first = server.pid
    server.stop()
    server.stop()
    assert not Path(f"/proc/{first}").exists()
    with server:
        assert server.pid != first


def test_it_dies_with_a_program_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from psbuddy.demo.sshd import *;"
        "s = LoopbackSshd(Path(sys.argv[1]), {'a': '127.0.3.2'}); s.start();"
        "print(s.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "s")], capture_output=True, check=False
    )
    assert killed.returncode == -9
    leaks.wait_for(lambda: not Path(f"/proc/{int(killed.stdout)}").exists())


def test_without_a_server_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SEARCH", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SshdUnavailable, match="openssh-server"):
        LoopbackSshd(tmp_path / "s", {"a": "127.0.3.3"}).start()


def test_a_configuration_it_refuses_is_told_with_its_words(tmp_path: Path) -> None:
    server = LoopbackSshd(tmp_path / "s", {"a": "127.0.3.4"}, extra=["NoSuchKey yes"])
    with pytest.raises(SshdUnavailable, match="NoSuchKey"):
        server.start()


def test_an_address_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(SshdUnavailable, match=r"192\.0\.2\.1 cannot be used"):
        LoopbackSshd(tmp_path / "s", {"a": "192.0.2.1"}).start()


def test_more_addresses_than_a_server_can_have_are_told(tmp_path: Path) -> None:
    hosts = {f"h{number}": f"127.0.3.{number}" for number in range(1, 18)}
    with pytest.raises(SshdUnavailable, match="at most 16 addresses"):
        LoopbackSshd(tmp_path / "s", hosts).start()
