"""An SSH server that asks whatever a test wants: for prompts that no sshd can be made to show."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import paramiko
from paramiko.server import InteractiveQuery

from collectors.ssh_config import Route

OK, NO = paramiko.AUTH_SUCCESSFUL, paramiko.AUTH_FAILED
HALF = paramiko.AUTH_PARTIALLY_SUCCESSFUL
Round = tuple[str, str, tuple[tuple[str, bool], ...]]  # title, instructions, prompts


@dataclass
class Script:
    """What the server does. `rounds`: its prompts, one after the other, and the right answers."""

    methods: str = "keyboard-interactive"
    rounds: list[tuple[Round, tuple[str, ...]]] = field(default_factory=list)
    password: str = ""
    after_password: int = OK
    then: str = ""  # methods after half a success
    lets_in: bool = False
    hangs_up: bool = False  # instead of saying no
    seen: list[str] = field(default_factory=list)  # methods that were tried


class _Server(paramiko.ServerInterface):
    def __init__(self, script: Script, hang_up: Callable[[], None]) -> None:
        self._script = script
        self._hang_up = hang_up
        self._round = 0
        self._half = False

    def get_allowed_auths(self, username: str) -> str:
        return self._script.then if self._half else self._script.methods

    def check_auth_none(self, username: str) -> int:
        return OK if self._script.lets_in else NO

    def check_auth_password(self, username: str, password: str) -> int:
        self._script.seen.append("password")
        if password != self._script.password:
            return self._no()
        self._half = self._script.after_password == HALF
        return self._script.after_password

    def check_auth_interactive(self, username: str, submethods: str) -> object:
        self._script.seen.append("keyboard-interactive")
        return self._next() if self._script.rounds else NO

    def check_auth_interactive_response(self, responses: list[str]) -> object:
        right = self._script.rounds[self._round - 1][1]
        if tuple(responses) != right:
            return self._no()
        return self._next() if self._round < len(self._script.rounds) else OK

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        return True

    def _next(self) -> InteractiveQuery:
        (title, instructions, prompts), _ = self._script.rounds[self._round]
        self._round += 1
        return InteractiveQuery(title, instructions, *prompts)

    def _no(self) -> int:
        if self._script.hangs_up:
            self._hang_up()
        return NO


@contextmanager
def asking(script: Script, folder: Path) -> Iterator[Route]:
    """The way to a server that follows the script, for any number of connections."""
    host_key = paramiko.ECDSAKey.generate()
    known = folder / "known"
    transports: list[paramiko.Transport] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        known.write_text(f"[127.0.0.1]:{port} {host_key.get_name()} {host_key.get_base64()}\n")

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                transport = paramiko.Transport(connection)
                transports.append(transport)
                transport.add_server_key(host_key)
                server = _Server(script, connection.close)
                with contextlib.suppress(paramiko.SSHException, EOFError):
                    transport.start_server(event=threading.Event(), server=server)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield Route(
                alias="asks",
                hostname="127.0.0.1",
                port=port,
                user="ops",
                identities_only=True,
                known_hosts=(known,),
            )
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            thread.join()
            for transport in transports:
                transport.close()
                transport.join(5)
