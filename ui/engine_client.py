"""The engine as a child process of the window: events in, requests out.

The window stays alive whatever happens to the child. A child that ends by itself is told of
and started again, later each time. While another engine holds the store, the window watches
what that one writes, and every BUSY_MS a child looks whether it can take over.
"""

import itertools
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from ui.engine_events import (
    MAX_LINE,
    committed_of,
    host_key_of,
    parse_line,
    progress_words,
    request_line,
    text,
    texts,
)

#: Seconds before the first, second, ... restart; the last one repeats.
BACKOFF = (1, 3, 10, 30, 60)
#: Lines handled in one turn of the event loop; the rest waits for the next.
LINES_PER_TURN = 50
STDERR_KEPT = 4096
STOP_MS = 2500
#: A child that lived this long was healthy: the next failure counts as the first.
HEALTHY_MS = 60_000

#: While another engine collects, this often it is looked whether the store is free.
BUSY_MS = 10_000

Reply = Callable[[Mapping[str, Any]], None]


def engine_command(db_url: str, catalogue: Path, *more: str) -> list[str]:
    """The command line of an engine that speaks JSON lines."""
    program = (
        [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "psbuddy"]
    )
    options = ["--db", db_url, "--catalogue", str(catalogue)]
    return [*program, *options, "collect", "--watch", "--jsonl", *more]


class EngineClient(QObject):
    """Starts, hears, asks and ends one engine."""

    committed = Signal(object)  # Committed
    happened = Signal(dict)  # every event, as it came
    host_key_question = Signal(object)  # HostKeyQuestion
    problem = Signal(str)  # a sentence to show
    catalogue_read = Signal(tuple)  # problems of the catalogue, none when it is good
    progress = Signal(str)  # "" when nothing is being read
    running = Signal()
    stopped = Signal(str, int)  # a sentence; seconds until it is started again, 0: never
    elsewhere = Signal(str)  # another engine collects for this store, told at every look
    took_over = Signal()  # the other engine is gone, this one collects

    def __init__(
        self, command: Sequence[str], parent: QObject | None = None, *, busy_ms: int = BUSY_MS
    ) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._process: QProcess | None = None
        self._buffer = bytearray()
        self._skipping = False  # inside a line that was too long
        self._stderr = b""
        self._failures = 0
        self._ending = False
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Reply] = {}
        self._busy_elsewhere = ""
        self._was_busy = False  # at the last look
        self._busy_ms = busy_ms
        self._last_problem = ""  # why it ended, when it ends right after
        self._more = self._timer(self._drain)
        self._again = self._timer(self.start)
        self._healthy = self._timer(self._forgive)

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Start the child if there is none."""
        self._again.stop()
        if self._process is not None:
            return
        self._ending, self._stderr = False, b""
        self._busy_elsewhere = self._last_problem = ""
        self._buffer.clear()
        process = QProcess(self)
        process.setProgram(self._command[0])
        process.setArguments(self._command[1:])
        process.readyReadStandardOutput.connect(self._drain)
        process.readyReadStandardError.connect(self._hear_stderr)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        process.started.connect(self.running)
        self._process = process
        self._healthy.start(HEALTHY_MS)
        process.start()

    def restart(self) -> None:
        """The user asks for it: now, and with a clean record."""
        self._failures = 0
        self.start()

    def stop(self) -> None:
        """End the child: asked first, then told, then killed; at most STOP_MS in all."""
        self._ending = True
        for timer in (self._again, self._more, self._healthy):
            timer.stop()
        process, self._process = self._process, None
        if process is None:
            return
        process.blockSignals(True)
        if process.state() is not QProcess.ProcessState.NotRunning:
            process.waitForStarted(STOP_MS)
            process.write(request_line("stop", {}))
            process.waitForBytesWritten(200)
            process.closeWriteChannel()
            if not process.waitForFinished(STOP_MS):
                process.terminate()
                if not process.waitForFinished(500):
                    process.kill()
                    process.waitForFinished(2000)
        process.deleteLater()
        self._waiting.clear()

    def request(self, name: str, fields: Mapping[str, object], reply: Reply | None = None) -> bool:
        """Send a request; `reply` gets the answering event. False when no engine runs."""
        if self._process is None:
            return False
        number = next(self._numbers)
        if reply is not None:
            self._waiting[number] = reply
        self._process.write(request_line(name, {"id": number, **fields}))
        return True

    def collect(self, *, app: str = "", host: str = "") -> bool:
        """Visit now: one application's hosts, one host, or all."""
        chosen = {key: value for key, value in (("app", app), ("host", host)) if value}
        return self.request("collect", chosen)

    def answer_host_key(self, host: str, fingerprint: str, accept: bool) -> bool:
        return self.request(
            "host_key", {"host": host, "fingerprint": fingerprint, "accept": accept}
        )

    def discover(self, host: str, reply: Reply, folders: Sequence[str] = ()) -> bool:
        """Ask which logs there are on `host`: in `folders`, none: in the usual ones."""
        wanted = {"folders": list(folders)} if folders else {}
        return self.request("discover", {"host": host, **wanted}, reply)

    def lines(self, where: Mapping[str, object], reply: Reply) -> bool:
        """Fetch the raw lines around an error."""
        return self.request("lines", where, reply)

    def _drain(self) -> None:
        """Handle some of the lines that came; the loop turns before the rest."""
        if self._process is None:
            return
        for _ in range(LINES_PER_TURN):
            line = self._next_line()
            if line is None:
                return
            self._handle(line)
        self._more.start(0)

    def _next_line(self) -> bytes | None:
        process = self._process
        while process is not None:
            end = self._buffer.find(b"\n")
            if end < 0:
                chunk = process.read(65_536).data() if process.bytesAvailable() else b""
                if not chunk:
                    return None
                self._buffer += chunk
                if len(self._buffer) > MAX_LINE and b"\n" not in chunk:
                    self._buffer.clear()
                    self._skipping = True
                continue
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            if not self._skipping:
                return line
            self._skipping = False
            self.problem.emit("The engine sent a message that was too long; it was left out.")
        return None

    def _handle(self, line: bytes) -> None:
        event = parse_line(line)
        if event is None:
            if line.strip():
                self.problem.emit("The engine sent something that is no event; it was left out.")
            return
        answers = event["event"] == "answer" and isinstance(event.get("id"), int)
        reply = self._waiting.pop(event["id"], None) if answers else None
        if reply is not None:
            reply(event)
        self._dispatch(event)
        self.happened.emit(event)

    def _dispatch(self, event: Mapping[str, Any]) -> None:
        match event["event"]:
            case "committed":
                self.committed.emit(committed_of(event))
            case "ready" if self._was_busy:
                self._was_busy = False
                self.took_over.emit()
            case "visiting":
                self._last_problem = ""
                self.progress.emit(progress_words(event))
            case "idle":
                self.progress.emit("")
            case "host_key":
                self.host_key_question.emit(host_key_of(event))
            case "busy":
                self._busy_elsewhere = text(event, "message") or "Another PS Buddy is collecting."
                self._was_busy = True
                self.elsewhere.emit(self._busy_elsewhere)
            case "problem":
                self._last_problem = text(event, "message")
                self.problem.emit(self._last_problem)
            case "catalogue":
                self.catalogue_read.emit(texts(event, "problems"))
            case "woke":
                self.progress.emit("back from sleep, reading what was missed")

    def _hear_stderr(self) -> None:
        if self._process is not None:
            heard = self._process.readAllStandardError().data()
            self._stderr = (self._stderr + heard)[-STDERR_KEPT:]

    def _forgive(self) -> None:
        self._failures = 0

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            why = self._process.errorString()
            self._gone(f"The engine could not be started: {why}.")

    def _finished(self, code: int, _status: QProcess.ExitStatus) -> None:
        self._hear_stderr()
        while self._process is not None and (line := self._next_line()) is not None:
            self._handle(line)
        last = self._stderr.decode("utf-8", "replace").strip().splitlines()
        said = f" It said: {last[-1].rstrip('. ')}." if last else ""
        self._gone(self._last_problem or f"The engine ended with status {code}.{said}")

    def _gone(self, sentence: str) -> None:
        process, self._process = self._process, None
        self._healthy.stop()
        self._waiting.clear()
        self.progress.emit("")
        if process is not None:
            process.deleteLater()
        if self._ending:
            return
        if self._busy_elsewhere:
            self._again.start(self._busy_ms)  # watching the other's store is no failure
            return
        wait = BACKOFF[min(self._failures, len(BACKOFF) - 1)]
        self._failures += 1
        self._again.start(wait * 1000)
        self.stopped.emit(sentence, wait)
