"""Facts to judge: one builder per value, each with a quiet default."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from psbuddy.insight.baseline import Episode
from psbuddy.insight.facts import AppFacts, ErrorFact, JobFact
from psbuddy.model.application import AppDef
from psbuddy.model.runs import JobDef, Run, RunHistory
from psbuddy.model.series import Band
from psbuddy.model.terms import Outcome, PeriodKind, Rerun, Verdict

LONDON = "Europe/London"


def at(text: str, zone: str = LONDON) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


NOW = at("2026-11-24 10:20")
APP = AppDef("shop", "Web shop", "shop-team", "", ("shop-app-1", "shop-app-2"), 60, ("app",))
CLOSE = JobDef(
    "ledger", "month-close", "batch", PeriodKind.MONTH, Rerun.NEVER, LONDON, "0 22 * * *",
    "last-business-day", "GB", "03:00",
)  # fmt: skip
IMPORT = JobDef(
    "orders", "import-orders", "batch", PeriodKind.DAY, Rerun.ALWAYS, LONDON, "0 10 * * *"
)
QUIET = ErrorFact(0.4, 0.4, 300.0)


def facts(**changes: Any) -> AppFacts:
    base = AppFacts(APP, NOW, NOW - 30, 1.0, QUIET, zone=LONDON)
    return replace(base, **changes)


def episode(**changes: Any) -> Episode:
    base = Episode(at("2026-11-24 09:51"), NOW, 3.2, 520, 18.0, 5.6, ongoing=True)
    return replace(base, **changes)


def run(run_id: int = 1, **changes: Any) -> Run:
    base = Run(
        run_id, "ledger", "month-close", "led-app-1", "2026-11", at("2026-11-23 22:04"),
        at("2026-11-23 22:45"), Outcome.OK, 48_211, Verdict.UNKNOWN, "", "",
    )  # fmt: skip
    return replace(base, **changes)


def job(**changes: Any) -> JobFact:
    base = JobFact(CLOSE, run(), low=2280.0, middle=2460.0, high=2820.0)
    return replace(base, **changes)


def history(definition: JobDef, runs: tuple[Run, ...], band: Band | None = None) -> RunHistory:
    seconds = np.array([np.nan if r.seconds is None else r.seconds for r in runs], dtype=float)
    volume = np.array([np.nan if r.volume is None else r.volume for r in runs], dtype=float)
    start = np.array([r.started for r in runs], dtype=np.int64)
    return RunHistory(definition, runs, start, seconds, volume, band)
