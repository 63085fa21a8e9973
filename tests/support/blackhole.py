"""An engine among thousands of hosts that never answer, in a network of its own.

Run as a program inside a new network namespace: `COMMAND FOLDER GONE SECONDS`. Its last line is
what it saw, as JSON.
"""

import json
import os
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from collectors.engine import run_engine
from psbuddy.demo.sshd import LoopbackSshd
from tests.support.catalogues import application, hosts_section, write_records

NEAR = tuple(f"near-{number}" for number in range(1, 5))
EVERY = 10
_IN_A_FILE = 2_000
#: Makes a device whose packets nobody takes: no refusal, no "no route", no answer.
PREPARE = (
    "ip link set lo up && ip link add hole type veth peer name bottom && "
    "ip link set hole arp off && ip addr add 10.77.0.1/16 dev hole && "
    "ip link set hole up && ip link set bottom up"
)


def command(folder: Path, gone: int, seconds: int) -> list[str]:
    """How to run it, where this machine lets us make a network."""
    words = f"{sys.executable} -m tests.support.blackhole {folder} {gone} {seconds}"
    return ["unshare", "-n", "sh", "-c", f"{PREPARE} && exec {words}"]


class Watch:
    """What happened when, and what it cost."""

    def __init__(self) -> None:
        self.visits: dict[str, list[float]] = {host: [] for host in NEAR}
        self.lost: set[str] = set()
        self.paths: list[str] = []
        self.threads = 0

    def take(self, event: dict[str, Any]) -> None:
        self.threads = max(self.threads, threading.active_count())
        if event["event"] == "catalogue" and event["problems"]:
            raise SystemExit(str(event["problems"]))
        if event["event"] == "path":
            self.paths += [f"{event['state']} {event['name']}"] * event.get("first", True)
        if event["event"] == "collected" and event["outcome"] == "ok":
            self.visits[event["host"]].append(time.monotonic())
        elif event["event"] == "collected":
            self.lost.add(event["host"])

    def told(self) -> dict[str, Any]:
        gaps = [b - a for times in self.visits.values() for a, b in pairwise(times)]
        memory = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
        return {
            "visits": {host: len(times) for host, times in self.visits.items()},
            "longest_gap": max(gaps, default=0.0),
            "lost": len(self.lost),
            "paths": self.paths,
            "threads": self.threads,
            "peak_bytes": int(memory) * 1024,
        }


def run(folder: Path, gone: int, seconds: float) -> dict[str, Any]:
    """The real engine, a real sshd, for so long."""
    log = folder / "app.log"
    write_records(log, 100)
    names = [f"gone-{number:05}" for number in range(gone)]
    hosts = dict(zip(NEAR, (f"127.0.3.{n}" for n in range(1, 5)), strict=True))
    with LoopbackSshd(folder / "sshd", hosts) as sshd:
        catalogue = folder / "catalogue"
        catalogue.mkdir()
        near = hosts_section(sshd, NEAR) + application("near", NEAR, log, every=f"{EVERY}s")
        (catalogue / "near.yaml").write_text(near)
        for part in range(0, gone, _IN_A_FILE):
            some = range(part, min(part + _IN_A_FILE, gone))
            lines = "hosts:\n" + "".join(
                f"  {names[n]}: {{address: 10.77.{n // 250 + 1}.{n % 250 + 1}}}\n" for n in some
            )
            lines += application(f"gone-{part}", [names[n] for n in some], log, every="60s")
            (catalogue / f"gone-{part}.yaml").write_text(lines)
        requests, stop = os.pipe()
        watch = Watch()
        timer = threading.Timer(seconds, os.close, (stop,))
        timer.start()
        with Path(os.devnull).open("wb") as nobody:
            ends = requests, nobody.fileno()
            run_engine(str(folder / "store.db"), catalogue, jsonl=True, descriptors=ends,
                       on_event=watch.take)  # fmt: skip
        os.close(requests)
        return watch.told()


if __name__ == "__main__":
    saw = run(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
    sys.stdout.write(json.dumps(saw) + "\n")
