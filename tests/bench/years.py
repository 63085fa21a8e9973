"""Simulated years of applications: log-normal traffic in a working week, Zipf causes, incidents.

Facts are written as the store has them, pages and rows, without the way through a commit: five
years of minutes are millions of rows. What stands in them is checked by `psbuddy.store.verify`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from psbuddy.model.application import AppDef
from psbuddy.model.latency import GAMMA, LOWEST, quantile
from psbuddy.model.runs import JobDef
from psbuddy.model.terms import Level
from psbuddy.store import open_store, page
from psbuddy.store.buckets import pack
from psbuddy.store.page import Calls, Counts, Latencies, Minutes
from psbuddy.store.seal import transaction_rows
from psbuddy.store.sqlite import DRIVER
from tests.support.visits import cause, levels, log, visit

DAY, HOUR = 86_400, 3_600
INFO, WARNING, ERROR = 3, 4, 5
HOSTS = ("app-1", "app-2", "app-3", "app-4")
CAUSES = 200
#: A weekday by the hour, of its mean: a little over half of all minutes have a transaction.
_SHAPE = np.array(
    [0.02, 0.01, 0.01, 0.01, 0.02, 0.05, 0.2, 0.8, 1.8, 2.4, 2.6, 2.5,
     2.1, 2.3, 2.4, 2.2, 1.8, 1.2, 0.7, 0.4, 0.25, 0.15, 0.08, 0.04]
)  # fmt: skip
_KINDS = 28  # days that are made of each log; then they come again
_ZIPF = 1.0 / np.arange(1, CAUSES + 1) ** 1.1
_ZIPF /= _ZIPF.sum()

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Years:
    """What was made: applications `app0`, `app1` ... until `end`, epoch seconds."""

    end: int
    days: int
    apps: tuple[AppDef, ...]
    jobs: tuple[JobDef, ...]


def build(path: Path, *, apps: int, days: int, rows_for: int, seed: int = 1) -> Years:
    """A store at `path`; of the newest `rows_for` days minutes are rows, of the others pages."""
    end = 1_795_478_400
    first = end - days * DAY
    made = tuple(AppDef(f"app{n}", f"App {n}", "", "", HOSTS, 60, ("app",)) for n in range(apps))
    jobs = tuple(JobDef(app.app, f"job{n}", "app") for app in made for n in range(3))
    with open_store(str(path)) as store:
        store.write_catalogue(made, first)
        for app in made:
            told = log(
                app.app,
                levels=levels((first, Level.INFO, 1)),
                causes=tuple(cause(f"{app.app} {n}", ((first, 1),)) for n in range(CAUSES)),
                read_until=end,
            )
            store.commit([visit(told, host=host, at=end) for host in HOSTS], end)
    rng = np.random.default_rng(seed)
    with closing(DRIVER.connect(str(path), isolation_level=None)) as conn:
        conn.execute("PRAGMA synchronous = OFF")
        conn.execute("BEGIN")
        for table in ("level", "cause"):
            for grain in ("minute", "hour", "day"):
                conn.execute(f"DELETE FROM {grain}_{table}")
        for source, app_id in conn.execute("SELECT source_id, app_id FROM source").fetchall():
            rate = float(rng.lognormal(1.5, 0.7))
            weeks = [
                simulated(rng, first + n * DAY, rate, (app_id - 1) * CAUSES) for n in range(_KINDS)
            ]
            for number, day in enumerate(range(first, end, DAY)):
                minutes = _later(weeks[number % _KINDS], number // _KINDS * _KINDS * DAY)
                _write(conn, source, day, minutes, sealed=day < end - rows_for * DAY)
        _write_runs(conn, rng, first, end)
        conn.execute("COMMIT")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return Years(end, days, made, jobs)


def _later(minutes: Minutes, by: int) -> Minutes:
    levels_, causes, calls = minutes.levels, minutes.causes, minutes.calls
    return Minutes(
        Counts(levels_.minute + by, levels_.what, levels_.records),
        Counts(causes.minute + by, causes.what, causes.records),
        Calls(calls.minute + by, calls.transactions, calls.failed),
        minutes.latencies,
    )


def simulated(rng: np.random.Generator, day: int, rate: float, causes_from: int) -> Minutes:
    """One day of one log."""
    weekday = (day // DAY + 3) % 7 < 5
    wave = np.repeat(_SHAPE, 60) * rate * (1.0 if weekday else 0.25) * rng.lognormal(0, 0.2)
    incident = rng.random() < 0.03
    calls = rng.poisson(wave)
    active = np.flatnonzero(calls)
    minute = day + active * 60
    warnings = np.flatnonzero(rng.random(1440) < np.minimum(0.4, 0.10 * wave / rate + 0.01))
    errors = rng.poisson(np.minimum(0.6, 0.03 * wave / rate))
    if incident:
        start = int(rng.integers(0, 1300))
        errors[start : start + 90] += rng.poisson(2.0, len(errors[start : start + 90]))
    at = np.repeat(np.arange(1440), errors)
    what = rng.choice(CAUSES, len(at), p=_ZIPF) + 1 + causes_from
    cells, records = np.unique(at * 1_000_000 + what, return_counts=True)
    error_at, error_count = np.unique(at, return_counts=True)
    return Minutes(
        Counts(
            day + np.concatenate((active, warnings, error_at)) * 60,
            np.repeat([INFO, WARNING, ERROR], [len(active), len(warnings), len(error_at)]),
            np.concatenate((calls[active], rng.geometric(0.7, len(warnings)), error_count)),
        ),
        Counts(day + cells // 1_000_000 * 60, cells % 1_000_000, records),
        Calls(minute, calls[active], rng.binomial(calls[active], 0.004)),
        _latencies(rng, calls[active]),
    )


def _latencies(rng: np.random.Generator, calls: Ints) -> Latencies:
    slow = rng.lognormal(3.6, 0.6, int(calls.sum()))
    told = np.round(slow, 1)
    slot = np.repeat(np.arange(len(calls)), calls)
    bucket = np.ceil(np.log(np.maximum(told, 0.1)) / np.log(GAMMA)).astype(np.int64)
    cells, counts = np.unique(slot * 1024 + bucket - LOWEST, return_counts=True)
    sketches = _sketches(cells, counts, len(calls))
    most = np.zeros(len(calls))
    np.maximum.at(most, slot, told)
    return Latencies(
        np.round(np.bincount(slot, told, len(calls)), 1),
        most,
        np.array([quantile(each, 0.50) for each in sketches], np.float64),
        np.array([quantile(each, 0.95) for each in sketches], np.float64),
        [pack(each) for each in sketches],
    )


def _sketches(cells: Ints, counts: Ints, size: int) -> list[dict[int, int]]:
    found: list[dict[int, int]] = [{} for _ in range(size)]
    for cell, count in zip(cells.tolist(), counts.tolist(), strict=True):
        found[cell // 1024][cell % 1024 + LOWEST] = count
    return found


def _write(
    conn: sqlite3.Connection, source: int, day: int, minutes: Minutes, *, sealed: bool
) -> None:
    if sealed:
        head = page.head_of(minutes)
        conn.execute(
            "INSERT INTO minute_page VALUES (?, ?, ?, ?, ?, ?)",
            (source, day, head.records, head.transactions, head.failed,
             page.pack(source, day, minutes)),
        )  # fmt: skip
    else:
        write_rows(conn, source, minutes)
    for grain, size in (("hour", HOUR), ("day", DAY)):
        for facts, counts in (("level", minutes.levels), ("cause", minutes.causes)):
            conn.executemany(
                f"INSERT INTO {grain}_{facts} VALUES (?, ?, ?, ?)",
                ((source, *row) for row in _summed(counts, size)),
            )
        conn.executemany(
            f"INSERT INTO {grain}_transaction VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((source, *row) for row in _merged(minutes, size)),
        )


def write_rows(conn: sqlite3.Connection, source: int, minutes: Minutes) -> None:
    """A day as rows of the tables of minutes."""
    for table, counts in (("minute_level", minutes.levels), ("minute_cause", minutes.causes)):
        columns = (counts.minute.tolist(), counts.what.tolist(), counts.records.tolist())
        rows = sorted(zip(*columns, strict=True))
        conn.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", ((source, *r) for r in rows))
    conn.executemany(
        "INSERT INTO minute_transaction VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((source, *row) for row in transaction_rows(minutes.calls, minutes.latencies)),
    )


def _summed(counts: Counts, size: int) -> Iterator[tuple[int, int, int]]:
    time = counts.minute // size * size
    keys, slot = np.unique(np.stack((time, counts.what)), axis=1, return_inverse=True)
    total = np.bincount(slot.ravel(), counts.records, keys.shape[1]).astype(np.int64)
    return zip(*keys.tolist(), total.tolist(), strict=True)


def _merged(minutes: Minutes, size: int) -> Iterator[tuple[object, ...]]:
    calls, told = minutes.calls, minutes.latencies
    times, slot = np.unique(calls.minute // size * size, return_inverse=True)
    sketches: list[dict[int, int]] = [{} for _ in times]
    pairs = np.dtype([("bucket", "<i2"), ("count", "<u4")])
    for place, blob in zip(slot.tolist(), told.buckets, strict=True):
        sketch = sketches[place]
        for bucket, count in np.frombuffer(blob, pairs).tolist():
            sketch[bucket] = sketch.get(bucket, 0) + count
    most = np.zeros(len(times))
    np.maximum.at(most, slot, told.max_ms)
    return zip(
        times.tolist(),
        np.bincount(slot, calls.transactions, len(times)).astype(np.int64).tolist(),
        np.bincount(slot, calls.failed, len(times)).astype(np.int64).tolist(),
        np.bincount(slot, told.total_ms, len(times)).tolist(),
        most.tolist(),
        [quantile(each, 0.50) for each in sketches],
        [quantile(each, 0.95) for each in sketches],
        [pack(each) for each in sketches],
        strict=True,
    )


def _write_runs(conn: sqlite3.Connection, rng: np.random.Generator, first: int, end: int) -> None:
    """Eleven runs a day of three jobs on each application."""
    rows = []
    for app_id, host_id in conn.execute(
        "SELECT app_id, min(host_id) FROM source GROUP BY 1"
    ).fetchall():
        for day in range(first, end, DAY):
            for number in range(11):
                start = day + number * 7_800 + int(rng.integers(0, 600))
                length = int(rng.lognormal(5.5, 0.5))
                rows.append((app_id, host_id, f"job{number % 3}", start, start, start + length))
    conn.executemany(
        "INSERT INTO run (app_id, host_id, job, at, started, ended, outcome) "
        "VALUES (?, ?, ?, ?, ?, ?, 'ok')",
        rows,
    )
