"""One login at a jump host carries the ways to many hosts behind it.

A security team sees one session at its bastion instead of two hundred, and one password or code
opens them all. A way is a direct-tcpip channel: MaxSessions does not count those. When the
connection to the jump host dies, all that went through it end, and the next visit makes a new one.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import paramiko

from collectors.bounded import SLICE_SECONDS
from collectors.errors import AuthError, CollectError, LoginWantedError, TurnError
from collectors.ssh_config import Route
from psbuddy.model.terms import Stage

#: Hosts over one connection: all their bytes pass through one thread here, one process there.
MOST_HOSTS = 64
#: A login that was refused, or needs a person, is told, not repeated, to all who come within so
#: many seconds: a server that sees many connections without a login shuts out the whole office.
REFUSED_SECONDS = 20.0

Chain = tuple[Route, ...]


@dataclass(slots=True)
class _Jump:
    """A connection to a jump host that is made, in use, or failed."""

    users: int = 1
    transport: paramiko.Transport | None = None
    below: "Lease | None" = None  # the way to this jump host, where it has jump hosts itself
    error: CollectError | None = None  # to be told to all who waited for it
    settled: threading.Event = field(default_factory=threading.Event)

    @property
    def usable(self) -> bool:
        if self.users >= MOST_HOSTS:
            return False
        return not self.settled.is_set() or (
            self.transport is not None and self.transport.is_active()
        )


#: Makes the connection to one jump host, through the transport below where there is one.
Connect = Callable[[Route, paramiko.Transport | None], paramiko.Transport]
#: Ends a connection. Never fails.
Close = Callable[[paramiko.Transport], None]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who wants through: how it would connect, and how long it waits."""

    connect: Connect
    close: Close
    deadline: float
    aborted: threading.Event
    by_person: bool = False  # somebody is there, who may have set right what was refused
    host: str = ""  # alias that is visited


class Lease:
    """The use of a jump host by one host; given back once, from any thread."""

    def __init__(self, jumps: "SharedJumps", jump: _Jump, close: Close) -> None:
        self._jumps = jumps
        self._jump: _Jump | None = jump
        self._close = close

    @property
    def transport(self) -> paramiko.Transport:
        jump = self._jump
        if jump is None or jump.transport is None:
            raise paramiko.SSHException("The way to the jump host was given back.")
        return jump.transport

    def release(self) -> None:
        """The last one to leave closes the connection."""
        with self._jumps.lock:
            jump, self._jump = self._jump, None
            last = jump is not None and self._jumps.left(jump)
        if jump is not None and last:
            if jump.transport is not None:
                self._close(jump.transport)
            if jump.below is not None:
                jump.below.release()


class SharedJumps:
    """Connections to jump hosts. Shared by all workers."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._open: dict[Chain, list[_Jump]] = {}
        self._refused: dict[Chain, tuple[float, AuthError]] = {}

    def lease(self, chain: Chain, visitor: Visitor) -> Lease:
        """The use of the last host of `chain`; whoever comes first logs in for all who wait.

        Raises CollectError. A refused login is told to all who waited: nobody repeats it. That a
        person is wanted is told to all but persons.
        """
        while True:
            if not visitor.by_person:
                self._tell_refusal(chain, visitor)
            jump, first = self._join(chain)
            lease = Lease(self, jump, visitor.close)
            if first:
                self._make(jump, lease, chain, visitor)
                return lease
            try:
                _wait(jump, chain[-1], visitor)
            except BaseException:
                lease.release()
                raise
            if jump.transport is not None:
                return lease
            lease.release()
            error = jump.error
            if isinstance(error, LoginWantedError) and visitor.by_person:
                continue
            if error is not None:
                raise _anew(error, visitor.host) if isinstance(error, AuthError) else error

    def left(self, jump: _Jump) -> bool:
        """Whether nobody uses it any more. The caller holds the lock."""
        jump.users -= 1
        if jump.users:
            return False
        self._forget(jump)
        return True

    def _tell_refusal(self, chain: Chain, visitor: Visitor) -> None:
        with self.lock:
            since, error = self._refused.get(chain, (0.0, None))
            stands = any(j.transport and j.usable for j in self._open.get(chain, ()))
        if error is not None and not stands and time.monotonic() - since < REFUSED_SECONDS:
            raise _anew(error, visitor.host)

    def _join(self, chain: Chain) -> tuple[_Jump, bool]:
        with self.lock:
            known = self._open.setdefault(chain, [])
            for jump in known:
                if jump.usable:
                    jump.users += 1
                    return jump, False
            jump = _Jump()
            known.append(jump)
            return jump, True

    def _make(self, jump: _Jump, lease: Lease, chain: Chain, visitor: Visitor) -> None:
        try:
            if len(chain) > 1:
                jump.below = self.lease(chain[:-1], visitor)
            below = jump.below.transport if jump.below else None
            jump.transport = visitor.connect(chain[-1], below)
        except BaseException as error:
            # Who was called off, or did not answer, speaks for nobody else.
            unanswered = visitor.by_person and isinstance(error, LoginWantedError)
            alone = visitor.aborted.is_set() or unanswered
            if isinstance(error, CollectError) and not alone:
                jump.error = error
            with self.lock:
                if isinstance(jump.error, AuthError):
                    self._refused[chain] = (time.monotonic(), _anew(jump.error, ""))
                self._forget(jump)  # before anybody wakes: they would find it again
            jump.settled.set()
            lease.release()
            raise
        with self.lock:
            self._refused.pop(chain, None)
        jump.settled.set()

    def _forget(self, jump: _Jump) -> None:
        for chain, known in tuple(self._open.items()):
            if jump in known:
                known.remove(jump)
                if not known:
                    del self._open[chain]


def _anew(error: AuthError, host: str) -> AuthError:
    """The same without its frames, which hold what was typed."""
    if isinstance(error, LoginWantedError):
        return error.of(host)
    return AuthError(error.stage, str(error))


def _wait(jump: _Jump, hop: Route, visitor: Visitor) -> None:
    while not jump.settled.wait(SLICE_SECONDS):
        if time.monotonic() >= visitor.deadline or visitor.aborted.is_set():
            raise TurnError(
                Stage.TCP, f"The login at the jump host {hop.place} was not finished in time."
            )
