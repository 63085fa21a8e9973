"""One resident program on one host: started once, asked many times.

A reply counts only when its frame is whole, its id and nonce are those of the request and it
comes from the program that was sent. Anything else is a failure with a stage and a sentence,
and the session is closed: the next visit starts a new one.
"""

import contextlib
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

from collectors.bounded import remaining
from collectors.errors import CollectError, DeadlineError, ExpiredError, ProgramError
from collectors.frames import Frame, FrameError, FrameReader, NoiseError, encode
from collectors.program import Program, host_program, twin_program
from collectors.steps import PATIENCE, Steps, Until, finish
from collectors.transport.base import Channel, Transport
from collectors.transport.prompts import is_about_a_new_one
from collectors.twin import TwinChannel
from psbuddy.model.terms import Stage

_NOT_FOUND = 127
_NOT_EXECUTABLE = 126
_OLDEST_PYTHON = (3, 6)
_WITHOUT_PYTHON = " with sh and awk, as there is no Python 3.6+"
_EACH_TIME = ", our program started when it is wanted"
_OFTEN = 2  # restarts that are no accident
_HELLO_ID = 0
_LAST_WORDS_SECONDS = 2.0


class _NoPythonError(ProgramError):
    """There is no python3 on the host, or none that is new enough."""


class Session:
    """Not for use by several threads at once, except `close`. What waits for the host is a
    generator of steps; `start` and `request` do it on the thread at hand."""

    def __init__(self, host: str, transport: Transport, program: Program | None = None) -> None:
        self.host = host
        self.started = 0.0  # monotonic
        self.last_reply = 0.0  # monotonic
        self.opened = 0.0  # epoch seconds when we were let in; 0: not yet
        self.login_seconds = 0.0  # until then
        self.start_seconds = 0.0  # from the command to our program's first word
        self._way = transport
        self._program = program or host_program()
        self._channel: Channel | None = None
        self._reader = FrameReader()
        self._frames: list[Frame] = []
        self._last_id = 0
        self._closed = False
        self._keeping = threading.Lock()  # between a channel that opens and a session that closes
        self._restarts = 0  # over the same connection
        self._before = 0, 0  # bytes of the programs that the host ended
        self._fallback = ""  # a sentence, once the shell answers in Python's place

    @property
    def alive(self) -> bool:
        return self._channel is not None

    @property
    def transport(self) -> str:
        """How the host is reached, in a word or few."""
        if self._fallback:
            return self._way.name + _WITHOUT_PYTHON
        return self._way.name + (_EACH_TIME if self._is_ended_often else "")

    @property
    def program(self) -> str:
        """sha256 of the program that runs there."""
        return self._program.sha256

    @property
    def traffic(self) -> tuple[int, int]:
        """Bytes sent and received since the session began."""
        channel, (sent, received) = self._channel, self._before
        return (sent + channel.bytes_sent, received + channel.bytes_received) if channel else (0, 0)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out on the way to the host, in sentences."""
        more = [self._fallback] if self._fallback else []
        if self._is_ended_often:
            more.append(
                f"{self.host} ends our program between visits (a ChannelTimeout of its sshd, a "
                "limit on how long programs run?): it is started anew when it is wanted, over the "
                "same connection."
            )
        return (*self._way.notes, *more)

    @property
    def _is_ended_often(self) -> bool:
        return self._restarts >= _OFTEN

    def start(self, deadline: float) -> None:
        """Reach the host, start the program, wait for its hello. Called once.

        Raises CollectError.
        """
        finish(self.starting(deadline))

    def starting(self, deadline: float, let_in: Callable[[], object] = lambda: None) -> Steps[None]:
        """The same in steps, the first of which blocks; `let_in` is called after it."""
        asked = time.monotonic()
        self._keep(self._way.open(deadline))
        self.opened, begun = time.time(), time.monotonic()
        self.login_seconds = begun - asked
        let_in()
        try:
            try:
                yield from self._put(self._program.opening, Stage.FIRST_FRAME, deadline)
                yield from self._greet(deadline)
            except _NoPythonError as error:
                yield from self._fall_back(error, deadline)
        except BaseException:
            self.close()
            raise
        self.started = self.last_reply = time.monotonic()
        self.start_seconds = self.started - begun

    def _keep(self, channel: Channel) -> None:
        """From now on `close` ends the channel; at once if it came first. Raises ProgramError."""
        with self._keeping:
            if not self._closed:
                self._channel = channel
                return
        channel.close()
        raise ProgramError(Stage.CHANNEL, f"The session with {self.host} was closed.")

    def _greet(self, deadline: float) -> Steps[None]:
        """Wait for the program's hello."""
        hello = yield from self._receive(_HELLO_ID, Stage.FIRST_FRAME, deadline)
        if hello.get("op") != "hello" or hello.get("program", self.program) != self.program:
            raise ProgramError(
                Stage.FIRST_FRAME, f"Another program than ours answers on {self.host}."
            )
        version = _version(hello.get("python"))
        if version and version < _OLDEST_PYTHON:
            raise _NoPythonError(Stage.FIRST_FRAME, self._too_old())

    def _fall_back(self, error: _NoPythonError, deadline: float) -> Steps[None]:
        """Without Python the shell reads, over the same connection. Raises `error` if it cannot."""
        self._reader, self._frames, self._program = FrameReader(), [], twin_program()
        yield PATIENCE
        try:
            shell = self._way.shell(deadline)
            self._keep(TwinChannel(self.host, shell, self._program, deadline))
            yield from self._greet(deadline)
        except (CollectError, OSError, EOFError) as failure:
            raise error from failure
        self._fallback = (
            f"There is no Python 3.6 or newer on {self.host}: its logs are read with sh and awk, "
            "and secrets are masked here instead of there."
        )

    def request(self, payload: dict[str, Any], deadline: float) -> dict[str, Any]:
        """One request, its reply. Raises CollectError; the session is closed then."""
        return finish(self.requesting(payload, deadline))

    def requesting(self, payload: dict[str, Any], deadline: float) -> Steps[dict[str, Any]]:
        """The same in steps."""
        if self._channel is None:
            raise ProgramError(Stage.CHANNEL, f"There is no session with {self.host}.")
        nonce = secrets.token_hex(8)
        try:
            if self._was_ended():
                yield from self._start_again(deadline)
            self._last_id += 1
            frame = encode(self._last_id, {**payload, "nonce": nonce})
            yield from self._write(frame, Stage.LAST_FRAME, deadline)
            reply = yield from self._receive(self._last_id, Stage.LAST_FRAME, deadline)
            self._check(reply, payload["op"], nonce)
        except FrameError as error:
            self.close()
            raise ProgramError(
                Stage.LAST_FRAME, f"What {self.host} should read cannot be asked for: {error}."
            ) from error
        except BaseException:
            self.close()
            raise
        self.last_reply = time.monotonic()
        return reply

    def beating(self, seconds: float) -> Steps[None]:
        """The heartbeat: a ping, and another one when that stays unanswered for `seconds`.

        Raises CollectError after the second; the session is closed then.
        """
        oldest = self._last_id + 1
        if self._was_ended():
            self.last_reply = time.monotonic()  # of its sshd: the connection stands
            return
        try:
            for is_last in (False, True):
                self._last_id += 1
                until = time.monotonic() + seconds
                ping = {"op": "ping", "nonce": secrets.token_hex(8)}
                try:
                    yield from self._write(encode(self._last_id, ping), Stage.LAST_FRAME, until)
                    yield from self._receive(self._last_id, Stage.LAST_FRAME, until, oldest)
                    break
                except DeadlineError:
                    if is_last:
                        raise
        except BaseException:
            self.close()
            raise
        self.last_reply = time.monotonic()

    def _was_ended(self) -> bool:
        """Whether the host ended our program since it answered last, and not the connection.

        A program that ends by itself, with status 0, has a reason to want a new login.
        """
        channel = self._channel
        if channel is None or self._fallback:
            return False
        try:
            while data := channel.take():
                self._frames += self._reader.feed(data)
        except (NoiseError, FrameError):
            return False  # said when it is asked next
        return data == b"" and self._way.stands and channel.exit_status() != 0

    def _start_again(self, deadline: float) -> Steps[None]:
        yield PATIENCE
        self._before = self.traffic
        self._reader, self._frames = FrameReader(), []
        self._keep(self._way.again(deadline))
        yield from self._put(self._program.opening, Stage.FIRST_FRAME, deadline)
        yield from self._greet(deadline)
        self._restarts += 1

    def close(self) -> None:
        """End the program and the connection. May be called from any thread, and twice."""
        with self._keeping:
            self._closed = True
            channel, self._channel = self._channel, None
        self._way.abort()
        if channel is not None:
            channel.close()

    def _check(self, reply: dict[str, Any], op: str, nonce: str) -> None:
        if reply.get("op") == "error":
            detail = f"{reply.get('code')}: {reply.get('detail')}"[:300]
            raise ProgramError(
                Stage.LAST_FRAME, f"The program on {self.host} could not answer ({detail})."
            )
        # Only a visit proves itself by its nonce; other replies are bound by their frame's id.
        if reply.get("op") != op or (op == "visit" and reply.get("nonce") != nonce):
            raise ProgramError(
                Stage.LAST_FRAME, f"The answer of {self.host} is not the one that was asked for."
            )
        if reply.get("program", self.program) != self.program:
            raise ProgramError(
                Stage.LAST_FRAME, f"Another program than ours answers on {self.host}."
            )

    def _write(self, data: bytes, stage: Stage, deadline: float) -> Steps[None]:
        if not self._open_channel().writes_at_once(len(data)):
            yield PATIENCE
        yield from self._put(data, stage, deadline)

    def _put(self, data: bytes, stage: Stage, deadline: float) -> Steps[None]:
        channel = self._open_channel()
        try:
            channel.write(data, deadline)
        except TimeoutError as error:
            raise self._late(stage, unsent=len(data)) from error
        except (EOFError, OSError) as error:
            yield from self._hear_out(channel, deadline)
            raise self._ended(channel, stage) from error

    def _hear_out(self, channel: Channel, deadline: float) -> Steps[None]:
        """What one that no longer reads has still to say: it may be on its way."""
        until = min(deadline, time.monotonic() + _LAST_WORDS_SECONDS)
        with contextlib.suppress(EOFError, FrameError, NoiseError):
            while (data := channel.take()) != b"":
                if data is not None:
                    self._frames += self._reader.feed(data)
                elif time.monotonic() < until:
                    yield Until(channel, until)
                else:
                    return

    def _receive(
        self, request_id: int, stage: Stage, deadline: float, oldest: int | None = None
    ) -> Steps[dict[str, Any]]:
        """The reply to a request, or to an earlier one from `oldest` on."""
        first = request_id if oldest is None else oldest
        channel = self._open_channel()
        while True:
            while self._frames:
                frame = self._frames.pop(0)
                if first <= frame.request_id <= request_id:
                    return frame.payload
            try:
                while (data := channel.take()) is None:
                    remaining(deadline)
                    yield Until(channel, deadline)
                self._frames += self._reader.feed(data)
            except TimeoutError as error:
                raise self._late(stage) from error
            except EOFError as error:
                raise self._ended(channel, stage) from error
            except NoiseError as error:
                raise ProgramError(stage, self._noisy(error)) from error
            except FrameError as error:
                raise ProgramError(
                    stage,
                    f"The answer of {self.host} is damaged: {error}. Nothing of it was counted; "
                    "the same stretch is read again at the next visit.",
                ) from error
            if not data:
                raise self._ended(channel, stage)

    def _noisy(self, error: NoiseError) -> str:
        return (
            f"{self.host} prints more than our program says: {error}. A login profile or a forced "
            f"command that writes without end? It said: {_line(self._reader.noise)}"
        )

    def _open_channel(self) -> Channel:
        channel = self._channel
        if channel is None:  # closed from another thread meanwhile
            raise ProgramError(Stage.LAST_FRAME, f"The session with {self.host} was closed.")
        return channel

    def _late(self, stage: Stage, unsent: int = 0) -> CollectError:
        if stage is Stage.FIRST_FRAME and unsent:
            return DeadlineError(
                stage,
                f"{self.host} let us in, but the line to it is too slow: the {unsent >> 10} KB of "
                "our program did not get through in time. 64 kbit a second are enough.",
            )
        if stage is Stage.FIRST_FRAME:
            said = f" It said: {_line(self._reader.noise)}." if self._reader.noise else ""
            return DeadlineError(
                stage,
                f"{self.host} let us in, but our program did not start in time. Does the login "
                f"profile of the account wait for something?{said}",
            )
        return DeadlineError(
            stage,
            f"{self.host} did not answer in time and the connection was given up. Nothing was "
            "counted; the same stretch is read again at the next visit.",
        )

    def _ended(self, channel: Channel, stage: Stage) -> CollectError:
        said, status = channel.complaints(), channel.exit_status()
        if stage is Stage.FIRST_FRAME:
            return self._not_started(said, status)
        told = f" It said: {_line(said)}." if said else ""
        return ProgramError(
            stage,
            f"The answer of {self.host} was cut: the program or the connection ended before it "
            f"was whole. Nothing of it was counted; the next visit reads it again.{told}",
        )

    def _not_started(self, said: str, status: int | None) -> CollectError:
        stage = Stage.FIRST_FRAME
        if is_about_a_new_one(said):
            return ExpiredError(f"the account on {self.host}")
        missing = status in (_NOT_FOUND, _NOT_EXECUTABLE)
        if missing or "not found" in said or "No such file" in said:
            return _NoPythonError(
                stage,
                f"There is no python3 on {self.host} for this account ({_line(said)}). Install "
                "Python 3.6 or newer there, or put it in the account's PATH.",
            )
        if "SyntaxError" in said or "invalid syntax" in said:
            return _NoPythonError(stage, self._too_old())
        return ProgramError(stage, self._silent(said, status))

    def _too_old(self) -> str:
        return f"The python3 on {self.host} is too old; Python 3.6 or newer is needed."

    def _silent(self, said: str, status: int | None) -> str:
        if self._reader.noise:
            return (
                f"{self.host} runs something else instead of our program. A forced command or a "
                f"restricted shell? It said: {_line(self._reader.noise)}"
            )
        if said:
            return f"Our program did not start on {self.host}. It said: {_line(said)}"
        ended = "" if status is None else f" (exit status {status})"
        return (
            f"Our program ended at once on {self.host}{ended}, without a word. Is the account "
            "allowed to run programs, and python3 among them?"
        )


def _version(text: object) -> tuple[int, ...]:
    """Major and minor number of a version's text; empty when it is none."""
    parts = text.split(".")[:2] if isinstance(text, str) else []
    good = all(part.isdecimal() and len(part) < 10 for part in parts)
    return tuple(int(part) for part in parts) if good else ()


def _line(text: str) -> str:
    """The last line of foreign text, short and without control characters."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    last = lines[-1] if lines else "nothing"
    return "".join(c if c.isprintable() else "?" for c in last[:200])
