"""The whole way of the data against a count that shares no code with it.

The logs are written here in five shapes, counted here with `str.startswith` and friends, served
by a real sshd, collected by the real command line, and compared through the analysts' views.
"""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from psbuddy.demo.sshd import LoopbackSshd

START = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
MINUTES = 180
LEVELS = {"INFO": "info", "WARN": "warning", "ERROR": "error", "DEBUG": "debug"}

Cell = tuple[str, str, str]  # log, minute, level


def iso_minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:00Z")


def moments(rng: random.Random, per_minute: int) -> Iterator[datetime]:
    for minute in range(MINUTES):
        for second in sorted(rng.sample(range(60_000), rng.randrange(1, per_minute))):
            yield START + timedelta(minutes=minute, milliseconds=second)


def write_app(path: Path, rng: random.Random, truth: Counter[Cell]) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    with path.open("w") as out:
        for moment in moments(rng, 40):
            level = rng.choices(list(LEVELS), [80, 8, 6, 6])[0]
            stamp = moment.astimezone(berlin).strftime("%Y-%m-%d %H:%M:%S,") + (
                f"{moment.microsecond // 1000:03d}"
            )
            text = f"order {rng.randrange(10**6)} for ERROR-tagged basket"
            out.write(f"{stamp} {level:5} [pool-{rng.randrange(9)}] c.e.Orders - {text}\n")
            if level == "ERROR":
                out.write("java.lang.IllegalStateException: no stock\n")
                out.write("\tat com.example.Stock.take(Stock.java:41)\n")
                out.write("Caused by: java.net.SocketTimeoutException: ERROR read timed out\n")
                out.write("\tat com.example.Store.read(Store.java:9)\n\t... 14 more\n")
            truth["app", iso_minute(moment), LEVELS[level]] += 1


def write_access(path: Path, rng: random.Random, truth: Counter[Cell], tx: Counter[Cell]) -> None:
    with path.open("w") as out:
        for moment in moments(rng, 60):
            status = rng.choices([200, 302, 404, 500, 503], [90, 4, 3, 2, 1])[0]
            stamp = moment.strftime("%d/%b/%Y:%H:%M:%S +0000")
            out.write(
                f'10.0.0.{rng.randrange(255)} - - [{stamp}] "GET /cart/{rng.randrange(999)} '
                f'HTTP/1.1" {status} {rng.randrange(9999)} "-" "curl/8" {rng.random():.3f}\n'
            )
            truth["access", iso_minute(moment), "none"] += 1
            tx["access", iso_minute(moment), "all"] += 1
            tx["access", iso_minute(moment), "failed"] += status >= 500


def write_json(path: Path, rng: random.Random, truth: Counter[Cell]) -> None:
    with path.open("w") as out:
        for moment in moments(rng, 25):
            level = rng.choices(list(LEVELS), [80, 8, 6, 6])[0]
            stamp = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            record = {"@timestamp": stamp, "log.level": level, "message": f"n={rng.random()}"}
            out.write(json.dumps(record) + "\n")
            truth["queue", iso_minute(moment), LEVELS[level]] += 1


def write_syslog(path: Path, rng: random.Random, truth: Counter[Cell]) -> None:
    new_york = ZoneInfo("America/New_York")
    with path.open("w") as out:
        for moment in moments(rng, 12):
            stamp = moment.astimezone(new_york).strftime("%b %e %H:%M:%S")
            out.write(
                f"{stamp} mer01 stockd[{rng.randrange(9999)}]: shelf {rng.random()} counted\n"
            )
            truth["sys", iso_minute(moment), "none"] += 1


def write_batch(path: Path, rng: random.Random, truth: Counter[Cell]) -> list[tuple[str, str, str]]:
    runs = []
    with path.open("w") as out:
        for day in range(1, 9):
            start = datetime(2026, 10, day, 22, rng.randrange(60), tzinfo=UTC)
            end = start + timedelta(minutes=rng.randrange(20, 50))
            outcome = "failed" if day == 5 else "ok"
            words = "failed: disk full" if outcome == "failed" else f"finished records={day * 1000}"
            for moment, text in ((start, f"started period=2026-10-{day:02d}"), (end, words)):
                out.write(f"{moment:%Y-%m-%d %H:%M:%S} INFO DAY CLOSE {text}\n")
                truth["batch", iso_minute(moment), "info"] += 1
            runs.append((f"2026-10-{day:02d}", f"{start:%Y-%m-%dT%H:%M:%SZ}", outcome))
    return runs


CATALOGUE = """
hosts:
  far-1:
    {{address: 127.0.3.1, port: {port}, user: {user},
     identity_file: {identity}, known_hosts: {known_hosts}}}
applications:
  truth:
    name: Truth
    hosts: [far-1]
    every: 1m
    logs:
      app:    {{path: {logs}/app.log, timezone: Europe/Berlin}}
      access: {{path: {logs}/access.log}}
      queue:  {{path: {logs}/queue.log}}
      sys:    {{path: {logs}/sys.log, timezone: America/New_York}}
      batch:  {{path: {logs}/batch.log, timezone: UTC}}
    jobs:
      day-close:
        log: batch
        start:  'DAY CLOSE started period=(?P<period>\\d{{4}}-\\d{{2}}-\\d{{2}})'
        finish: 'DAY CLOSE finished records=(?P<volume>\\d+)'
        fail:   'DAY CLOSE failed: (?P<reason>.*)'
        period: day
"""


@pytest.fixture
def far_host(tmp_path: Path) -> Iterator[LoopbackSshd]:
    sshd = LoopbackSshd(tmp_path / "sshd", {"far-1": "127.0.3.1"})
    sshd.start()
    yield sshd
    sshd.stop()


def psbuddy(tmp_path: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "psbuddy", "--db", str(tmp_path / "store.db")]
    command += ["--catalogue", str(tmp_path / "catalogue"), *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)


def write_catalogue(folder: Path, far_host: LoopbackSshd, logs: Path) -> None:
    folder.mkdir()
    (folder / "truth.yaml").write_text(
        CATALOGUE.format(
            port=far_host.port,
            user=far_host.user,
            identity=far_host.identity_file,
            known_hosts=far_host.known_hosts,
            logs=logs,
        )
    )


def test_every_total_equals_an_independent_count(tmp_path: Path, far_host: LoopbackSshd) -> None:
    rng = random.Random(20261124)
    logs = tmp_path / "logs"
    logs.mkdir()
    truth: Counter[Cell] = Counter()
    tx: Counter[Cell] = Counter()
    write_app(logs / "app.log", rng, truth)
    write_access(logs / "access.log", rng, truth, tx)
    write_json(logs / "queue.log", rng, truth)
    write_syslog(logs / "sys.log", rng, truth)
    runs = write_batch(logs / "batch.log", rng, truth)
    write_catalogue(tmp_path / "catalogue", far_host, logs)

    result = psbuddy(tmp_path, "collect", "--once")
    assert result.returncode == 0, result.stderr

    db = sqlite3.connect(f"file:{tmp_path / 'store.db'}?mode=ro", uri=True)
    levels = db.execute("SELECT log, minute, level, records FROM v_minute").fetchall()
    transactions = db.execute(
        "SELECT log, minute, transactions, failed FROM v_transaction_minute WHERE log = 'access'"
    ).fetchall()
    found_runs = db.execute(
        "SELECT period, started, outcome FROM v_run ORDER BY started"
    ).fetchall()
    causes = db.execute("SELECT sum(records) FROM v_cause").fetchone()
    db.close()

    assert {(log, minute, level): n for log, minute, level, n in levels} == dict(truth)
    assert {(log, minute): (n, failed) for log, minute, n, failed in transactions} == {
        (log, minute): (n, tx[log, minute, "failed"])
        for (log, minute, kind), n in tx.items()
        if kind == "all"
    }
    assert found_runs == runs
    assert causes[0] == sum(
        n for (_, _, level), n in truth.items() if level in {"warning", "error"}
    )


def test_a_second_collection_of_unchanged_logs_adds_nothing(
    tmp_path: Path, far_host: LoopbackSshd
) -> None:
    rng = random.Random(7)
    logs = tmp_path / "logs"
    logs.mkdir()
    truth: Counter[Cell] = Counter()
    write_app(logs / "app.log", rng, truth)
    for name in ("access", "queue", "sys", "batch"):
        (logs / f"{name}.log").write_text("")
    write_catalogue(tmp_path / "catalogue", far_host, logs)
    for _ in range(2):
        assert psbuddy(tmp_path, "collect", "--once").returncode == 0
    db = sqlite3.connect(f"file:{tmp_path / 'store.db'}?mode=ro", uri=True)
    total = db.execute("SELECT sum(records) FROM v_minute").fetchone()[0]
    db.close()
    assert total == sum(truth.values())
