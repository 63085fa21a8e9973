"""The batch log of the ledger: day close, week close, month close.

The story of the demo: last night, at 23:31, somebody started the month close by hand once
more, without restart parameters, after it had finished. It must never run twice.
"""

import calendar
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator

from psbuddy.demo.jobs import PlannedRun, at_local, books_of, days, week_of, wobble
from psbuddy.demo.mix import Line, mixed, numbers
from psbuddy.demo.outages import service_records
from psbuddy.demo.records import Record
from psbuddy.demo.shape import FLAT, weekly
from psbuddy.demo.sim import LogSim, Rotation, Stream
from psbuddy.demo.span import Span
from psbuddy.demo.stamps import logback
from psbuddy.model.observation import JobEvent
from psbuddy.model.terms import Level

ZONE = "Europe/London"
HOST = "led-db-1"
RECORDS = 48_211
ACTOR = "rkane"
WORDS = {"day-close": "DAY CLOSE", "week-close": "WEEK CLOSE", "month-close": "MONTH CLOSE"}
LATE_DAYS_AGO = 6
RERUN_FRIDAYS_AGO = 2
_MARGIN = 180  # seconds the second start must be old, so that it is history when the demo opens
_BOOT = "Batch runner ready, 3 chains known"


def second_start(now: int) -> int:
    """UTC seconds of the month close started by hand: the last 23:31 there has been."""
    today = datetime.fromtimestamp(now, ZoneInfo(ZONE))
    tonight = at_local(ZONE, today, 23, 31)
    if tonight + _MARGIN <= now:
        return tonight
    return at_local(ZONE, today - timedelta(days=1), 23, 31)


def close_day(now: int) -> int:
    """Day of the month on which the books are closed: the date of the double start."""
    return datetime.fromtimestamp(second_start(now), ZoneInfo(ZONE)).day


def planned_runs(span: Span) -> tuple[PlannedRun, ...]:
    """Every run of the chain, by start."""
    runs: list[PlannedRun] = []
    for day in days(ZONE, span.since, span.until):
        runs.extend(_evening(span, day))
    second = second_start(span.now)
    period = books_of(datetime.fromtimestamp(second, ZoneInfo(ZONE)))
    runs.append(_run("month-close", second * 1000 + 12_000, 39.6, period, RECORDS, actor=ACTOR))
    return tuple(sorted(runs, key=lambda run: run.started_ms))


def _evening(span: Span, day: datetime) -> Iterator[PlannedRun]:
    rng = np.random.default_rng([span.seed, crc32(b"batch"), day.toordinal()])
    factor = wobble(rng, 0.05)  # a slow night is slow for all of them
    start = at_local(ZONE, day, 20, 30) * 1000 + int(rng.integers(1_000, 9_000))
    if _days_before(span.now, day) == LATE_DAYS_AGO:
        start += 74 * 60_000  # waited for the feed of a bank
    rows = int((31_000 if day.weekday() < 5 else 5_500) * wobble(rng, 0.12))
    minutes = (5.0 + rows / 2_400) * factor
    yield _run("day-close", start, minutes, f"{day:%Y-%m-%d}", rows)
    if day.weekday() == 4:
        yield from _friday(rng, day, span.now, factor)
    last = calendar.monthrange(day.year, day.month)[1]
    if day.day == min(close_day(span.now), last):
        yield from _month_end(rng, day, span.now, factor)


def _friday(
    rng: np.random.Generator, day: datetime, now: int, factor: float
) -> Iterator[PlannedRun]:
    start = at_local(ZONE, day, 21, 15) * 1000 + int(rng.integers(1_000, 9_000))
    rows = int(152_000 * wobble(rng, 0.06))
    yield _run("week-close", start, 24 * factor, week_of(day), rows)
    if _days_before(now, day) // 7 == RERUN_FRIDAYS_AGO:
        yield _run(
            "week-close", start + 62 * 60_000, 23 * factor, week_of(day), rows, actor="mhall"
        )


def _month_end(
    rng: np.random.Generator, day: datetime, now: int, factor: float
) -> Iterator[PlannedRun]:
    start = at_local(ZONE, day, 22, 4) * 1000 + int(rng.integers(1_000, 9_000))
    tonight = abs(start // 1000 - second_start(now)) < 86_400
    rows = RECORDS if tonight else int(47_000 * wobble(rng, 0.05))
    minutes = 6 + rows / 1_370 * factor
    yield _run("month-close", start, minutes, books_of(day), rows)


def _days_before(now: int, day: datetime) -> int:
    return (datetime.fromtimestamp(now, ZoneInfo(ZONE)).date() - day.date()).days


def _run(
    job: str, start_ms: int, minutes: float, period: str, rows: int, *, actor: str = "scheduler"
) -> PlannedRun:
    return PlannedRun(job, start_ms, start_ms + int(minutes * 60_000), period, rows, "", actor)


def batch_log(span: Span) -> LogSim:
    """The log of the chain: one file for four weeks, dated when rotated."""
    stamps = logback(ZONE)
    records = list(service_records((), span.since, stamps, _boot_line, ("", _BOOT)))
    for run in planned_runs(span):
        records.extend(_told(run))
    records.sort(key=lambda record: record.time_ms)
    waiting = Stream(weekly(FLAT, ZONE, 0.01), mixed(Line(1, Level.DEBUG, _heartbeat)))
    return LogSim(
        "ledger",
        HOST,
        "batch",
        "ledger/batch.log",
        stamps,
        (waiting,),
        tuple(records),
        rotation=Rotation(days=28, dated=True),
    )


def _told(run: PlannedRun) -> Iterator[Record]:
    words = WORDS[run.job]
    by_hand = run.actor != "scheduler"
    restart = " restart=none" if by_hand else ""
    started = f"{words} started period={run.period} by={run.actor}{restart}"
    yield _record(run.started_ms, started, run.start)
    for step, share in enumerate((0.22, 0.51, 0.86), start=1):
        time = run.started_ms + int((run.ended_ms - run.started_ms) * share)
        yield _record(time, f"{words} step {step} of 3 done")
    yield _record(run.ended_ms, f"{words} finished records={run.volume}", run.end)


def _record(time_ms: int, message: str, tells: Callable[[str], JobEvent] | None = None) -> Record:
    text = (
        f"{logback(ZONE).one(time_ms)} INFO  [batch-1] c.a.ledger.batch.ChainRunner - {message}\n"
    )
    return Record(time_ms, Level.INFO, text, event=tells(text) if tells else None)


def _heartbeat(rng: Generator, n: int) -> list[str]:
    text = " DEBUG [watch-1] c.a.ledger.batch.Calendar - {} tasks waiting for their time\n"
    return [text.format(k) for k in numbers(rng, n, 3, 9)]


def _boot_line(stamp: str, message: str) -> str:
    return f"{stamp} INFO  [main] c.a.ledger.batch.ChainRunner - {message}\n"
