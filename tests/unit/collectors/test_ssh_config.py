"""How aliases are resolved, with the real `ssh -G` and without an ssh program."""

import getpass
import os
from pathlib import Path

import pytest

from collectors.errors import UnreachableError
from collectors.ssh_config import Route, SshConfig
from psbuddy.catalogue import HostEntry

CONFIG = """\
Include {folder}/more/*.conf
Host led-*
  HostName %h.example
  Port 2200
  User ops
  IdentityFile ~/.ssh/led
  IdentitiesOnly yes
  ProxyJump gate,deep@second:2022
  HostKeyAlias ledger
  UserKnownHostsFile /tmp/a /tmp/b
Host gate
  HostName gate.example
"""


@pytest.fixture
def config(tmp_path: Path) -> SshConfig:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "x.conf").write_text("Host included\n  HostName 10.0.0.9\n")
    file = tmp_path / "config"
    file.write_text(CONFIG.format(folder=tmp_path))
    return SshConfig(file)


def test_everything_a_route_needs(config: SshConfig) -> None:
    route = config.route("led-1", HostEntry())
    assert (route.hostname, route.port, route.user) == ("led-1.example", 2200, "ops")
    assert route.identity_files[0].name == "led"
    assert route.identities_only
    assert route.key_alias == "ledger"
    assert route.known_hosts[:2] == (Path("/tmp/a"), Path("/tmp/b"))
    jumps = [(jump.hostname, jump.port, jump.user) for jump in route.jumps]
    assert jumps == [("gate.example", 22, getpass.getuser()), ("second", 2022, "deep")]


def test_include_is_followed(config: SshConfig) -> None:
    assert config.route("included").hostname == "10.0.0.9"


def test_keys_of_the_catalogue_win(config: SshConfig) -> None:
    entry = HostEntry(port=2, user="me", identity_file="/k", known_hosts="/kh")
    route = config.route("led-1", entry)
    assert (route.hostname, route.port, route.user) == ("led-1.example", 2, "me")
    assert route.identity_files == (Path("/k"),)
    assert route.known_hosts == (Path("/kh"),)


def test_an_address_in_the_catalogue_is_the_whole_truth(config: SshConfig) -> None:
    route = config.route("led-1", HostEntry(address="10.1.1.1"))
    assert (route.hostname, route.port, route.jumps) == ("10.1.1.1", 22, ())
    assert not route.identities_only


def test_a_changed_file_is_asked_again(config: SshConfig, tmp_path: Path) -> None:
    assert config.route("included").hostname == "10.0.0.9"
    file = tmp_path / "more" / "x.conf"
    file.write_text("Host included\n  HostName 10.0.0.10\n")
    os.utime(file, (1, 1))
    assert config.route("included").hostname == "10.0.0.10"


@pytest.mark.parametrize(
    "alias", ["-oProxyCommand=touch x", "a b", "$(x)", "a\nb", "", "a/b", "`x`", "x" * 300, "é"]
)
def test_hostile_names_reach_no_command(config: SshConfig, alias: str) -> None:
    with pytest.raises(UnreachableError, match="cannot be the name of a host"):
        config.route(alias)


def test_a_broken_configuration_is_told(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text("Nonsense here\n")
    with pytest.raises(UnreachableError, match=r"cannot be read for web: .*onsense"):
        SshConfig(file).route("web")


def test_jumps_without_end_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text("Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n")
    with pytest.raises(UnreachableError, match="more than"):
        SshConfig(file).route("a")


def test_without_an_ssh_program(
    config: SshConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    route = config.route("led-1")
    assert (route.hostname, route.port, route.user) == ("led-1.example", 2200, "ops")
    assert config.route("included").hostname == "10.0.0.9"
    assert not route.notes


def test_tokens_that_ssh_leaves_to_who_connects(tmp_path: Path, tmp_home: Path) -> None:
    file = tmp_path / "config"
    file.write_text(
        "Host web\n  HostName w.example\n  User ops\n  ProxyCommand nc %h %p %r %n %%x\n"
        "  IdentityFile %d/key-%h-%r\n  CertificateFile ${HOME}/%n-cert.pub\n"
    )
    route = SshConfig(file).route("web", HostEntry(port=2022))
    assert route.proxy_command == "nc w.example 2022 ops web %x"
    assert route.identity_files == (tmp_home / "key-w.example-ops",)
    assert route.certificate_files == (tmp_home / "web-cert.pub",)


def test_a_relative_include_is_watched_where_ssh_looks_for_it(
    tmp_path: Path, tmp_home: Path
) -> None:
    part = tmp_home / ".ssh" / "part.conf"
    part.write_text("Host web\n  Port 1\n")
    file = tmp_path / "config"
    file.write_text("Include part.conf\n")
    config = SshConfig(file)
    assert config.route("web").port == 1
    part.write_text("Host web\n  Port 2\n")
    os.utime(part, (1, 1))
    assert config.route("web").port == 2


def test_revoked_host_keys_are_left_to_ssh(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text("Host web\n  RevokedHostKeys /etc/revoked\n")
    assert "revoked host keys" in SshConfig(file).route("web").needs_program


def test_place_is_what_a_person_reads() -> None:
    assert Route("web", "web", 22, "u").place == "web"
    assert Route("web", "10.0.0.1", 22, "u").place == "web (10.0.0.1)"
    assert Route("web", "10.0.0.1", 2222, "u").place == "web (10.0.0.1 port 2222)"


@pytest.mark.parametrize(
    ("line", "methods"),
    [
        ("", ("publickey", "keyboard-interactive", "password")),
        ("PreferredAuthentications password,hostbased,publickey", ("password", "publickey")),
        ("PasswordAuthentication no", ("publickey", "keyboard-interactive")),
        ("PubkeyAuthentication no", ("keyboard-interactive", "password")),
        ("PreferredAuthentications hostbased", ("none",)),
    ],
)
def test_ways_to_log_in_as_the_user_wants_them(
    tmp_path: Path, line: str, methods: tuple[str, ...]
) -> None:
    file = tmp_path / "config"
    file.write_text(f"Host a\n  {line}\n")
    assert SshConfig(file).route("a").methods == methods
