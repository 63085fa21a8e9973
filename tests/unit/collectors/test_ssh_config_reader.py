"""The reader without an ssh program gives what `ssh -G` gives, or says what it left out."""

import os
import pwd
import shutil
from pathlib import Path

import pytest

from collectors.ssh_config import Route, SshConfig

COMPARED = (
    *("hostname", "port", "user", "identity_files", "identities_only", "identity_agent"),
    *("certificate_files", "known_hosts", "key_alias", "proxy_command", "methods"),
    *("connect_seconds", "alive_seconds", "family"),
)
_ACCOUNT = pwd.getpwuid(os.getuid()).pw_dir
CONFIGS = {
    "nothing": "",
    "simple": "Host web\n  HostName 10.0.0.1\n  Port 2200\n  User ops\n",
    "first wins": "Host web\n  Port 1\nHost *\n  Port 2\n  User all\n",
    "equals": "Host=web\n  Port=77\n  User = ops\n",
    "quotes": 'Host "web"\n  User "op s"\n  IdentityFile "/a b/key"\n',
    "comment behind a value": "Host web # ours\n  Port 2200 # why\n  User ops#1\n",
    "comment lines": "# a\n   # b\nHost web\n\t# c\n\tPort 5\n",
    "capitals": "HOST web\n  HOSTNAME WEB.Example\n  pOrT 5\n",
    "negation": "Host !web *\n  User other\nHost w?b !webby\n  User ours\n",
    "patterns": "Host db-* w*\n  User many\n",
    "wildcard name": "Host *\n  HostName %h.example\n",
    "percent in a name": "Host web\n  HostName %h-%%h\n",
    "home": "Host web\n  IdentityFile %d/.ssh/k\n  IdentityFile ~/other\n",
    "tokens": "Host web\n  User bob\n  Port 9\n  IdentityFile /k/%h-%n-%p-%r-%u-%i-%%\n"
    "  CertificateFile ~/%h-cert.pub\n",
    "long tokens": "Host web\n  IdentityFile /k/%C-%k-%L-%l\n  HostKeyAlias db\n",
    "environment": "Host web\n  IdentityFile ${HOME}/zz\n  IdentityAgent ${HOME}/a.sock\n",
    "agent by its variable": "Host web\n  IdentityAgent SSH_AUTH_SOCK\n",
    "no agent": "Host web\n  IdentityAgent none\n  IdentitiesOnly yes\n",
    "known hosts": "Host web\n  UserKnownHostsFile ~/kh-%h ${HOME}/two\n"
    "  GlobalKnownHostsFile /etc/one /etc/two\n",
    "include": "Include {folder}/more/*.conf\nHost web\n  User late\n",
    "include in another block": "Host db\n  Include {folder}/more/a.conf\nHost web\n  User ok\n",
    "include in our block": "Host web\n  Include {folder}/more/b.inc\n  User late\n",
    "match all": "Match all\n  User every\n",
    "match host": "Host web\n  HostName web.example\nMatch host web.example\n  User by-host\n",
    "match original": "Host web\n  HostName x\nMatch originalhost web user root\n  Port 4\n",
    "match local user": "Match localuser nobody,!x\n  User wrong\nMatch !host db\n  User right\n",
    "match final": "Match final host web.example\n  Port 7\nHost web\n  HostName web.example\n",
    "match canonical": "Match canonical\n  Port 7\nMatch final\n  User fin\n",
    "match user of before": "Host web\n  User ops\nMatch user ops\n  Port 8\n",
    "proxy command": "Host web\n  ProxyCommand nc -w %p %h %n %r # no comment here\n",
    "jump and command": "Host web\n  ProxyJump none\n  ProxyCommand nc %h %p\n",
    "times": "Host web\n  ConnectTimeout 1m\n  ServerAliveInterval 15\n",
    "family": "Host web\n  AddressFamily inet6\n",
    "methods": "Host web\n  PasswordAuthentication no\n  PubkeyAuthentication false\n"
    "  PreferredAuthentications password,publickey,keyboard-interactive\n",
}  # fmt: skip


def _write(folder: Path, text: str) -> SshConfig:
    (folder / "more").mkdir()
    (folder / "more" / "a.conf").write_text("Host web\n  Port 4444\n")
    (folder / "more" / "b.inc").write_text("User inner\nHost db\n  Port 1\nHost web\n  Port 6\n")
    (Path.home() / "in.conf").write_text("Host web\n  User tilde\n")
    (Path.home() / ".ssh" / "beside.conf").write_text("Host web\n  User beside\n")
    file = folder / "config"
    file.write_text(text.replace("{folder}", str(folder)))
    return SshConfig(file)


def _told(route: Route) -> dict[str, object]:
    told = {name: getattr(route, name) for name in COMPARED}
    # Kinds of default keys change with the version; that they are tried is what matters.
    names = ("id_dsa", "id_xmss")
    told["identity_files"] = [k for k in route.identity_files if k.name not in names]
    # ssh takes the home of the account, whatever HOME says; a test has one of its own.
    return {key: str(value).replace(_ACCOUNT, str(Path.home())) for key, value in told.items()}


@pytest.mark.skipif(shutil.which("ssh") is None, reason="needs an ssh program to compare with")
@pytest.mark.parametrize("name", CONFIGS)
def test_the_same_as_ssh(
    tmp_path: Path, tmp_home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    config = _write(tmp_path, CONFIGS[name])
    by_ssh = config.route("web")
    monkeypatch.setenv("PATH", str(tmp_path))
    ours = SshConfig(config.file).route("web")
    assert _told(ours) == _told(by_ssh)
    assert not ours.notes


@pytest.mark.parametrize(
    "words", ["tagged prod", "exec true", "localnetwork 10.0.0.0/8", "version x", "command x"]
)
def test_a_match_that_cannot_be_followed_is_never_true(
    tmp_path: Path, tmp_home: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    route = _write(tmp_path, f"Match {words}\n  User wrong\nHost web\n  User right\n").route("web")
    assert route.user == "right"
    (note,) = route.notes
    assert f"line 1: Match {words.split(maxsplit=1)[0]} is not followed" in note


@pytest.mark.parametrize("named", ["~/in.conf", "beside.conf"])
def test_an_include_below_the_home_folder(
    tmp_path: Path, tmp_home: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    route = _write(tmp_path, f"Include {named}\n").route("web")
    assert route.user in ("tilde", "beside")
    assert not route.notes


def test_an_include_of_itself_ends(
    tmp_path: Path, tmp_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    config = _write(tmp_path, "Include {folder}/config\nHost web\n  User deep\n")
    assert config.route("web").user == "deep"
