"""Logins that need a person, from the engine's event to the visit that follows."""

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend

from collectors.engine import run_engine
from collectors.secret import Answer, Keep, Secret
from psbuddy.demo.sshd import LoopbackSshd
from tests.support import leaks
from tests.support.accounts import Account
from tests.support.catalogues import application, hosts_section
from tests.support.engines import AT_ONCE, RunningEngine, running
from tests.support.servers import host_block, servers

PASSPHRASE = "open sesame"


class MemoryKeyring(KeyringBackend):
    """The system's keyring, for as long as a test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked: threading.Event | None = None  # until it is set nobody gets an answer
        self.waited_for: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked is not None:
            self.waited_for.append(username)
            self.locked.wait(60)
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture(autouse=True)
def ring() -> Iterator[MemoryKeyring]:
    before, mine = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LoopbackSshd]:
    """Two hosts; the key to both needs its passphrase."""
    hosts = {"host-1": "127.0.2.1", "host-2": "127.0.2.2"}
    with LoopbackSshd(tmp_path / "sshd", hosts) as made:
        subprocess.run(
            ["ssh-keygen", "-q", "-p", "-P", "", "-N", PASSPHRASE, "-f", made.identity_file],
            check=True,
        )
        yield made


def watch(catalogue: Path, server: LoopbackSshd, log: Path, *hosts: str) -> None:
    text = hosts_section(server, hosts) + application("shop", hosts, log)
    (catalogue / "shop.yaml").write_text(text)


def answer(engine: RunningEngine, *values: str, keep: str = "session") -> dict[str, Any]:
    question = engine.wait("secret_question")
    engine.ask("answer", id=question["id"], values=values, keep=keep)
    return question


def test_a_passphrase_once_for_all_hosts_that_wait_for_it(
    db: Path, catalogue: Path, log: Path, server: LoopbackSshd
) -> None:
    watch(catalogue, server, log, "host-1", "host-2")
    with running(db, catalogue) as engine:
        wanted = [engine.wait("login_wanted"), engine.wait("login_wanted")]
        engine.wait("status", waiting=2)
        assert {each["host"] for each in wanted} == {"host-1", "host-2"}
        assert wanted[0]["about"] == wanted[1]["about"]
        assert wanted[0]["kind"] == "passphrase"
        assert wanted[0]["fingerprint"].startswith("SHA256:")
        engine.ask("login", host="host-1")
        question = answer(engine, PASSPHRASE)
        assert question["host"] == "host-1"
        assert question["fingerprint"] == wanted[0]["fingerprint"]
        assert question["prompts"][0]["echo"] is False
        assert question["keeps"] == ["no", "session", "keyring"]
        assert engine.wait("login", host="host-1")["ok"] is True
        read = {engine.wait("collected")["host"], engine.wait("collected")["host"]}
        assert read == {"host-1", "host-2"}
        engine.wait("status", waiting=0)
    good = [e["outcome"] for e in engine.seen if e["event"] == "collected"]
    assert good[-2:] == ["ok", "ok"]
    assert PASSPHRASE not in json.dumps(engine.seen)


def test_a_locked_keyring_holds_up_nobody_once_a_login_is_over(
    db: Path, catalogue: Path, log: Path, server: LoopbackSshd, ring: MemoryKeyring
) -> None:
    """The actor that begins all visits never waits for it."""
    text = hosts_section(server, ["host-1"]) + application("shop", ["host-1", "local"], log)
    (catalogue / "shop.yaml").write_text(text)
    with running(db, catalogue) as engine:
        engine.wait("status", waiting=1)
        engine.ask("login", host="host-1")
        question = engine.wait("secret_question")
        engine.ask("collect", host="local")  # what the keyring was asked may be asked again now
        engine.wait("collected", host="local", outcome="ok")
        ring.locked = threading.Event()
        engine.ask("answer", id=question["id"], values=[PASSPHRASE], keep="no")
        assert engine.wait("login", host="host-1")["ok"] is True
        engine.wait("collected", host="host-1", outcome="ok")
        ring.locked.set()
    assert ring.waited_for == []


def test_a_visit_that_waits_for_a_locked_keyring_holds_up_no_other(
    db: Path, catalogue: Path, log: Path, server: LoopbackSshd, ring: MemoryKeyring
) -> None:
    text = hosts_section(server, ["host-1"]) + application("shop", ["host-1", "local"], log)
    (catalogue / "shop.yaml").write_text(text)
    ring.locked = threading.Event()
    with running(db, catalogue) as engine:
        leaks.wait_for(lambda: ring.waited_for)
        for _ in range(3):
            engine.ask("collect", host="local")
            engine.wait("collected", host="local", outcome="ok")
        ring.locked.set()
        engine.wait("login_wanted", host="host-1")


def test_a_code_at_the_jump_host_opens_all_hosts_behind_it(
    db: Path, catalogue: Path, log: Path, tmp_path: Path, tmp_home: Path, account: Account
) -> None:
    asking = ("UsePAM yes", "PasswordAuthentication no", "KbdInteractiveAuthentication yes")
    hosts = ["far-1", "far-2", "far-3"]
    with servers(tmp_path) as group:
        target, jump = group.make(), group.make(*asking)
        blocks = [host_block(target, "ProxyJump host-2").replace("host-1", h, 1) for h in hosts]
        blocks.append(host_block(jump, f"User {account.name}", "PubkeyAuthentication no"))
        (tmp_home / ".ssh" / "config").write_text("".join(blocks))
        (catalogue / "shop.yaml").write_text(application("shop", hosts, log))
        with running(db, catalogue) as engine:
            engine.wait("status", waiting=3)
            engine.ask("login", host="far-2")
            answer(engine, account.password, keep="no")  # as a code: nothing of it is held
            assert engine.wait("login", host="far-2")["ok"] is True
            read = {engine.wait("collected", outcome="ok")["host"] for _ in hosts}
            assert read == set(hosts)
            engine.wait("status", waiting=0)
        assert jump.log_text().count("Accepted keyboard-interactive") == 1


def test_a_login_that_nobody_answers_leaves_the_host_waiting(
    db: Path, catalogue: Path, log: Path, server: LoopbackSshd
) -> None:
    watch(catalogue, server, log, "host-1")
    with running(db, catalogue) as engine:
        engine.wait("login_wanted")
        engine.ask("login", host="host-1")
        question = engine.wait("secret_question")
        engine.ask("answer", id=question["id"], values=None)
        ended = engine.wait("login", host="host-1")
        assert ended["ok"] is False
        assert "wants the passphrase" in ended["detail"]
        engine.ask("answer", id=question["id"], values=[PASSPHRASE])
        assert "no open question" in engine.wait("problem")["message"]
        engine.ask("collect")  # a person wants it: it is told again, not tried by itself
        engine.wait("login_wanted")
    assert server.log_text().count("Failed") == 0


def test_an_engine_that_ends_while_it_asks_ends_at_once(
    db: Path, catalogue: Path, log: Path, server: LoopbackSshd
) -> None:
    watch(catalogue, server, log, "host-1")
    with running(db, catalogue) as engine:
        engine.wait("login_wanted")
        engine.ask("login", host="host-1")
        engine.wait("secret_question")
        engine.ask("stop")
        engine.wait("stopped", code=0)


def test_what_the_keyring_keeps_needs_nobody_next_time(
    db: Path, catalogue: Path, log: Path, server: LoopbackSshd, ring: MemoryKeyring
) -> None:
    watch(catalogue, server, log, "host-1")
    with running(db, catalogue) as engine:
        engine.wait("login_wanted")
        engine.ask("login", host="host-1")
        answer(engine, PASSPHRASE, keep="keyring")
        engine.wait("collected", outcome="ok")
    assert list(ring.kept.values()) == [PASSPHRASE]
    with running(db, catalogue) as engine:
        engine.wait("collected", outcome="ok")
    ring.kept = dict.fromkeys(ring.kept, "stale")
    with running(db, catalogue) as engine:
        engine.wait("login_wanted")
    assert ring.kept == {}  # a wrong one is forgotten there too


def test_somebody_who_looks_for_logs_is_asked_at_once(
    db: Path, catalogue: Path, log: Path, server: LoopbackSshd
) -> None:
    watch(catalogue, server, log, "host-1")
    with running(db, catalogue) as engine:
        engine.wait("login_wanted")
        engine.ask("discover", id=7, host="host-1", folders=[str(log.parent)])
        assert engine.wait("login_wanted", now=True)["host"] == "host-1"
        engine.ask("login", host="host-1")
        answer(engine, PASSPHRASE)
        assert engine.wait("answer", id=7)["logs"]
    with running(db, catalogue) as engine:
        engine.wait("login_wanted")
        engine.ask("discover", id=8, host="host-1", folders=[str(log.parent)])
        engine.wait("login_wanted", now=True)
        engine.ask("login", host="host-1")
        question = engine.wait("secret_question")
        engine.ask("answer", id=question["id"], values=None)
        assert "wants the passphrase" in engine.wait("answer", id=8)["message"]


def test_a_wrong_password_reaches_the_server_once_whatever_is_scheduled(
    db: Path, catalogue: Path, log: Path, account: Account, tmp_path: Path
) -> None:
    lines = ("UsePAM yes", "PasswordAuthentication yes", "PubkeyAuthentication no")
    server = LoopbackSshd(tmp_path / "sshd", {"host-1": "127.0.2.1"}, extra=lines)
    with server:
        server.user = account.name
        watch(catalogue, server, log, "host-1")
        with running(db, catalogue) as engine:
            engine.wait("login_wanted")
            engine.ask("login", host="host-1")
            answer(engine, "wrong")
            assert engine.wait("login", host="host-1")["ok"] is False
            for _ in range(3):
                engine.ask("collect")
                engine.wait("collected", outcome="failed")
            engine.ask("login", host="host-1")
            answer(engine, account.password)
            engine.wait("login", ok=True)
            engine.wait("collected", outcome="ok")
        leaks.wait_for(lambda: "Accepted password" in server.log_text())
        assert server.log_text().count("Failed password") == 1


def test_once_asks_the_person_who_is_there(
    db: Path, catalogue: Path, log: Path, server: LoopbackSshd
) -> None:
    watch(catalogue, server, log, "host-1", "host-2")
    asked: list[str] = []

    def ask(question: Any, until: float, wanted: Any) -> Answer:
        asked.append(question.wants)
        return Answer((Secret(PASSPHRASE),), Keep.SESSION)

    said: list[str] = []
    code = run_engine(
        str(db), catalogue, once=True, ask_secret=ask, budget=AT_ONCE, echo=said.append
    )
    assert code == 0
    assert said == []  # what is wanted is said by the question
    assert asked == [f"the passphrase of {server.identity_file}"]


def test_what_a_person_opened_stays_open_however_far_the_next_visit_is(
    db: Path, catalogue: Path, log: Path, server: LoopbackSshd
) -> None:
    text = hosts_section(server, ["host-1"]) + application("shop", ["host-1"], log, every="20m")
    (catalogue / "shop.yaml").write_text(text)
    with running(db, catalogue) as engine:
        engine.wait("login_wanted")
        engine.ask("login", host="host-1")
        answer(engine, PASSPHRASE, keep="no")
        engine.wait("login", ok=True)
        for _ in range(2):
            assert engine.wait("collected")["outcome"] == "ok"
            engine.wait("idle")
            engine.ask("collect")
    assert server.log_text().count("Accepted publickey") == 1


def test_what_came_into_the_keyring_is_found_when_a_person_asks_for_the_host(
    db: Path, catalogue: Path, log: Path, server: LoopbackSshd, ring: MemoryKeyring
) -> None:
    watch(catalogue, server, log, "host-1")
    with running(db, catalogue) as engine:
        about = engine.wait("login_wanted")["about"]
        ring.set_password("PS Buddy", about, PASSPHRASE)
        engine.ask("collect")
        engine.wait("collected", outcome="ok")
