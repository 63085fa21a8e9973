"""Order queue: JSON lines as logstash encoders write them, an hourly import job.

The story of the demo: the import that runs right now takes twelve minutes longer than usual.
Nine days ago the broker was away for half an hour.
"""

import json
from collections.abc import Iterator
from zlib import crc32

import numpy as np
from numpy.random import Generator

from psbuddy.demo.jobs import PlannedRun, wobble
from psbuddy.demo.mix import Line, durations, mixed, numbers
from psbuddy.demo.outages import Outage, quiet, service_records
from psbuddy.demo.records import FAILED, TRANSACTION, Record
from psbuddy.demo.shape import FLAT, QUEUE, weekly
from psbuddy.demo.sim import LogSim, Rotation, Stream
from psbuddy.demo.span import Span
from psbuddy.demo.stamps import json_head
from psbuddy.demo.traces import Thrown, trace
from psbuddy.model.terms import Level

ZONE = "Europe/London"
HOSTS = ("ord-app-1", "ord-app-2")
JOB = "import-orders"
STARTED = "order queue ready, consumers started"
STOPPED = "order queue stopping, consumers drained"
RUNNING_FOR = 28 * 60  # seconds the import has been running when the demo opens
_NOW_MINUTES = 33.6  # what it will take in the end
_BURST_MINUTES = 8  # errors before the stop of nine days ago

_BROKER = trace(
    Thrown(
        "com.acme.orders.broker.BrokerUnavailableException",
        "no connection to the broker",
        ("com.acme.orders.broker.BrokerClient.publish(BrokerClient.java:93)",),
    ),
    Thrown(
        "java.net.ConnectException",
        "Connection refused",
        ("java.base/sun.nio.ch.Net.pollConnect(Net.java)",),
    ),
)
_STOCK = trace(
    Thrown(
        "com.acme.orders.stock.ReservationException",
        "article is not on stock in any warehouse",
        ("com.acme.orders.stock.Reservation.reserve(Reservation.java:58)",),
    )
)


def _tail(level: str, logger: str, message: str, **fields: object) -> str:
    """A JSON line after its stamp, with `%d` and the like left for what varies."""
    said = {"@version": "1", "message": message, "logger_name": logger}
    more = {"level": level, **fields}
    return '",' + json.dumps({**said, **more}, separators=(",", ":"))[1:] + "\n"


_ACCEPTED = _tail("INFO", "com.acme.orders.Intake", "order %d accepted", duration_ms="#").replace(
    '"#"', "%d"
)
_FAILED = _tail(
    "ERROR", "com.acme.orders.Intake", "order %d failed", duration_ms="#", stack_trace=_STOCK
).replace('"#"', "%d")
_RETRY = _tail("WARN", "com.acme.orders.Delivery", "delivery of order %d is tried again")
_SHIPPED = _tail("INFO", "com.acme.orders.Delivery", "order %d handed over to warehouse %d")
_REFUSED = _tail("ERROR", "com.acme.orders.Delivery", "order %d not published", stack_trace=_BROKER)


def _accepted(rng: Generator, n: int) -> list[str]:
    took = durations(rng, n, 42).astype(int).tolist()
    return [_ACCEPTED % row for row in zip(numbers(rng, n, 10**6, 10**7), took, strict=True)]


def _failed(rng: Generator, n: int) -> list[str]:
    took = durations(rng, n, 130).astype(int).tolist()
    return [_FAILED % row for row in zip(numbers(rng, n, 10**6, 10**7), took, strict=True)]


def _retried(rng: Generator, n: int) -> list[str]:
    return [_RETRY % order for order in numbers(rng, n, 10**6, 10**7)]


def _shipped(rng: Generator, n: int) -> list[str]:
    rows = zip(numbers(rng, n, 10**6, 10**7), numbers(rng, n, 1, 6), strict=True)
    return [_SHIPPED % row for row in rows]


def _refused(rng: Generator, n: int) -> list[str]:
    return [_REFUSED % order for order in numbers(rng, n, 10**6, 10**7)]


def orders_logs(span: Span) -> tuple[LogSim, ...]:
    """Logs of the application."""
    outage = Outage.days_ago(span.now, ZONE, 9, 14, 12, lasts=27)
    work = mixed(
        Line(60, Level.INFO, _accepted, TRANSACTION),
        Line(38, Level.INFO, _shipped),
        Line(0.35, Level.ERROR, _failed, FAILED),
        Line(1.5, Level.WARNING, _retried),
    )
    burst = Stream(
        weekly(FLAT, ZONE, 6 * span.scale),
        mixed(Line(1, Level.ERROR, _refused)),
        since=outage.down - _BURST_MINUTES * 60,
        until=outage.down,
    )
    streams = (Stream(weekly(QUEUE, ZONE, 1.6 * span.scale), work), burst)
    return tuple(
        LogSim("orders", host, "app", "orders/orders.json", json_head(), streams,
               _script(host, span, outage), quiet((outage,)),
               Rotation(copytruncate=True, every=1500))
        for host in HOSTS
    )  # fmt: skip


def planned_runs(span: Span, outage: Outage) -> Iterator[PlannedRun]:
    """Imports, one an hour; the one of this moment is slow, one met the outage."""
    current = (span.now - RUNNING_FOR) // 60 * 60
    first = current - (current - span.since) // 3600 * 3600
    for start in range(first, span.until, 3600):
        if outage.down <= start < outage.up:
            continue
        rng = np.random.default_rng([span.seed, crc32(JOB.encode()), start])
        rows = int(5_200 * wobble(rng, 0.10))
        seconds = (230 + 0.152 * rows) * wobble(rng, 0.03)
        if start == current:
            seconds = _NOW_MINUTES * 60
        begin = start * 1000 + int(rng.integers(300, 2_500))
        end = begin + int(seconds * 1000)
        if begin < outage.down * 1000 < end:
            lost = outage.down * 1000 - 2_000
            yield PlannedRun(JOB, begin, lost, reason="broker is not reachable", actor="timer")
        else:
            yield PlannedRun(JOB, begin, end, volume=rows, actor="timer")


def _script(host: str, span: Span, outage: Outage) -> tuple[Record, ...]:
    told = list(
        service_records((outage,), span.since, json_head(), _service_line, (STOPPED, STARTED))
    )
    if host == HOSTS[0]:
        for run in planned_runs(span, outage):
            told.extend(_told(run))
    return tuple(sorted(told, key=lambda record: record.time_ms))


def _told(run: PlannedRun) -> Iterator[Record]:
    logger = "com.acme.orders.ImportJob"
    start = _job_line(run.started_ms, "INFO", logger, f"{JOB} started by={run.actor}")
    yield Record(run.started_ms, Level.INFO, start, event=run.start(start))
    if run.reason:
        end = _job_line(run.ended_ms, "ERROR", logger, f"{JOB} failed: {run.reason}")
        yield Record(run.ended_ms, Level.ERROR, end, event=run.end(end))
    else:
        end = _job_line(run.ended_ms, "INFO", logger, f"{JOB} finished records={run.volume}")
        yield Record(run.ended_ms, Level.INFO, end, event=run.end(end))


def _job_line(time_ms: int, level: str, logger: str, message: str) -> str:
    return json_head().one(time_ms) + _tail(level, logger, message)


def _service_line(stamp: str, message: str) -> str:
    return stamp + _tail("INFO", "com.acme.orders.Main", message)
