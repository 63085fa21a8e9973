"""The keys of the catalogue: one class per section, one field per key.

`docs/catalogue.md` explains every key and the JSON Schema is made from these classes, so the
description of a field is what an editor shows. Values arrive as text (`tree`) and get their
type here.
"""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from psbuddy.catalogue import patterns
from psbuddy.catalogue import scalars as s
from psbuddy.model.terms import PeriodKind, Rerun

LOCAL = "local"

Pattern = Annotated[str, AfterValidator(patterns.pattern)]
JobPattern = Annotated[str, AfterValidator(patterns.job_pattern)]
LogPattern = Annotated[str, AfterValidator(patterns.log_pattern)]
ChangePattern = Annotated[str, AfterValidator(patterns.change_pattern)]

CHECK_KINDS = ("http", "process", "unit", "port", "command", "log")
_GOES_WITH = {
    "http": ("expect", "timeout"),
    "process": ("min",),
    "unit": (),
    "port": ("address", "timeout"),
    "command": ("expect", "timeout"),
    "log": ("up", "down"),
}
_TIMEOUTS = {"http": 5, "port": 3, "command": 10}


class Section(BaseModel):
    """Unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False)


class HostEntry(Section):
    """How a host is reached, where ssh_config does not already say it."""

    address: s.Host | None = Field(default=None, description="Name or address to connect to.")
    port: Annotated[s.Whole, Field(ge=1, le=65535)] | None = Field(
        default=None, description="SSH port."
    )
    user: s.User | None = Field(default=None, description="User to log in as.")
    identity_file: s.Path | None = Field(
        default=None, description="Private key file on this machine."
    )
    known_hosts: s.Path | None = Field(
        default=None, description="known_hosts file on this machine."
    )
    transport: Literal["ssh", "paramiko", "openssh", "local"] = Field(
        default="ssh",
        description="ssh: PS Buddy's SSH library, or the ssh program where that is needed. "
        "paramiko or openssh: only the library, only the program. local: this machine itself.",
    )


def _flag(value: Any) -> Any:
    return s.flag(value) if isinstance(value, str) else value


def _transactions(value: Any) -> Any:
    """`true` is "as the format tells", `false` is none."""
    if isinstance(value, str):
        return {} if s.flag(value) else None
    return value


class TransactionSpec(Section):
    """What counts as one transaction and how long it took. Empty: as the log's format tells."""

    duration: s.Line | None = Field(default=None, description="Field that holds the duration.")
    pattern: Pattern | None = Field(
        default=None, description="Lines that are one transaction; group duration, if it is told."
    )
    unit: Literal["s", "ms", "us", "ns"] | None = Field(
        default=None, description="Unit of the duration."
    )
    failed: Pattern | None = Field(default=None, description="Transactions that failed.")
    words: Annotated[bool, BeforeValidator(_flag)] = Field(
        default=True,
        description="Whether durations told in words count, as in took 35 ms; false: not at all.",
    )

    @model_validator(mode="after")
    def _one_way(self) -> "TransactionSpec":
        if self.duration and self.pattern:
            raise ValueError("names both duration and pattern; keep one")
        timed = self.duration or "duration" in patterns.groups(self.pattern or "")
        if self.unit and not timed:
            raise ValueError("has a unit but no duration: name a field, or (?P<duration>...)")
        return self


class LogSpec(Section):
    """A log on a host: a path or a glob."""

    path: s.Path = Field(description="Path or glob on the host; {host} stands for its alias.")
    hosts: s.Hosts = Field(default=(), description="Only on these hosts of the application.")
    timezone: s.Zone | None = Field(
        default=None,
        description="Zone of stamps without one; else the application's, else the host's.",
    )
    format: s.LogFormat | None = Field(
        default=None, description="A format by name; else it is recognised."
    )
    pattern: LogPattern | None = Field(
        default=None, description="Own format: groups time, message and, if there is one, level."
    )
    history: s.Duration = Field(
        default=2592000,
        le=10 * 366 * 86400,
        description="How far back rotated files are read at first.",
    )
    transactions: Annotated[
        TransactionSpec | None,
        BeforeValidator(_transactions),
    ] = Field(default=TransactionSpec(), description="How transactions count; false: not at all.")

    @model_validator(mode="after")
    def _one_format(self) -> "LogSpec":
        if self.format and self.pattern:
            raise ValueError("names both format and pattern; keep one")
        return self


class CheckSpec(Section):
    """A probe seen from the host: one of http, process, unit, port, command or log."""

    http: s.Url | None = Field(default=None, description="Address asked from the host.")
    process: s.Line | None = Field(default=None, description="Name of a process that must run.")
    unit: s.Unit | None = Field(default=None, description="systemd unit that must be active.")
    port: Annotated[s.Whole, Field(ge=1, le=65535)] | None = Field(
        default=None, description="TCP port that must accept a connection."
    )
    command: Annotated[tuple[s.Line, ...], Field(min_length=1, max_length=50)] | None = Field(
        default=None, description="Program and arguments, as a list; no shell."
    )
    log: str | None = Field(default=None, description="Log in which the service tells of itself.")
    expect: Annotated[s.Whole, Field(le=599)] | None = Field(
        default=None, description="HTTP status (200) or exit code (0) that means up."
    )
    min: Annotated[s.Whole, Field(ge=1, le=100_000)] = Field(
        default=1, description="Processes that must run."
    )
    address: s.Host = Field(
        default="127.0.0.1", description="Where the port is, seen from the host."
    )
    timeout: Annotated[s.Duration, Field(ge=1, le=60)] | None = Field(
        default=None, description="Longest wait, at most 60s."
    )
    up: Pattern | None = Field(default=None, description="Line by which the service says it is up.")
    down: Pattern | None = Field(
        default=None, description="Line by which the service says it is down."
    )
    hosts: s.Hosts = Field(default=(), description="Only on these hosts of the application.")

    @property
    def kind(self) -> str:
        return next(kind for kind in CHECK_KINDS if getattr(self, kind) is not None)

    @property
    def timeout_s(self) -> int:
        return self.timeout or _TIMEOUTS.get(self.kind, 5)

    @property
    def expected(self) -> int:
        """HTTP status or exit code that means up."""
        default = 200 if self.kind == "http" else 0
        return default if self.expect is None else self.expect

    @model_validator(mode="after")
    def _one_kind(self) -> "CheckSpec":
        kinds = [kind for kind in CHECK_KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            found = f"names {' and '.join(kinds)}" if kinds else "says not what to check"
            raise ValueError(f"{found}; name exactly one of {', '.join(CHECK_KINDS)}")
        allowed = {kinds[0], "hosts", *_GOES_WITH[kinds[0]]}
        for key in sorted(self.model_fields_set - allowed):
            raise ValueError(f"{key} does not go with {kinds[0]}; remove it")
        if self.command and not self.command[0].startswith("/"):
            raise ValueError('the program of command must be an absolute path, as in "/usr/bin/x"')
        if self.log is not None and (self.up is None or self.down is None):
            raise ValueError("a log check needs both up and down")
        return self


class Schedule(Section):
    """When a job is expected to start."""

    cron: s.Cron = Field(description="Minute, hour, day, month, weekday.")
    on: Literal["business-day", "last-business-day", "last-day"] | None = Field(
        default=None, description="Of the days cron names, only these."
    )
    timezone: s.Zone | None = Field(
        default=None,
        description="Zone of the schedule; else the application's, else the log's, else UTC.",
    )
    calendar: s.Country | None = Field(
        default=None,
        description="Whose public holidays are no business days: GB-ENG, DE-BY, or XNYS.",
    )


class JobSpec(Section):
    """A batch job, recognised by what it writes to a log."""

    log: str = Field(description="Log of this application in which the job tells of itself.")
    start: JobPattern | None = Field(default=None, description="Line by which it says it starts.")
    finish: JobPattern | None = Field(default=None, description="Line by which it says it is done.")
    fail: JobPattern | None = Field(default=None, description="Line by which it says it failed.")
    period: PeriodKind | None = Field(
        default=None, description="What one run is for: day, week, month."
    )
    schedule: Schedule | None = Field(default=None, description="When it is expected to start.")
    deadline: s.Clock | None = Field(
        default=None, description="Local time by which it must be done."
    )
    rerun: Rerun = Field(default=Rerun.ALWAYS, description="May a period be run again?")
    after: Annotated[tuple[str, ...], BeforeValidator(s.as_list)] = Field(
        default=(), description="Jobs that must be done before: job, or application/job."
    )

    @model_validator(mode="after")
    def _can_be_seen(self) -> "JobSpec":
        if self.start is None and self.finish is None:
            raise ValueError("needs start or finish, the line by which the job tells of itself")
        told = [patterns.groups(each) for each in (self.start, self.finish) if each]
        if self.rerun is not Rerun.ALWAYS and not self.period and not any(
            "period" in names for names in told
        ):  # fmt: skip
            raise ValueError(
                f"rerun: {self.rerun} needs to know what a run is for: give period, "
                "or the group (?P<period>...)"
            )
        return self


class ChangeSpec(Section):
    """A line by which a change tells of itself: a deployment, a restart."""

    log: str = Field(description="Log of this application in which it is told.")
    kind: s.Line = Field(default="deployment", description="Word shown on the time axis.")
    pattern: ChangePattern = Field(description="The line; group label is the version or name.")


class SloSpec(Section):
    """A service level objective."""

    good: s.SloExpression = Field(description="Share of good events, as in 1 - errors/transactions")
    target: Annotated[s.Number, Field(gt=0, lt=100)] = Field(description="Percent.")
    window: Annotated[s.Duration, Field(ge=3600, le=366 * 86400)] = Field(
        default=2592000, description="Stretch the target is for."
    )


class ApplicationEntry(Section):
    """An application as it is written."""

    name: s.Line | None = Field(default=None, description="Name on the screens; else the id.")
    owner: s.Line | None = Field(default=None, description="Team that answers for it.")
    runbook: s.Url | None = Field(default=None, description="Page that says what to do.")
    hosts: Annotated[s.Hosts, Field(min_length=1, max_length=2000)] = Field(
        description="ssh_config aliases, names below hosts, or local."
    )
    every: Annotated[s.Duration, Field(ge=10, le=86400)] = Field(
        default=60, description="Time between two visits, 10s to 1d."
    )
    timezone: s.Zone | None = Field(
        default=None, description="Zone of logs and schedules without one."
    )
    logs: Annotated[dict[s.Id, LogSpec], BeforeValidator(s.nothing_is_empty)] = Field(
        default={}, description="Logs by id."
    )
    checks: Annotated[dict[s.Id, CheckSpec], BeforeValidator(s.nothing_is_empty)] = Field(
        default={}, description="Uptime checks by id."
    )
    jobs: Annotated[dict[s.Id, JobSpec], BeforeValidator(s.nothing_is_empty)] = Field(
        default={}, description="Batch jobs by id."
    )
    changes: Annotated[dict[s.Id, ChangeSpec], BeforeValidator(s.nothing_is_empty)] = Field(
        default={}, description="Lines that tell of changes, by id."
    )
    slos: Annotated[dict[s.Id, SloSpec], BeforeValidator(s.nothing_is_empty)] = Field(
        default={}, description="Service level objectives by id."
    )


_YEAR, _DAY = 365 * 86400, 86400


class StoreSpec(Section):
    """How long the store keeps what, and in which form. Days are kept for ever."""

    seal_after: Annotated[s.Duration, Field(ge=_DAY, le=_YEAR)] = Field(
        default=3 * _DAY, description="Minutes older than this are sealed: a tenth of the size."
    )
    keep_minutes: Annotated[s.Duration, Field(ge=7 * _DAY)] = Field(
        default=5 * 366 * _DAY, description="Minutes older than this are dropped."
    )
    keep_hours: Annotated[s.Duration, Field(ge=92 * _DAY)] | None = Field(
        default=None, description="Hours older than this are dropped; else kept for ever."
    )

    @model_validator(mode="after")
    def _coarse_outlives_fine(self) -> "StoreSpec":
        if self.seal_after > self.keep_minutes:
            raise ValueError("keeps minutes for less time than it takes to seal them")
        if self.keep_hours is not None and self.keep_hours < self.keep_minutes:
            raise ValueError("keeps hours for less time than minutes; keep them at least as long")
        return self


class CatalogueFile(Section):
    """One file of the catalogue."""

    store: StoreSpec | None = Field(
        default=None, description="How long the store keeps what; in one file only."
    )

    hosts: Annotated[dict[s.Host, HostEntry], BeforeValidator(s.nothing_is_empty)] = Field(
        default={}, description="Hosts that ssh_config does not know, by alias."
    )
    applications: Annotated[dict[s.Id, ApplicationEntry], BeforeValidator(s.nothing_is_empty)] = (
        Field(default={}, description="Applications by id.")
    )


def json_schema() -> dict[str, Any]:
    """JSON Schema of one catalogue file, for editors and other programs."""
    schema = CatalogueFile.model_json_schema()
    properties = schema["$defs"]["LogSpec"]["properties"]
    properties["transactions"]["anyOf"].append({"type": "boolean"})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_without_null(schema),
        "title": "PS Buddy catalogue",
    }


def _without_null(schema: Any) -> Any:
    """A key that is not wanted is left out, never written with nothing behind it."""
    if isinstance(schema, list):
        return [_without_null(each) for each in schema if each != {"type": "null"}]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _without_null(value) for key, value in schema.items() if value is not None}
    if len(kept.get("anyOf", ())) == 1:
        kept |= kept.pop("anyOf")[0]
    return kept
