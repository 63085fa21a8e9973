"""The host program as it runs on a host: its own interpreter, asked through frames."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from collectors.frames import FrameReader, encode
from collectors.program import CODE, host_program


class Resident:
    """One resident program. `started`: seconds until its hello."""

    def __init__(self) -> None:
        before = time.perf_counter()
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", CODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._reader, self._number = FrameReader(), 0
        self._write(host_program().opening)
        self._next()
        self.started = time.perf_counter() - before
        self.received = 0  # bytes of the newest reply

    def _write(self, data: bytes) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(data)
        self._child.stdin.flush()

    def _next(self) -> dict[str, Any]:
        assert self._child.stdout is not None
        self.received = 0
        while True:
            data = os.read(self._child.stdout.fileno(), 1 << 20)
            if not data:
                raise RuntimeError("the host program ended")
            self.received += len(data)
            for frame in self._reader.feed(data):
                payload: dict[str, Any] = frame.payload
                return payload

    def cpu(self) -> float:
        """CPU seconds of the program until now (Linux)."""
        stats = Path(f"/proc/{self._child.pid}/schedstat").read_text().split()
        return int(stats[0]) / 1e9

    def _memory(self) -> int:
        """Peak of the program's own memory: `ru_maxrss` would begin with its parent's."""
        status = Path(f"/proc/{self._child.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The reply to one request."""
        self._number += 1
        self._write(encode(self._number, request))
        return self._next()

    def close(self) -> tuple[float, int]:
        """CPU seconds and peak memory in bytes from start to end."""
        memory = self._memory()
        assert self._child.stdin is not None
        self._child.stdin.close()
        _, status, usage = os.wait4(self._child.pid, 0)
        self._child.returncode = os.waitstatus_to_exitcode(status)
        assert self._child.stdout is not None
        self._child.stdout.close()
        return usage.ru_utime + usage.ru_stime, memory


def visit(path: Path, **more: Any) -> dict[str, Any]:
    """A request to read one log whole."""
    log = {"app": "a", "log": "l", "path": str(path), "zone": [[0, 0]], "history": 0, **more}
    budget = {"seconds": 600, "bytes": 1 << 40, "hold": 0, "hold_partial": 0}
    return {"op": "visit", "nonce": "0", "columns": True, "budget": budget, "logs": [log]}
