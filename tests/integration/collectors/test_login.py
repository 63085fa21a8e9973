"""Logging in: every kind that a real sshd asks for, each credential once, nothing repeated."""

import subprocess
import time
from pathlib import Path

import pytest

from collectors.bounded import Watchdog
from collectors.errors import AuthError, CollectError, LoginWantedError
from collectors.held import Held, HeldAsker
from collectors.known_hosts import KnownHostsFiles
from collectors.secret import Asker, Keep, Kind, Secret
from collectors.transport.ssh import SshTransport
from psbuddy.demo.sshd import LoopbackSshd
from psbuddy.model.terms import Stage
from tests.support import leaks
from tests.support.accounts import Account
from tests.support.agents import agent_with
from tests.support.askers import Person
from tests.support.hosts import route, soon
from tests.support.servers import Servers

TYPED = ("UsePAM yes", "PasswordAuthentication yes", "KbdInteractiveAuthentication no")
PROMPTED = ("UsePAM yes", "PasswordAuthentication no", "KbdInteractiveAuthentication yes")


def key(path: Path, passphrase: str = "", *, kind: str = "ed25519", old: bool = False) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    form = ["-m", "PEM"] if old else []
    subprocess.run(
        ["ssh-keygen", "-q", *form, "-t", kind, "-N", passphrase, "-f", path], check=True
    )
    return path


def authorize(server: LoopbackSshd, *keys: Path) -> None:
    text = "".join(each.with_name(each.name + ".pub").read_text() for each in keys)
    (server.folder / "authorized_keys").write_text(text)


def log_in(server: LoopbackSshd, asker: Asker, **changes: object) -> None:
    """Log in and start a program; the connection is closed again."""
    (alias,) = server.addresses
    watchdog = Watchdog()
    way = SshTransport(
        route(server, alias, **changes),
        KnownHostsFiles(server.folder / "own"),
        watchdog,
        asker=asker,
    )
    try:
        way.open(soon()).close()
    finally:
        way.abort()
        watchdog.stop()


def refused(server: LoopbackSshd, asker: Asker, **changes: object) -> CollectError:
    with pytest.raises(CollectError) as caught:
        log_in(server, asker, **changes)
    return caught.value


def nobody(held: Held | None = None) -> HeldAsker:
    return HeldAsker(held or Held())


def fails(server: LoopbackSshd, method: str) -> int:
    """Failed attempts in the server's log, once it has closed every connection."""
    settled(server)
    return server.log_text().count(f"Failed {method}")


def settled(server: LoopbackSshd) -> None:
    leaks.wait_for(lambda: not _open_connections(server))


def _open_connections(server: LoopbackSshd) -> str:
    return Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()


# Keys.


@pytest.mark.parametrize(
    ("kind", "old"),
    [("ed25519", False), ("rsa", False), ("rsa", True), ("ecdsa", False), ("ecdsa", True)],
)
@pytest.mark.parametrize("passphrase", ["", "open sesame"])
def test_every_kind_of_key_file(
    group: Servers, tmp_path: Path, kind: str, old: bool, passphrase: str
) -> None:
    server = group.make()
    file = key(tmp_path / "key", passphrase, kind=kind, old=old)
    authorize(server, file)
    person = Person(passphrase)
    log_in(server, person, identity_files=(file,))
    assert len(person.asked) == (1 if passphrase else 0)
    assert fails(server, "publickey") == 0


def test_a_passphrase_is_asked_for_with_all_that_matters(group: Servers, tmp_path: Path) -> None:
    server = group.make()
    file = key(tmp_path / "key", "open sesame")
    authorize(server, file)
    error = refused(server, nobody(), identity_files=(file,))
    assert isinstance(error, LoginWantedError)
    assert error.needs_person
    assert error.stage is Stage.AUTH
    assert f"wants the passphrase of {file}" in str(error)
    assert f"ssh-add {file}" in str(error)
    question = error.question
    printed = subprocess.run(
        ["ssh-keygen", "-lf", server.folder / "host_key.pub"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert question.fingerprint in printed
    assert (question.host, question.user, question.kind) == (
        "host-1",
        server.user,
        Kind.PASSPHRASE,
    )
    assert "127.0.2.1" in question.place


def test_a_passphrase_that_is_held_lets_unattended_visits_in(
    group: Servers, tmp_path: Path
) -> None:
    server = group.make()
    file = key(tmp_path / "key", "open sesame")
    authorize(server, file)
    person = Person("open sesame", keep=Keep.SESSION)
    log_in(server, person, identity_files=(file,))
    log_in(server, nobody(person.held), identity_files=(file,))
    assert fails(server, "publickey") == 0


def test_a_wrong_passphrase_never_leaves_this_machine(group: Servers, tmp_path: Path) -> None:
    server = group.make()
    file = key(tmp_path / "key", "open sesame")
    authorize(server, file)
    person = Person("wrong", "worse", "open sesame")
    log_in(server, person, identity_files=(file,))
    assert "not its passphrase" in person.asked[1].heading
    assert fails(server, "publickey") == 0
    error = refused(server, Person("a", "b", "c", "d"), identity_files=(file,))
    assert "not the passphrase" in str(error)


def test_nobody_is_asked_for_the_passphrase_of_a_key_that_is_not_wanted(
    group: Servers, tmp_path: Path
) -> None:
    server = group.make()
    file = key(tmp_path / "key", "open sesame")
    person = Person()
    error = refused(server, person, identity_files=(file,))
    assert person.asked == []
    assert not isinstance(error, LoginWantedError)
    assert f"key file {file}" in str(error)


def test_a_key_that_lies_open_is_used_before_one_that_is_locked(
    group: Servers, tmp_path: Path
) -> None:
    server = group.make()
    locked, plain = key(tmp_path / "locked", "x-y-z"), key(tmp_path / "open")
    authorize(server, locked, plain)
    person = Person()
    log_in(server, person, identity_files=(locked, plain))
    assert person.asked == []


def test_many_keys_stay_below_what_the_server_bears(group: Servers, tmp_path: Path) -> None:
    server = group.make("MaxAuthTries 6")
    files = tuple(key(tmp_path / f"key-{number}") for number in range(9))
    error = refused(server, nobody(), identity_files=files)
    assert isinstance(error, AuthError)
    assert fails(server, "publickey") == 5
    assert "Too many authentication failures" not in server.log_text()


def test_a_server_that_bears_less_is_told_as_such(group: Servers, tmp_path: Path) -> None:
    server = group.make("MaxAuthTries 2")
    files = tuple(key(tmp_path / f"key-{number}") for number in range(4))
    error = refused(server, nobody(), identity_files=files)
    assert isinstance(error, AuthError)
    assert "Too many attempts" in str(error)


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_keys_of_the_agent(group: Servers, tmp_path: Path, kind: str) -> None:
    server = group.make()
    file = key(tmp_path / "key", kind=kind)
    authorize(server, file)
    with agent_with(tmp_path, file) as address:
        file.unlink()
        log_in(
            server,
            nobody(),
            identity_files=(file,),
            identities_only=False,
            identity_agent=address,
        )


def test_only_the_chosen_key_of_the_agent(group: Servers, tmp_path: Path) -> None:
    server = group.make()
    others = [key(tmp_path / f"other-{number}") for number in range(7)]
    chosen = key(tmp_path / "chosen")
    authorize(server, chosen)
    with agent_with(tmp_path, *others, chosen) as address:
        log_in(server, nobody(), identity_files=(chosen,), identity_agent=address)
    assert fails(server, "publickey") == 0


# Certificates.


def certify(tmp_path: Path, file: Path, *options: str) -> tuple[Path, Path]:
    """The authority, and the certificate of a key file."""
    authority = tmp_path / "authority"
    if not authority.exists():
        key(authority)
    subprocess.run(
        ["ssh-keygen", "-q", "-s", authority, "-I", "ops", "-n", "root", *options,
         file.with_name(file.name + ".pub")],
        check=True,
    )  # fmt: skip
    return authority, file.with_name(file.name + "-cert.pub")


def trusting(group: Servers, authority: Path) -> LoopbackSshd:
    server = group.make(f"TrustedUserCAKeys {authority}.pub")
    authorize(server)
    return server


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_a_certificate_beside_its_key(group: Servers, tmp_path: Path, kind: str) -> None:
    file = key(tmp_path / "key", kind=kind)
    authority, _ = certify(tmp_path, file)
    server = trusting(group, authority)
    log_in(server, nobody(), identity_files=(file,))
    assert fails(server, "publickey") == 0
    assert "CERT" in server.log_text()


def test_a_certificate_file_of_another_name(group: Servers, tmp_path: Path) -> None:
    file = key(tmp_path / "key")
    authority, made = certify(tmp_path, file)
    elsewhere = made.rename(tmp_path / "elsewhere.pub")
    server = trusting(group, authority)
    log_in(server, nobody(), identity_files=(file,), certificate_files=(elsewhere,))
    assert fails(server, "publickey") == 0


def test_a_certificate_of_a_locked_key(group: Servers, tmp_path: Path) -> None:
    file = key(tmp_path / "key", "open sesame")
    authority, _ = certify(tmp_path, file)
    server = trusting(group, authority)
    person = Person("open sesame")
    log_in(server, person, identity_files=(file,))
    assert len(person.asked) == 1
    assert fails(server, "publickey") == 0


def test_certificates_of_the_agent(group: Servers, tmp_path: Path) -> None:
    file = key(tmp_path / "key", kind="rsa")
    authority, made = certify(tmp_path, file)
    server = trusting(group, authority)
    with agent_with(tmp_path, file) as address:
        made.unlink()
        file.unlink()
        log_in(server, nobody(), identity_files=(), identities_only=False, identity_agent=address)


def test_an_expired_certificate_is_named_and_not_tried(group: Servers, tmp_path: Path) -> None:
    file = key(tmp_path / "key")
    authority, made = certify(tmp_path, file, "-V", "20200101:20200201")
    server = trusting(group, authority)
    error = refused(server, nobody(), identity_files=(file,))
    assert f"the certificate {made} has expired (2020-0" in str(error)
    assert fails(server, "publickey") == 1  # the key alone


# What has to be typed.


def test_a_password(group: Servers, account: Account) -> None:
    server = group.make(*TYPED)
    person = Person(account.password)
    log_in(server, person, user=account.name, identity_files=())
    assert f"Accepted password for {account.name}" in server.log_text()
    assert person.asked[0].kind is Kind.PASSWORD
    assert person.asked[0].user == account.name


def test_a_password_that_the_server_asks_for_in_its_own_words(
    group: Servers, account: Account
) -> None:
    server = group.make(*PROMPTED)
    person = Person(account.password, keep=Keep.SESSION)
    log_in(server, person, user=account.name, identity_files=())
    assert person.asked[0].prompts[0].text.strip().startswith("Password")
    log_in(server, nobody(person.held), user=account.name, identity_files=())
    assert server.log_text().count("Accepted keyboard-interactive/pam") == 2


@pytest.mark.parametrize("lines", [TYPED, PROMPTED])
def test_a_wrong_password_is_tried_once_and_then_nothing_is(
    group: Servers, account: Account, lines: tuple[str, ...]
) -> None:
    server = group.make(*lines)
    person = Person("wrong", account.password, keep=Keep.SESSION)
    error = refused(server, person, user=account.name, identity_files=())
    assert isinstance(error, AuthError)
    assert error.needs_person
    assert "tried once" in str(error)
    assert len(person.asked) == 1
    for _ in range(3):
        again = refused(server, nobody(person.held), user=account.name, identity_files=())
        assert isinstance(again, LoginWantedError)
    assert fails(server, "password" if lines is TYPED else "keyboard-interactive") == 1


def test_a_held_password_that_is_wrong_is_used_once_and_forgotten(
    group: Servers, account: Account
) -> None:
    server = group.make(*TYPED)
    person = Person(account.password, keep=Keep.SESSION)
    log_in(server, person, user=account.name, identity_files=())
    subprocess.run(
        ["chpasswd"], input=f"{account.name}:other-{account.password}", text=True, check=True
    )
    try:
        error = refused(server, nobody(person.held), user=account.name, identity_files=())
        assert "is forgotten" in str(error)
        for _ in range(3):
            again = refused(server, nobody(person.held), user=account.name, identity_files=())
            assert isinstance(again, LoginWantedError)
    finally:
        subprocess.run(
            ["chpasswd"], input=f"{account.name}:{account.password}", text=True, check=True
        )
    assert fails(server, "password") == 1


def test_a_held_password_is_for_the_server_with_that_key_alone(
    group: Servers, account: Account
) -> None:
    server = group.make(*TYPED)
    person = Person(account.password, keep=Keep.SESSION)
    log_in(server, person, user=account.name, identity_files=())
    server.stop()
    for file in ("host_key", "host_key.pub"):
        (server.folder / file).unlink()
    other = LoopbackSshd(server.folder, server.addresses, extra=TYPED, port=server.port)
    group.made.append(other)
    other.start()
    error = refused(other, nobody(person.held), user=account.name, identity_files=())
    assert isinstance(error, LoginWantedError)
    assert fails(other, "password") == 0
    assert "Accepted" not in other.log_text()


def test_unattended_visits_do_not_even_let_the_server_ask(group: Servers, account: Account) -> None:
    """It may count as an attempt there, or send a message to somebody's telephone."""
    server = group.make(*PROMPTED, "LogLevel DEBUG2")
    error = refused(server, nobody(), user=account.name, identity_files=())
    assert isinstance(error, LoginWantedError)
    settled(server)
    assert "keyboard-interactive devs" not in server.log_text()


@pytest.mark.parametrize(
    ("lines", "second"),
    [(TYPED, "password"), (PROMPTED, "keyboard-interactive")],
)
def test_a_key_and_then_a_second_factor(
    group: Servers, tmp_path: Path, account: Account, lines: tuple[str, ...], second: str
) -> None:
    file = key(tmp_path / "key")
    server = group.make(
        *lines,
        f"AuthenticationMethods publickey,{second}",
        f"AuthorizedKeysCommand /bin/cat {file}.pub",
        "AuthorizedKeysCommandUser root",
    )
    error = refused(server, nobody(), user=account.name, identity_files=(file,))
    assert isinstance(error, LoginWantedError)
    assert "The key was right, but it is not enough" in str(error)
    assert "did not take" not in str(error)
    log_in(server, Person(account.password), user=account.name, identity_files=(file,))
    assert fails(server, "") == 0
    wrong = refused(server, Person("wrong"), user=account.name, identity_files=(file,))
    assert "was tried once" in str(wrong)
    assert fails(server, second) == 1


def test_a_password_first_and_then_a_key(group: Servers, tmp_path: Path, account: Account) -> None:
    file = key(tmp_path / "key")
    server = group.make(
        *TYPED,
        "AuthenticationMethods password,publickey",
        f"AuthorizedKeysCommand /bin/cat {file}.pub",
        "AuthorizedKeysCommandUser root",
    )
    person = Person(account.password, keep=Keep.SESSION)
    log_in(server, person, user=account.name, identity_files=(file,))
    log_in(server, nobody(person.held), user=account.name, identity_files=(file,))
    assert fails(server, "") == 0


def test_an_answer_that_does_not_come_is_no_attempt(group: Servers, account: Account) -> None:
    server = group.make(*TYPED)
    error = refused(server, Person(), user=account.name, identity_files=())
    assert isinstance(error, LoginWantedError)
    assert fails(server, "password") == 0


def test_what_the_user_switched_off_is_not_used(group: Servers, account: Account) -> None:
    server = group.make(*TYPED)
    person = Person(account.password)
    error = refused(server, person, user=account.name, identity_files=(), methods=("publickey",))
    assert isinstance(error, AuthError)
    assert person.asked == []


def test_a_password_of_a_jump_host_names_the_jump_host(group: Servers, account: Account) -> None:
    target, jump = group.make(), group.make(*TYPED)
    way = route(jump, "host-2", user=account.name, identity_files=())
    person = Person(account.password)
    log_in(target, person, jumps=(way,))
    assert person.asked[0].host == "host-1"
    assert person.asked[0].place.startswith("host-2")


def test_one_login_at_a_time_tries_what_may_be_wrong() -> None:
    held = Held()
    held.keep("name", Secret("maybe"), Keep.SESSION)
    first = held.take("name", soon())
    assert first is not None
    assert held.take("name", soon(0.05)) is None  # waits for what comes of the first
    held.release("name", right=True)
    assert held.take("name", soon()) is not None
    assert held.take("name", soon()) is not None  # good a moment ago
    held.release("name", right=False)
    assert held.take("name", soon()) is None


def test_who_is_called_off_does_not_wait_for_what_comes_of_another_login() -> None:
    held = Held()
    held.keep("name", Secret("maybe"), Keep.SESSION)
    assert held.take("name", soon()) is not None
    until = soon(60)
    assert held.take("name", until, lambda: False) is None
    assert time.monotonic() < until
