"""Jobs, their runs, and what is expected of them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from psbuddy.model.series import Band
from psbuddy.model.terms import Outcome, PeriodKind, Rerun, Verdict


@dataclass(frozen=True, slots=True)
class JobDef:
    """What the catalogue says of a job; kept in the store too, for work without it."""

    app: str
    job: str
    log: str
    period: PeriodKind | None = None
    rerun: Rerun = Rerun.ALWAYS
    timezone: str = ""  # IANA, "" = UTC
    cron: str = ""
    on: str = ""  # "", business-day, last-business-day, last-day
    calendar: str = ""
    deadline: str = ""  # "HH:MM" local, on or after the expected start
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a job."""

    run_id: int
    app: str
    job: str
    host: str
    period: str
    started: int  # 0 when the start was not seen
    ended: int  # 0 while running or when the end was not seen
    outcome: Outcome
    volume: int | None
    verdict: Verdict
    reason: str
    actor: str

    @property
    def seconds(self) -> int | None:
        return self.ended - self.started if self.started and self.ended else None


@dataclass(frozen=True, slots=True)
class RunHistory:
    """Runs of one job, ordered by start. `start`, `seconds`, `volume`: (n,), NaN = unknown."""

    job: JobDef
    runs: tuple[Run, ...]
    start: NDArray[np.int64]
    seconds: NDArray[np.float64]
    volume: NDArray[np.float64]
    band: Band | None = None  # one value per run, from the runs that ended before it started


@dataclass(frozen=True, slots=True)
class Relation:
    """Run time against volume. `usable` False: say "no usable relation" and why.

    `measure`: what `volume` counts, "records" told by the job itself, or "transactions" of the
    application during each run where the job tells of none.
    """

    job: str
    volume: NDArray[np.float64]  # (n,)
    seconds: NDArray[np.float64]  # (n,)
    usable: bool
    sentence: str  # "10 % more records = 11 % longer" or "No usable relation: ..."
    slope: float = 0.0  # seconds per unit of volume
    intercept: float = 0.0
    measure: Literal["records", "transactions"] = "records"
