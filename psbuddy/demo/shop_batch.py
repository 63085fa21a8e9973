"""The jobs of the web shop: a search index every three hours, prices once a night."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zlib import crc32

import numpy as np

from psbuddy.demo.jobs import PlannedRun, at_local, days, wobble
from psbuddy.demo.records import Record
from psbuddy.demo.span import Span
from psbuddy.demo.stamps import spring
from psbuddy.model.terms import Level

ZONE = "Europe/London"
HOST = "shop-app-1"
INDEX, PRICES = "search-index", "price-import"
_EVERY = 3 * 3600


def planned_runs(span: Span) -> Iterator[PlannedRun]:
    """Every run from the beginning of history on."""
    for start in range(span.since // _EVERY * _EVERY + _EVERY + 600, span.until, _EVERY):
        rng = np.random.default_rng([span.seed, crc32(INDEX.encode()), start])
        articles = int((61_000 + 9_000 * _busy(start)) * wobble(rng, 0.05))
        minutes = (2.4 + articles / 9_800) * wobble(rng, 0.04)
        yield _run(INDEX, start, minutes, articles)
    for day in days(ZONE, span.since, span.until):
        rng = np.random.default_rng([span.seed, crc32(PRICES.encode()), day.toordinal()])
        prices = int(240_000 * wobble(rng, 0.18))
        minutes = 21 * wobble(rng, 0.06)  # waits for its partner, however much there is to do
        yield _run(PRICES, at_local(ZONE, day, 4, 40), minutes, prices, f"{day:%Y-%m-%d}")


def job_records(span: Span) -> tuple[Record, ...]:
    """What the jobs write to the log of the application, ascending."""
    told = [record for run in planned_runs(span) for record in _told(run)]
    return tuple(sorted(told, key=lambda record: record.time_ms))


def _busy(time: int) -> float:
    """Share 0..1 of the day's changes made by now: the index grows until midnight."""
    moment = datetime.fromtimestamp(time, UTC)
    return (moment.hour * 60 + moment.minute) / 1440


def _run(job: str, start: int, minutes: float, volume: int, period: str = "") -> PlannedRun:
    begin = start * 1000 + 1_300
    return PlannedRun(job, begin, begin + int(minutes * 60_000), period, volume, actor="timer")


def _told(run: PlannedRun) -> Iterator[Record]:
    period = f" for {run.period}" if run.period else ""
    start = _line(run.started_ms, f"{run.job} started{period} by=timer")
    end = _line(run.ended_ms, f"{run.job} finished articles={run.volume}")
    yield Record(run.started_ms, Level.INFO, start, event=run.start(start))
    yield Record(run.ended_ms, Level.INFO, end, event=run.end(end))


def _line(time_ms: int, message: str) -> str:
    head = f"{spring(ZONE).one(time_ms)}  INFO 4711 --- [   scheduling-1]"
    return f"{head} {'c.a.shop.batch.JobRunner':<40} : {message}\n"
