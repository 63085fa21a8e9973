"""Twenty planted secrets, sixty induced failures, everything logged: not one shows anywhere."""

import json
import logging
import os
import queue
import secrets
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from collectors.bounded import Watchdog
from collectors.errors import CollectError
from collectors.held import Held
from collectors.known_hosts import KnownHostsFiles
from collectors.secret import Keep
from collectors.ssh_config import Route
from collectors.transport.ssh import SshTransport
from collectors.transport.stages import StageSeconds
from tests.support.askers import Person
from tests.support.catalogues import application
from tests.support.challenge import Script, asking
from tests.support.hosts import soon

SECRETS = 20
FAILURES_EACH = 3
ROUND = (("", "", (("Passcode: ", False),)), ("never",))
SERVERS = {
    "pw": Script(methods="password", password="never"),
    "pw-hangs-up": Script(methods="password", password="never", hangs_up=True),
    "kb": Script(rounds=[ROUND]),
    "kb-hangs-up": Script(rounds=[ROUND], hangs_up=True),
    "key": Script(methods="publickey"),
}
# What the program does, with everything said aloud.
LOUD = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, filename=sys.argv.pop(1))
import collectors.transport.ssh
logging.getLogger("paramiko").setLevel(logging.DEBUG)
from psbuddy.cli import main
raise SystemExit(main(sys.argv[1:]))
"""


def locked_key(folder: Path) -> Path:
    file = folder / "locked"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "never-this", "-f", file]
    subprocess.run(command, check=True)
    file.with_suffix(".pub").unlink()
    return file


@contextmanager
def all_servers(folder: Path) -> Iterator[dict[str, Route]]:
    key = locked_key(folder)
    with ExitStack() as stack:
        ways: dict[str, Route] = {}
        for name, script in SERVERS.items():
            place = folder / name
            place.mkdir()
            way = stack.enter_context(asking(replace(script, seen=[]), place))
            files = (key,) if name == "key" else ()
            ways[name] = replace(way, alias=name, identity_files=files)
        yield ways


class Child:
    """The engine as a process, its events as they come, all it ever wrote."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.out: list[bytes] = []
        self._events: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def say(self, line: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def ask(self, name: str, **fields: Any) -> None:
        self.say(json.dumps({"request": name, **fields}).encode())

    def wait(self, event: str, **fields: Any) -> dict[str, Any]:
        while True:
            found = self._events.get(timeout=30)
            if found["event"] == event and fields.items() <= found.items():
                return found

    def question(self, host: str) -> int:
        self.ask("login", host=host)
        return int(self.wait("secret_question", host=host)["id"])

    def end(self) -> bytes:
        _, errors = self.process.communicate(timeout=60)
        self._thread.join()
        return errors

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.out.append(line)
            self._events.put(json.loads(line))


def _typed(host: str, keep: str = "session") -> Callable[[Child, str], None]:
    def fail(child: Child, secret: str) -> None:
        number = child.question(host)
        child.ask("answer", id=number, values=[secret], keep=keep)
        if host == "key":
            for _ in range(2):
                again = child.wait("secret_question", host=host)["id"]
                child.ask("answer", id=again, values=[secret], keep=keep)
        assert child.wait("login", host=host)["ok"] is False

    return fail


def _misshapen(child: Child, secret: str) -> None:
    child.ask("answer", id=child.question("pw"), values=[secret, {"more": [secret]}], keep=secret)
    child.wait("login", host="pw", ok=False)


def _broken_line(child: Child, secret: str) -> None:
    number = child.question("pw")
    child.say(f'{{"request": "answer", "id": {number}, "values": ["{secret}"'.encode())
    child.wait("problem")
    child.ask("answer", id=number, values=None)
    child.wait("login", host="pw", ok=False)


def _too_late(child: Child, secret: str) -> None:
    number = child.question("kb")
    child.ask("answer", id=number, values=None)
    child.wait("login", host="kb", ok=False)
    child.ask("answer", id=number, values=[secret])
    child.wait("problem")


def _not_to_be_typed(child: Child, secret: str) -> None:
    child.say(
        json.dumps(
            {"request": "answer", "id": child.question("pw"), "values": [f"{secret}\ud800"]}
        ).encode()
    )
    child.wait("login", host="pw", ok=False)


def _no_such_request(child: Child, secret: str) -> None:
    child.ask("anwser", values=[secret])
    child.wait("problem")


FAILURES: tuple[Callable[[Child, str], None], ...] = (
    _typed("pw"),
    _typed("pw-hangs-up", "keyring"),
    _typed("kb"),
    _typed("kb-hangs-up"),
    _typed("key", "keyring"),
    _misshapen,
    _broken_line,
    _too_late,
    _not_to_be_typed,
    _no_such_request,
)


def _processes_of(pid: int) -> Iterator[bytes]:
    """Command lines and environments of a process and its children."""
    for process in (pid, *_children(pid)):
        for name in ("cmdline", "environ"):
            try:
                yield Path(f"/proc/{process}/{name}").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in found for child in file.read_text().split()]


def test_twenty_secrets_in_sixty_failures_of_the_engine(tmp_path: Path) -> None:
    planted = [f"canary-{secrets.token_hex(12)}" for _ in range(SECRETS)]
    seen: list[bytes] = []
    failures = 0
    with all_servers(tmp_path) as ways:
        child = _start(tmp_path, ways)
        try:
            for _ in ways:
                child.wait("collected")
            for number, secret in enumerate(planted):
                for turn in range(FAILURES_EACH):
                    FAILURES[(number * FAILURES_EACH + turn) % len(FAILURES)](child, secret)
                    failures += 1
                    seen += _processes_of(child.process.pid)
            child.ask("login", host="kb")
            child.wait("secret_question")
            child.ask("stop")  # in the middle of a question
            child.wait("stopped")
        finally:
            seen.append(child.end())
    assert failures == SECRETS * FAILURES_EACH
    seen += child.out
    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(file.name.startswith("store.db") for file in written)
    log = (tmp_path / "debug.log").read_bytes()
    assert b"userauth" in log or b"paramiko" in log  # it was loud indeed
    seen += [file.read_bytes() for file in written]
    everything = b"\0".join(seen)
    assert [secret for secret in planted if secret.encode() in everything] == []
    assert b"Traceback" not in everything


def _start(folder: Path, ways: dict[str, Route]) -> Child:
    catalogue = folder / "catalogue"
    catalogue.mkdir()
    lines = ["hosts:"]
    for name, way in ways.items():
        lines += [f"  {name}:", "    address: 127.0.0.1", f"    port: {way.port}"]
        lines += ["    user: ops", f"    known_hosts: {way.known_hosts[0]}"]
        lines += [f"    identity_file: {way.identity_files[0]}"] if way.identity_files else []
        lines += ["    transport: paramiko"]
    text = "\n".join(lines) + "\n" + application("shop", tuple(ways), folder / "app.log")
    (catalogue / "shop.yaml").write_text(text)
    command = [sys.executable, "-c", LOUD, str(folder / "debug.log")]
    command += ["--db", str(folder / "data" / "store.db"), "--catalogue", str(catalogue)]
    return Child(
        subprocess.Popen(
            [*command, "collect", "--watch", "--jsonl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={
                **os.environ,
                "PYTHON_KEYRING_BACKEND": "tests.support.leakyring.Keyring",
                "PYTHONPATH": str(Path(__file__).parents[3]),
            },
        )
    )


def _failure(transport: SshTransport) -> CollectError:
    """In a frame of its own: the one of the test knows the secret."""
    with pytest.raises(CollectError) as caught:
        transport.open(soon())
    return caught.value


QUICK = StageSeconds(login=0.5)


@pytest.mark.parametrize("host", list(SERVERS))
def test_no_traceback_knows_a_secret_even_with_all_variables(
    tmp_path: Path, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What a report of an error could show at most: each frame's variables, each cause."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="paramiko")
    secret = f"canary-{secrets.token_hex(12)}"
    held = Held()
    with all_servers(tmp_path) as ways:
        watchdog = Watchdog()
        person = Person(secret, secret, secret, held=held, keep=Keep.SESSION)
        files = KnownHostsFiles(tmp_path / "own")
        transport = SshTransport(ways[host], files, watchdog, seconds=QUICK, asker=person)
        error = _failure(transport)
        watchdog.stop()
    assert person.asked
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    text = "".join(told.format()) + caplog.text + repr(vars(error)) + repr(person.asked)
    assert "_link" in text  # variables were there to be seen
    assert secret not in text
