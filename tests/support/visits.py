"""Visits built by hand, for tests of the store: every field has a quiet default."""

from typing import Any

from psbuddy.model.observation import (
    CauseCount,
    Example,
    JobEvent,
    LevelCount,
    LogObservation,
    Observation,
    Position,
    RouteCount,
    TransactionCount,
)
from psbuddy.model.terms import Level, Outcome, Stage

#: 2026-11-24 12:00:00 UTC
NOON = 1_795_521_600


def position(offset: int = 0, **values: Any) -> Position:
    given = {
        "path": "/var/log/app.log",
        "device": 1,
        "inode": 2,
        "offset": offset,
        "size": offset,
        "modified": NOON,
        "head_length": 16,
        "head_hash": "aa",
        "tail_hash": "bb",
    }
    return Position(**(given | values))


def log(app: str = "shop", name: str = "app", **values: Any) -> LogObservation:
    given: dict[str, Any] = {
        "positions": (position(),),
        "format": "logback",
        "bytes_read": 0,
        "lines": 0,
        "records": 0,
        "unparsed_lines": 0,
        "unparsed_bytes": 0,
        "held_bytes": 0,
        "backlog_bytes": 0,
        "oversize_records": 0,
        "read_until": NOON,
    }
    return LogObservation(app=app, log=name, **(given | values))


def visit(*logs: LogObservation, host: str = "h1", at: int = NOON, **values: Any) -> Observation:
    given: dict[str, Any] = {
        "seconds": 0.5,
        "stage": Stage.DONE,
        "outcome": Outcome.OK,
        "detail": "",
        "transport": "ssh",
        "apps": (("shop", 60),),
    }
    return Observation(host=host, started=at, logs=logs, **(given | values))


def failed(host: str = "h1", at: int = NOON, detail: str = "No answer.") -> Observation:
    return visit(host=host, at=at, stage=Stage.TCP, outcome=Outcome.FAILED, detail=detail)


def levels(*counts: tuple[int, Level, int]) -> tuple[LevelCount, ...]:
    return tuple(LevelCount(minute, level, records) for minute, level, records in counts)


def transactions(
    minute: int, buckets: dict[int, int], failed: int = 0, max_ms: float = 1.0
) -> TransactionCount:
    return TransactionCount(
        minute, sum(buckets.values()), failed, 10.0, max_ms, tuple(buckets.items())
    )


def routed(
    hour: int, route: str, buckets: dict[int, int], failed: int = 0, max_ms: float = 1.0
) -> RouteCount:
    count = sum(buckets.values())
    return RouteCount(hour, route, count, failed, 10.0 * count, max_ms, tuple(buckets.items()))


def cause(
    fingerprint: str = "f1",
    minutes: tuple[tuple[int, int], ...] = ((NOON, 1),),
    level: Level = Level.ERROR,
    examples: tuple[Example, ...] = (),
    **values: Any,
) -> CauseCount:
    given: dict[str, Any] = {
        "title": f"title {fingerprint}",
        "template": f"template {fingerprint}",
        "exception": "java.io.IOException",
        "frame": "shop.Pay.charge",
        "first_seen": min(m for m, _ in minutes),
        "last_seen": max(m for m, _ in minutes),
    }
    return CauseCount(
        fingerprint=fingerprint, level=level, minutes=minutes, examples=examples, **(given | values)
    )


def event(kind: str, time: int, job: str = "close", **values: Any) -> JobEvent:
    given: dict[str, Any] = {
        "period": "",
        "volume": None,
        "reason": "",
        "actor": "",
        "text": f"{job} {kind}",
    }
    return JobEvent(job=job, kind=kind, time=time, **(given | values))
