"""A jump host that wants a one-time code, and a host behind it that takes a key."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.connect import Connector
from collectors.errors import AuthError, LoginWantedError
from collectors.held import HeldAsker
from collectors.secret import Asker, Keep, Kind
from psbuddy.catalogue import HostEntry
from psbuddy.demo.sshd import LoopbackSshd
from tests.support import leaks, standin
from tests.support.accounts import Account
from tests.support.askers import Person
from tests.support.hosts import soon
from tests.support.otp import asking_for_codes
from tests.support.servers import Servers, host_block

CODE, NEXT_CODE = "271828", "314159"


@pytest.fixture
def connector(tmp_path: Path, config: Path) -> Iterator[Connector]:
    made = Connector(tmp_path / "data", program=standin.program())
    yield made
    made.stop()


@pytest.fixture
def way(group: Servers, config: Path, account: Account) -> Iterator[tuple[LoopbackSshd, ...]]:
    target = group.make()
    with asking_for_codes(group, CODE, NEXT_CODE) as jump:
        lines = (f"User {account.name}", "PubkeyAuthentication no")
        config.write_text(host_block(target, "ProxyJump host-2") + host_block(jump, *lines))
        yield target, jump


def visit(connector: Connector, transport: str, asker: Asker) -> None:
    session = connector.session("host-1", HostEntry(transport=transport), asker)
    try:
        session.start(soon(60))
        assert session.request({"op": "ping", "echo": "there"}, soon())["echo"] == "there"
    finally:
        session.close()


def codes_tried(jump: LoopbackSshd) -> tuple[int, int]:
    children = Path(f"/proc/{jump.pid}/task/{jump.pid}/children")
    leaks.wait_for(lambda: not children.read_text())
    said = jump.log_text()
    return said.count("Accepted keyboard-interactive"), said.count("Failed keyboard-interactive")


@pytest.mark.parametrize("transport", ["paramiko", "openssh"])
def test_the_question_names_the_jump_host_and_the_code_goes_there_alone(
    transport: str, way: tuple[LoopbackSshd, LoopbackSshd], connector: Connector, account: Account
) -> None:
    target, jump = way
    nobody = HeldAsker(connector.held)
    with pytest.raises(LoginWantedError) as caught:
        visit(connector, transport, nobody)
    assert codes_tried(jump) == (0, 0)  # nothing was sent for it
    assert caught.value.question.place == f"host-2 (127.0.2.2 port {jump.port})"
    person = Person(CODE, held=connector.held, keep=Keep.SESSION)
    visit(connector, transport, person)
    (asked,) = person.asked
    assert asked.place == f"host-2 (127.0.2.2 port {jump.port})"
    assert (asked.host, asked.user, asked.kind) == ("host-1", account.name, Kind.ANSWERS)
    assert asked.fingerprint.startswith("SHA256:")
    assert asked.name == ""  # a code is never held
    assert codes_tried(jump) == (1, 0)
    assert "Accepted publickey" in target.log_text()
    with pytest.raises(LoginWantedError):
        visit(connector, transport, nobody)


@pytest.mark.parametrize("transport", ["paramiko", "openssh"])
def test_a_code_that_was_used_is_sent_once_more_and_not_again(
    transport: str, way: tuple[LoopbackSshd, LoopbackSshd], connector: Connector
) -> None:
    target, jump = way
    visit(connector, transport, Person(CODE, held=connector.held))
    with pytest.raises(AuthError) as caught:
        visit(connector, transport, Person(CODE, CODE, CODE, held=connector.held))
    assert not isinstance(caught.value, LoginWantedError)
    assert "host-2" in str(caught.value)
    assert codes_tried(jump) == (1, 1)
    assert target.log_text().count("Accepted publickey") == 1
