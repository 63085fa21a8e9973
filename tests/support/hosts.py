"""Ways to the shared OpenSSH server and to this machine, as tests want them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collectors.bounded import Watchdog
from collectors.known_hosts import KnownHostsFiles
from collectors.program import Program
from collectors.session import Session
from collectors.ssh_config import Route
from collectors.transport.local import LocalTransport
from collectors.transport.ssh import SshTransport
from collectors.transport.stages import StageSeconds
from psbuddy.demo.sshd import LoopbackSshd


def soon(seconds: float = 20.0) -> float:
    """A deadline."""
    return time.monotonic() + seconds


def route(server: LoopbackSshd, alias: str = "host-1", **changes: object) -> Route:
    """How an alias of the server is reached; `changes` are fields of Route."""
    values: dict[str, object] = {
        "alias": alias,
        "hostname": server.addresses[alias],
        "port": server.port,
        "user": server.user,
        "identity_files": (server.identity_file,),
        "identities_only": True,
        "known_hosts": (server.known_hosts,),
        **changes,
    }
    return Route(**values)


@contextmanager
def ssh_session(
    way: Route, own: Path, program: Program | None = None, seconds: StageSeconds | None = None
) -> Iterator[Session]:
    """A session that is not started yet, closed at the end whatever happened."""
    watchdog = Watchdog()
    transport = SshTransport(way, KnownHostsFiles(own), watchdog, seconds=seconds)
    session = Session(way.alias, transport, program)
    try:
        yield session
    finally:
        session.close()
        watchdog.stop()


@contextmanager
def local_session(program: Program | None = None) -> Iterator[Session]:
    """The same on this machine."""
    watchdog = Watchdog()
    session = Session("local", LocalTransport(watchdog), program)
    try:
        yield session
    finally:
        session.close()
        watchdog.stop()
