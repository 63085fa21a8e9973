"""A host without Python 3.6: its shell answers, a program beside the engine understands.

To the session it is one channel with the usual frames on it. Behind it are two: a process here
that runs the host program's own modules (`scripts/psbsh`), and the shell on the host, whose
files it asks for. Both end with the channel.
"""

import secrets
from collections.abc import Callable

from collectors.bounded import Watchdog
from collectors.errors import ProgramError
from collectors.program import Program
from collectors.shell_frames import AnswerReader, ShellFrameError, question
from collectors.transport.base import Channel
from collectors.transport.local import LocalTransport
from psbuddy.model.terms import Stage

_SESSION, _HOST = b"S", b"H"
_HEADER = 9


class TwinChannel:
    """`shell`: `sh` on the host, started and not yet fed. Raises as `Channel` and CollectError."""

    def __init__(self, host: str, shell: Channel, program: Program, deadline: float) -> None:
        self.bytes_sent = self.bytes_received = 0
        self._host = host
        self._shell = shell
        self._watchdog = Watchdog()
        self._questions = 0
        self._inbox = bytearray()
        self._asked: AnswerReader | None = None  # a question to the host that is under way
        self._deadline = deadline
        self._child: Channel | None = None
        try:
            self._child = LocalTransport(self._watchdog).open(deadline)
            self._child.write(program.opening, deadline)
            shell.write(program.shell, deadline)
        except BaseException:
            self.close()
            raise

    def writes_at_once(self, size: int) -> bool:
        return self._open_child().writes_at_once(size)

    def write(self, data: bytes, deadline: float) -> None:
        self._deadline = deadline
        self._tell(_SESSION, data)

    def take(self) -> bytes | None:
        """What the program says; on the way there the host is asked what it wants to know."""
        while (message := self._next()) is not None:
            kind, data = message
            if kind == _SESSION:
                return data
            self._ask(data)
        return None

    def wake(self, call: Callable[[], None]) -> None:
        source = self._child if self._asked is None else self._shell
        if source is None:  # closed from another thread meanwhile
            call()
        else:
            source.wake(call)

    def complaints(self) -> str:
        said = self._shell.complaints()
        return said or (self._child.complaints() if self._child is not None else "")

    def exit_status(self) -> int | None:
        return self._shell.exit_status()

    def close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.close()
        self._shell.close()
        self._watchdog.stop()

    def _tell(self, kind: bytes, data: bytes) -> None:
        self._open_child().write(kind + b"%08x" % len(data) + data, self._deadline)

    def _next(self) -> tuple[bytes, bytes] | None:
        """The next message of the program, an empty one when it has ended; None: not yet."""
        if self._asked is not None:
            answer = self._answer(self._asked)
            if answer is None:
                return None
            self._asked = None
            self._tell(_HOST, answer)
        while True:
            if len(self._inbox) >= _HEADER:
                end = _HEADER + int(self._inbox[1:_HEADER], 16)
                if len(self._inbox) >= end:
                    message = bytes(self._inbox[:1]), bytes(self._inbox[_HEADER:end])
                    del self._inbox[:end]
                    return message
            data = self._open_child().take()
            if not data:
                return None if data is None else (_SESSION, b"")
            self._inbox += data

    def _ask(self, text: bytes) -> None:
        self._questions += 1
        asked = AnswerReader.of(self._questions, secrets.token_hex(8))
        self._shell.write(question(asked.number, asked.nonce, text), self._deadline)
        self._asked = asked

    def _answer(self, reader: AnswerReader) -> bytes | None:
        """The host's answer; None while it is not whole. Raises EOFError, ProgramError."""
        while (data := self._shell.take()) is not None:
            if not data:
                raise EOFError("the shell has ended")
            try:
                body = reader.feed(data)
            except ShellFrameError as error:
                raise ProgramError(
                    Stage.LAST_FRAME,
                    f"The answer of {self._host} is damaged: {error}. Nothing of it was counted; "
                    "the same stretch is read again at the next visit.",
                ) from error
            if body is not None:
                self.bytes_sent = self._shell.bytes_sent
                self.bytes_received = self._shell.bytes_received
                return body
        return None

    def _open_child(self) -> Channel:
        child = self._child
        if child is None:  # closed from another thread meanwhile
            raise EOFError("the session was closed")
        return child
