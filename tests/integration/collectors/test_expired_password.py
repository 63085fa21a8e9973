"""An account whose password has expired (F25): said once, nothing is typed into what follows."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.bounded import Watchdog
from collectors.connect import Connector
from collectors.errors import CollectError, ExpiredError, LoginWantedError
from collectors.held import HeldAsker
from collectors.known_hosts import KnownHostsFiles
from collectors.secret import Asker, Keep
from collectors.session import Session
from collectors.transport.ssh import SshTransport
from psbuddy.catalogue import HostEntry
from psbuddy.demo.sshd import LoopbackSshd
from tests.support import standin
from tests.support.accounts import Account, throw_away
from tests.support.askers import Person
from tests.support.hosts import route, soon
from tests.support.servers import Servers, host_block

TYPED = ("UsePAM yes", "PasswordAuthentication yes", "KbdInteractiveAuthentication no")
PROMPTED = ("UsePAM yes", "PasswordAuthentication no", "KbdInteractiveAuthentication yes")


@pytest.fixture
def expired() -> Iterator[Account]:
    with throw_away() as account:
        subprocess.run(["chage", "-d", "0", account.name], check=True)
        yield account


def by_key(server: LoopbackSshd) -> tuple[str, ...]:
    """The server's own key opens the account, too: root reads the file that says so."""
    file = server.folder / "authorized_keys"
    return (
        "UsePAM yes",
        f"AuthorizedKeysCommand /bin/cat {file}",
        "AuthorizedKeysCommandUser root",
    )


def start(server: LoopbackSshd, account: Account, asker: Asker) -> None:
    (alias,) = server.addresses
    watchdog = Watchdog()
    way = route(server, alias, user=account.name)
    own = KnownHostsFiles(server.folder / "own")
    session = Session(alias, SshTransport(way, own, watchdog, asker=asker), standin.program())
    try:
        session.start(soon())
    finally:
        session.close()
        watchdog.stop()


def refused(server: LoopbackSshd, account: Account, asker: Asker) -> CollectError:
    with pytest.raises(CollectError) as caught:
        start(server, account, asker)
    return caught.value


def told(error: CollectError, account: Account) -> None:
    assert isinstance(error, ExpiredError)
    assert error.needs_person
    assert "has expired. Nothing was typed" in str(error)
    assert account.password not in str(error)


@pytest.mark.parametrize("ways", [TYPED, PROMPTED], ids=["typed", "prompted"])
def test_a_right_password_that_must_be_changed_is_sent_once(
    group: Servers, expired: Account, ways: tuple[str, ...]
) -> None:
    server = group.make(*ways)
    person = Person(expired.password, "a new one", "a new one", keep=Keep.SESSION)
    told(refused(server, expired, person), expired)
    assert len(person.asked) == 1
    assert person.held.has(person.asked[0].name) is (ways is TYPED)  # that one let us in


def test_a_held_password_that_must_be_changed_is_forgotten(
    group: Servers, expired: Account
) -> None:
    """A visit that nobody watches types nothing into what asks for a new one."""
    server = group.make(*PROMPTED)
    subprocess.run(["chage", "-d", "2026-01-01", expired.name], check=True)
    person = Person(expired.password, keep=Keep.SESSION)
    start(server, expired, person)
    subprocess.run(["chage", "-d", "0", expired.name], check=True)
    told(refused(server, expired, HeldAsker(person.held)), expired)
    assert isinstance(refused(server, expired, HeldAsker(person.held)), LoginWantedError)


def test_a_key_whose_account_has_an_expired_password(group: Servers, expired: Account) -> None:
    """The key opens the door, then sshd wants a terminal to change the password on."""
    plain = group.make()
    plain.stop()
    lines = by_key(plain)
    server = LoopbackSshd(plain.folder, plain.addresses, extra=lines, port=plain.port)
    group.made.append(server)
    server.start()
    told(refused(server, expired, HeldAsker(Person().held)), expired)
    assert server.log_text().count("Accepted publickey") == 1


def test_a_held_ssh_types_nothing_either(
    group: Servers, expired: Account, config: Path, tmp_path: Path
) -> None:
    server = group.make(*PROMPTED)
    lines = (f"User {expired.name}", "PubkeyAuthentication no")
    config.write_text(host_block(server, *lines))
    connector = Connector(tmp_path / "data", program=standin.program())
    person = Person(expired.password, "a new one", held=connector.held, keep=Keep.SESSION)
    session = connector.session("host-1", HostEntry(transport="openssh"), person)
    try:
        with pytest.raises(CollectError) as caught:
            session.start(soon())
    finally:
        session.close()
        connector.stop()
    told(caught.value, expired)
    assert len(person.asked) == 1
    assert not connector.held.has(person.asked[0].name)
