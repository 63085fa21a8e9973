"""Real sshd in every shape we could give it: the right way in, or the right words.

The long proof of docs/ssh.md: each case says by which way a host is reached, or at which stage
and with which words it is refused.
"""

import contextlib
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collectors.connect import Connector
from collectors.errors import (
    AuthError,
    CollectError,
    DeadlineError,
    ProgramError,
    UnreachableError,
)
from collectors.session import Session
from psbuddy.catalogue import HostEntry
from psbuddy.demo.sshd import LoopbackSshd
from psbuddy.model.terms import Stage
from tests.support import bare, kerberos
from tests.support.hosts import soon
from tests.support.servers import Servers, host_block, servers

MEGABYTE = 1_000_000
#: What a profile does before it lets the command run.
AND_RUN = 'exec sh -c "$SSH_ORIGINAL_COMMAND"'


class Desk:
    """A user's machine: ssh_config, and sessions as the engine makes them."""

    def __init__(self, folder: Path, group: Servers) -> None:
        self.config = Path.home() / ".ssh" / "config"
        self.group = group
        self._data = folder / "data"

    @contextmanager
    def session(self, alias: str = "host-1", entry: HostEntry | None = None) -> Iterator[Session]:
        connector = Connector(self._data)
        session = connector.session(alias, entry or HostEntry())
        try:
            yield session
        finally:
            session.close()
            connector.stop()

    def way(self, alias: str = "host-1") -> str:
        """How the host is reached; its program has answered."""
        with self.session(alias) as session:
            session.start(soon(40))
            reply = session.request({"op": "visit", "logs": [], "facts": True}, soon(40))
            assert reply["facts"]
            return session.transport

    def refusal(
        self, alias: str = "host-1", seconds: float = 40, entry: HostEntry | None = None
    ) -> CollectError:
        with self.session(alias, entry) as session, pytest.raises(CollectError) as caught:
            session.start(soon(seconds))
        return caught.value

    def notes(self, alias: str = "host-1") -> str:
        with self.session(alias) as session:
            session.start(soon(40))
            return " ".join(session.notes)


@pytest.fixture
def desk(tmp_path: Path, tmp_home: Path) -> Iterator[Desk]:
    with servers(tmp_path) as group:
        yield Desk(tmp_path, group)


def new_key(path: Path, kind: str = "ed25519") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", path], check=True)
    return path


def sign(authority: Path, public: Path, *options: str) -> None:
    command = ["ssh-keygen", "-q", "-s", authority, "-I", "test", *options, public]
    subprocess.run(command, check=True)


def with_key(server: LoopbackSshd, key: Path) -> str:
    """The host's block, with another key than the server's own."""
    return host_block(server, f"IdentityFile {key}").replace(
        f"  IdentityFile {server.identity_file}\n", ""
    )


# Getting in


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_a_key_of_each_kind(desk: Desk, tmp_path: Path, kind: str) -> None:
    server = desk.group.make(key_type=kind)
    key = new_key(tmp_path / "key", kind)
    (server.folder / "authorized_keys").write_text(key.with_suffix(".pub").read_text())
    desk.config.write_text(with_key(server, key))
    assert desk.way() == "ssh"


def test_a_certificate_of_the_user(desk: Desk, tmp_path: Path) -> None:
    authority, key = new_key(tmp_path / "authority"), new_key(tmp_path / "key")
    server = desk.group.make(f"TrustedUserCAKeys {authority}.pub")
    (server.folder / "authorized_keys").write_text("")
    desk.config.write_text(with_key(server, key))
    assert isinstance(desk.refusal(), AuthError)
    sign(authority, key.with_suffix(".pub"), "-n", server.user)
    assert desk.way() == "ssh"


def test_a_certificate_of_the_host(desk: Desk, tmp_path: Path) -> None:
    authority = new_key(tmp_path / "authority")
    server = desk.group.make()
    sign(authority, server.folder / "host_key.pub", "-h", "-n", "127.0.2.1")
    server.stop()
    certificate = f"HostCertificate {server.folder}/host_key-cert.pub"
    server = LoopbackSshd(server.folder, server.addresses, extra=[certificate])
    desk.group.made.append(server)
    server.start()
    desk.config.write_text(host_block(server))
    vouched = " ".join(authority.with_suffix(".pub").read_text().split()[:2])
    line = f"[127.0.2.*]:{server.port} {vouched}\n"
    server.known_hosts.write_text(f"@cert-authority {line}")
    assert desk.way() == "openssh"
    assert "certificate authority vouches" in desk.notes()
    server.known_hosts.write_text(f"@cert-authority {line}@revoked {line}")
    error = desk.refusal()
    assert error.stage is Stage.HOST_KEY
    assert "is not known yet" in str(error)


def test_through_two_bastions(desk: Desk) -> None:
    target, first, second = (desk.group.make() for _ in range(3))
    desk.config.write_text(
        host_block(target, "ProxyJump host-2,host-3") + host_block(first) + host_block(second)
    )
    assert desk.way() == "ssh"
    for server in (target, first, second):
        assert server.log_text().count("Accepted publickey") == 1


def test_through_a_command(desk: Desk) -> None:
    target, jump = desk.group.make(), desk.group.make()
    command = f"ssh -F {desk.config} -W %h:%p host-2"
    desk.config.write_text(host_block(target, f"ProxyCommand {command}") + host_block(jump))
    assert desk.way() == "ssh"
    assert jump.log_text().count("Accepted publickey") == 1


@pytest.fixture
def realm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[kerberos.Realm]:
    with kerberos.realm(tmp_path / "realm") as made:
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        yield made


def test_kerberos(realm: kerberos.Realm, desk: Desk) -> None:
    realm.add_host("127.0.2.1")
    server = desk.group.make(
        "GSSAPIAuthentication yes", "GSSAPIStrictAcceptorCheck no", "PubkeyAuthentication no"
    )
    desk.config.write_text(host_block(server, "GSSAPIAuthentication yes"))
    error = desk.refusal()
    assert isinstance(error, AuthError)
    assert "Kerberos ticket" in str(error)
    realm.ticket(server.user)
    assert desk.way() == "openssh"
    assert "Kerberos" in desk.notes()
    assert "Accepted gssapi-with-mic" in server.log_text()


# What servers speak


@pytest.mark.parametrize(
    ("server_says", "key_type", "user_allows"),
    [
        ("HostKeyAlgorithms ssh-rsa", "rsa", "HostKeyAlgorithms +ssh-rsa"),
        ("KexAlgorithms diffie-hellman-group14-sha1", "ed25519",
         "KexAlgorithms +diffie-hellman-group14-sha1"),
    ],
    ids=["only ssh-rsa", "only group14-sha1"],
)  # fmt: skip
def test_an_old_server(desk: Desk, server_says: str, key_type: str, user_allows: str) -> None:
    server = desk.group.make(server_says, key_type=key_type)
    desk.config.write_text(host_block(server))
    error = desk.refusal()
    assert error.stage is Stage.KEX
    assert "An old server can be allowed for this host alone, in ssh_config" in str(error)
    desk.config.write_text(host_block(server, user_allows))
    assert desk.way() == "openssh"


def test_only_chacha20(desk: Desk) -> None:
    desk.config.write_text(host_block(desk.group.make("Ciphers chacha20-poly1305@openssh.com")))
    assert desk.way() == "openssh"
    assert "speaks nothing that our SSH library knows" in desk.notes()


@pytest.mark.parametrize(
    "says",
    [
        "Ciphers aes256-ctr", "Ciphers aes256-gcm@openssh.com", "KexAlgorithms curve25519-sha256",
        "KexAlgorithms ecdh-sha2-nistp521", "KexAlgorithms diffie-hellman-group16-sha512",
        "MACs hmac-sha2-512-etm@openssh.com", "MACs hmac-sha2-256",
    ],
)  # fmt: skip
def test_a_hardened_server(desk: Desk, says: str) -> None:
    desk.config.write_text(host_block(desk.group.make(says)))
    assert desk.way() == "ssh"


# Limits


def test_one_session_is_enough(desk: Desk, tmp_path: Path) -> None:
    server = desk.group.make("MaxSessions 1")
    desk.config.write_text(host_block(server))
    assert desk.way() == "ssh"
    without = desk.group.make("MaxSessions 1", f"SetEnv PATH={bare.tools(tmp_path / 'tools')}")
    desk.config.write_text(host_block(without))
    assert desk.way("host-2") == "ssh with sh and awk, as there is no Python 3.6+"


def test_no_session_at_all(desk: Desk) -> None:
    desk.config.write_text(host_block(desk.group.make("MaxSessions 0")))
    error = desk.refusal()
    assert isinstance(error, ProgramError)
    assert "MaxSessions" in str(error)


def test_one_login_at_a_time(desk: Desk) -> None:
    server = desk.group.make("MaxStartups 1")
    desk.config.write_text(host_block(server))
    assert desk.way() == "ssh"
    with socket.create_connection((server.addresses["host-1"], server.port)) as somebody:
        somebody.recv(64)  # its greeting: that connection counts now
        error = desk.refusal()
    assert isinstance(error, UnreachableError)
    assert error.stage is Stage.BANNER
    assert "MaxStartups" in str(error)
    assert desk.way() == "ssh"


# What accounts do before, or instead of, our program


def banner(path: Path, size: int) -> str:
    path.write_text(("Only for those who may. " * 4 + "\n") * (size // 97))
    return f"Banner {path}"


def test_a_long_banner(desk: Desk, tmp_path: Path) -> None:
    desk.config.write_text(host_block(desk.group.make(banner(tmp_path / "banner", 200_000))))
    assert desk.way() == "ssh"


def test_a_banner_of_a_megabyte(desk: Desk, tmp_path: Path) -> None:
    # OpenSSH itself cannot send that: its own parts hang up on each other, for every client.
    desk.config.write_text(host_block(desk.group.make(banner(tmp_path / "banner", MEGABYTE))))
    error = desk.refusal()
    assert isinstance(error, UnreachableError)
    assert error.stage is Stage.AUTH
    assert "broke off before anything was tried" in str(error)


@pytest.mark.parametrize("transport", ["paramiko", "openssh"])
def test_a_megabyte_in_front_of_the_greeting(desk: Desk, transport: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        talker = threading.Thread(target=_talk, args=(server,))
        talker.start()
        desk.config.write_text(f"Host chatty\n  HostName 127.0.0.1\n  Port {port}\n")
        error = desk.refusal("chatty", entry=HostEntry(transport=transport))
        talker.join()
    assert isinstance(error, UnreachableError | DeadlineError)
    assert error.stage is Stage.BANNER
    assert "Is that an SSH server?" in str(error)


def _talk(server: socket.socket) -> None:
    """Lines that are no greeting, a megabyte of them, to one caller."""
    caller, _ = server.accept()
    with caller, contextlib.suppress(OSError):
        caller.sendall(b"This line is not the greeting of an SSH server.\r\n" * (MEGABYTE // 49))
        caller.recv(4096)
        caller.recv(4096)


def test_a_profile_that_prints_a_megabyte(desk: Desk) -> None:
    noise = f"head -c {MEGABYTE} /dev/zero | tr '\\\\0' x; echo"
    desk.config.write_text(host_block(desk.group.make(f"ForceCommand {noise}; {AND_RUN}")))
    assert desk.way() == "ssh"


def test_a_profile_that_never_ends_printing(desk: Desk) -> None:
    desk.config.write_text(host_block(desk.group.make("ForceCommand exec yes")))
    error = desk.refusal()
    assert isinstance(error, ProgramError)
    assert error.stage is Stage.FIRST_FRAME
    assert "host-1" in str(error)


def test_a_profile_that_complains_a_megabyte(desk: Desk) -> None:
    noise = f"head -c {MEGABYTE} /dev/zero | tr '\\\\0' x >&2"
    desk.config.write_text(host_block(desk.group.make(f"ForceCommand {noise}; {AND_RUN}")))
    assert desk.way() == "ssh"


def test_a_shell_that_hangs(desk: Desk) -> None:
    desk.config.write_text(host_block(desk.group.make("ForceCommand exec sleep 600")))
    error = desk.refusal(seconds=3)
    assert isinstance(error, DeadlineError)
    assert error.stage is Stage.FIRST_FRAME
    assert "login profile" in str(error)


def test_a_forced_command(desk: Desk) -> None:
    desk.config.write_text(host_block(desk.group.make("ForceCommand echo backups only")))
    error = desk.refusal()
    assert isinstance(error, ProgramError)
    assert "A forced command or a restricted shell?" in str(error)
    assert "backups only" in str(error)


def test_an_account_for_files_alone(desk: Desk) -> None:
    desk.config.write_text(host_block(desk.group.make("ForceCommand internal-sftp")))
    error = desk.refusal(seconds=5)
    assert error.stage is Stage.FIRST_FRAME
    assert "host-1" in str(error)


def test_no_python(desk: Desk, tmp_path: Path) -> None:
    server = desk.group.make(f"SetEnv PATH={bare.tools(tmp_path / 'tools')}")
    desk.config.write_text(host_block(server))
    assert desk.way() == "ssh with sh and awk, as there is no Python 3.6+"
    assert "There is no Python 3.6 or newer on host-1" in desk.notes()


def test_neither_python_nor_a_shell_that_helps(desk: Desk) -> None:
    desk.config.write_text(host_block(desk.group.make("SetEnv PATH=/nonexistent")))
    error = desk.refusal()
    assert "There is no python3 on host-1" in str(error)
    assert "Install Python 3.6 or newer" in str(error)


# The same over the held ssh


@pytest.mark.parametrize(
    ("says", "check"),
    [
        (f"ForceCommand head -c {MEGABYTE} /dev/zero | tr '\\\\0' x; echo; {AND_RUN}", None),
        (f"ForceCommand head -c {MEGABYTE} /dev/zero | tr '\\\\0' x >&2; {AND_RUN}", None),
        ("ForceCommand echo backups only", "backups only"),
        ("MaxSessions 1", None),
    ],
    ids=["noise", "complaints", "forced command", "one session"],
)
def test_over_the_program(desk: Desk, says: str, check: str | None) -> None:
    server = desk.group.make(says, "Ciphers chacha20-poly1305@openssh.com")
    desk.config.write_text(host_block(server))
    if check is None:
        assert desk.way() == "openssh"
    else:
        assert check in str(desk.refusal())


def test_nothing_is_left_of_all_this(desk: Desk) -> None:
    server = desk.group.make()
    desk.config.write_text(host_block(server))
    before = set(Path("/proc/self/fd").iterdir())
    for _ in range(20):
        assert desk.way() == "ssh"
    assert len(set(Path("/proc/self/fd").iterdir())) <= len(before)
