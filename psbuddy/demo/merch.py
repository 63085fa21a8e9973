"""Legacy merchandising: syslog lines with their priority, no year, New York time.

Mostly quiet and healthy: one late night last week, one crash that left no stop line.
"""

from collections.abc import Iterator
from datetime import datetime
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator

from psbuddy.demo.jobs import PlannedRun, at_local, days, wobble
from psbuddy.demo.mix import Line, durations, mixed, numbers
from psbuddy.demo.outages import Outage, quiet, service_records
from psbuddy.demo.records import PLAIN, TRANSACTION, Record
from psbuddy.demo.shape import OFFICE, weekly
from psbuddy.demo.sim import LogSim, Rotation, Stream
from psbuddy.demo.span import Span
from psbuddy.demo.stamps import syslog
from psbuddy.model.terms import Level

ZONE = "America/New_York"
HOST = "mer-app-1"
JOB = "stock-extract"
STARTED = "merchd 9.4 ready"
STOPPED = "merchd going down on signal 15"
LATE_DAYS_AGO = 5

#: Priorities of facility local0.
_INFO, _WARNING, _ERROR = "<134>", "<132>", "<131>"
_HEAD = f" {HOST} merchd[2211]: "
_JOB_HEAD = f" {HOST} stockx[7702]: "


def _prices(rng: Generator, n: int) -> list[str]:
    took = durations(rng, n, 120).astype(int).tolist()
    rows = zip(numbers(rng, n, 100_000, 999_999), numbers(rng, n, 100, 480), took, strict=True)
    return [f"{_HEAD}price of {sku} set in store {store} in {ms} ms\n" for sku, store, ms in rows]


def _sessions(rng: Generator, n: int) -> list[str]:
    return [f"{_HEAD}terminal T{t} signed on\n" for t in numbers(rng, n, 100, 480)]


def _warned(rng: Generator, n: int) -> list[str]:
    return [
        f"{_HEAD}price file of store {store} is older than 24 h\n"
        for store in numbers(rng, n, 100, 480)
    ]


def _errors(rng: Generator, n: int) -> list[str]:
    rows = zip(numbers(rng, n, 100_000, 999_999), numbers(rng, n, 100, 480), strict=True)
    return [f"{_HEAD}sku {sku} unknown in store {store}\n" for sku, store in rows]


def planned_runs(span: Span) -> Iterator[PlannedRun]:
    """The extract of each night."""
    for day in days(ZONE, span.since, span.until):
        rng = np.random.default_rng([span.seed, crc32(JOB.encode()), day.toordinal()])
        start = at_local(ZONE, day, 2, 10) * 1000 + int(rng.integers(1_000, 5_000))
        ago = (datetime.fromtimestamp(span.now, ZoneInfo(ZONE)).date() - day.date()).days
        if ago == LATE_DAYS_AGO:
            start += 75 * 60_000
        rows = int(412_000 * wobble(rng, 0.07))
        minutes = (4 + rows / 13_300) * wobble(rng, 0.03)
        yield PlannedRun(
            JOB, start, start + int(minutes * 60_000), f"{day:%Y-%m-%d}", rows, actor="cron"
        )


def merch_logs(span: Span) -> tuple[LogSim, ...]:
    """Logs of the application."""
    crash = Outage.days_ago(span.now, ZONE, 12, 3, 17, lasts=25, crash=True)
    work = mixed(
        Line(60, Level.INFO, _prices, TRANSACTION, _INFO),
        Line(30, Level.INFO, _sessions, PLAIN, _INFO),
        Line(1.5, Level.WARNING, _warned, PLAIN, _WARNING),
        Line(0.5, Level.ERROR, _errors, PLAIN, _ERROR),
    )
    told = list(
        service_records((crash,), span.since, syslog(ZONE), _service_line, (STOPPED, STARTED))
    )
    for run in planned_runs(span):
        told.extend(_told(run))
    told.sort(key=lambda record: record.time_ms)
    stream = Stream(weekly(OFFICE, ZONE, 0.7 * span.scale), work)
    return (
        LogSim("merch", HOST, "app", "merch/merch.log", syslog(ZONE), (stream,), tuple(told),
               quiet((crash,)), Rotation(days=7, dated=True)),
    )  # fmt: skip


def _told(run: PlannedRun) -> Iterator[Record]:
    start = _job_line(run.started_ms, f"{JOB} started for {run.period}")
    end = _job_line(run.ended_ms, f"{JOB} finished rows={run.volume}")
    yield Record(run.started_ms, Level.INFO, start, event=run.start(start))
    yield Record(run.ended_ms, Level.INFO, end, event=run.end(end))


def _job_line(time_ms: int, message: str) -> str:
    return f"{_INFO}{syslog(ZONE).one(time_ms)}{_JOB_HEAD}{message}\n"


def _service_line(stamp: str, message: str) -> str:
    return f"{_INFO}{stamp}{_HEAD}{message}\n"
