"""A log that grows and rotates as fast as wanted, its truth known before it is written.

For tests that kill a reader at any moment. In a process of its own:

    python -m psbuddy.demo.growing PATH --seed 1 --start 1795536000 --minutes 60
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from psbuddy.demo.ledger import ledger_streams
from psbuddy.demo.records import Block
from psbuddy.demo.rotation import rotate
from psbuddy.demo.shape import FLAT
from psbuddy.demo.sim import LogSim, Rotation
from psbuddy.demo.stamps import logback
from psbuddy.demo.truth import LogTruth

_USUAL_PER_MINUTE = 1.05  # what the streams of the ledger write at scale 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be written: `minutes` from `start` (UTC epoch seconds), in ledger's layout."""

    seed: int
    start: int
    minutes: int
    per_minute: float = 60.0
    rotate_every: int = 0  # minutes; 0: never
    copytruncate: bool = False

    def truth(self, app: str = "ledger", host: str = "local", log: str = "app") -> LogTruth:
        """The counts of the whole log, without writing any of it."""
        truth = LogTruth(app, host, log)
        for block in self.blocks():
            truth.add(block)
        return truth

    def blocks(self) -> Iterator[Block]:
        """The records, a minute at a time."""
        streams = ledger_streams(self.per_minute / _USUAL_PER_MINUTE, "UTC", FLAT)
        sim = LogSim("growing", "local", "app", "app.log", logback("UTC"), streams)
        first = self.start // 60 * 60
        for minute in range(first, first + self.minutes * 60, 60):
            yield sim.block(self.seed, minute, minute + 60)


def simulate_log(path: Path, plan: Plan, *, pause: float = 0.0) -> LogTruth:
    """Write what is planned, several writes a minute so that a reader meets half records.

    `pause`: seconds between minutes. Rotated files keep numbers: `.1`, `.2.gz`, ... Returns
    the counts, equal to `plan.truth()`.
    """
    truth = LogTruth("ledger", "local", "app")
    rotation = Rotation(copytruncate=plan.copytruncate, keep=1 << 20)
    handle = path.open("ab", buffering=0)
    try:
        for number, block in enumerate(plan.blocks()):
            if plan.rotate_every and number and number % plan.rotate_every == 0:
                rotate(path, rotation, int(block.times[0] // 1000) if block.texts else 0)
            data = block.encoded()
            cut = len(data) * 2 // 3  # in the middle of a record, mostly
            handle.write(data[:cut])
            handle.write(data[cut:])
            truth.add(block)
            if plan.rotate_every and not plan.copytruncate:
                handle.close()
                handle = path.open("ab", buffering=0)
            time.sleep(pause)
    finally:
        handle.close()
    return truth


def main() -> None:
    """Entry for a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m psbuddy.demo.growing", description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--start", type=int, required=True)
    parser.add_argument("--minutes", type=int, required=True)
    parser.add_argument("--per-minute", type=float, default=60.0)
    parser.add_argument("--rotate-every", type=int, default=0)
    parser.add_argument("--copytruncate", action="store_true")
    parser.add_argument("--pause", type=float, default=0.0)
    told = parser.parse_args()
    plan = Plan(
        told.seed, told.start, told.minutes, told.per_minute, told.rotate_every, told.copytruncate
    )
    simulate_log(told.path, plan, pause=told.pause)


if __name__ == "__main__":
    main()
