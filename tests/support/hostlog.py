"""A log under observation: visits it as the workstation does, and sums what came home."""

import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

from psbhost.main import handle


class Watched:
    """Visits one log again and again; positions are kept as a store keeps them."""

    def __init__(self, path: Path | str, **spec: Any) -> None:
        self.spec = {"app": "a", "log": "l", "path": str(path), "zone": [[0, 0]], "history": 0}
        self.spec |= spec
        self.budget: dict[str, Any] = {"seconds": 60, "hold": 0, "hold_partial": 0}
        self.positions: list[dict[str, Any]] = []
        self.levels: Counter[tuple[int, int]] = Counter()
        self.causes: Counter[str] = Counter()
        self.gaps: list[list[Any]] = []
        self.transactions = 0
        self.last: dict[str, Any] = {}

    def visit(self, **budget: Any) -> dict[str, Any]:
        """One visit, taken over whole."""
        log = {**self.spec, "positions": self.positions}
        reply = handle({"op": "visit", "budget": {**self.budget, **budget}, "logs": [log]})
        assert reply["op"] == "visit", reply
        self.last = found = reply["logs"][0]
        self.positions = found["positions"]
        for minute, level, count in found["levels"]:
            self.levels[minute, level] += count
        for cause in found["causes"]:
            self.causes[cause["key"]] += sum(count for _, count in cause["minutes"])
        self.transactions += sum(row[1] for row in found["transactions"])
        self.gaps += found["gaps"]
        return found

    @property
    def records(self) -> int:
        return sum(self.levels.values())

    @property
    def codes(self) -> list[str]:
        return [problem["code"] for problem in self.last["problems"]]


class Writer:
    """Writes numbered records, so that a lost or doubled one shows in the count."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0

    def write(self, records: int, level: str = "INFO") -> None:
        with self.path.open("a") as out:
            for _ in range(records):
                self.count += 1
                second = self.count % 60
                minute = self.count // 60 % 60
                out.write(
                    f"2026-11-24 10:{minute:02d}:{second:02d},001 {level} [m] c.F - "
                    f"n {self.count}\n"
                )


def age(path: Path, seconds: float) -> None:
    """Make a file look as if it was last written that long ago."""
    moment = time.time() - seconds
    os.utime(path, (moment, moment))
