"""A jump host that goes away, and a network: one message, applications unknown and not down."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from collectors import path_desk
from psbuddy.demo.sshd import LoopbackSshd
from psbuddy.insight.path import is_path
from psbuddy.store import connect_readonly
from psbuddy.store.read.fleet import app_statuses, host_lines
from tests.support.catalogues import application, hosts_section
from tests.support.engines import RunningEngine, running
from tests.support.servers import host_block

BEHIND = ("far-1", "far-2", "far-3")


@pytest.fixture(autouse=True)
def _without_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path_desk, "SETTLE_SECONDS", 0.5)
    monkeypatch.setattr(path_desk, "PROBE_SECONDS", 1.0)


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[LoopbackSshd]:
    """A jump host with its own way to be stopped."""
    server = LoopbackSshd(tmp_path / "edge", {"edge-1": "127.0.2.1"})
    server.start()
    yield server
    server.stop()


def told(engine: RunningEngine) -> list[tuple[str, str]]:
    paths = [event for event in engine.seen if event["event"] == "path"]
    return [(event["state"], event["name"]) for event in paths if event.get("first", True)]


def test_a_jump_host_that_is_gone_is_named_once_and_its_hosts_come_back_by_themselves(
    tmp_path: Path, tmp_home: Path, catalogue: Path, log: Path, sshd: LoopbackSshd,
    edge: LoopbackSshd,
) -> None:  # fmt: skip
    blocks = "".join(
        f"Host {name}\n  HostName 127.0.1.{number}\n  Port {sshd.port}\n  User {sshd.user}\n"
        f"  IdentityFile {sshd.identity_file}\n  IdentitiesOnly yes\n  ProxyJump edge-1\n"
        f"  UserKnownHostsFile {sshd.known_hosts}\n\n"
        for number, name in enumerate(BEHIND, 2)
    )
    (tmp_home / ".ssh" / "config").write_text(host_block(edge) + blocks)
    apps = application("near", ["host-1"], log) + application("far", BEHIND, log).partition("\n")[2]
    (catalogue / "a.yaml").write_text(hosts_section(sshd, ["host-1"]) + apps)
    db = tmp_path / "data" / "store.db"
    with running(db, catalogue) as engine:
        for host in (*BEHIND, "host-1"):
            engine.ask("collect", host=host)
            engine.wait("collected", host=host, outcome="ok")
        edge.stop()
        engine.ask("collect")
        down = engine.wait("path", state="down", seconds=40)
        assert (down["kind"], down["name"], down["first"]) == ("jump host", "edge-1", True)
        assert "Nothing says that they are down" in down["message"]
        while is_path(engine.wait("collected", outcome="failed", seconds=40)["detail"]) is False:
            pass
        engine.ask("collect", host="host-1")
        engine.wait("collected", host="host-1", outcome="ok")
        edge._fixed_port = True
        edge.start()
        back = engine.wait("path", state="back", seconds=40)
        assert back["message"] == "Path back: hosts behind edge-1 are reached again."
        for host in BEHIND:
            engine.ask("collect", host=host)
            engine.wait("collected", host=host, outcome="ok", seconds=40)
        assert told(engine) == [("down", "edge-1"), ("back", "edge-1")]


def test_a_network_that_answers_nobody_makes_applications_unknown(
    tmp_path: Path, catalogue: Path, log: Path, sshd: LoopbackSshd
) -> None:
    """Listeners that are bound and refuse, as hosts behind a router that is down."""
    with socket.socket() as probe:
        probe.bind(("127.7.0.1", 0))
        port = probe.getsockname()[1]
    gone = tuple(f"gone-{number}" for number in range(1, 5))
    hosts = "".join(
        f"  {name}:\n    address: 127.7.0.{number}\n    port: {port}\n"
        for number, name in enumerate(gone, 1)
    )
    apps = application("near", ["host-1"], log)
    apps += application("gone", gone, log).partition("\n")[2]
    apps += application("both", ("host-1", "gone-1"), log).partition("\n")[2]
    (catalogue / "a.yaml").write_text(hosts_section(sshd, ["host-1"]) + hosts + apps)
    db = tmp_path / "data" / "store.db"
    with running(db, catalogue) as engine:
        engine.wait("collected", host="host-1", outcome="ok")
        down = engine.wait("path", state="down", seconds=40)
        assert (down["kind"], down["name"]) == ("network", "127.7.0.0/16")
        assert (down["hosts"], down["apps"]) == (4, 2)
        left = set(gone)
        while left:  # those that were lost before it was known are tried again soon
            event = engine.wait("collected", outcome="failed", seconds=40)
            left -= {event["host"]} if is_path(event["detail"]) else set()
        engine.ask("refresh")
        engine.ask("collect", host="host-1")
        engine.wait("collected", host="host-1", outcome="ok")
    with closing(connect_readonly(str(db))) as connection:
        states = {status.app: str(status.state) for status in app_statuses(connection)}
        reasons = {line.reason for line in host_lines(connection) if line.host in gone}
    assert states == {"near": "up", "gone": "unknown", "both": "unknown"}
    assert all("127.7.0.0/16 is not reached" in reason for reason in reasons)
    assert told(engine) == [("down", "127.7.0.0/16")]
