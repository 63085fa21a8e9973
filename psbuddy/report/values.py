"""Everything an application's dashboard shows, as frozen values."""

from dataclasses import dataclass, field

from psbuddy.model.application import AppDef
from psbuddy.model.runs import Relation, RunHistory
from psbuddy.model.series import (
    Band,
    CauseRow,
    CauseSeries,
    ChangeMark,
    Interval,
    LevelSeries,
    RouteRow,
    Strip,
    Times,
    TransactionSeries,
    Values,
)
from psbuddy.model.status import AppStatus, FoundExample, LogGap


@dataclass(frozen=True, slots=True)
class CauseLine:
    """One row of the table of causes. `spark`: records per part of the range, oldest first."""

    row: CauseRow
    spark: Values  # (at most 24,), NaN where not observed
    is_new: bool  # born within the range, and younger than a week
    examples: tuple[FoundExample, ...] = ()  # newest first


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job: its runs (each with its verdict and band) and the words for it."""

    history: RunHistory  # every run has its verdict; `band` has one value per run
    sentence: str  # "41 min, usually 38 to 47 min." or what is wrong with the last run
    expected: str = ""  # while running: "finishes at 02:41, 90 % by 03:05, deadline 03:00: 78 %"


@dataclass(frozen=True, slots=True)
class CheckStrip:
    """One check on one host."""

    check: str
    strip: Strip  # strip.host: where it was seen from


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A range of one application. All times epoch seconds; [since, until)."""

    app: AppDef
    status: AppStatus
    since: int
    until: int
    now: int
    step: int  # seconds per bucket of every series
    levels: LevelSeries
    errors: Values  # (n,) error records per bucket, NaN where not observed
    normal: Band  # (n,) expected error records per bucket
    causes: CauseSeries  # leading 7 and other
    cause_lines: tuple[CauseLine, ...]  # new, back and rising ones first, then most records
    transactions: TransactionSeries
    strips: tuple[Strip, ...]  # one per host
    checks: tuple[CheckStrip, ...]
    jobs: tuple[JobLine, ...]
    relations: tuple[Relation, ...]  # one per job with volumes or transactions meanwhile
    changes: tuple[ChangeMark, ...]  # deployments, births of causes, notes; oldest first
    gaps: tuple[LogGap, ...]
    observed: tuple[Interval, ...]  # state UP: observed; the rest of the range is not
    coverage: float | None  # share 0..1 of the range that was observed
    last_collection: int  # 0 for never
    problems: tuple[str, ...] = field(default=())  # whole sentences about what cannot be read
    routes: tuple[RouteRow, ...] = ()  # of the whole hours that touch the range, worst first
    routes_named: bool = False  # whether a log has ever named a route

    @property
    def times(self) -> Times:
        return self.levels.times


#: Few of them, on purpose: from a day and a half on a step is whole hours, beyond seven weeks
#: whole days, because the store keeps these sums and must not read thousands of minutes.
STEPS: tuple[int, ...] = (60, 300, 3_600, 10_800, 86_400)
_BUCKETS = 400


def step_for(since: int, until: int) -> int:
    """Seconds per bucket so that a chart gets at most about 400 of them."""
    width = max(1, until - since)
    return next((step for step in STEPS if width / step <= _BUCKETS), 7 * 86_400)
