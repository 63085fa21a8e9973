"""Many hosts behind one jump host: one login there, noticed by all when it dies."""

import gc
import os
import signal
import threading
import weakref
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import pytest

from collectors.connect import Connector
from collectors.errors import AuthError, CollectError, LoginWantedError, UnreachableError
from collectors.secret import Keep
from collectors.session import Session
from collectors.ssh_config import Route
from collectors.transport import jumps
from collectors.transport.stages import StageSeconds
from psbuddy.catalogue import HostEntry
from psbuddy.demo.sshd import LoopbackSshd
from psbuddy.model.terms import Stage
from tests.support import leaks, standin
from tests.support.accounts import throw_away
from tests.support.askers import Person
from tests.support.hosts import soon
from tests.support.servers import Servers, host_block

HOSTS = 20
LIBRARY = HostEntry(transport="paramiko")


@pytest.fixture
def connector(tmp_path: Path, tmp_home: Path) -> Iterator[Connector]:
    made = Connector(
        tmp_path / "data", program=standin.program(), seconds=StageSeconds(connect=5.0)
    )
    yield made
    made.stop()


def behind(server: LoopbackSshd, jump: str, count: int = HOSTS) -> str:
    """Aliases of one server, as if each was a host of its own behind `jump`."""
    blocks = [
        host_block(server, f"ProxyJump {jump}").replace("Host host-", f"Host far-{number}-host-", 1)
        for number in range(count)
    ]
    return "".join(blocks)


def start_all(sessions: list[Session]) -> list[CollectError]:
    """Start them at the same moment; what went wrong."""
    errors: list[CollectError] = []

    def start(session: Session) -> None:
        try:
            session.start(soon())
        except CollectError as error:
            errors.append(error)

    threads = [threading.Thread(target=start, args=(each,)) for each in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def made(connector: Connector, stack: ExitStack, count: int = HOSTS) -> list[Session]:
    sessions = [connector.session(f"far-{n}-host-1", LIBRARY) for n in range(count)]
    for session in sessions:
        stack.callback(session.close)
    return sessions


def ping(session: Session) -> None:
    session.request({"op": "ping"}, soon())


def connections(server: LoopbackSshd) -> list[int]:
    """Process ids of the server's connections."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


def test_one_login_at_the_jump_host_carries_all(
    group: Servers, config: Path, connector: Connector
) -> None:
    # MaxSessions 1 and MaxStartups 1 at the jump host: neither counts the ways through it.
    target, jump = group.make(), group.make("MaxSessions 1", "MaxStartups 1")
    config.write_text(behind(target, "host-2") + host_block(jump))
    with ExitStack() as stack:
        sessions = made(connector, stack)
        assert start_all(sessions) == []
        for session in sessions:
            ping(session)
        assert jump.log_text().count("Accepted publickey") == 1
        assert target.log_text().count("Accepted publickey") == HOSTS
        sessions[0].close()  # the one that logged in, perhaps: the others go on
        for session in sessions[1:]:
            ping(session)
    leaks.wait_for(lambda: not connections(jump))


def test_the_last_host_to_leave_closes_it_and_the_next_makes_it_anew(
    group: Servers, config: Path, connector: Connector
) -> None:
    target, jump = group.make(), group.make()
    config.write_text(behind(target, "host-2", 2) + host_block(jump))
    for round_ in (1, 2):
        with ExitStack() as stack:
            assert start_all(made(connector, stack, 2)) == []
        leaks.wait_for(lambda: not connections(jump))
        assert jump.log_text().count("Accepted publickey") == round_


def test_its_death_is_noticed_by_all(group: Servers, config: Path, connector: Connector) -> None:
    target, jump = group.make(), group.make()
    config.write_text(behind(target, "host-2", 3) + host_block(jump))
    with ExitStack() as stack:
        sessions = made(connector, stack, 3)
        assert start_all(sessions) == []
        for pid in connections(jump):
            os.kill(pid, signal.SIGKILL)
        for session in sessions:
            with pytest.raises(CollectError):
                ping(session)
            assert not session.alive
    with ExitStack() as stack:
        assert start_all(made(connector, stack, 3)) == []
    assert jump.log_text().count("Accepted publickey") == 2


def test_more_hosts_than_one_connection_may_carry(
    group: Servers, config: Path, connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jumps, "MOST_HOSTS", 4)
    target, jump = group.make(), group.make()
    config.write_text(behind(target, "host-2") + host_block(jump))
    with ExitStack() as stack:
        assert start_all(made(connector, stack)) == []
        assert jump.log_text().count("Accepted publickey") == HOSTS // 4


def test_a_refused_login_at_the_jump_host_is_told_to_all_and_repeated_by_nobody(
    group: Servers, config: Path, connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, jump = group.make(), group.make()
    (jump.folder / "authorized_keys").write_text("")
    config.write_text(behind(target, "host-2") + host_block(jump))
    with ExitStack() as stack:
        errors = start_all(made(connector, stack))
    assert len(errors) == HOSTS
    assert all(isinstance(error, AuthError) for error in errors)
    assert all("host-2" in str(error) for error in errors)
    assert jump.log_text().count("Failed publickey") == 1
    monkeypatch.setattr(jumps, "REFUSED_SECONDS", 0.0)  # as if that was long ago
    (jump.folder / "authorized_keys").write_text(jump.identity_file.with_suffix(".pub").read_text())
    with ExitStack() as stack:
        assert start_all(made(connector, stack)) == []
    assert jump.log_text().count("Accepted publickey") == 1


def test_a_jump_host_that_wants_a_person_is_looked_at_once_for_all(
    group: Servers, config: Path, connector: Connector
) -> None:
    asking = ("UsePAM yes", "PasswordAuthentication yes", "KbdInteractiveAuthentication no")
    target, jump = group.make(), group.make(*asking)
    with throw_away() as account:
        lines = (f"User {account.name}", "PubkeyAuthentication no")
        config.write_text(behind(target, "host-2") + host_block(jump, *lines))
        with ExitStack() as stack:
            errors = start_all(made(connector, stack))
        wanted = [error for error in errors if isinstance(error, LoginWantedError)]
        assert len({error.question.host for error in wanted}) == HOSTS
        assert all(error.question.host in str(error) for error in wanted)
        assert len({error.question.about for error in wanted}) == 1
        leaks.wait_for(lambda: "Connection closed" in jump.log_text())
        assert jump.log_text().count("Connection from") == 1
        person = Person(account.password, held=connector.held, keep=Keep.SESSION)
        first = connector.session("far-0-host-1", LIBRARY, person)
        try:
            first.start(soon())  # what was told a moment ago is not told to a person
            with ExitStack() as stack:
                assert start_all(made(connector, stack)) == []
        finally:
            first.close()
        assert jump.log_text().count("Connection from") == 2


def test_a_refusal_that_is_told_again_keeps_nothing_of_the_login() -> None:
    way = Route(alias="jump", hostname="jump.example", port=22, user="ops")
    shared, typed = jumps.SharedJumps(), []

    def refuse(hop: Route, below: object) -> NoReturn:
        secret = type("Typed", (), {})()  # stands in the frame, as an answer does
        typed.append(weakref.ref(secret))
        raise AuthError(Stage.AUTH, f"{hop.alias} refused")

    for _ in range(2):
        visitor = jumps.Visitor(refuse, lambda transport: None, soon(), threading.Event())
        with pytest.raises(AuthError, match="jump refused"):
            shared.lease((way,), visitor)
    gc.collect()
    assert [each() for each in typed] == [None]


def test_two_jump_hosts_in_a_row_are_both_shared(
    group: Servers, config: Path, connector: Connector
) -> None:
    target, first, second = group.make(), group.make(), group.make()
    config.write_text(behind(target, "host-2,host-3") + host_block(first) + host_block(second))
    with ExitStack() as stack:
        sessions = made(connector, stack)
        assert start_all(sessions) == []
        for session in sessions:
            ping(session)
    assert first.log_text().count("Accepted publickey") == 1
    assert second.log_text().count("Accepted publickey") == 1
    leaks.wait_for(lambda: not connections(first) + connections(second))


def test_a_dead_host_behind_it_leaves_the_others_alone(
    group: Servers, config: Path, connector: Connector
) -> None:
    target, jump = group.make(), group.make()
    gone = "Host far-1-host-1\n  HostName 127.0.2.99\n  Port 1\n  ProxyJump host-2\n\n"
    config.write_text(gone + behind(target, "host-2", 3) + host_block(jump))
    with ExitStack() as stack:
        sessions = made(connector, stack, 3)
        (error,) = start_all(sessions)
        assert isinstance(error, UnreachableError)
        assert "through host-2" in str(error)
        ping(sessions[0])
        ping(sessions[2])
    assert jump.log_text().count("Accepted publickey") == 1


def test_calling_off_the_host_that_logs_in_leaves_the_others_to_try(
    group: Servers, config: Path, connector: Connector
) -> None:
    target, jump = group.make(), group.make()
    config.write_text(behind(target, "host-2", 2) + host_block(jump))
    os.kill(jump.pid, signal.SIGSTOP)
    try:
        with ExitStack() as stack:
            first, second = made(connector, stack, 2)
            errors: list[CollectError] = []
            one = threading.Thread(target=lambda: errors.extend(start_all([first])))
            two = threading.Thread(target=lambda: errors.extend(start_all([second])))
            one.start()
            leaks.wait_for(lambda: bool(connector._jumps._open))
            two.start()
            leaks.wait_for(lambda: _waiting(connector) == 2)
            first.close()
            one.join()
            os.kill(jump.pid, signal.SIGCONT)
            two.join()
            assert len(errors) == 1
            ping(second)
    finally:
        os.kill(jump.pid, signal.SIGCONT)


def _waiting(connector: Connector) -> int:
    return sum(jump.users for known in connector._jumps._open.values() for jump in known)
