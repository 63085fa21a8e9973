"""What is said between us and a server during the login (RFC 4252, RFC 4256).

Instead of the library's own handler: that one takes an unforeseen answer for the end, signs
before the server said that it wants the key, and asks people from the thread that should notice
when the server hangs up. Here each request returns the server's answer, on the caller's thread.
"""

import queue
import time
from dataclasses import dataclass

import paramiko
from paramiko import Message
from paramiko.auth_handler import AuthHandler

from collectors.bounded import SLICE_SECONDS
from collectors.secret import Prompt, Secret

_SERVICE_REQUEST, _SERVICE_ACCEPT, _REQUEST = 5, 6, 50
_FAILURE, _SUCCESS, _BANNER, _METHOD_SPECIFIC, _INFO_RESPONSE = 51, 52, 53, 60, 61
_METHODS_CAP, _PROMPTS_CAP, _TEXT_CAP, _ANSWERS_CAP = 20, 16, 500, 100
PUBLICKEY, PASSWORD, INTERACTIVE = "publickey", "password", "keyboard-interactive"


@dataclass(frozen=True, slots=True)
class Accepted:
    """We are in; or, after the first request, the login may begin."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not with that; or that was right and more is wanted (`partial`)."""

    methods: tuple[str, ...]  # that may go on, in the server's order
    partial: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """The server would accept this key, if we can sign."""


@dataclass(frozen=True, slots=True)
class Expired:
    """The password must be changed first."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """The server asks, in its own words."""

    heading: str
    prompts: tuple[Prompt, ...]


Reply = Accepted | Refused | Wanted | Expired | Prompts


@dataclass(frozen=True, slots=True)
class Signer:
    """How a key presents itself: the algorithm it signs with, and its public half."""

    algorithm: str
    blob: bytes


class Userauth(AuthHandler):  # type: ignore[misc]
    """One login over a transport whose server key was checked. Not for several threads.

    Every method raises TimeoutError at the deadline, EOFError when the connection has ended.
    """

    def __init__(self, transport: paramiko.Transport, user: str) -> None:
        super().__init__(transport)
        self._user = user
        self.username = user
        self._method = ""
        self._replies: queue.Queue[Reply] = queue.Queue(_ANSWERS_CAP)
        transport.auth_handler = self

    @property
    def _handler_table(self) -> dict[int, object]:  # looked into by the transport's thread
        return {
            _SERVICE_ACCEPT: lambda _: self._replies.put_nowait(Accepted()),
            _SUCCESS: self._succeeded,
            _FAILURE: self._failed,
            _BANNER: lambda _: None,
            _METHOD_SPECIFIC: self._specific,
        }

    # The caller's thread.

    def begin(self, until: float) -> None:
        """Ask for the service itself."""
        message = Message()
        message.add_byte(bytes([_SERVICE_REQUEST]))
        message.add_string("ssh-userauth")
        self._send(message)
        self._wait(until)

    def none(self, until: float) -> Reply:
        """Which methods are there? Some servers just let in."""
        self._send(self._request("none"))
        return self._wait(until)

    def offer(self, signer: Signer, until: float) -> Reply:
        """Would the server accept this key?"""
        message = self._request(PUBLICKEY)
        message.add_boolean(False)
        message.add_string(signer.algorithm)
        message.add_string(signer.blob)
        self._send(message)
        return self._wait(until)

    def to_sign(self, signer: Signer) -> bytes:
        """What the key has to sign."""
        message = Message()
        message.add_string(self.transport.session_id)
        message.add_bytes(self._signed_part(signer))
        data: bytes = message.asbytes()
        return data

    def by_key(self, signer: Signer, signature: bytes, until: float) -> Reply:
        self._method = PUBLICKEY
        message = Message()
        message.add_bytes(self._signed_part(signer))
        message.add_string(signature)
        self._send(message)
        return self._wait(until)

    def by_password(self, secret: Secret, until: float) -> Reply:
        message = self._request(PASSWORD)
        message.add_boolean(False)
        message.add_string(secret.reveal())
        self._send(message)
        return self._wait(until)

    def interactive(self, until: float) -> Reply:
        """Let the server ask."""
        message = self._request(INTERACTIVE)
        message.add_string("")
        message.add_string("")
        self._send(message)
        return self._wait(until)

    def answer(self, values: tuple[Secret, ...], until: float) -> Reply:
        message = Message()
        message.add_byte(bytes([_INFO_RESPONSE]))
        message.add_int(len(values))
        for value in values:
            message.add_string(value.reveal())
        self._send(message)
        return self._wait(until)

    def _request(self, method: str) -> Message:
        self._method = method
        message = Message()
        message.add_byte(bytes([_REQUEST]))
        message.add_string(self._user)
        message.add_string("ssh-connection")
        message.add_string(method)
        return message

    def _signed_part(self, signer: Signer) -> bytes:
        message = self._request(PUBLICKEY)
        message.add_boolean(True)
        message.add_string(signer.algorithm)
        message.add_string(signer.blob)
        data: bytes = message.asbytes()
        return data

    def _send(self, message: Message) -> None:
        try:
            with self.transport.lock:
                self.transport._send_message(message)
        except Exception:  # noqa: BLE001 - its frames hold what was sent: nothing of it goes on
            raise EOFError("the connection ended during the login") from None

    def _wait(self, until: float) -> Reply:
        while True:
            alive = self.transport.is_active()  # before the look: what came last is still read
            try:
                return self._replies.get(timeout=SLICE_SECONDS)
            except queue.Empty:
                if not alive:
                    raise EOFError("the connection ended during the login") from None
                if time.monotonic() >= until:
                    raise TimeoutError("the login took too long") from None

    # The transport's thread.

    def _succeeded(self, _: Message) -> None:
        self.authenticated = True
        self.transport._auth_trigger()
        self._replies.put_nowait(Accepted())

    def _failed(self, message: Message) -> None:
        names = _text(message, 10 * _TEXT_CAP).split(",")[:_METHODS_CAP]
        methods = tuple(name[:80] for name in names if name)
        self._replies.put_nowait(Refused(methods, bool(message.get_boolean())))

    def _specific(self, message: Message) -> None:
        if self._method == PUBLICKEY:
            self._replies.put_nowait(Wanted())
        elif self._method == PASSWORD:
            self._replies.put_nowait(Expired())
        elif self._method == INTERACTIVE:
            self._replies.put_nowait(_prompts(message))


def _prompts(message: Message) -> Prompts:
    heading = " ".join(filter(None, (_text(message), _text(message))))
    _text(message)  # a language
    count = message.get_int()
    if count > _PROMPTS_CAP:
        raise paramiko.SSHException("more prompts than anybody would answer")
    asked = [(_text(message), message.get_boolean()) for _ in range(count)]
    return Prompts(heading, tuple(Prompt(text, bool(echo)) for text, echo in asked))


def _text(message: Message, cap: int = _TEXT_CAP) -> str:
    """Foreign words: short, on one line, nothing that steers a terminal."""
    raw: bytes = message.get_string()
    words = " ".join(raw[: 4 * cap].decode(errors="replace").split())[:cap]
    return "".join(c if c.isprintable() else "?" for c in words)
