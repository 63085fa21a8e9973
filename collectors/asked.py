"""What a visit asks for: the measure of what is accepted back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from psbuddy.model.terms import PeriodKind


@dataclass(frozen=True, slots=True)
class JobPeriod:
    """How the business period of a job is told where its log does not say it."""

    kind: PeriodKind | None
    zone: str  # IANA, "" = UTC
    by_end: bool  # no start line: the end is all there is


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visit asked for: nothing else is accepted from the host."""

    host: str
    now: int  # our clock, epoch seconds
    logs: frozenset[tuple[str, str]]
    checks: frozenset[tuple[str, str]]
    #: Commits each log had seen when its positions were read: nothing can be counted twice.
    versions: Mapping[tuple[str, str], int] = field(default_factory=dict)
    jobs: Mapping[tuple[str, str], JobPeriod] = field(default_factory=dict)  # by (app, job)
