"""A real store with thirty days of a web shop and a ledger, for tests of what reports say."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from psbuddy.model.application import AppDef
from psbuddy.model.observation import (
    CauseCount,
    ChangeEvent,
    CheckResult,
    Example,
    JobEvent,
    LevelCount,
    Observation,
    RouteCount,
    TransactionCount,
)
from psbuddy.model.runs import JobDef
from psbuddy.model.terms import Level, PeriodKind, Rerun, State
from psbuddy.store import open_store
from psbuddy.store.store import Store
from tests.support.visits import log, visit

LONDON = "Europe/London"
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(LONDON)).timestamp())


NOW = at("2026-12-01 10:20")
SINCE = at("2026-11-01 00:00")
WORSE = at("2026-12-01 09:51")
DEPLOYED = at("2026-12-01 09:47")
HOSTS = ("shop-app-1", "shop-app-2")
NIGHTLY = JobDef(
    "ledger", "nightly-post", "batch", PeriodKind.DAY, Rerun.AFTER_FAILURE, LONDON, "0 1 * * *",
    deadline="03:00",
)  # fmt: skip
CLOSE = JobDef(
    "ledger", "month-close", "batch", PeriodKind.MONTH, Rerun.NEVER, LONDON, "0 22 * * *",
    "last-business-day", deadline="03:00",
)  # fmt: skip
SHOP = AppDef(
    "shop", "Web shop", "shop-team", "https://wiki.example/shop", HOSTS, 60, ("app",), ("web",)
)
LEDGER = AppDef(
    "ledger",
    "General Ledger",
    "finance-apps",
    "",
    ("led-app-1",),
    60,
    ("batch",),
    (),
    (NIGHTLY, CLOSE),
)
NEW = "SocketTimeout in PaymentClient.charge"
OLD = "NullPointer in CartMapper.total"


def build(folder: Path, *, incident: bool = True, twice: bool = True) -> Store:
    """The store, open for writing; the caller closes it."""
    store = open_store(f"sqlite:///{folder / 'fleet.db'}")
    store.write_catalogue((SHOP, LEDGER), SINCE)
    rng = np.random.default_rng(3)
    store.commit([_shop_visit(host, rng, incident) for host in HOSTS], NOW)
    store.commit([_ledger_visit(twice)], NOW)
    return store


def _shop_visit(host: str, rng: np.random.Generator, incident: bool) -> Observation:
    minutes = np.arange(SINCE, NOW, 10 * MINUTE)
    errors = rng.poisson(1.0, len(minutes))
    levels = [LevelCount(int(m), Level.INFO, 200) for m in minutes]
    levels += [
        LevelCount(int(m), Level.ERROR, int(n)) for m, n in zip(minutes, errors, strict=True) if n
    ]
    old = [(int(m), int(n)) for m, n in zip(minutes, errors, strict=True) if n]
    causes = [cause("a" * 40, OLD, old)]
    changes: tuple[ChangeEvent, ...] = ()
    if incident:
        changes = (ChangeEvent(DEPLOYED, "deployment", "4.18.2"),)
    if incident and host == HOSTS[1]:
        bad = [(m, 2) for m in range(WORSE, NOW - MINUTE, MINUTE)]
        levels += [LevelCount(m, Level.ERROR, n) for m, n in bad if (m - SINCE) % 600]
        levels += [LevelCount(m, Level.CRITICAL, n) for m, n in bad if not (m - SINCE) % 600]
        causes.append(cause("b" * 40, NEW, bad))
    buckets = ((50, 90), (60, 10))
    transactions = tuple(
        TransactionCount(int(m), 100, 1, 12_000.0, 400.0, buckets) for m in minutes
    )
    read = log("shop", "app", read_until=NOW, levels=tuple(levels), causes=tuple(causes),
               transactions=transactions, routes=_routes(), changes=changes)  # fmt: skip
    return visit(read, host=host, at=NOW - 5, apps=(("shop", 60),),
                 checks=(CheckResult("shop", "web", State.UP, NOW - 5, "200", 12.0),))  # fmt: skip


def _routes() -> tuple[RouteCount, ...]:
    """Six hundred an hour: one route fails, one is slow, most are neither."""
    fast, slow = ((50, 495), (60, 5)), ((80, 38), (88, 2))
    return tuple(
        count
        for hour in range(SINCE // HOUR * HOUR, NOW, HOUR)
        for count in (
            RouteCount(hour, "GET /cart", 500, 0, 60_000.0, 300.0, fast),
            RouteCount(hour, "GET /report/{id}", 40, 0, 90_000.0, 4_500.0, slow),
            RouteCount(hour, "POST /pay", 50, 6, 6_000.0, 400.0, ((50, 50),)),
            RouteCount(hour, "other", 10, 0, 1_200.0, 200.0, ((50, 10),)),
        )
    )


def cause(fingerprint: str, title: str, minutes: Sequence[tuple[int, int]]) -> CauseCount:
    first, last = minutes[0][0], minutes[-1][0]
    example = Example(last, f"{title} <b>&amp;</b>\n\tat x.y(Z)")
    exception = title.partition(" ")[0]
    return CauseCount(
        fingerprint, Level.ERROR, title, f"{title}: <*>", exception, "", first, last,
        tuple(minutes), (example,),
    )  # fmt: skip


def _ledger_visit(twice: bool) -> Observation:
    events: list[JobEvent] = []
    rng = np.random.default_rng(4)
    for day in range(31):
        start = at("2026-11-01 01:00") + day * DAY + 40
        volume = int(rng.integers(30_000, 60_000))
        events += _run("nightly-post", start, round(volume / 20), volume)
    first = at("2026-11-30 22:04")
    events += _run("month-close", first, 2_460, 48_211, "2026-11")
    if twice:
        events += _run("month-close", at("2026-11-30 23:31"), 2_500, 48_211, "2026-11", "ops-jane")
    minutes = tuple(LevelCount(m, Level.INFO, 5) for m in range(SINCE, NOW, HOUR))
    read = log("ledger", "batch", read_until=NOW, levels=minutes, jobs=tuple(events))
    return visit(read, host="led-app-1", at=NOW - 5, apps=(("ledger", 60),))


def _run(
    job: str, start: int, seconds: int, volume: int, period: str = "", actor: str = ""
) -> list[JobEvent]:
    return [
        JobEvent(job, "start", start, period, None, "", actor, "started"),
        JobEvent(job, "finish", start + seconds, period, volume, "", "", "finished"),
    ]
