"""Faults of the way to a host: each ends at its deadline, at its stage, in words of its own.

The table of all faults, and where each is tested, is tests/faults/README.md.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from collectors.errors import CollectError, DeadlineError, ProgramError, UnreachableError
from collectors.transport.stages import StageSeconds
from psbuddy.demo.sshd import LoopbackSshd
from psbuddy.model.terms import Stage
from tests.support import leaks, standin
from tests.support.hosts import route, soon, ssh_session
from tests.support.proxy import Wire
from tests.support.servers import Servers

QUICK = StageSeconds(connect=0.6, handshake=0.6, login=0.6, channel=0.6)
#: What a busy machine may add to a deadline of theirs, beside the tenth.
_BUSY_SECONDS = 2.0


def vouch(own: Path, sshd: LoopbackSshd, name: str) -> None:
    """The server's key is known under another name, too."""
    known = sshd.known_hosts.read_text().splitlines()[0].split(" ", 1)[1]
    own.parent.mkdir()
    own.write_text(f"{name} {known}\n")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Nothing holds a worker past its deadline and a tenth."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun <= seconds * 1.1 + _BUSY_SECONDS


def failure(way: object, own: Path, seconds: float = 2.4) -> CollectError:
    """How a start fails that has quick stages and so many seconds in all."""
    opened = ssh_session(way, own, standin.program(), QUICK)
    with opened as session, within(seconds), pytest.raises(CollectError) as caught:
        session.start(soon(seconds))
    return caught.value


def test_f02_a_host_that_drops_everything(sshd: LoopbackSshd, own: Path) -> None:
    """A listener whose queue is full: the kernel drops what else knocks."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.2.66", 0))
        deaf.listen(0)
        address = deaf.getsockname()
        knocking = [socket.socket() for _ in range(3)]
        for each in knocking:
            each.setblocking(False)
            each.connect_ex(address)
        error = failure(route(sshd, hostname=address[0], port=address[1]), own)
        for each in knocking:
            each.close()
    assert isinstance(error, UnreachableError)
    assert error.stage is Stage.TCP
    assert "gives no answer" in str(error)


@pytest.mark.parametrize(
    ("fate", "kind"), [("stall", DeadlineError), ("reset", ProgramError), ("close", ProgramError)]
)
def test_f03_f04_f08_a_wire_that_is_cut_in_the_middle(
    sshd: LoopbackSshd, own: Path, fate: str, kind: type[CollectError]
) -> None:
    with Wire(("127.0.1.1", sshd.port)) as wire:
        vouch(own, sshd, f"[{wire.address}]:{wire.port}")
        way = route(sshd, hostname=wire.address, port=wire.port, known_hosts=())
        with ssh_session(way, own, standin.program()) as session:
            session.start(soon())
            wire.meet(fate)
            with within(0.8), pytest.raises(kind) as caught:
                session.request({"op": "ping"}, soon(0.8))
            assert caught.value.stage is Stage.LAST_FRAME
            assert not session.alive


@pytest.mark.parametrize("limit", [10, 60, 700, 1500])
def test_f09_a_path_that_swallows_what_is_large(sshd: LoopbackSshd, own: Path, limit: int) -> None:
    """It stops after so many bytes of the server: in its banner, in its keys, in the login."""
    with Wire(("127.0.1.1", sshd.port), limit=limit) as wire:
        vouch(own, sshd, f"[{wire.address}]:{wire.port}")
        way = route(sshd, hostname=wire.address, port=wire.port, known_hosts=())
        error = failure(way, own)
    assert isinstance(error, DeadlineError | UnreachableError)
    assert error.stage in (Stage.BANNER, Stage.KEX, Stage.HOST_KEY, Stage.AUTH)


def test_f10_a_name_server_that_does_not_answer(
    sshd: LoopbackSshd, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    monkeypatch.setattr(
        "collectors.transport.ssh_socket.socket.getaddrinfo", lambda *_, **__: released.wait(30)
    )
    error = failure(route(sshd, hostname="led-app-1.example"), own)
    released.set()
    assert error.stage is Stage.RESOLVE
    assert "was not resolved in time" in str(error)


def test_f11_a_first_address_that_is_dead_costs_a_moment(
    sshd: LoopbackSshd, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.2.66", 0))
        deaf.listen(0)
        knocking = [socket.socket() for _ in range(3)]
        for each in knocking:
            each.setblocking(False)
            each.connect_ex(deaf.getsockname())
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 0, "", deaf.getsockname()),
            (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.1.1", sshd.port)),
        ]
        monkeypatch.setattr(
            "collectors.transport.ssh_socket.socket.getaddrinfo", lambda *_, **__: found
        )
        vouch(own, sshd, f"[two-addresses]:{sshd.port}")
        way = route(sshd, hostname="two-addresses", known_hosts=())
        seconds = StageSeconds(connect=5.0)
        with ssh_session(way, own, standin.program(), seconds) as session, within(1.0):
            session.start(soon(30.0))
        for each in knocking:
            each.close()


@pytest.mark.parametrize("drip", [b"S", b"x" * 300 + b"\r\n", b"y" * 65536])
def test_f13_f14_a_banner_that_never_ends(sshd: LoopbackSshd, own: Path, drip: bytes) -> None:
    """Byte by byte, line by line, or all at once: its deadline is one for all of it."""
    over = threading.Event()
    with socket.create_server(("127.0.2.8", 0)) as listener:

        def serve() -> None:
            with closing(listener.accept()[0]) as connection:
                connection.settimeout(0.2)
                while not over.wait(0.01):
                    try:
                        connection.sendall(drip)
                    except TimeoutError:
                        continue
                    except OSError:
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        error = failure(route(sshd, hostname="127.0.2.8", port=listener.getsockname()[1]), own)
        over.set()
        thread.join()
    assert error.stage is Stage.BANNER


def test_f17_a_server_process_that_is_killed_is_no_empty_answer(group: Servers, own: Path) -> None:
    server = group.make()
    with ssh_session(route(server), own, standin.program()) as session:
        session.start(soon())
        program = session.request({"op": "ping"}, soon())["pid"]
        serving = int(Path(f"/proc/{program}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(serving, signal.SIGKILL)
        with pytest.raises(ProgramError, match="was cut"):
            session.request({"op": "hang"}, soon(5))


def test_f19_keys_that_are_exchanged_again_and_again(group: Servers, own: Path) -> None:
    server = group.make("RekeyLimit 64K 1s")
    with ssh_session(route(server), own, standin.program()) as session:
        session.start(soon())
        for _ in range(12):
            echo = "x" * 200_000
            assert session.request({"op": "ping", "echo": echo}, soon(30))["echo"] == echo


def test_f29_a_server_that_turns_many_away_says_so(group: Servers, own: Path) -> None:
    server = group.make("MaxStartups 1:100:1")
    with socket.create_connection(("127.0.2.1", server.port)):
        leaks.wait_for(lambda: "Connection from" in server.log_text())
        error = failure(route(server), own)
    assert error.stage is Stage.BANNER
    assert "MaxStartups" in str(error)


@pytest.mark.parametrize("words", [b"Not allowed at this time\r\n", b""])
def test_f30_a_server_that_has_banned_us(sshd: LoopbackSshd, own: Path, words: bytes) -> None:
    """What an sshd with PerSourcePenalties does, and what a ban by its firewall looks like."""
    with socket.create_server(("127.0.2.9", 0)) as listener:

        def turn_away() -> None:
            with closing(listener.accept()[0]) as connection:
                connection.sendall(words)

        thread = threading.Thread(target=turn_away)
        thread.start()
        error = failure(route(sshd, hostname="127.0.2.9", port=listener.getsockname()[1]), own)
        thread.join()
    assert isinstance(error, UnreachableError)
    assert not error.needs_person  # it is tried again by itself, later and later
    assert error.stage is Stage.BANNER
    assert "penalties" in str(error)


NOISE = 'head -c {size} /dev/zero | tr "\\0" "{letter}"; exec sh -c "$SSH_ORIGINAL_COMMAND"'


def test_f31_a_profile_that_prints_a_megabyte_is_skipped(group: Servers, own: Path) -> None:
    server = group.make("ForceCommand " + NOISE.format(size=2**20, letter="x"))
    with ssh_session(route(server), own, standin.program()) as session:
        session.start(soon(30))
        assert session.request({"op": "ping", "echo": "y"}, soon())["echo"] == "y"


def test_f32_a_profile_that_prints_without_end_is_named(group: Servers, own: Path) -> None:
    server = group.make("ForceCommand cat /dev/urandom")
    error = failure(route(server), own, seconds=20.0)
    assert error.stage is Stage.FIRST_FRAME
    assert "prints more than" in str(error)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("echo This account is currently not available.; exit 1", "not available"),
        ("echo rbash: exec: restricted >&2; exit 1", "restricted"),
        ("exit 0", "without a word"),
        ("echo \"'exec' is not recognized as an internal or external command\" >&2; exit 1",
         "not recognized"),
    ],
)  # fmt: skip
def test_f33_f34_what_runs_in_place_of_our_program_is_quoted(
    group: Servers, own: Path, command: str, words: str
) -> None:
    error = failure(route(group.make(f"ForceCommand {command}")), own)
    assert error.stage is Stage.FIRST_FRAME
    assert words in str(error)


def test_f36_a_python_that_hangs_ends_at_the_deadline_and_goes(group: Servers, own: Path) -> None:
    server = group.make("ForceCommand exec sleep 600")
    error = failure(route(server), own, seconds=1.5)
    assert isinstance(error, DeadlineError)
    assert error.stage is Stage.FIRST_FRAME
    leaks.wait_for(lambda: "Close session" in server.log_text() or "closed" in server.log_text())


def test_f38_narrow_limits_leave_it_working(group: Servers, own: Path) -> None:
    limits = "ulimit -v 400000; ulimit -n 32; ulimit -f 0; cd /; export TMPDIR=/nonexistent"
    server = group.make(f'ForceCommand {limits}; exec sh -c "$SSH_ORIGINAL_COMMAND"')
    with ssh_session(route(server), own) as session:
        session.start(soon(40))
        assert session.request({"op": "ping"}, soon(20))["op"] == "ping"


def test_many_sessions_leave_nothing(sshd: LoopbackSshd, own: Path) -> None:
    """The short form of tests/faults/test_sessions.py."""
    ended_by = {"op": "die"}
    before, threads = len(leaks.descriptors()), len(leaks.threads())
    for number in range(12):
        with ssh_session(route(sshd), own, standin.program()) as session:
            session.start(soon())
            if number % 3 == 0:
                with pytest.raises(ProgramError):
                    session.request(ended_by, soon())
    leaks.wait_for(lambda: len(leaks.descriptors()) <= before and len(leaks.threads()) <= threads)
