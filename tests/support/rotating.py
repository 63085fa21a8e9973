"""A log that is written and rotated in every way rotation tools know, with its true counts."""

import gzip
import json
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.hostlog import Watched

_YEAR = 365 * 86_400
_BEGIN = 1_795_500_000
_LEVELS = (("INFO", 3), ("INFO", 3), ("INFO", 3), ("WARN", 4), ("ERROR", 5))
_TRACE = "\njava.lang.X: é\n\tat a.b(C.java:1)\n2bad line"


class RotatedLog:
    """`truth`: records by (minute, level)."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.path = folder / "app.log"
        self.truth: Counter[tuple[int, int]] = Counter()
        self._rng = rng
        self._time = _BEGIN
        self._written = self._rotated = 0

    def write(self, records: int, path: Path | None = None) -> None:
        """Append; `path`: a writer that has not noticed the rotation yet."""
        rng, text = self._rng, []
        for _ in range(records):
            self._written += 1
            self._time += rng.choice((0, 0, 0, 1, 1, 2, 7))
            name, level = rng.choice(_LEVELS)
            stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self._time))
            text.append(f"{stamp},{self._written % 1000:03d} {name:5} [t] c.F - n {self._written} ")
            text.append("x" * rng.choice((0, 3, 40, 400)))
            text.append(_TRACE if level == 5 and rng.random() < 0.5 else "")
            text.append("\n")
            self.truth[self._time // 60 * 60, level] += 1
        with (path or self.path).open("ab") as out:
            out.write("".join(text).encode())

    def rotate(self, way: str) -> None:
        """Rotate once by one of `WAYS`; the new file may come at once or with its next record."""
        if not self.path.exists():
            return
        self._rotated += 1
        WAYS[way](self)
        if self._rng.random() < 0.6:
            self.path.touch()

    def copy(self) -> None:
        """The first half of copytruncate."""
        self._shift()
        shutil.copy2(self.path, f"{self.path}.1")

    def truncate(self) -> None:
        """The second half."""
        os.truncate(self.path, 0)

    def _dated(self) -> str:
        return f"202611{self._rotated % 28 + 1:02d}-{1_000_000 + self._rotated}"

    def _shift(self) -> None:
        """app.log.1 -> app.log.2 and so on, packed or not."""
        cut = len(self.path.name) + 1
        numbers = {int(one.name[cut:].split(".")[0]) for one in self.path.parent.glob("app.log.*")}
        for number in sorted(numbers, reverse=True):
            for ending in ("", ".gz"):
                old = Path(f"{self.path}.{number}{ending}")
                if old.exists():
                    old.rename(f"{self.path}.{number + 1}{ending}")

    def _number(self) -> None:
        self._shift()
        self.path.rename(f"{self.path}.1")

    def _packed_at_once(self) -> None:
        self._number()
        _pack(Path(f"{self.path}.1"))

    def _packed_later(self) -> None:
        self._number()
        _pack(Path(f"{self.path}.2"))

    def _date(self) -> None:
        self.path.rename(f"{self.path}-{self._dated()}")

    def _packed_date(self) -> None:
        _pack(self.path.rename(f"{self.path}-{self._dated()}"))

    def _logback(self) -> None:
        _pack(self.path.rename(self.path.with_name(f"app.2026-11-24.{self._rotated}.log")))

    def _archive(self) -> None:
        folder = self.path.parent / "archive"
        folder.mkdir(exist_ok=True)
        self.path.rename(folder / f"app-2026-11-24-{self._rotated}.log")

    def _copy_truncate(self) -> None:
        self.copy()
        self.truncate()

    def _copy_packed(self) -> None:
        self._copy_truncate()
        _pack(Path(f"{self.path}.1"))


WAYS: dict[str, Callable[[RotatedLog], None]] = {
    "number": RotatedLog._number,
    "packed at once": RotatedLog._packed_at_once,
    "packed later": RotatedLog._packed_later,
    "date": RotatedLog._date,
    "packed date": RotatedLog._packed_date,
    "logback": RotatedLog._logback,
    "archive": RotatedLog._archive,
    "copytruncate": RotatedLog._copy_truncate,
    "copy, packed": RotatedLog._copy_packed,
}


def _pack(path: Path) -> None:
    if not path.exists():
        return
    status = path.stat()
    packed = Path(f"{path}.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    os.utime(packed, ns=(status.st_atime_ns, status.st_mtime_ns))
    path.unlink()


class Visits:
    """Visits a log; some replies never arrive."""

    def __init__(self, log: RotatedLog, pattern: str, rng: random.Random) -> None:
        self._rng = rng
        self.watched = Watched(log.path.parent / pattern, history=rng.choice((0, _YEAR)))

    def visit(self) -> None:
        rng = self._rng
        if rng.random() < 0.1:
            lost = Watched(self.watched.spec["path"])
            lost.spec = self.watched.spec
            lost.positions = self.watched.positions
            lost.visit()
            return
        size = rng.choice((1, 500, 3000, 20_000, 1 << 20, 1 << 30))
        self._take(bytes=size, hold=rng.choice((0, 2, 1000)), hold_partial=1000)

    def begin(self) -> None:
        """The first contact: only what comes after it is promised without a history."""
        while not self.watched.positions:
            self._take()

    def finish(self) -> None:
        """Read to the end."""
        for _ in range(40):
            if not self._take()["backlog_bytes"]:
                break
        self._take()

    def _take(self, **budget: Any) -> dict[str, Any]:
        found = self.watched.visit(**budget)
        self.watched.positions = json.loads(json.dumps(self.watched.positions))
        return found


def _live(log: RotatedLog, visits: Visits, way: str, rng: random.Random) -> None:
    """One thing that happens to a log."""
    chance = rng.random()
    if chance < 0.45:
        log.write(rng.choice((1, 2, 5, 40, 300)))
    elif chance < 0.6:
        log.rotate(way)
    elif chance < 0.65 and way == "copytruncate" and log.path.exists():
        log.copy()
        visits.visit()
        log.truncate()
    elif chance < 0.65 and way == "number" and log.path.exists():
        log.rotate(way)
        if rng.random() < 0.5:
            visits.visit()
        log.write(3, Path(f"{log.path}.1"))
    else:
        visits.visit()


def live_through(folder: Path, way: str, pattern: str, seed: int) -> tuple[RotatedLog, Watched]:
    """A log's life and what was seen of it, by a seed."""
    rng = random.Random(seed)
    log = RotatedLog(folder, rng)
    visits = Visits(log, pattern, rng)
    log.write(rng.choice((1, 30)))
    visits.begin()
    for _ in range(rng.randrange(5, 40)):
        _live(log, visits, way, rng)
    visits.finish()
    return log, visits.watched


#: Every way with every kind of path that names the log and not only its rotated files.
LIVES = [
    (way, pattern)
    for way in WAYS
    for pattern in ("app.log", "*.log", "app.log*")
    if pattern != "app.log*" or way not in ("logback", "archive")
]
