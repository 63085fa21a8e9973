"""What a held ssh wants to know is asked as the library's logins ask, and leaks as little."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collectors.connect import Connector
from collectors.errors import AuthError, CollectError, LoginWantedError
from collectors.held import HeldAsker
from collectors.secret import Answer, Asker, Keep, Kind, SecretQuestion
from psbuddy.catalogue import HostEntry
from psbuddy.demo.sshd import LoopbackSshd
from tests.support import leaks, standin
from tests.support.accounts import Account
from tests.support.askers import Person
from tests.support.hosts import soon
from tests.support.servers import Servers, host_block

PROGRAM = HostEntry(transport="openssh")
TYPED = ("UsePAM yes", "PasswordAuthentication yes", "KbdInteractiveAuthentication no")
PROMPTED = ("UsePAM yes", "PasswordAuthentication no", "KbdInteractiveAuthentication yes")


@pytest.fixture
def connector(tmp_path: Path, config: Path) -> Iterator[Connector]:
    made = Connector(tmp_path / "data", program=standin.program())
    yield made
    made.stop()


def lock(server: LoopbackSshd, passphrase: str) -> None:
    command = ["ssh-keygen", "-q", "-p", "-P", "", "-N", passphrase, "-f", server.identity_file]
    subprocess.run(command, check=True)


def log_in(connector: Connector, asker: Asker | None = None, alias: str = "host-1") -> None:
    """As far as the program's start: the throw-away account may lack all else."""
    way = connector.session(alias, PROGRAM, asker)._way
    try:
        way.open(soon()).close()
    finally:
        way.abort()


def refused(connector: Connector, asker: Asker | None = None) -> CollectError:
    with pytest.raises(CollectError) as caught:
        log_in(connector, asker)
    return caught.value


def for_account(server: LoopbackSshd, account: Account, *lines: str) -> str:
    return host_block(server, f"User {account.name}", "PubkeyAuthentication no", *lines)


def test_a_passphrase(group: Servers, config: Path, connector: Connector) -> None:
    server = group.make()
    lock(server, "open sesame")
    config.write_text(host_block(server))
    error = refused(connector)
    assert isinstance(error, LoginWantedError)
    assert f"the passphrase of {server.identity_file}" in str(error)
    assert error.question.fingerprint.startswith("SHA256:")
    person = Person("open sesame", held=connector.held, keep=Keep.SESSION)
    log_in(connector, person)
    assert [question.kind for question in person.asked] == [Kind.PASSPHRASE]
    log_in(connector)  # held now
    assert server.log_text().count("Accepted publickey") == 2
    assert "Failed" not in server.log_text()


def test_a_good_passphrase_is_held_though_the_host_refuses_its_key(
    group: Servers, config: Path, connector: Connector, tmp_path: Path
) -> None:
    """In this format a key says nothing of itself before it is open, so ssh asks first."""
    server, key = group.make(), tmp_path / "key"
    made = ["ssh-keygen", "-q", "-t", "ecdsa", "-m", "PEM", "-N", "open sesame", "-f", str(key)]
    subprocess.run(made, check=True)
    key.with_suffix(".pub").unlink()
    config.write_text(
        host_block(server, f"IdentityFile {key}").replace(f"{server.identity_file}", f"{key}")
    )
    for typed, is_held in (("wrong", False), ("open sesame", True)):
        person = Person(typed, held=connector.held, keep=Keep.SESSION)
        error = refused(connector, person)
        assert isinstance(error, AuthError) and not isinstance(error, LoginWantedError)
        assert [question.kind for question in person.asked] == [Kind.PASSPHRASE]
        assert connector.held.has(f"passphrase {key}") is is_held


def test_a_password_right_wrong_and_held(
    group: Servers, config: Path, connector: Connector, account: Account
) -> None:
    server = group.make(*TYPED)
    config.write_text(for_account(server, account))
    assert isinstance(refused(connector), LoginWantedError)
    assert "Failed password" not in server.log_text()
    wrong = refused(connector, Person("wrong", account.password, held=connector.held))
    assert isinstance(wrong, AuthError)
    leaks.wait_for(lambda: server.log_text().count("Failed password") == 1)
    person = Person(account.password, held=connector.held, keep=Keep.SESSION)
    log_in(connector, person)
    assert person.asked[0].user == account.name
    log_in(connector)
    assert server.log_text().count("Accepted password") == 2
    assert server.log_text().count("Failed password") == 1


def test_a_held_password_that_is_wrong_is_forgotten(
    group: Servers, config: Path, connector: Connector, account: Account
) -> None:
    server = group.make(*TYPED)
    config.write_text(for_account(server, account))
    person = Person(account.password, held=connector.held, keep=Keep.SESSION)
    log_in(connector, person)
    server.stop()
    other = [*TYPED, "DenyUsers *"]
    server = LoopbackSshd(server.folder, server.addresses, extra=other, port=server.port)
    group.made.append(server)
    server.start()
    assert not isinstance(refused(connector), LoginWantedError)
    for _ in range(3):
        assert isinstance(refused(connector), LoginWantedError)
    assert server.log_text().count("Failed password") == 1


def test_prompts_of_the_server_are_for_people_only(
    group: Servers, config: Path, connector: Connector, account: Account
) -> None:
    server = group.make(*PROMPTED)
    config.write_text(for_account(server, account))
    error = refused(connector)
    assert isinstance(error, LoginWantedError)
    assert error.question.kind is Kind.ANSWERS
    log_in(connector, Person(account.password, held=connector.held))
    assert "Accepted keyboard-interactive/pam" in server.log_text()
    assert "Failed" not in server.log_text()


def test_a_passphrase_of_a_jump_host_and_of_the_host(
    group: Servers, config: Path, connector: Connector
) -> None:
    target, jump = group.make(), group.make()
    lock(target, "first")
    lock(jump, "second")
    config.write_text(host_block(target, "ProxyJump host-2") + host_block(jump))
    person = Person("second", "first", held=connector.held)
    log_in(connector, person)
    assert [q.wants.split("/")[-2:] for q in person.asked] == [
        ["sshd-2", "user_key"],
        ["sshd-1", "user_key"],
    ]


def test_a_password_of_a_jump_host_that_goes_by_another_name_for_its_key(
    group: Servers, config: Path, connector: Connector, account: Account
) -> None:
    target, jump = group.make(), group.make(*TYPED)
    key = jump.known_hosts.read_text().split(maxsplit=1)[1]
    jump.known_hosts.write_text(f"The-Jump {key}")
    config.write_text(
        host_block(target, "ProxyJump host-2") + for_account(jump, account, "HostKeyAlias The-Jump")
    )
    person = Person(account.password, held=connector.held, keep=Keep.SESSION)
    log_in(connector, person)
    (asked,) = person.asked
    assert asked.place.startswith("host-2")
    assert asked.user == account.name
    assert asked.fingerprint.startswith("SHA256:")
    log_in(connector)  # held, and given to the jump host alone
    assert jump.log_text().count("Accepted password") == 2


def test_a_wrong_password_at_a_jump_host_is_sent_once_and_forgotten(
    group: Servers, config: Path, connector: Connector, account: Account
) -> None:
    target, jump = group.make(), group.make(*TYPED)
    config.write_text(host_block(target, "ProxyJump host-2") + for_account(jump, account))
    error = refused(connector, Person("wrong", held=connector.held, keep=Keep.SESSION))
    assert error.needs_person and not isinstance(error, LoginWantedError)
    assert str(error).startswith("host-2 (127.0.2.2")
    for _ in range(2):
        assert isinstance(refused(connector), LoginWantedError)
    leaks.wait_for(lambda: jump.log_text().count("Failed password") == 1)
    assert "Accepted" not in target.log_text()


ASKED = """
import sys, threading, time
from pathlib import Path
from collectors.connect import Connector
from collectors.held import HeldAsker
from psbuddy.catalogue import HostEntry

class Slow(HeldAsker):
    patience = 50.0
    def ask(self, *_):
        print("asked", flush=True)
        threading.Event().wait()

connector = Connector(Path(sys.argv[1]))
session = connector.session("host-1", HostEntry(transport="openssh"), Slow(connector.held))
session.start(time.monotonic() + 60)
"""


def test_who_is_killed_while_it_asks_sends_no_empty_answer(
    group: Servers, config: Path, account: Account, tmp_path: Path
) -> None:
    server = group.make(*TYPED)
    config.write_text(for_account(server, account))
    command = [sys.executable, "-c", ASKED, str(tmp_path / "data")]
    here = {**os.environ, "TMPDIR": str(tmp_path)}  # it cannot tidy up
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=here) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"asked\n"
        process.kill()
    connections = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    leaks.wait_for(lambda: not connections.read_text())
    assert "Failed" not in server.log_text()
    assert "Connection closed by authenticating user" in server.log_text()


def test_what_is_answered_is_in_no_argument_variable_or_file(
    group: Servers, config: Path, connector: Connector, tmp_path: Path
) -> None:
    server = group.make()
    canary = f"canary-{secrets.token_hex(12)}"
    lock(server, canary)
    config.write_text(host_block(server))
    seen: list[bytes] = []

    class Watching(HeldAsker):
        """Looks at every process of ours while ssh waits, and after it was answered."""

        patience = 50.0

        def ask(
            self, question: SecretQuestion, until: float, wanted: Callable[[], bool]
        ) -> tuple[object, ...]:
            seen.extend(_of_processes())
            answer = Person(canary)._type(question, until, wanted)
            assert isinstance(answer, Answer)
            return answer.values

    folder = Path(connector._files.config(users=True)).parent
    session = connector.session("host-1", PROGRAM, Watching(connector.held))
    session.start(soon(60))
    seen += _of_processes()
    seen += [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    session.close()
    assert len(seen) > 6
    assert not any(canary.encode() in each for each in seen)
    assert {file.name for file in folder.iterdir() if file.is_dir()} == set()


def _of_processes() -> Iterator[bytes]:
    mine = {os.getpid(), *leaks.children()}
    while True:
        more = {
            int(pid)
            for parent in mine
            for task in Path(f"/proc/{parent}/task").glob("*/children")
            for pid in task.read_text().split()
        }
        if more <= mine:
            break
        mine |= more
    for pid in mine:
        for name in ("cmdline", "environ"):
            yield Path(f"/proc/{pid}/{name}").read_bytes()
