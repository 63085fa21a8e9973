"""What the verdict on an application is made of. Plain values, gathered by `report.status`."""

from dataclasses import dataclass, field

from psbuddy.insight.baseline import Episode
from psbuddy.insight.durations import FinishForecast
from psbuddy.insight.ledger import Due
from psbuddy.insight.onset import Rise
from psbuddy.model.application import AppDef
from psbuddy.model.runs import JobDef, Run
from psbuddy.model.series import CauseRow
from psbuddy.model.terms import State, Verdict


@dataclass(frozen=True, slots=True)
class HostFact:
    host: str
    state: State  # UP, or UNKNOWN when it cannot be seen
    since: int
    reason: str = ""
    missed: int = 0  # last contact, where the one visit since then failed and it counts as UP


@dataclass(frozen=True, slots=True)
class LogFact:
    """How far one log has been read on one host."""

    log: str
    host: str
    read_until: int  # 0: its end was never seen
    problem: str = ""  # why it cannot be read, a sentence
    backlog_bytes: int = 0  # still to be read


@dataclass(frozen=True, slots=True)
class CheckFact:
    check: str
    host: str
    state: State
    since: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LeadingCause:
    """The cause that makes up most of an episode or a rise."""

    title: str
    share: float  # 0..1 of the episode's errors
    is_new: bool  # born shortly before or within the episode
    born: int
    only_on: str = ""  # the one host of several that has it
    deployment: str = ""  # label of the deployment shortly before its birth
    deployed: int = 0
    cause: str = ""  # its fingerprint
    state: str = ""  # see `CauseRow`
    life: str = ""  # what that means, in words


@dataclass(frozen=True, slots=True)
class ErrorFact:
    per_minute: float | None  # now; None when not observed or not told
    normal_per_minute: float | None  # None while no normal is known
    hours_observed: float  # in the weeks that a normal is learnt from
    episode: Episode | None = None
    lead: LeadingCause | None = None
    newborn: tuple[tuple[str, int], ...] = ()  # (title, records) of causes born in 24 h
    lively: tuple[CauseRow, ...] = ()  # causes of 24 h that came back or rise, most records first
    muted: int = 0  # records of 24 h that are in none of the rates
    untold: bool = False  # no record carries a level: nothing can be known of errors
    rise: Rise | None = None  # only while no normal is known for this hour


@dataclass(frozen=True, slots=True)
class JobFact:
    """One job as of now: its last run and what it deserves to be told."""

    job: JobDef
    last: Run | None = None
    verdict: Verdict = Verdict.NORMAL
    low: float = float("nan")  # expected seconds of the last run
    middle: float = float("nan")
    high: float = float("nan")
    late_by: int = 0  # seconds after the due time that the last run started
    deadline: int | None = None  # of the last or the due run
    forecast: FinishForecast | None = None  # while running
    missed: Due | None = None
    twice: tuple[Run, Run] | None = None  # (second, the earlier one that forbids it), newest


@dataclass(frozen=True, slots=True)
class AppFacts:
    app: AppDef
    now: int
    last_collection: int  # newest good visit, 0 for never
    coverage: float | None  # share 0..1 of the last 24 h that was observed
    errors: ErrorFact
    hosts: tuple[HostFact, ...] = ()
    logs: tuple[LogFact, ...] = ()
    checks: tuple[CheckFact, ...] = ()
    jobs: tuple[JobFact, ...] = ()
    last_failure: str = ""  # why the last visit failed, a sentence
    zone: str = field(default="")  # in which clocks are read, "" = the workstation's
