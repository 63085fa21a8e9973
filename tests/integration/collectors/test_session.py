"""Sessions over a real sshd and on this machine: the same promises on both."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from collectors.bounded import Watchdog
from collectors.errors import CollectError, DeadlineError, ProgramError
from collectors.session import Session
from collectors.steps import Steps, Until, finish
from collectors.transport.local import LocalChannel, LocalTransport
from psbuddy.demo.sshd import LoopbackSshd
from psbuddy.model.terms import Stage
from tests.support import leaks, standin
from tests.support.hosts import local_session, route, soon, ssh_session


@pytest.fixture(params=["ssh", "local"])
def session(
    request: pytest.FixtureRequest, sshd: LoopbackSshd, tmp_path: Path
) -> Iterator[Session]:
    opened: Callable[[], AbstractContextManager[Session]] = {
        "ssh": lambda: ssh_session(route(sshd), tmp_path / "own", standin.program()),
        "local": lambda: local_session(standin.program()),
    }[request.param]
    before = leaks.descriptors()
    with opened() as session:
        session.start(soon())
        yield session
    leaks.wait_for(lambda: len(leaks.descriptors()) <= len(before))


def test_one_program_answers_many_requests(session: Session) -> None:
    first = session.request({"op": "ping", "echo": "grüße"}, soon())
    second = session.request({"op": "ping", "echo": "x" * 100_000}, soon())
    assert first["echo"] == "grüße"
    assert len(second["echo"]) == 100_000
    assert first["pid"] == second["pid"]
    assert first["program"] == session.program
    sent, received = session.traffic
    assert sent > 0
    assert received > 100_000


def test_six_megabytes_of_complaints_do_not_block_the_answer(session: Session) -> None:
    reply = session.request({"op": "flood"}, soon())
    assert len(reply["echo"]) == 3 << 20


@pytest.mark.parametrize("version", ["3.²", "9" * 5000, "", "a.b"])
def test_a_version_that_is_none_says_nothing(version: str) -> None:
    with local_session(standin.program(version)) as session:
        session.start(soon())
        assert session.request({"op": "ping"}, soon())["program"] == session.program


@pytest.mark.parametrize("op", ["cut", "die"])
def test_a_cut_answer_is_no_answer(session: Session, op: str) -> None:
    with pytest.raises(ProgramError, match=r"was cut.*Nothing of it was counted") as caught:
        session.request({"op": op}, soon())
    assert caught.value.stage is Stage.LAST_FRAME
    assert not session.alive


def test_a_damaged_answer_is_no_answer(session: Session) -> None:
    with pytest.raises(ProgramError, match="damaged"):
        session.request({"op": "damaged"}, soon())
    assert not session.alive


def test_an_answer_without_our_nonce_is_refused(session: Session) -> None:
    with pytest.raises(ProgramError, match="not the one that was asked for"):
        session.request({"op": "visit", "foreign": True}, soon())


def test_an_answer_of_another_program_is_refused(session: Session) -> None:
    with pytest.raises(ProgramError, match="Another program"):
        session.request({"op": "other program"}, soon())


def test_a_late_reply_to_an_older_request_is_dropped(session: Session) -> None:
    session.request({"op": "ping"}, soon())
    assert session.request({"op": "stale", "echo": "new"}, soon())["echo"] == "new"


def test_a_hanging_program_ends_at_the_deadline(session: Session) -> None:
    pid = session.request({"op": "ping"}, soon())["pid"]
    with pytest.raises(DeadlineError) as caught:
        session.request({"op": "hang"}, soon(0.3))
    assert caught.value.stage is Stage.LAST_FRAME
    assert not session.alive
    os.kill(pid, signal.SIGKILL) if session.transport == "ssh" else None


def test_one_missed_heartbeat_is_forgiven_and_two_are_not(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = session.request({"op": "ping"}, soon())["pid"]
    write, written = session._put, []

    def goes_on_at_the_second(data: bytes, stage: Stage, deadline: float) -> Steps[None]:
        written.append(data)
        if len(written) == 2:
            os.kill(pid, signal.SIGCONT)
        return write(data, stage, deadline)

    monkeypatch.setattr(session, "_put", goes_on_at_the_second)
    os.kill(pid, signal.SIGSTOP)
    finish(session.beating(0.3))
    assert len(written) == 2
    assert session.request({"op": "ping", "echo": "still here"}, soon())["echo"] == "still here"
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(DeadlineError):
        finish(session.beating(0.2))
    assert not session.alive
    with contextlib.suppress(ProcessLookupError):  # it has ended where we are its parent
        os.kill(pid, signal.SIGCONT)


def test_a_killed_program_is_a_failure_not_an_empty_answer(session: Session) -> None:
    pid = session.request({"op": "ping"}, soon())["pid"]
    asked = session.requesting({"op": "hang"}, soon())
    while not isinstance(next(asked), Until):
        pass
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(CollectError) as caught:
        finish(asked)
    assert caught.value.stage is Stage.LAST_FRAME


def test_the_program_ends_with_the_session(session: Session) -> None:
    pid = session.request({"op": "ping"}, soon())["pid"]
    session.close()
    leaks.wait_for(lambda: not Path(f"/proc/{pid}").exists())


class _ClosedMeanwhile(LocalTransport):
    """Another thread closes the session at the very moment its channel has opened."""

    session: Session
    channel: LocalChannel

    def open(self, deadline: float) -> LocalChannel:
        self.channel = super().open(deadline)
        self.session.close()
        return self.channel


def test_a_session_closed_while_it_opens_leaves_no_program_behind() -> None:
    watchdog = Watchdog()
    way = _ClosedMeanwhile(watchdog)
    way.session = session = Session("local", way, standin.program())
    try:
        with pytest.raises(ProgramError, match="was closed"):
            session.start(soon())
        assert way.channel.exit_status() == -signal.SIGKILL
        assert not session.alive
    finally:
        watchdog.stop()


class _Deaf(LocalTransport):
    """Something else than our program, that reads nothing and speaks when it is let."""

    def __init__(self, watchdog: Watchdog, folder: Path) -> None:
        super().__init__(watchdog)
        self._watched, self.closed, self.go = watchdog, folder / "closed", folder / "go"

    def open(self, deadline: float) -> LocalChannel:
        script = 'exec <&-; : > "$1"; until [ -e "$2" ]; do sleep 0.01; done; echo for backups'
        process = subprocess.Popen(
            ["/bin/sh", "-c", script, "sh", str(self.closed), str(self.go)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            bufsize=0, start_new_session=True,
        )  # fmt: skip
        leaks.wait_for(self.closed.exists)
        return LocalChannel(process, self._watched)


def test_who_reads_nothing_is_heard_out(tmp_path: Path) -> None:
    watchdog = Watchdog()
    way = _Deaf(watchdog, tmp_path)
    session = Session("local", way, standin.program())
    try:
        steps = session.starting(soon())
        assert isinstance(next(steps), Until)  # nobody reads what we write
        way.go.touch()
        with pytest.raises(ProgramError, match=r"forced command .* It said: for backups"):
            finish(steps)
    finally:
        session.close()
        watchdog.stop()
