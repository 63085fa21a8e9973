"""Hosts over a held `ssh`: the same promises as over the library, and what only ssh can do."""

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from collectors.connect import Connector
from collectors.errors import (
    AuthError,
    CollectError,
    DeadlineError,
    HostKeyRefusedError,
    HostKeyUnknownError,
    OtherWayError,
    ProgramError,
    UnreachableError,
)
from collectors.known_hosts import sha256
from collectors.session import Session
from collectors.transport.stages import StageSeconds
from psbuddy.catalogue import HostEntry
from psbuddy.demo.sshd import LoopbackSshd
from psbuddy.model.terms import Stage
from tests.support import standin
from tests.support.hosts import soon
from tests.support.servers import Servers, host_block

QUICK = StageSeconds(connect=1.0, handshake=1.0, login=2.0, channel=1.0)
PROGRAM = HostEntry(transport="openssh")
Connect = Callable[..., AbstractContextManager[Session]]
LEGACY = pytest.mark.parametrize(
    ("server_says", "key_type", "user_allows"),
    [
        ("HostKeyAlgorithms ssh-rsa", "rsa", "HostKeyAlgorithms +ssh-rsa"),
        ("KexAlgorithms diffie-hellman-group14-sha1", "ed25519",
         "KexAlgorithms +diffie-hellman-group14-sha1"),
    ],
    ids=["only ssh-rsa", "only group14-sha1"],
)  # fmt: skip


@pytest.fixture
def connect(tmp_path: Path, tmp_home: Path) -> Connect:
    """Sessions as the engine makes them."""

    @contextmanager
    def connected(
        alias: str, entry: HostEntry = PROGRAM, seconds: StageSeconds | None = None
    ) -> Iterator[Session]:
        connector = Connector(tmp_path / "data", program=standin.program(), seconds=seconds)
        session = connector.session(alias, entry)
        try:
            yield session
        finally:
            session.close()
            connector.stop()

    return connected


def ask(session: Session) -> str:
    session.start(soon())
    asked = {"op": "ping", "echo": os.urandom(200_000).hex()}
    return str(session.request(asked, soon())["program"])


def failure(session: Session) -> CollectError:
    with pytest.raises(CollectError) as caught:
        session.start(soon())
    return caught.value


def test_the_program_carries_the_same_frames(
    group: Servers, config: Path, connect: Connect
) -> None:
    config.write_text(host_block(group.make()))
    with connect("host-1") as session:
        assert ask(session) == standin.program().sha256
        assert session.transport == "openssh"
        assert any("the catalogue says so" in note for note in session.notes)
        sent, received = session.traffic
        assert sent > 200_000
        assert received > 200_000


def test_what_the_user_allows_ssh_is_not_allowed_here(
    group: Servers, config: Path, connect: Connect, tmp_path: Path
) -> None:
    server = group.make()
    known = tmp_path / "known"
    mark = tmp_path / "ran"
    config.write_text(
        host_block(
            server,
            f"UserKnownHostsFile {known}",
            "StrictHostKeyChecking no",
            "UpdateHostKeys yes",
            "ControlMaster auto",
            f"ControlPath {tmp_path}/master",
            "ForwardAgent yes",
            "PermitLocalCommand yes",
            f"LocalCommand touch {mark}",
            "RemoteCommand echo wrong",
            "RequestTTY force",
        )
    )
    with connect("host-1") as session:
        assert isinstance(failure(session), HostKeyUnknownError)
    assert not known.exists()
    known.write_text(server.known_hosts.read_text())
    with connect("host-1") as session:
        assert ask(session) == standin.program().sha256
        assert not (tmp_path / "master").exists()
    assert not mark.exists()
    assert known.read_text() == server.known_hosts.read_text()


def test_an_unknown_key_is_a_question_and_remembered(
    group: Servers, config: Path, connect: Connect, tmp_path: Path
) -> None:
    server = group.make()
    config.write_text(host_block(server, known=False))
    with connect("host-1") as session:
        error = failure(session)
    assert isinstance(error, HostKeyUnknownError)
    key = (server.folder / "host_key.pub").read_text().split()[1]
    assert error.question.sha256 == sha256(key)
    assert "Accepted" not in server.log_text()
    connector = Connector(tmp_path / "data")
    connector.known_hosts.accept(error.question)
    connector.stop()
    with connect("host-1") as session:
        assert ask(session) == standin.program().sha256


def test_a_changed_key_is_refused_with_both_fingerprints(
    group: Servers, config: Path, connect: Connect
) -> None:
    server, other = group.make(), group.make()
    was = (other.folder / "host_key.pub").read_text().split()[1]
    config.write_text(host_block(server))
    server.known_hosts.write_text(f"[127.0.2.1]:{server.port} ssh-ed25519 {was}\n")
    with connect("host-1") as session:
        error = failure(session)
    assert isinstance(error, HostKeyRefusedError)
    assert sha256(was) in str(error)
    assert sha256((server.folder / "host_key.pub").read_text().split()[1]) in str(error)
    assert "publickey" not in server.log_text()


def test_through_two_jump_hosts_each_with_its_own_key(
    group: Servers, config: Path, connect: Connect
) -> None:
    target, first, second = group.make(), group.make(), group.make()
    config.write_text(
        host_block(target, "ProxyJump host-2,host-3") + host_block(first) + host_block(second)
    )
    with connect("host-1") as session:
        assert ask(session) == standin.program().sha256
    for server in (target, first, second):
        assert server.log_text().count("Accepted publickey") == 1


def test_an_unknown_key_of_a_jump_host_is_asked_about(
    group: Servers, config: Path, connect: Connect
) -> None:
    target, jump = group.make(), group.make()
    config.write_text(host_block(target, "ProxyJump host-2") + host_block(jump, known=False))
    with connect("host-1") as session:
        error = failure(session)
    assert isinstance(error, HostKeyUnknownError)
    assert error.question.host == "host-2"
    assert "Accepted" not in jump.log_text()


def test_a_host_that_its_jump_host_cannot_reach(
    group: Servers, config: Path, connect: Connect
) -> None:
    jump = group.make()
    config.write_text(
        "Host far\n  HostName 127.0.2.77\n  Port 1\n  ProxyJump host-1\n\n" + host_block(jump)
    )
    with connect("far") as session:
        error = failure(session)
    assert isinstance(error, UnreachableError)
    assert "through host-1" in str(error)
    assert "is not known" in str(error)


def test_a_cipher_that_the_library_lacks_turns_to_ssh_and_stays_there(
    group: Servers, config: Path, tmp_path: Path
) -> None:
    config.write_text(host_block(group.make("Ciphers chacha20-poly1305@openssh.com")))
    connector = Connector(tmp_path / "data", program=standin.program())
    try:
        for _ in range(2):
            session = connector.session("host-1", HostEntry())
            assert ask(session) == standin.program().sha256
            assert session.transport == "openssh"
            assert any("speaks nothing that our SSH library knows" in n for n in session.notes)
            session.close()
    finally:
        connector.stop()
    assert group.made[0].log_text().count("no matching cipher") == 1


def test_the_catalogue_can_insist_on_the_library(
    group: Servers, config: Path, connect: Connect
) -> None:
    config.write_text(host_block(group.make("Ciphers chacha20-poly1305@openssh.com")))
    with connect("host-1", HostEntry(transport="paramiko")) as session:
        error = failure(session)
    assert isinstance(error, OtherWayError)
    assert "no longer considered safe" in str(error)


@LEGACY
def test_an_old_server_is_refused_until_the_user_allows_it(
    group: Servers,
    config: Path,
    connect: Connect,
    server_says: str,
    key_type: str,
    user_allows: str,
) -> None:
    server = group.make(server_says, key_type=key_type)
    config.write_text(host_block(server))
    with connect("host-1", HostEntry()) as session:
        error = failure(session)
    assert isinstance(error, UnreachableError)
    assert error.stage is Stage.KEX
    assert "in ssh_config" in str(error)
    config.write_text(host_block(server, user_allows))
    with connect("host-1", HostEntry()) as session:
        assert ask(session) == standin.program().sha256
        assert session.transport == "openssh"


def _certify(server: LoopbackSshd, authority: Path, name: str) -> None:
    subprocess.run(
        ["ssh-keygen", "-q", "-s", authority, "-h", "-I", "h", "-n", name,
         server.folder / "host_key.pub"],
        check=True,
    )  # fmt: skip


def test_a_host_certificate_is_verified_by_ssh(
    group: Servers, config: Path, connect: Connect, tmp_path: Path
) -> None:
    authority = tmp_path / "authority"
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", authority], check=True)
    server = group.make()
    _certify(server, authority, "127.0.2.1")
    server.stop()
    server = LoopbackSshd(
        server.folder,
        server.addresses,
        extra=[f"HostCertificate {server.folder}/host_key-cert.pub"],
    )
    group.made.append(server)
    server.start()
    kind, key = authority.with_suffix(".pub").read_text().split()[:2]
    config.write_text(host_block(server))
    server.known_hosts.write_text(f"@cert-authority [127.0.2.*]:{server.port} {kind} {key}\n")
    with connect("host-1", HostEntry()) as session:
        assert ask(session) == standin.program().sha256
        assert session.transport == "openssh"
        assert any("certificate authority vouches for host-1" in n for n in session.notes)
    server.known_hosts.write_text(
        f"@cert-authority [127.0.2.*]:{server.port} "
        + server.identity_file.with_suffix(".pub").read_text()
    )
    with connect("host-1", HostEntry()) as session:
        error = failure(session)
    assert error.stage is Stage.HOST_KEY
    assert server.log_text().count("Accepted publickey") == 1


def test_a_refused_key_is_offered_once(group: Servers, config: Path, connect: Connect) -> None:
    server = group.make("LogLevel DEBUG1")
    (server.folder / "authorized_keys").write_text("")
    config.write_text(host_block(server))
    with connect("host-1") as session:
        error = failure(session)
    assert isinstance(error, AuthError)
    assert error.needs_person
    assert "Permission denied" in str(error)
    assert server.log_text().count("Failed publickey") == 1


@pytest.mark.parametrize(
    ("lines", "stage", "said"),
    [
        (["HostName 127.0.2.50", "Port 1"], Stage.TCP, "Connection refused"),
        (["HostName no-such-host.invalid"], Stage.RESOLVE, "could not be reached"),
    ],
)
def test_who_cannot_be_reached_is_told_by_the_stage(
    config: Path, connect: Connect, lines: list[str], stage: Stage, said: str
) -> None:
    config.write_text("\n  ".join(["Host gone", *lines]) + "\n")
    with connect("gone") as session:
        error = failure(session)
    assert isinstance(error, UnreachableError)
    assert error.stage is stage
    assert said in str(error)


def test_a_server_that_says_nothing_ends_at_the_deadline(config: Path, connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config.write_text(f"Host mute\n  HostName 127.0.0.1\n  Port {silent.getsockname()[1]}\n")
        with connect("mute", PROGRAM, QUICK) as session:
            error = failure(session)
    assert isinstance(error, DeadlineError)
    assert error.stage is Stage.BANNER
    assert "says nothing" in str(error)


def test_a_forced_command_is_recognised(group: Servers, config: Path, connect: Connect) -> None:
    config.write_text(host_block(group.make("ForceCommand echo this account is for backups")))
    with connect("host-1") as session:
        error = failure(session)
    assert isinstance(error, ProgramError)
    assert error.stage is Stage.FIRST_FRAME
    assert "this account is for backups" in str(error)


def test_no_more_sessions_is_recognised(group: Servers, config: Path, connect: Connect) -> None:
    config.write_text(host_block(group.make("MaxSessions 0")))
    with connect("host-1") as session:
        error = failure(session)
    assert error.stage in (Stage.CHANNEL, Stage.FIRST_FRAME)
    assert "host-1" in str(error)


def _sessions_of(server: LoopbackSshd) -> list[str]:
    """Process ids of the server's connections."""
    return Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()


def test_a_server_that_freezes_ends_the_session_at_its_deadline(
    group: Servers, config: Path, connect: Connect
) -> None:
    server = group.make()
    config.write_text(host_block(server))
    with connect("host-1") as session:
        ask(session)
        frozen = [int(pid) for pid in _sessions_of(server)]
        try:
            for pid in frozen:
                os.kill(pid, signal.SIGSTOP)
            with pytest.raises(DeadlineError):
                session.request({"op": "ping"}, soon(0.5))
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)
        assert not session.alive


def test_closing_breaks_off_an_opening_from_another_thread(config: Path, connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config.write_text(f"Host mute\n  HostName 127.0.0.1\n  Port {silent.getsockname()[1]}\n")
        with connect("mute") as session:
            caught: list[CollectError] = []

            def opening() -> None:
                try:
                    session.start(soon())
                except CollectError as error:
                    caught.append(error)

            thread = threading.Thread(target=opening)
            thread.start()
            connection, _ = silent.accept()
            session.close()
            thread.join(5.0)
            connection.close()
    assert caught
    assert not thread.is_alive()
