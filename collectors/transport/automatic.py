"""Our SSH library first; the `ssh` program for what it cannot do, and from then on.

Which way was taken, and why, is told like any other note on the way to a host.
"""

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass

from collectors.errors import OtherWayError
from collectors.transport.base import Channel, Transport


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a host needs the ssh program; `methods`: how it must log in, empty for any."""

    text: str
    methods: tuple[str, ...] = ()


class Reasons:
    """What was learned of hosts since the program began, by alias. Shared by all workers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Reason] = {}

    def of(self, alias: str) -> Reason | None:
        with self._lock:
            return self._known.get(alias)

    def learn(self, alias: str, reason: Reason) -> None:
        with self._lock:
            self._known[alias] = reason


class AutomaticTransport:
    """`library` is tried unless a reason is known; `program` makes the other way for one."""

    def __init__(
        self,
        alias: str,
        library: Transport,
        program: Callable[[Reason], Transport],
        reasons: Reasons,
        reason: Reason | None = None,
    ) -> None:
        self._alias = alias
        self._program = program
        self._reasons = reasons
        self._reason = reason or reasons.of(alias)
        self._way = program(self._reason) if self._reason else library
        self._turning = threading.Lock()
        self._aborted = threading.Event()

    @property
    def name(self) -> str:
        return self._way.name

    @property
    def notes(self) -> tuple[str, ...]:
        if self._reason is None:
            return self._way.notes
        return (f"The ssh program is used: {self._reason.text}.", *self._way.notes)

    def open(self, deadline: float) -> Channel:
        try:
            return self._way.open(deadline)
        except OtherWayError as error:
            if self._reason is not None or openssh() is None:
                raise
            reason = Reason(error.reason, error.methods)
        self._turn(reason)
        channel = self._way.open(deadline)
        self._reasons.learn(self._alias, reason)
        return channel

    def shell(self, deadline: float) -> Channel:
        return self._way.shell(deadline)

    @property
    def stands(self) -> bool:
        return self._way.stands

    def again(self, deadline: float) -> Channel:
        return self._way.again(deadline)

    def abort(self) -> None:
        with self._turning:
            self._aborted.set()
            way = self._way
        way.abort()

    def _turn(self, reason: Reason) -> None:
        way = self._program(reason)
        with self._turning:
            self._reason, self._way = reason, way
            if self._aborted.is_set():
                way.abort()


def openssh() -> str | None:
    """Path of the ssh program; None where there is none."""
    return shutil.which("ssh")
