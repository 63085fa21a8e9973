"""Ten thousand sessions, ended in every way: no thread, descriptor or remote program stays.

`PSBUDDY_SESSIONS` says how many; 10,000 take about a quarter of an hour on two cores.
"""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.bounded import Watchdog
from collectors.errors import CollectError
from collectors.known_hosts import KnownHostsFiles
from collectors.session import Session
from collectors.transport.ssh import SshTransport
from psbuddy.demo.sshd import LoopbackSshd, _descendants
from tests.support import leaks, standin
from tests.support.hosts import route

SESSIONS = int(os.environ.get("PSBUDDY_SESSIONS", "10000"))
_WAYS = ("close", "die", "cut", "damaged", "killed", "never started", "wrong port")


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def _one(sshd: LoopbackSshd, watchdog: Watchdog, own: Path, end: str) -> None:
    changes = {"port": 1} if end == "wrong port" else {}
    way = SshTransport(route(sshd, **changes), KnownHostsFiles(own), watchdog)
    session = Session("host-1", way, standin.program())
    try:
        if end != "never started":
            session.start(time.monotonic() + 60)
            if end == "killed":
                os.kill(session.request({"op": "ping"}, time.monotonic() + 60)["pid"], 9)
            elif end != "close":
                session.request({"op": end}, time.monotonic() + 60)
    except CollectError:
        pass
    finally:
        session.close()


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[LoopbackSshd]:
    """For an account without a profile: this one's may take longer than all else."""
    account = "SetEnv HOME=/nonexistent PATH=/usr/bin:/bin"
    with LoopbackSshd(tmp_path / "sshd", {"host-1": "127.0.2.1"}, extra=(account,)) as server:
        yield server


@pytest.mark.timeout(4 * 3600)
def test_sessions_leave_nothing_however_they_end(quick: LoopbackSshd, tmp_path: Path) -> None:
    sshd = quick
    rolls, watchdog = random.Random(7), Watchdog()
    try:
        for _ in range(20):
            _one(sshd, watchdog, tmp_path / "own", "close")
        threads, descriptors, memory = len(leaks.threads()), len(leaks.descriptors()), _resident()
        for _ in range(SESSIONS):
            _one(sshd, watchdog, tmp_path / "own", rolls.choice(_WAYS))
        leaks.wait_for(lambda: len(leaks.threads()) <= threads)
        leaks.wait_for(lambda: len(leaks.descriptors()) <= descriptors)
        leaks.wait_for(lambda: not list(_descendants(sshd.pid)))
        grown = _resident() - memory
        print(
            f"{SESSIONS} sessions: threads {threads} -> {len(leaks.threads())}, descriptors "
            f"{descriptors} -> {len(leaks.descriptors())}, remote processes 0, resident "
            f"{memory >> 10} -> {_resident() >> 10} KB ({grown / SESSIONS:.0f} bytes each)"
        )
        assert grown <= 20 * 2**20
    finally:
        watchdog.stop()
