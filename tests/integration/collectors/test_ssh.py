"""Reaching hosts over a real sshd: what works, and how each failure is told apart."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.bounded import Watchdog
from collectors.errors import (
    AuthError,
    CollectError,
    DeadlineError,
    HostKeyRefusedError,
    HostKeyUnknownError,
    ProgramError,
    UnreachableError,
)
from collectors.known_hosts import KnownHostsFiles, sha256
from collectors.session import Session
from collectors.steps import finish
from collectors.transport import ssh_socket
from collectors.transport.ssh import SshTransport
from collectors.transport.stages import StageSeconds
from psbuddy.demo.sshd import LoopbackSshd
from psbuddy.insight.contact import is_key_refused
from psbuddy.model.terms import Stage
from tests.support import leaks, standin
from tests.support.agents import agent_with
from tests.support.hosts import route, soon, ssh_session
from tests.support.servers import Servers

QUICK = StageSeconds(connect=1.0, handshake=0.5, login=2.0, channel=1.0)


@pytest.fixture(autouse=True)
def _no_descriptor_is_lost(sshd: LoopbackSshd) -> Iterator[None]:
    before = len(leaks.descriptors())
    yield
    leaks.wait_for(lambda: len(leaks.descriptors()) <= before)


def start(way: object, own: Path, seconds: StageSeconds | None = None) -> str:
    """Start a session, ping it, and say which program answered."""
    with ssh_session(way, own, standin.program(), seconds) as session:
        session.start(soon())
        return str(session.request({"op": "ping"}, soon())["program"])


def failure(way: object, own: Path, seconds: StageSeconds | None = None) -> CollectError:
    with pytest.raises(CollectError) as caught:
        start(way, own, seconds)
    return caught.value


def test_an_unknown_key_is_a_question_and_remembered(sshd: LoopbackSshd, own: Path) -> None:
    way = route(sshd, known_hosts=())
    error = failure(way, own)
    assert isinstance(error, HostKeyUnknownError)
    printed = subprocess.run(
        ["ssh-keygen", "-lf", sshd.folder / "host_key.pub"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert error.question.sha256 in printed
    assert error.question.sha256 in str(error)
    assert error.stage is Stage.HOST_KEY
    KnownHostsFiles(own).accept(error.question)
    assert start(way, own) == standin.program().sha256
    assert own.stat().st_mode & 0o777 == 0o600


def test_a_changed_key_is_refused_before_any_login(group: Servers, own: Path) -> None:
    server = group.make()
    other = group.make()
    kind, key = (other.folder / "host_key.pub").read_text().split()[:2]
    own.parent.mkdir()
    own.write_text(f"[127.0.2.1]:{server.port} {kind} {key}\n")
    error = failure(route(server, known_hosts=()), own)
    assert isinstance(error, HostKeyRefusedError)
    shown = (server.folder / "host_key.pub").read_text().split()[1]
    assert sha256(key) in str(error)
    assert sha256(shown) in str(error)
    assert error.known == sha256(key)
    leaks.wait_for(
        lambda: "Connection closed" in server.log_text() or "preauth" in server.log_text()
    )
    assert "publickey" not in server.log_text()


def test_a_revoked_key_is_refused(sshd: LoopbackSshd, own: Path, tmp_path: Path) -> None:
    kind, key = (sshd.folder / "host_key.pub").read_text().split()[:2]
    revoked = tmp_path / "revoked"
    revoked.write_text(f"@revoked * {kind} {key}\n")
    error = failure(route(sshd, known_hosts=(sshd.known_hosts, revoked)), own)
    assert isinstance(error, HostKeyRefusedError)
    assert "@revoked" in str(error)
    assert is_key_refused(str(error))  # on watch, as a changed one is


def new_key(path: Path, passphrase: str = "") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", path], check=True)
    return path


def test_a_refused_key_is_tried_exactly_once(group: Servers, own: Path, tmp_path: Path) -> None:
    server = group.make()
    error = failure(route(server, identity_files=(new_key(tmp_path / "wrong"),)), own)
    assert isinstance(error, AuthError)
    assert error.needs_person
    assert error.stage is Stage.AUTH
    assert "ssh-copy-id" in str(error)
    leaks.wait_for(lambda: "Failed publickey" in server.log_text())
    assert server.log_text().count("Failed publickey") == 1


def test_a_key_that_others_can_read_is_not_used(
    sshd: LoopbackSshd, own: Path, tmp_path: Path
) -> None:
    key = Path(shutil.copy(sshd.identity_file, tmp_path / "open"))
    key.chmod(0o644)
    assert f"chmod 600 {key}" in str(failure(route(sshd, identity_files=(key,)), own))


def test_a_key_of_the_agent(
    sshd: LoopbackSshd, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with agent_with(tmp_path, sshd.identity_file) as address:
        monkeypatch.setenv("SSH_AUTH_SOCK", address)
        way = route(sshd, identity_files=(), identities_only=False)
        assert start(way, own) == standin.program().sha256


def test_a_hanging_agent_does_not_hold_us(
    sshd: LoopbackSshd, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.transport.ssh_agent._SECONDS", 0.2)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "agent"))
        silent.listen()
        way = route(sshd, identity_agent=str(tmp_path / "agent"))
        assert start(way, own) == standin.program().sha256


def test_no_python_on_the_host_is_named(group: Servers, own: Path) -> None:
    server = group.make("SetEnv PATH=/nonexistent")
    error = failure(route(server), own)
    assert isinstance(error, ProgramError)
    assert error.stage is Stage.FIRST_FRAME
    assert "There is no python3 on host-1" in str(error)


def test_a_forced_command_is_told_apart(group: Servers, own: Path) -> None:
    server = group.make("ForceCommand echo only backups here")
    error = failure(route(server), own)
    assert error.stage is Stage.FIRST_FRAME
    assert "forced command" in str(error)
    assert "only backups here" in str(error)


def test_an_old_python_is_told_apart(group: Servers, own: Path) -> None:
    server = group.make("ForceCommand echo 'SyntaxError: invalid syntax' >&2; exit 1")
    assert "too old" in str(failure(route(server), own))


def test_noise_of_a_profile_is_skipped(group: Servers, own: Path) -> None:
    noise = r"printf 'Welcome!\\n\\001PSB1 no frame\\n'"
    server = group.make(f'ForceCommand {noise}; exec sh -c "$SSH_ORIGINAL_COMMAND"')
    assert start(route(server), own) == standin.program().sha256


def test_a_profile_that_waits_hits_the_deadline(group: Servers, own: Path) -> None:
    server = group.make("ForceCommand echo press a key; exec sleep 600")
    opened = ssh_session(route(server), own, standin.program())
    with opened as session, pytest.raises(DeadlineError, match="press a key") as caught:
        session.start(soon(2.0))
    assert caught.value.stage is Stage.FIRST_FRAME


def test_a_host_that_lets_nobody_run_programs(group: Servers, own: Path) -> None:
    server = group.make("MaxSessions 0")
    error = failure(route(server), own)
    assert error.stage is Stage.CHANNEL
    assert "refuses to start programs" in str(error)


def test_a_frozen_server_hits_the_deadline_of_the_banner(group: Servers, own: Path) -> None:
    server = group.make()
    os.kill(server.pid, signal.SIGSTOP)
    error = failure(route(server), own, QUICK)
    os.kill(server.pid, signal.SIGCONT)
    assert isinstance(error, DeadlineError)
    assert error.stage is Stage.BANNER


def test_a_session_frozen_in_the_middle_hits_the_deadline(group: Servers, own: Path) -> None:
    server = group.make()
    with ssh_session(route(server), own, standin.program()) as session:
        session.start(soon())
        stopped = session.request({"op": "ping"}, soon())["pid"]
        serving = int(Path(f"/proc/{stopped}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(serving, signal.SIGSTOP)
        with pytest.raises(DeadlineError) as caught:
            session.request({"op": "ping"}, soon(0.5))
        os.kill(serving, signal.SIGCONT)
    assert caught.value.stage is Stage.LAST_FRAME


def test_a_port_where_nobody_listens(sshd: LoopbackSshd, own: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.2.9", 0))
        port = probe.getsockname()[1]
    error = failure(route(sshd, hostname="127.0.2.9", port=port), own)
    assert isinstance(error, UnreachableError)
    assert error.stage is Stage.TCP
    assert f"is {port} its port?" in str(error)


def test_a_name_nobody_knows_brings_the_file_it_may_stand_in(
    sshd: LoopbackSshd, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = failure(route(sshd, hostname="no-such-host.invalid"), own)
    assert error.stage is Stage.RESOLVE
    assert "no-such-host.invalid" in str(error)
    for named, told in (("", "~/.ssh/config"), ("/etc/team/ssh", "/etc/team/ssh")):
        monkeypatch.setenv("PSBUDDY_SSH_CONFIG", named)
        error = failure(route(sshd, hostname="no-such-host.invalid", from_config=True), own)
        assert f"in the catalogue or in {told}, and" in str(error)
    error = failure(route(sshd, hostname="no-such-host.invalid", from_config=False), own)
    assert "Check the spelling in the catalogue, and" in str(error)


@pytest.mark.parametrize(
    ("greeting", "kind"), [(b"", DeadlineError), (b"HTTP/1.1 400 Bad\r\n\r\n" * 200, CollectError)]
)
def test_a_server_that_is_no_ssh_server(
    sshd: LoopbackSshd, own: Path, greeting: bytes, kind: type[CollectError]
) -> None:
    with socket.create_server(("127.0.2.8", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(ConnectionResetError):
                connection.sendall(greeting)
                while connection.recv(10_000):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        port = listener.getsockname()[1]
        error = failure(route(sshd, hostname="127.0.2.8", port=port), own, QUICK)
        thread.join()
    assert isinstance(error, kind)
    assert error.stage is Stage.BANNER
    assert "Is that an SSH server?" in str(error)


def test_through_a_jump_host(sshd: LoopbackSshd, own: Path) -> None:
    way = route(sshd, jumps=(route(sshd, "host-2"),))
    assert start(way, own) == standin.program().sha256


def test_a_host_behind_a_jump_host_that_cannot_be_reached(sshd: LoopbackSshd, own: Path) -> None:
    error = failure(route(sshd, port=1, jumps=(route(sshd, "host-2"),)), own)
    assert error.stage is Stage.TCP
    assert "through host-2" in str(error)


def test_through_a_proxy_command(sshd: LoopbackSshd, own: Path) -> None:
    command = (
        f"ssh -F none -i {sshd.identity_file} -o UserKnownHostsFile={sshd.known_hosts} "
        f"-p {sshd.port} -W 127.0.1.1:{sshd.port} {sshd.user}@127.0.1.2"
    )
    assert start(route(sshd, proxy_command=command), own) == standin.program().sha256


def test_a_proxy_command_that_does_not_look_ends_with_its_connection(
    sshd: LoopbackSshd, own: Path, tmp_path: Path
) -> None:
    told = tmp_path / "pids"
    command = f"sh -c 'sleep 3600 & echo $$ $! > {told}; wait'"  # neither reads what we send
    error = failure(route(sshd, proxy_command=command), own, QUICK)
    assert error.stage is Stage.BANNER
    pids = told.read_text().split()
    assert len(pids) == 2
    leaks.wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def test_an_idle_transport_sleeps(sshd: LoopbackSshd, own: Path) -> None:
    """The library's poll interval is a private attribute: fails when it is renamed."""
    import paramiko

    from collectors.transport.ssh import _Transport

    assert paramiko.Transport._active_check_timeout == 0.1
    assert _Transport._active_check_timeout == 5.0
    assert callable(paramiko.Channel._wait_for_event)


def test_a_closed_transport_leaves_no_thread(sshd: LoopbackSshd, own: Path) -> None:
    before = leaks.threads()
    watchdog = Watchdog()
    channel = SshTransport(route(sshd), KnownHostsFiles(own), watchdog).open(soon())
    channel.close()
    channel.close()
    watchdog.stop()
    leaks.wait_for(lambda: leaks.threads() <= before)


@pytest.mark.parametrize("stage", ["name", "tcp", "banner", "login", "command", "program"])
def test_an_opening_that_is_no_longer_wanted_ends_at_once(
    sshd: LoopbackSshd, own: Path, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it has come to: closing from another thread ends it long before its deadline."""
    reached = {
        "name": (ssh_socket._Race, "run"),
        "tcp": (ssh_socket, "_set_options"),
        "banner": (SshTransport, "_shake_hands"),
        "login": (SshTransport, "_log_in"),
        "command": (SshTransport, "_start_command"),
        "program": (Session, "_put"),
    }[stage]
    with ssh_session(route(sshd), own, standin.program()) as session:
        original = getattr(*reached)

        def closed_then(*arguments: object, **options: object) -> object:
            session.close()
            return original(*arguments, **options)

        monkeypatch.setattr(*reached, closed_then)
        with pytest.raises(CollectError):
            session.start(soon(60))
        assert not session.alive


@pytest.mark.parametrize("limit", ["ChannelTimeout session:*=5s", "MaxSessions 1"])
def test_a_program_that_the_host_ends_is_started_again_over_the_same_connection(
    group: Servers, own: Path, limit: str
) -> None:
    """By its sshd, or by whoever kills programs that stay: nobody logs in for it again."""
    server = group.make(limit)
    with ssh_session(route(server), own, standin.program()) as session:
        session.start(soon())
        sent = 0
        for visit in range(4):
            pid = session.request({"op": "ping", "echo": visit}, soon())["pid"]
            assert session.traffic[0] > sent
            sent = session.traffic[0]
            if limit.startswith("MaxSessions"):
                os.kill(pid, signal.SIGKILL)
            leaks.wait_for(session._was_ended, seconds=60)
        finish(session.beating(5))
        assert session.alive
        assert session.transport == "ssh, our program started when it is wanted"
        assert any("ends our program between visits" in note for note in session.notes)
    assert server.log_text().count("Accepted publickey") == 1


def test_a_program_that_ends_by_itself_wants_a_new_login(group: Servers, own: Path) -> None:
    """So that the account's new groups count."""
    server = group.make()
    with ssh_session(route(server), own, standin.program()) as session:
        session.start(soon())
        pid = session.request({"op": "leave"}, soon())["pid"]
        leaks.wait_for(lambda: not Path(f"/proc/{pid}").exists())
        with pytest.raises(ProgramError):
            session.request({"op": "ping"}, soon())
        assert not session.alive
