"""Slow but living hosts, more of them than threads: no host that is quick waits for them."""

import fcntl
import os
import shutil
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from collectors import link
from collectors.engine import PATIENT, QUICK
from psbuddy.demo.sshd import MOST_HOSTS, _descendants
from tests.support.catalogues import application, hosts_section, write_records
from tests.support.engines import RunningEngine, running
from tests.support.servers import Servers, servers

SLOW = tuple(f"slow-{number}" for number in range(PATIENT + QUICK))
FAST = tuple(f"fast-{number}" for number in range(20))
ROUNDS = 3
#: This account's own may take longer than all else.
_NO_PROFILE = "SetEnv HOME=/nonexistent PATH=/usr/bin:/bin"
_FLOCK = shutil.which("flock")


def everywhere(group: Servers, hosts: tuple[str, ...], *extra: str) -> str:
    """All hosts, on as few servers as there can be; their part of a catalogue."""
    told = ""
    for begin in range(0, len(hosts), MOST_HOSTS):
        names = hosts[begin : begin + MOST_HOSTS]
        net = 3 + len(group.made)
        addresses = {name: f"127.0.{net}.{n}" for n, name in enumerate(names, 1)}
        server = group.serve(addresses, _NO_PROFILE, *extra)
        told += hosts_section(server, names).partition("\n")[2]
    return told


def told(engine: RunningEngine, event: str, hosts: tuple[str, ...], **fields: Any) -> set[str]:
    """Wait until each of them is told of; all that were."""
    seen: set[str] = set()
    while not seen.issuperset(hosts):
        seen.add(engine.wait(event, seconds=120, **fields)["host"])
    return seen


def quick_ones_are_on_time(engine: RunningEngine) -> None:
    """They are visited round after round while all others are waited for."""
    for _ in range(ROUNDS):
        engine.ask("collect", app="fast")
        answered = told(engine, "collected", FAST, outcome="ok")
        assert not answered.intersection(SLOW)
    talking = [each for each in threading.enumerate() if each.name.startswith("visit")]
    assert len(talking) <= PATIENT + QUICK


@pytest.mark.skipif(_FLOCK is None, reason="there is no flock here")
@pytest.mark.timeout(900)
def test_hosts_that_answer_at_once_do_not_wait_for_those_that_take_their_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for deadline in ("OPEN_SECONDS", "REPLY_SECONDS"):  # sixty hosts on one machine take longer
        monkeypatch.setattr(link, deadline, 600.0)
    log, gate, catalogue = (tmp_path / name for name in ("app.log", "gate", "catalogue"))
    catalogue.mkdir()
    write_records(log, 100)
    with servers(tmp_path) as group, gate.open("w") as shut:
        starts_late = f'ForceCommand {_FLOCK} -s {gate} sh -c "$SSH_ORIGINAL_COMMAND"'
        hosts = "hosts:\n" + everywhere(group, SLOW, starts_late)
        late = tuple(group.made)
        hosts += everywhere(group, FAST)
        (catalogue / "slow.yaml").write_text(hosts + application("slow", SLOW, log, every="10m"))
        (catalogue / "fast.yaml").write_text(application("fast", FAST, log, every="10m"))
        fcntl.flock(shut, fcntl.LOCK_EX)
        with running(tmp_path / "store.db", catalogue) as engine:
            told(engine, "visiting", SLOW)  # the first visit: let in, and no program begins
            quick_ones_are_on_time(engine)
            fcntl.flock(shut, fcntl.LOCK_UN)
            told(engine, "collected", SLOW, outcome="ok")
            frozen = [pid for server in late for pid in _descendants(server.pid)]
            for pid in frozen:
                os.kill(pid, signal.SIGSTOP)
            engine.ask("collect", app="slow")
            told(engine, "visiting", SLOW)  # over kept sessions
            quick_ones_are_on_time(engine)
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)
            told(engine, "collected", SLOW, outcome="ok")
