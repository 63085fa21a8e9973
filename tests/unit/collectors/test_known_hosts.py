"""Reading known_hosts: every kind of line, and how ssh itself judges the same."""

import base64
import hashlib
import hmac
from pathlib import Path

import pytest

from collectors.errors import HostKeyQuestion
from collectors.known_hosts import KnownHosts, KnownHostsFiles, Trust, sha256, spell

ED, RSA = "ssh-ed25519", "ssh-rsa"
ONE, TWO = (base64.b64encode(text).decode() for text in (b"key one", b"key two"))


def hashed(name: str) -> str:
    salt = b"0123456789abcdefghij"
    digest = hmac.new(salt, name.encode(), hashlib.sha1).digest()
    return f"|1|{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"


def read(tmp_path: Path, *lines: str) -> KnownHosts:
    file = tmp_path / "known_hosts"
    file.write_text("\n".join(lines) + "\n")
    hosts = KnownHosts()
    hosts.read(file)
    return hosts


@pytest.mark.parametrize(
    ("names", "name", "trust"),
    [
        ("web-1", "web-1", Trust.KNOWN),
        ("WEB-1", "web-1", Trust.KNOWN),
        ("web-1,10.0.0.1", "10.0.0.1", Trust.KNOWN),
        ("web-1", "web-10", Trust.UNKNOWN),
        ("web-?", "web-1", Trust.KNOWN),
        ("*.lab,!secret.lab", "a.lab", Trust.KNOWN),
        ("*.lab,!secret.lab", "secret.lab", Trust.UNKNOWN),
        ("[web-1]:2222", "[web-1]:2222", Trust.KNOWN),
        ("[web-1]:2222", "web-1", Trust.UNKNOWN),
        ("[*.lab]:2222", "[a.lab]:2222", Trust.KNOWN),
        (hashed("web-1"), "web-1", Trust.KNOWN),
        (hashed("web-1"), "web-2", Trust.UNKNOWN),
    ],
)
def test_names(tmp_path: Path, names: str, name: str, trust: Trust) -> None:
    assert read(tmp_path, f"{names} {ED} {ONE} comment").judge(name, ED, ONE).trust is trust


def test_another_key_or_another_type_is_a_change(tmp_path: Path) -> None:
    hosts = read(tmp_path, f"web {ED} {ONE}")
    assert hosts.judge("web", ED, TWO).trust is Trust.CHANGED
    opinion = hosts.judge("web", RSA, TWO)
    assert opinion.trust is Trust.CHANGED
    assert opinion.known[0].place.endswith("known_hosts, line 1")
    assert hosts.key_types("web") == (ED,)


def test_revoked_wins_and_who_has_an_authority_is_known(tmp_path: Path) -> None:
    hosts = read(
        tmp_path,
        "# comment",
        f"@cert-authority *.lab {RSA} {TWO}",
        f"web {ED} {ONE}",
        f"@revoked * {ED} {ONE}",
    )
    assert hosts.judge("web", ED, ONE).trust is Trust.REVOKED
    assert hosts.judge("a.lab", RSA, TWO).trust is Trust.UNKNOWN
    assert hosts.authority("A.lab").endswith("line 2")
    assert hosts.authority("web") == ""
    assert not hosts.notes


def test_broken_lines_do_not_hide_the_others(tmp_path: Path) -> None:
    hosts = read(tmp_path, "nonsense", f"|1|x {ED} {ONE}", f"a {ED} !!!", f"web {ED} {ONE}")
    assert hosts.judge("web", ED, ONE).trust is Trust.KNOWN
    assert len(hosts.notes) == 3


def test_an_authority_that_was_revoked_vouches_for_nobody(tmp_path: Path) -> None:
    hosts = read(tmp_path, f"@cert-authority *.lab {ED} {ONE}\n@cert-authority * {ED} {TWO}\n")
    assert hosts.authority("web.lab").endswith("line 1")
    hosts = read(
        tmp_path,
        f"@cert-authority *.lab {ED} {ONE}\n@revoked *.lab {ED} {ONE}\n"
        f"@cert-authority db.lab {ED} {TWO}\n",
    )
    assert hosts.authority("web.lab") == ""
    assert hosts.authority("db.lab").endswith("line 3")


def test_accepting_writes_our_own_file_only(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text(f"other {ED} {ONE}\n")
    files = KnownHostsFiles(tmp_path / "data" / "known_hosts")
    question = HostKeyQuestion("web", "[web]:2222", "10.0.0.1", 2222, ED, TWO, sha256(TWO))
    assert files.of((theirs,)).judge(question.name, ED, TWO).trust is Trust.UNKNOWN
    files.accept(question)
    assert files.of((theirs,)).judge(question.name, ED, TWO).trust is Trust.KNOWN
    assert theirs.read_text() == f"other {ED} {ONE}\n"
    assert files.own.stat().st_mode & 0o777 == 0o600


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    files = KnownHostsFiles(tmp_path / "own")
    assert files.of((theirs,)) is files.of((theirs,))
    theirs.write_text(f"web {ED} {ONE}\n")
    assert files.of((theirs,)).judge("web", ED, ONE).trust is Trust.KNOWN


def test_a_file_that_cannot_be_read_is_a_note(tmp_path: Path) -> None:
    hosts = KnownHosts()
    hosts.read(tmp_path)
    assert "could not be read" in hosts.notes[0]


def test_spelling() -> None:
    assert spell("web", 22) == "web"
    assert spell("web", 2222) == "[web]:2222"
