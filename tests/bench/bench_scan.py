"""What reading a log costs the host and the workstation, beside other tools doing the same work.

`python tests/bench/bench_scan.py [megabytes]`. CPU time of the child, the least of several
interleaved runs; bars are ratios, so that they hold on any machine. Each log is written by a
seeded generator and every count is checked against the generator's own.
"""

import json
import os
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from psbhost.positions import Evidence  # noqa: E402 - the path is set first
from psbhost.sources import Source  # noqa: E402

from collectors.asked import Asked  # noqa: E402
from collectors.frames import encode  # noqa: E402
from collectors.reply import read_visit  # noqa: E402
from psbuddy.insight.causes import RawCause, identify  # noqa: E402
from psbuddy.model.terms import LEVELS  # noqa: E402
from tests.bench import corpora, peers  # noqa: E402
from tests.bench.hostprogram import Resident, visit  # noqa: E402

ROUNDS = int(os.environ.get("PSBUDDY_BENCH_ROUNDS", "3"))
PEER_MEGABYTES = 60  # for the slow peers; their rate does not depend on the size
TOOK = {"pattern": r"took (?P<duration>\d+) ms", "unit": "ms"}
GIGABYTES = 5.0
MEMORY = 32e6
AWKWARD_SEEDS = 10


@dataclass
class Table:
    """Rows of what was measured; `missed` counts the bars that were."""

    missed: int = 0

    def row(self, what: str, value: str, bar: str = "", met: bool | None = None) -> None:
        self.missed += met is False
        mark = {None: "", True: "met", False: "MISSED"}[met]
        print(f"{what:44}{value:>26}  {bar:26}{mark}", flush=True)

    def most(self, what: str, value: float, bar: float, unit: str = "x") -> None:
        self.row(what, f"{value:.2f}{unit}", f"at most {bar:g}{unit}", value <= bar)

    def least(self, what: str, value: float, bar: float, unit: str = "x") -> None:
        self.row(what, f"{value:,.1f}{unit}", f"at least {bar:g}{unit}", value >= bar)


def scan(path: Path, **more: Any) -> tuple[float, int, dict[str, Any], int]:
    """CPU seconds of a whole host program, its memory, the log's reply, its bytes."""
    host = Resident()
    reply = host.ask(visit(path, **more))
    received = host.received
    return (*host.close(), reply, received)


def exact(found: dict[str, Any], truth: corpora.Truth, names: tuple[str, ...]) -> bool:
    """Whether a reply's counts are those of the log."""
    seen = {
        "levels": Counter({(row[0], row[1]): row[2] for row in found["levels"]}),
        "requests": Counter({row[0]: row[1] for row in found["transactions"]}),
        "failed": +Counter({row[0]: row[2] for row in found["transactions"]}),
        "buckets": Counter(
            {(row[0], bucket): n for row in found["transactions"] for bucket, n in row[5]}
        ),
        "roots": Counter[str](),
    }
    for cause in found["causes"]:
        if cause["level"] == 5:
            seen["roots"][cause["exception"]] += sum(count for _, count in cause["minutes"])
    return all(seen[name] == +Counter(getattr(truth, name)) for name in names)


def measure(runs: dict[str, Callable[[], float]]) -> dict[str, float]:
    """The least CPU seconds of each, taken in turns."""
    least = dict.fromkeys(runs, float("inf"))
    for _ in range(ROUNDS):
        for name, one in runs.items():
            least[name] = min(least[name], one())
    return least


def formats(table: Table, folder: Path, megabytes: int) -> dict[str, Path]:
    """Every format once: rate, exactness, memory."""
    paths = {}
    for name, make in corpora.MAKERS.items():
        size = megabytes if name in ("log4j", "access") else max(20, megabytes // 4)
        path = paths[name] = folder / f"{name}.log"
        truth = make(path, size)
        more = {"transactions": TOOK} if name in ("log4j", "logback") else {}
        runs = [scan(path, **more) for _ in range(ROUNDS)]
        cpu, memory, reply, _ = min(runs, key=lambda run: run[0])
        found = reply["logs"][0]
        right = exact(found, truth, tuple(corpora.truths(name)))
        rate = f"{path.stat().st_size / 1e6 / cpu:,.0f} MB/s"
        table.row(f"{name}: counts", rate + (", exact" if right else ", WRONG"), "exact", right)
        table.most(f"{name}: memory", memory / 1e6, MEMORY / 1e6, " MB")
    return paths


def _slice(path: Path, megabytes: float) -> Path:
    """The first part of a log, whole lines."""
    part = path.with_suffix(".part")
    with path.open("rb") as whole:
        data = whole.read(int(megabytes * 1e6))
    part.write_bytes(data[: data.rfind(b"\n") + 1])
    return part


def against(table: Table, kind: str, path: Path, bars: dict[str, float], **more: Any) -> None:
    """Ours beside the peers: `grep -c` and mawk on the whole log, the slow ones on a part."""
    part = _slice(path, PEER_MEGABYTES)
    share = path.stat().st_size / part.stat().st_size
    runs: dict[str, Callable[[], float]] = {"ours": lambda: scan(path, **more)[0]}
    scale = {}
    for name in bars:
        slow = name in ("lnav", "goaccess")
        command = peers.commands(kind, part if slow else path).get(name)
        if command is None:
            table.row(f"{kind}: against {name}", "absent")
            continue
        runs[name] = lambda command=command: peers.run(command).cpu
        scale[name] = share if slow else 1.0
    least = measure(runs)
    for name, factor in scale.items():
        ratio = least[name] * factor / least["ours"]
        if name == "grep -c":
            table.most(f"{kind}: CPU of {name} ERROR", 1 / ratio, bars[name])
        else:
            table.least(f"{kind}: faster than {name}", ratio, bars[name])


def tick(table: Table, folder: Path) -> None:
    """One more megabyte of a log of 5 GB, and of one of 20 MB."""
    times = {size: _tick(folder / "tick.log", size) for size in (20e6, GIGABYTES * 1e9)}
    small, large = times.values()
    table.most("tick, 1 MB new of 5 GB: wall", large[0] * 1e3, 40, " ms")
    table.row("tick, 1 MB new of 5 GB: CPU", f"{large[1] * 1e3:.1f} ms")
    table.most("tick: 5 GB against 20 MB", large[1] / small[1], 1.25)


def _tick(path: Path, size: float) -> tuple[float, float]:
    """Least wall and CPU seconds. What lies between head and end of the log is never read."""
    corpora.log4j(path, 1.2)
    data = path.read_bytes()
    new = data[data.find(b"\n2026", len(data) - 1_000_000) + 1 :]
    with path.open("wb") as out:
        out.write(data[:65536])
        out.seek(int(size))
        out.write(b"\n" + data[: -len(new)] + new)
    source = Source(str(path))
    offset = path.stat().st_size - len(new)
    position = Evidence(source, offset).position({"t": 1793491200, "h": 2, "m": 0})
    source.close()
    request = visit(path, positions=[position], transactions=TOOK)
    host, best = Resident(), (9.0, 9.0)
    for _ in range(15):
        before, used = time.perf_counter(), host.cpu()
        reply = host.ask(request)
        best = min(best[0], time.perf_counter() - before), min(best[1], host.cpu() - used)
        if reply["logs"][0]["bytes"] != len(new):
            raise RuntimeError("the tick did not read the new megabyte alone")
    host.close()
    path.unlink()
    return best


def traffic(table: Table, paths: dict[str, Path]) -> None:
    """Bytes of the reply against the log packed with zlib 6."""
    packed = received = 0
    for name, more in (("log4j", {"transactions": TOOK}), ("access", {})):
        packer = zlib.compressobj(6)
        with paths[name].open("rb") as log:
            one = sum(len(packer.compress(block)) for block in iter(lambda: log.read(1 << 20), b""))
        one += len(packer.flush())
        mine = scan(paths[name], **more)[3]
        table.row(f"{name}: bytes of the reply", f"{mine:,} (1/{one // mine:,})")
        packed, received = packed + one, received + mine
    table.least("both logs: packed log per byte of reply", packed / received, 2000)


def stage(table: Table, paths: dict[str, Path]) -> None:
    """The workstation's share: reading the reply and naming its groups."""
    raw = [
        RawCause(f"k{n}", LEVELS[5], f"order {n} of customer c{n % 97} failed: code {n % 7}",
                 "", "", 1, 2, "")
        for n in range(20_000)
    ]  # fmt: skip
    before = time.process_time()
    for one in raw:
        identify(one)
    groups = len(raw) / (time.process_time() - before)
    cpu, _, reply, _ = scan(paths["log4j"], transactions=TOOK)
    asked = Asked("host", int(reply["time"]), frozenset([("a", "l")]), frozenset())
    text = json.loads(json.dumps(reply))
    before = time.process_time()
    read_visit(text, asked)
    share = (time.process_time() - before) / cpu
    met = groups >= 100_000 or share <= 0.05
    told = f"{groups:,.0f} groups/s, {share:.1%}"
    table.row("workstation: groups, share of the visit", told, "100,000/s or at most 5%", met)


def truthful(table: Table, folder: Path) -> None:
    """Awkward logs of ten seeds: every count, the same however the log comes in."""
    right = 0
    for seed in range(AWKWARD_SEEDS):
        path = folder / "awkward.log"
        truth = corpora.awkward(path, 3000, seed)
        right += exact(scan(path)[2]["logs"][0], truth, ("levels", "roots"))
    table.row("awkward logs: exact", f"{right} of {AWKWARD_SEEDS}", "all", right == AWKWARD_SEEDS)


def main(megabytes: int) -> int:
    """The table; 1 when a bar is missed."""
    table = Table()
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"scan: {megabytes} MB, load {load}, least of {ROUNDS}; request encoded "
          f"{len(encode(1, visit(Path('x'))))} bytes")  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = formats(table, folder, megabytes)
        bars = {"grep -c": 8.0, "lnav": 15.0}
        against(table, "application", paths["log4j"], bars, transactions=TOOK)
        bars = {"mawk": 1.0, "lnav": 5.0, "goaccess": 12.0}
        against(table, "access", paths["access"], bars)
        traffic(table, paths)
        stage(table, paths)
        truthful(table, folder)
        tick(table, folder)
    print(f"load at the end {os.getloadavg()[0]:.1f}")
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
