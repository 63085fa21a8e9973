"""The wire below SSH: name look-up, TCP with its options, a ProxyCommand's pipes.

The options matter: without TCP_NODELAY every small request waits 40 ms for the peer's delayed
acknowledgement, and without a user timeout a dead peer is noticed only after a quarter hour.
"""

import errno
import ipaddress
import os
import selectors
import socket
import subprocess
import threading
import time

from collectors.bounded import SLICE_SECONDS, bounded, remaining
from collectors.errors import UnreachableError
from collectors.ssh_config import Route
from psbuddy.model.terms import Stage

_USER_TIMEOUT_MS = 30_000
_KEEPALIVE_SECONDS = 60


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
    last: OSError | None = None
    until = min(deadline, time.monotonic() + seconds)
    for family, address in addresses:
        try:
            return _dial(family, address, until, aborted)
        except OSError as error:  # a passed deadline is one too
            last = error
    raise UnreachableError(Stage.TCP, _why(route, last)) from last


def _dial(
    family: int, address: tuple[object, ...], until: float, aborted: threading.Event
) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.setblocking(False)
        begun = connection.connect_ex(address)
        if begun not in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
            raise OSError(begun, os.strerror(begun))
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_WRITE)
            while not selector.select(min(SLICE_SECONDS, remaining(until))):
                if aborted.is_set():
                    raise OSError(errno.ECANCELED, "broken off")
        failed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if failed:
            raise OSError(failed, os.strerror(failed))
        _set_options(connection)
    except BaseException:
        connection.close()
        raise
    return connection


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
            "Check the spelling in ssh_config or the catalogue, and whether the VPN is up.",
        ) from error
    return answer or []


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
    # It ends with the socket; somebody has to take note of that.
    threading.Thread(target=process.wait, name="proxy-command", daemon=True).start()
    return ours


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
