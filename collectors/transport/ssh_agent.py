"""The SSH agent: which keys it holds, and its signatures, within a deadline of ours."""

import os
import socket
import struct
from dataclasses import dataclass

from paramiko import Message

from collectors.ssh_config import Route

_SECONDS = 5.0
_LIST, _LISTED, _SIGN, _SIGNED = 11, 12, 13, 14
_REPLY_CAP = 2**18
_KEYS_CAP = 200
#: What an RSA key is to hash with.
_FLAGS = {"rsa-sha2-256": 2, "rsa-sha2-512": 4}


class AgentError(Exception):
    """The agent does not answer, or not as agents do."""


@dataclass(frozen=True, slots=True)
class AgentKey:
    blob: bytes  # the public key, or a certificate
    comment: str


class Agent:
    """A connection to the agent. Ends with `close`."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(_SECONDS)
        try:
            self._socket.connect(path)
        except OSError as error:
            self._socket.close()
            raise AgentError(error.strerror or str(error)) from error

    def keys(self) -> list[AgentKey]:
        """What it holds, in its order. Raises AgentError."""
        kind, body = self._ask(bytes([_LIST]))
        if kind != _LISTED:
            raise AgentError("it lists no keys")
        count = min(body.get_int(), _KEYS_CAP)
        pairs = [(body.get_string(), body.get_string()) for _ in range(count)]
        return [AgentKey(blob, comment.decode(errors="replace")) for blob, comment in pairs if blob]

    def sign(self, blob: bytes, data: bytes, algorithm: str) -> bytes:
        """Signature by the key of `blob`. Raises AgentError when it does not sign."""
        request = Message()
        request.add_byte(bytes([_SIGN]))
        request.add_string(blob)
        request.add_string(data)
        request.add_int(_FLAGS.get(algorithm, 0))
        kind, body = self._ask(request.asbytes())
        if kind != _SIGNED:
            raise AgentError("it refuses to sign")
        signature: bytes = body.get_string()
        return signature

    def close(self) -> None:
        self._socket.close()

    def _ask(self, request: bytes) -> tuple[int, Message]:
        try:
            self._socket.sendall(struct.pack(">I", len(request)) + request)
            (length,) = struct.unpack(">I", self._read(4))
            if not 0 < length <= _REPLY_CAP:
                raise AgentError("its answer is no answer")
            body = self._read(length)
        except OSError as error:
            raise AgentError(error.strerror or str(error)) from error
        return body[0], Message(body[1:])

    def _read(self, wanted: int) -> bytes:
        data = b""
        while len(data) < wanted:
            more = self._socket.recv(wanted - len(data))
            if not more:
                raise AgentError("it hung up")
            data += more
        return data


def agent_of(route: Route, notes: list[str]) -> Agent | None:
    """The agent that is meant for this host; None, and a note, where it does not answer."""
    path = route.identity_agent or os.environ.get("SSH_AUTH_SOCK", "")
    if path in ("", "none") or not hasattr(socket, "AF_UNIX"):
        return None
    try:
        return Agent(path)
    except AgentError as error:
        notes.append(f"the SSH agent at {path} does not answer ({error})")
        return None
