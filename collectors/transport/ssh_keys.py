"""Which credentials are tried, in which order: each once, and never more than the server bears.

A wrong credential is never repeated by itself: servers lock out whole offices for that.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import paramiko
from paramiko.agent import AgentSSH

from collectors.ssh_config import Route

#: One below the default MaxAuthTries of sshd.
MOST_CREDENTIALS = 5
_AGENT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Credential:
    """A key and how a person knows it."""

    key: paramiko.PKey
    label: str


class _UnixAgent(AgentSSH):  # type: ignore[misc]
    """paramiko's agent client on a socket of our own, so that a hung agent has a deadline."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        self._connect(connection)


@contextmanager
def credentials(route: Route) -> Iterator[tuple[list[Credential], list[str]]]:
    """Credentials in the order of ssh itself, and notes on those that cannot be used.

    The agent stays connected inside the block: it signs while we log in.
    """
    notes: list[str] = []
    connection = _agent_connection(route, notes)
    try:
        offered = _agent_keys(connection, notes)
        yield _in_order(route, offered, notes), notes
    finally:
        if connection is not None:
            connection.close()


def _in_order(route: Route, offered: list[Credential], notes: list[str]) -> list[Credential]:
    ordered: list[Credential] = []
    for file in route.identity_files:
        public = _public_blob(file)
        ordered += [each for each in offered if public and each.key.asbytes() == public]
    if not route.identities_only:
        ordered += [each for each in offered if each not in ordered]
    held = {each.key.asbytes() for each in ordered}
    for file in route.identity_files:
        loaded = _load(file, notes, named=route.identities_only) if file.exists() else None
        if loaded is not None and loaded.key.asbytes() not in held:
            ordered.append(loaded)
        if not file.exists() and route.identities_only and not held:
            notes.append(f"the key file {file} is not there")
    return ordered[:MOST_CREDENTIALS]


def _agent_connection(route: Route, notes: list[str]) -> socket.socket | None:
    path = route.identity_agent or os.environ.get("SSH_AUTH_SOCK", "")
    if path in ("", "none") or not hasattr(socket, "AF_UNIX"):
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_AGENT_SECONDS)
    try:
        connection.connect(path)
    except OSError as error:
        connection.close()
        notes.append(f"the SSH agent at {path} does not answer ({error.strerror or error})")
        return None
    return connection


def _agent_keys(connection: socket.socket | None, notes: list[str]) -> list[Credential]:
    if connection is None:
        return []
    try:
        keys = _UnixAgent(connection).get_keys()
    except Exception as error:  # noqa: BLE001 - whatever an agent answers, other keys remain
        notes.append(f"the SSH agent gave no keys ({type(error).__name__})")
        return []
    return [Credential(key, f"agent key {key.comment or key.get_name()}"[:120]) for key in keys]


def _load(file: Path, notes: list[str], *, named: bool) -> Credential | None:
    try:
        if os.name == "posix" and file.stat().st_mode & 0o077:
            notes.append(f"the key file {file} can be read by others: chmod 600 {file}")
            return None
        return Credential(paramiko.PKey.from_path(file), f"key file {file}")
    except (TypeError, paramiko.PasswordRequiredException):
        notes.append(f"the key file {file} needs its passphrase: ssh-add {file}")
    except Exception as error:  # noqa: BLE001 - a strange key file must not hide the others
        if named:
            notes.append(f"the key file {file} cannot be used ({type(error).__name__})")
    return None


def _public_blob(file: Path) -> bytes:
    try:
        text = file.with_name(file.name + ".pub").read_text(errors="replace")
        blob: bytes = paramiko.pkey.PublicBlob.from_string(text).key_blob
    except (OSError, ValueError, IndexError):
        return b""  # no public half beside it: then the file itself is tried later
    return blob
