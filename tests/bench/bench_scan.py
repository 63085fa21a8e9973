"""How much CPU the host program takes to read a log, against `grep -c ERROR` on the same file.

Run as a program: `python tests/bench/bench_scan.py [megabytes]`. Ratios, not absolute rates,
are comparable between machines. Each log is written by a seeded generator and its counts are
checked against the generator's own, so that a fast wrong answer is no answer.
"""

import random
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "scripts")]

from psbhost.main import handle  # noqa: E402 - the path is set first

LEVELS = ["INFO"] * 65 + ["DEBUG"] * 30 + ["WARN"] * 3 + ["ERROR"] * 2
NUMBER = {"DEBUG": 2, "INFO": 3, "WARN": 4, "ERROR": 5}
TRACE = (
    "java.lang.IllegalStateException: order {n}\n"
    "\tat org.springframework.web.Servlet.service(Servlet.java:{line})\n"
    "\tat com.example.shop.OrderService.place(OrderService.java:77)\n"
    "Caused by: java.sql.SQLException: ERROR deadlock {n}\n"
    "\tat com.example.shop.Dao{dao}.save(Dao.java:12)\n\t... 12 more\n"
)
Maker = Callable[[datetime, int, str], str]


def log4j(moment: datetime, n: int, level: str) -> str:
    head = f"{moment:%Y-%m-%d %H:%M:%S},{moment.microsecond // 1000:03d} {level:5} [exec-{n % 40}]"
    return f"{head} com.example.shop.OrderService - Order {n} of customer {n % 997} ERROR=0\n"


def logback(moment: datetime, n: int, level: str) -> str:
    head = f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d} [exec-{n % 40}] {level:5}"
    return f"{head} com.example.shop.OrderService - Order {n} of customer {n % 997} ERROR=0\n"


def json_lines(moment: datetime, n: int, level: str) -> str:
    stamp = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
    return f'{{"time":"{stamp}","level":"{level}","msg":"Order {n}","duration_ms":{n % 900}}}\n'


def access(moment: datetime, n: int, _level: str) -> str:
    status = (200, 200, 200, 404, 503)[n % 5]
    return (
        f'10.0.{n % 200}.{n % 250} - - [{moment:%d/%b/%Y:%H:%M:%S} +0000] "GET /orders/{n} '
        f'HTTP/1.1" {status} {n % 5000} "https://shop/" "Mozilla/5.0" {n % 1000 / 1000:.3f}\n'
    )


def syslog(moment: datetime, n: int, _level: str) -> str:
    return f"{moment:%b %d %H:%M:%S} host1 stockd[{n % 9000}]: shelf {n} counted in {n % 900} ms\n"


MAKERS: dict[str, tuple[Maker, bool]] = {
    "log4j": (log4j, True),
    "logback": (logback, True),
    "json": (json_lines, False),
    "access": (access, False),
    "syslog": (syslog, False),
}


def write(path: Path, name: str, megabytes: int) -> Counter[int]:
    """Write a log; the records per level."""
    make, traces = MAKERS[name]
    rng, truth = random.Random(7), Counter[int]()
    moment, written, n = datetime(2026, 11, 1, tzinfo=UTC), 0, 0
    with path.open("w") as out:
        while written < megabytes * 1_000_000:
            n += 1
            moment += timedelta(milliseconds=rng.randrange(1, 60))
            level = rng.choice(LEVELS)
            text = make(moment, n, level)
            if traces and level == "ERROR":
                text += TRACE.format(n=n, line=n % 90, dao=n % 3)
            truth[NUMBER[level] if name not in ("access", "syslog") else 0] += 1
            written += out.write(text)
    return truth


def cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def scan(path: Path) -> tuple[float, Counter[int]]:
    """CPU seconds and the records per level."""
    log = {"app": "a", "log": "l", "path": str(path), "zone": [[0, 0]], "history": 0}
    budget = {"seconds": 600, "bytes": 1 << 40, "hold": 0}
    before = cpu(resource.RUSAGE_SELF)
    reply = handle({"op": "visit", "budget": budget, "logs": [log]})
    used = cpu(resource.RUSAGE_SELF) - before
    found = Counter[int]()
    for _, level, count in reply["logs"][0]["levels"]:
        found[level] += count
    return used, found


def grep(path: Path) -> float:
    before = cpu(resource.RUSAGE_CHILDREN)
    subprocess.run(["grep", "-c", "ERROR", str(path)], capture_output=True, check=False)
    return max(0.001, cpu(resource.RUSAGE_CHILDREN) - before)


def main(megabytes: int) -> int:
    """Print one line per format; 1 when a count is wrong."""
    wrong = 0
    print(f"{'format':10}{'MB/s CPU':>10}{'x grep -c':>12}  counts")
    for name in MAKERS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.log"
            truth = write(path, name, megabytes)
            size = path.stat().st_size / 1e6
            base = min(grep(path) for _ in range(3))
            runs = [scan(path) for _ in range(2)]
            used, exact = min(run[0] for run in runs), all(run[1] == truth for run in runs)
            wrong += not exact
            print(
                f"{name:10}{size / used:10.0f}{used / base:12.1f}  {'exact' if exact else 'WRONG'}"
            )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
