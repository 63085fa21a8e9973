"""Series for charts: numpy arrays of one length, gaps told apart from zeros."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from psbuddy.model.terms import Level, State

Times = NDArray[np.int64]  # epoch seconds, bucket starts
Values = NDArray[np.float64]  # NaN: not observed


@dataclass(frozen=True, slots=True)
class LevelSeries:
    """Records per bucket and level. `times`: (n,); every array of `counts`: (n,)."""

    step: int  # seconds per bucket
    times: Times
    counts: dict[Level, Values]
    observed: Values  # share 0..1 of each bucket that was observed


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One cause over one range."""

    cause: str  # fingerprint
    level: Level
    title: str
    template: str
    exception: str
    frame: str
    first_seen: int
    last_seen: int
    records: int  # within the range
    state: str  # new, ongoing, rising, regressed, known, muted, resolved
    hosts: tuple[str, ...] = ()
    aliases: int = 0  # further fingerprints that count as this cause
    note: str = ""  # a person's reference for a known error
    mark: str = ""  # what a person said of it: known, muted, resolved, whatever the state
    until: int = 0  # when a mark ends, 0 = open
    marked_at: int = 0
    rising_since: int = 0
    back_at: int = 0  # when a regressed one was seen again
    away: int = 0  # seconds that nothing was seen of it before that, 0 when not known


@dataclass(frozen=True, slots=True)
class CauseSeries:
    """Records per bucket of the leading causes; `other` is all the rest. Arrays: (n,)."""

    step: int
    times: Times
    rows: tuple[CauseRow, ...]  # most records first
    counts: tuple[Values, ...]  # same order as rows
    other: Values


@dataclass(frozen=True, slots=True)
class TransactionSeries:
    """Transactions per bucket. Arrays: (n,); latencies in milliseconds, NaN where none."""

    step: int
    times: Times
    count: Values
    failed: Values
    p50_ms: Values
    p95_ms: Values
    p99_ms: Values
    max_ms: Values


@dataclass(frozen=True, slots=True)
class RouteRow:
    """Transactions of one route over a range of whole hours; times None where none was told."""

    route: str  # method and path, ids masked; "other": all that were too many to be told apart
    transactions: int
    failed: int
    total_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    max_ms: float | None

    @property
    def failed_share(self) -> float:
        return self.failed / self.transactions if self.transactions else 0.0


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of one state: [start, end)."""

    start: int
    end: int
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """Uptime of one host over a range, without holes: what is not known is UNKNOWN."""

    host: str
    intervals: tuple[Interval, ...]
    availability: float | None  # up / (up + down), None when nothing was observed
    observed: float  # share 0..1 of the range


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """Something to mark on the time axis: a deployment, the birth of a cause, a note."""

    time: int
    kind: str  # deployment, new cause, note, restart
    label: str


@dataclass(frozen=True, slots=True)
class Band:
    """Expected band. Arrays of one length, NaN where there is no expectation yet."""

    low: Values
    middle: Values
    high: Values
    basis: int  # how many observations it rests on
