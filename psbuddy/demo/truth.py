"""What the simulator wrote, counted as it wrote it: the yardstick of the suite.

Kept by the generator, never by reading a log again. A minute is the UTC epoch second at which
it starts; levels are numbered as on the wire (index in `LEVELS`).
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from psbuddy.demo.records import FAILED, PLAIN, Block
from psbuddy.model.observation import JobEvent
from psbuddy.model.terms import LEVELS, Level

_COMPACT_AT = 256

Ints = NDArray[np.int64]


class Tally:
    """How often each of many whole numbers was seen; cheap to add to, exact to ask."""

    def __init__(self) -> None:
        self._parts: list[tuple[Ints, Ints]] = []

    def add(self, keys: Ints) -> None:
        """Count each element of `keys`, shape (n,), once."""
        if keys.size:
            found, counts = np.unique(keys, return_counts=True)
            self._parts.append((found, counts.astype(np.int64)))
        if len(self._parts) > _COMPACT_AT:
            self._parts = [self.counted()]

    def counted(self) -> tuple[Ints, Ints]:
        """Distinct keys, ascending, and how often each was added; both of shape (n,)."""
        if not self._parts:
            empty = np.empty(0, np.int64)
            return empty, empty
        keys = np.concatenate([part[0] for part in self._parts])
        counts = np.concatenate([part[1] for part in self._parts])
        found, place = np.unique(keys, return_inverse=True)
        return found, np.bincount(place, weights=counts, minlength=found.size).astype(np.int64)


@dataclass
class LogTruth:
    """Counts of one log on one host. Times of `jobs` are whole UTC seconds."""

    app: str
    host: str
    log: str
    jobs: list[JobEvent] = field(default_factory=list)
    records: int = 0
    bytes: int = 0
    _levels: Tally = field(default_factory=Tally)
    _transactions: Tally = field(default_factory=Tally)
    _failed: Tally = field(default_factory=Tally)

    def add(self, block: Block) -> None:
        """Count what has just been written."""
        minutes = block.times // 60_000 * 60
        self.records += len(block.texts)
        self.bytes += block.size
        self._levels.add(minutes * len(LEVELS) + block.levels)
        self._transactions.add(minutes[block.kinds != PLAIN])
        self._failed.add(minutes[block.kinds == FAILED])
        self.jobs.extend(block.events)

    def levels(self) -> dict[tuple[int, Level], int]:
        """Records per (minute, level); no entry stands for none."""
        keys, counts = self._levels.counted()
        return {
            (key // len(LEVELS), LEVELS[key % len(LEVELS)]): count
            for key, count in zip(keys.tolist(), counts.tolist(), strict=True)
        }

    def transactions(self) -> dict[int, tuple[int, int]]:
        """(transactions, failed ones) per minute; no entry stands for none."""
        failed = dict(zip(*(part.tolist() for part in self._failed.counted()), strict=True))
        keys, counts = self._transactions.counted()
        return {
            key: (count, failed.get(key, 0))
            for key, count in zip(keys.tolist(), counts.tolist(), strict=True)
        }


class Truth:
    """The counts of every log of a fleet. Safe to ask while the fleet grows."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._logs: dict[tuple[str, str, str], LogTruth] = {}

    def of(self, app: str, host: str, log: str) -> LogTruth:
        """The counts of one log; made when first asked for."""
        key = (app, host, log)
        if key not in self._logs:
            self._logs[key] = LogTruth(app, host, log)
        return self._logs[key]

    @property
    def logs(self) -> Sequence[LogTruth]:
        return tuple(self._logs.values())

    @property
    def records(self) -> int:
        return sum(log.records for log in self._logs.values())

    @property
    def bytes(self) -> int:
        """Bytes of log written, before any compression."""
        return sum(log.bytes for log in self._logs.values())

    def jobs(self, app: str, job: str) -> tuple[JobEvent, ...]:
        """Everything one job told, in order of time."""
        with self.lock:
            told = (event for log in self._logs.values() if log.app == app for event in log.jobs)
            return tuple(sorted((e for e in told if e.job == job), key=lambda e: e.time))

    def as_rows(self) -> list[dict[str, object]]:
        """One plain dictionary per log: what `save` writes."""
        with self.lock:
            return [_row(log) for log in self._logs.values()]

    def save(self, path: Path) -> None:
        """Write the counts as JSON, whole or not at all."""
        draft = path.with_suffix(".part")
        draft.write_text(json.dumps({"logs": self.as_rows()}, separators=(",", ":")))
        draft.replace(path)


def _row(log: LogTruth) -> dict[str, object]:
    return {
        "app": log.app,
        "host": log.host,
        "log": log.log,
        "records": log.records,
        "bytes": log.bytes,
        "levels": [(minute, level.value, n) for (minute, level), n in log.levels().items()],
        "transactions": [(m, count, failed) for m, (count, failed) in log.transactions().items()],
        "jobs": [(e.job, e.kind, e.time, e.period, e.volume, e.reason, e.actor) for e in log.jobs],
    }
