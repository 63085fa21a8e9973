"""A log whose writer never pauses, and the truth of it: each record has a minute of its own.

The writer is a thread with a descriptor of its own: rotation, visits and writing really happen
at the same time. A record that is lost or counted twice shows as the minute it stands in.
"""

import calendar
import os
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support import leaks
from tests.support.hostlog import Watched

BEGIN = 1_767_225_600  # 2026-01-01
_HEAD = re.compile(rb"(\d{4}-\d\d-\d\d \d\d:\d\d):00,001 (?:INFO|ERROR)")
_TRACE = "\njava.lang.IllegalStateException: é\n\tat com.shop.A.b(A.java:1)"
_PATIENCE = 30.0


class LiveWriter(threading.Thread):
    """Appends record after record. `mode`: how its file is opened.

    append: kept open with O_APPEND until `reopen`; seek: kept open without it; path: opened anew
    for each record, as some do. `torn`: records reach the file in two halves.
    """

    def __init__(self, path: Path, *, mode: str = "append", torn: bool = True, **text: Any) -> None:
        super().__init__(daemon=True)
        self.path, self.mode, self.torn = path, mode, torn
        self.encoding, self.end = text.get("encoding", "utf-8"), text.get("end", "\n")
        self.stamp: Callable[[int], int] = text.get("stamp", lambda n: n)
        self.extra: Callable[[int], str] = text.get("extra", lambda n: "")
        self.written = 0
        self._rng = random.Random(1)
        self._stop_it, self._again = threading.Event(), threading.Event()
        self._fd = -1

    def run(self) -> None:
        while not self._stop_it.is_set():
            self._write(self.written + 1)
            self.written += 1
            self._stop_it.wait(0.0002)
        self._close()

    def reopen(self) -> None:
        """As on SIGHUP: from the next record on the path is opened anew."""
        self._again.set()

    @property
    def reopened(self) -> bool:
        return not self._again.is_set()

    def more(self, records: int) -> None:
        """Wait until so many more were written."""
        wanted = self.written + records
        until(lambda: self.written >= wanted)

    def end_it(self) -> None:
        self._stop_it.set()
        self.join(_PATIENCE)

    def _write(self, number: int) -> None:
        if self._again.is_set() or (self.mode == "path" and self._fd >= 0):
            self._close()
        if self._fd < 0:
            flags = os.O_WRONLY | os.O_CREAT | (0 if self.mode == "seek" else os.O_APPEND)
            self._fd = os.open(self.path, flags, 0o644)
            self._again.clear()
        raw = self._text(number).encode(self.encoding)
        cut = self._rng.randrange(len(raw)) if self.torn else 0
        for part in (raw[:cut], raw[cut:]):
            if part:
                os.write(self._fd, part)

    def _text(self, number: int) -> str:
        stamp = time.strftime("%Y-%m-%d %H:%M", time.gmtime(BEGIN + 60 * self.stamp(number)))
        level, trace = ("ERROR", _TRACE) if number % 5 == 0 else ("INFO ", "")
        text = f"{stamp}:00,001 {level} [m] c.F - n {number}{self.extra(number)}{trace}\n"
        return text.replace("\n", self.end)

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def until(true: Callable[[], bool]) -> None:
    """Wait for a condition, with more patience than usual."""
    leaks.wait_for(true, _PATIENCE)


class Stage:
    """A folder with a live log and somebody who visits it."""

    def __init__(self, folder: Path, path: str = "app.log", **writer: Any) -> None:
        self.folder, self.log = folder, folder / "app.log"
        self.writer = LiveWriter(self.log, **writer)
        self.watched = Watched(folder / path)
        self.watched.budget = {"seconds": 60}

    def __enter__(self) -> "Stage":
        self.writer.start()
        self.writer.more(1)
        return self

    def __exit__(self, *error: object) -> None:
        self.writer.end_it()

    def visit(self, records: int = 20, **budget: Any) -> dict[str, Any]:
        """A visit while it is written, after so many more records."""
        self.writer.more(records)
        return self.watched.visit(**budget)

    def finish(self) -> None:
        """The writer ends, and all there is gets read."""
        self.writer.end_it()
        for _ in range(20):
            if not self.watched.visit(hold=0, hold_partial=0)["backlog_bytes"]:
                break

    # -- the truth -------------------------------------------------------------------------

    @property
    def counted(self) -> Counter[int]:
        """Records by their number, as they came home."""
        counted: Counter[int] = Counter()
        for (minute, level), count in self.watched.levels.items():
            if level:  # half a line without its head has none
                counted[(minute - BEGIN) // 60] += count
        return counted

    def exact(self) -> None:
        """Zero lost, zero doubled, and no gap is claimed."""
        self.finish()
        counted, truth = self.counted, self.truth(range(1, self.writer.written + 1))
        assert (counted - truth, truth - counted) == (Counter(), Counter())
        assert sum(self.watched.causes.values()) == self.writer.written // 5
        assert self.watched.gaps == []

    def truth(self, numbers: Any) -> Counter[int]:
        return Counter(self.writer.stamp(number) for number in numbers)

    def exact_but_destroyed(self) -> None:
        """What copytruncate itself destroyed may be missing; nothing else, and nothing twice."""
        self.finish()
        there = self.on_disk()
        counted = self.counted
        assert set(counted) >= there
        assert set(counted.values()) == {1}
        assert self.watched.gaps == []
        assert len(there) > self.writer.written * 0.8

    def on_disk(self) -> set[int]:
        """Numbers of the records whose heads are in the files."""
        found: set[int] = set()
        for path in self.folder.rglob("app*"):
            for stamp in _HEAD.findall(path.read_bytes() if path.is_file() else b""):
                moment = calendar.timegm(time.strptime(stamp.decode(), "%Y-%m-%d %H:%M"))
                found.add((moment - BEGIN) // 60)
        return found

    # -- rotation --------------------------------------------------------------------------

    def rename(self, name: str = "", *, reopen: bool = True) -> Path:
        """app.log to `name`, or to app.log.1 with all others shifted."""
        if not name:
            numbers = [int(p.name.split(".")[2]) for p in self.folder.glob("app.log.*")]
            for number in sorted(numbers, reverse=True):
                for path in self.folder.glob(f"app.log.{number}*"):
                    path.rename(self.folder / path.name.replace(f".{number}", f".{number + 1}", 1))
            name = "app.log.1"
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        self.log.rename(target)
        if reopen:
            self.reopened()
        return target

    def reopened(self) -> None:
        """The writer has a new file. Until then it goes on in the old one."""
        self.writer.reopen()
        until(lambda: self.writer.reopened)

    def copytruncate(self, name: str = "app.log.1", size: int = 0) -> None:
        """As logrotate does: copies as long as there is more, then truncates."""
        with self.log.open("rb") as source, (self.folder / name).open("wb") as copy:
            while block := source.read(1 << 20):
                copy.write(block)
        os.truncate(self.log, size)
