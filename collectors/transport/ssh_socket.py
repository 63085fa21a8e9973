"""The wire below SSH: name look-up, TCP with its options, a ProxyCommand's pipes.

The options matter: without TCP_NODELAY every small request waits 40 ms for the peer's delayed
acknowledgement, and without a user timeout a dead peer is noticed only after a quarter hour.
"""

import contextlib
import errno
import ipaddress
import os
import selectors
import signal
import socket
import subprocess
import threading
import time

from collectors.bounded import SLICE_SECONDS, bounded, remaining
from collectors.errors import UnreachableError
from collectors.ssh_config import CONFIG_VARIABLE, Route
from psbuddy.model.terms import Stage

_USER_TIMEOUT_MS = 30_000
_KEEPALIVE_SECONDS = 60
#: An address has so long to answer before the next one is tried beside it.
_APART_SECONDS = 0.25


def connect(
    route: Route, seconds: float, deadline: float, aborted: threading.Event
) -> socket.socket:
    """A connected socket. Raises UnreachableError at stage resolve or tcp.

    Ends soon after `aborted` is set.
    """
    seconds = route.connect_seconds or seconds
    if route.proxy_command:
        return _through_command(route)
    addresses = _resolve(route, min(deadline, time.monotonic() + seconds), aborted)
    until = min(deadline, time.monotonic() + seconds)
    try:
        return _Race(addresses).run(until, aborted)
    except OSError as error:
        raise UnreachableError(Stage.TCP, _why(route, error)) from error


class _Race:
    """Connections to all addresses of a host, begun a moment apart: the first that stands wins.

    One broken way (IPv6, often) costs that moment and not the whole time there is.
    """

    def __init__(self, addresses: list[tuple[int, tuple[object, ...]]]) -> None:
        self._left = list(addresses)
        self._selector = selectors.DefaultSelector()
        self._under_way: list[socket.socket] = []
        self._failed: OSError = TimeoutError("no address answered")

    def run(self, until: float, aborted: threading.Event) -> socket.socket:
        """The winner. Raises OSError; a passed deadline is one too."""
        try:
            while self._left or self._under_way:
                if self._left:
                    self._begin(*self._left.pop(0))
                won = self._wait(until, aborted)
                if won is not None:
                    self._under_way.remove(won)
                    return won
            raise self._failed
        finally:
            self._selector.close()
            for connection in self._under_way:
                connection.close()

    def _begin(self, family: int, address: tuple[object, ...]) -> None:
        try:
            connection = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:  # a family that this machine does not have
            self._failed = error
            return
        connection.setblocking(False)
        begun = connection.connect_ex(address)
        if begun in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
            self._under_way.append(connection)
            self._selector.register(connection, selectors.EVENT_WRITE)
        else:
            connection.close()
            self._failed = OSError(begun, os.strerror(begun))

    def _wait(self, until: float, aborted: threading.Event) -> socket.socket | None:
        """Until one stands, none is left, or it is time to begin another one."""
        another = time.monotonic() + _APART_SECONDS
        while self._under_way and not (self._left and time.monotonic() >= another):
            if aborted.is_set():
                raise OSError(errno.ECANCELED, "broken off")
            for key, _ in self._selector.select(min(SLICE_SECONDS, remaining(until))):
                connection = key.fileobj
                assert isinstance(connection, socket.socket)
                failed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if not failed:
                    _set_options(connection)
                    return connection
                self._failed = OSError(failed, os.strerror(failed))
                self._selector.unregister(connection)
                self._under_way.remove(connection)
                connection.close()
        return None


def _resolve(
    route: Route, deadline: float, aborted: threading.Event
) -> list[tuple[int, tuple[object, ...]]]:
    name = route.hostname
    flags = socket.AI_NUMERICHOST if _is_address(name) else 0
    family = {"inet": socket.AF_INET, "inet6": socket.AF_INET6}.get(route.family, 0)

    def ask() -> list[tuple[int, tuple[object, ...]]]:
        found = socket.getaddrinfo(
            name, route.port, family=family, type=socket.SOCK_STREAM, flags=flags
        )
        return [(family, address) for family, _, _, _, address in found]

    try:
        answer = ask() if flags else bounded(ask, deadline, f"resolve {name}", aborted)
    except TimeoutError as error:
        raise UnreachableError(
            Stage.RESOLVE,
            f"The name {name} of host {route.alias} was not resolved in time. "
            "Is the network or VPN up? Is the name right in ssh_config?",
        ) from error
    except (OSError, UnicodeError) as error:
        raise UnreachableError(
            Stage.RESOLVE,
            f"The name {name} of host {route.alias} is not known to this network. "
            f"Check the spelling in {_told_by(route)}, and whether the VPN is up.",
        ) from error
    return answer or []


def _told_by(route: Route) -> str:
    """Who names the address of a host: the catalogue alone, or the configuration that was read."""
    if not route.from_config:
        return "the catalogue"
    return f"the catalogue or in {os.environ.get(CONFIG_VARIABLE) or '~/.ssh/config'}"


def _why(route: Route, error: OSError | None) -> str:
    if isinstance(error, ConnectionRefusedError):
        return (
            f"{route.place} refuses connections. Is sshd running there, and is "
            f"{route.port} its port?"
        )
    if isinstance(error, TimeoutError):
        return (
            f"{route.place} gives no answer on port {route.port}. Is the host up? "
            "Is a firewall or a missing VPN in between?"
        )
    said = f" ({error.strerror})" if error is not None and error.strerror else ""
    return f"{route.place} cannot be reached{said}. Is the network or VPN up?"


def _set_options(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", _KEEPALIVE_SECONDS),
        ("TCP_KEEPINTVL", 10),
        ("TCP_KEEPCNT", 3),
        ("TCP_USER_TIMEOUT", _USER_TIMEOUT_MS),
    ):
        option = getattr(socket, name, None)
        if option is not None:
            connection.setsockopt(socket.IPPROTO_TCP, option, value)


class _CommandPipe(socket.socket):
    """Our end of a ProxyCommand. One that does not notice that it was closed ends all the same."""

    def __init__(self, ours: socket.socket, process: subprocess.Popen[bytes]) -> None:
        super().__init__(fileno=ours.detach())
        self._process = process

    def close(self) -> None:
        super().close()
        # As ssh ends it; the group, because a command line may be several programs.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGHUP)


def _through_command(route: Route) -> socket.socket:
    # The user's own ssh_config says to run this command, as ssh itself would.
    ours, theirs = socket.socketpair()
    try:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {route.proxy_command}"],
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        ours.close()
        raise UnreachableError(
            Stage.TCP, f"The ProxyCommand of {route.alias} could not be started: {error.strerror}."
        ) from error
    finally:
        theirs.close()
    # Somebody has to take note of its end.
    threading.Thread(target=process.wait, name="proxy-command", daemon=True).start()
    return _CommandPipe(ours, process)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
