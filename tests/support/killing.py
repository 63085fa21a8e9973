"""Kill the collector with -9, again and again, while a log grows and rotates under it."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from psbuddy.demo.growing import Plan

CATALOGUE = """
applications:
  ledger:
    name: General Ledger
    hosts: [local]
    every: 10s
    logs:
      app: {{path: "{log}", timezone: UTC}}
"""


@dataclass
class Collector:
    """The real program on a store and a catalogue of its own."""

    folder: Path
    log: Path
    kills: int = 0
    moments: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        catalogue = self.folder / "catalogue"
        catalogue.mkdir()
        (catalogue / "ledger.yaml").write_text(CATALOGUE.format(log=self.log))

    @property
    def db(self) -> Path:
        return self.folder / "store.db"

    def command(self, *args: str) -> list[str]:
        places = ["--db", str(self.db), "--catalogue", str(self.folder / "catalogue")]
        return [sys.executable, "-m", "psbuddy", *places, "collect", *args]

    def watch_and_kill(self, rng: random.Random) -> None:
        """Start it, keep it working until a random number of its events was seen, kill it."""
        with subprocess.Popen(
            self.command("--watch", "--jsonl"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as child:
            assert child.stdout is not None
            # A deadline for a child that never speaks: it counts as a moment like any other.
            deadline = threading.Timer(rng.uniform(0.2, 4.0), os.kill, (child.pid, signal.SIGKILL))
            deadline.start()
            last = ""
            for _ in range(rng.randrange(1, 30)):
                line = child.stdout.readline()
                if not line:
                    break
                last = line[:80]
                if child.stdin is not None and '"idle"' in line:
                    child.stdin.write('{"request": "collect"}\n')
                    child.stdin.flush()
            child.kill()
            child.wait()
            deadline.cancel()
            deadline.join()
        self.moments.append(last)
        self.kills += 1

    def finish(self) -> subprocess.CompletedProcess[str]:
        """Read what is left."""
        return subprocess.run(
            self.command("--once"), capture_output=True, text=True, timeout=300, check=False
        )

    def counted(self) -> dict[tuple[int, str], int]:
        """Records per (minute, level) as an analyst sees them."""
        db = sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)
        rows = db.execute(
            "SELECT CAST(strftime('%s', minute) AS INTEGER), level, records FROM v_minute"
        ).fetchall()
        db.close()
        return {(minute, level): n for minute, level, n in rows}

    def rollups(self) -> tuple[int, int, int]:
        """Records in the minute, hour and day tables: three times the same number."""
        db = sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)
        tables = ("minute_level", "hour_level", "day_level")
        sums = tuple(db.execute(f"SELECT sum(records) FROM {t}").fetchone()[0] for t in tables)
        db.close()
        return sums[0], sums[1], sums[2]

    def gaps(self) -> list[tuple[str, int]]:
        db = sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)
        rows = db.execute("SELECT reason, bytes FROM v_gap").fetchall()
        db.close()
        return rows


def write_while_killed(
    folder: Path, plan: Plan, *, kills: int, pause: float, seed: int
) -> Collector:
    """Let a writer follow `plan` in its own process, and kill the collector `kills` times."""
    log = folder / "app.log"
    collector = Collector(folder, log)
    rng = random.Random(seed)
    command = [sys.executable, "-m", "psbuddy.demo.growing", str(log)]
    command += ["--seed", str(plan.seed), "--start", str(plan.start)]
    command += ["--minutes", str(plan.minutes), "--per-minute", str(plan.per_minute)]
    command += ["--rotate-every", str(plan.rotate_every), "--pause", str(pause)]
    with subprocess.Popen(command) as writer:
        while collector.kills < kills:
            collector.watch_and_kill(rng)
        assert writer.wait(timeout=600) == 0
    return collector
