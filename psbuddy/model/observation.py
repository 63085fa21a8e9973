"""What one collection saw: the only way facts enter the store.

All times are integer UTC epoch seconds, a minute is the epoch second at which it starts.
Built by `collectors.reply` from a validated reply, committed by `psbuddy.store.write`.
"""

from dataclasses import dataclass, field

from psbuddy.model.terms import Level, Outcome, Stage, State


@dataclass(frozen=True, slots=True)
class Position:
    """Where reading of one file stopped, with the evidence that it is still the same file."""

    path: str
    device: int
    inode: int
    offset: int  # bytes; start of the first byte not yet counted
    size: int
    modified: int
    head_length: int  # bytes covered by head_hash, at most 1,024
    head_hash: str
    tail_hash: str  # of up to 256 bytes before offset
    carry: str = ""  # opaque to the workstation: parser memory as JSON, at most 4 KiB


@dataclass(frozen=True, slots=True)
class LevelCount:
    minute: int
    level: Level
    records: int


@dataclass(frozen=True, slots=True)
class TransactionCount:
    """Transactions of one minute. `buckets`: (index, count), see psbuddy.model.latency."""

    minute: int
    transactions: int
    failed: int
    total_ms: float
    max_ms: float
    buckets: tuple[tuple[int, int], ...]


#: The route that stands for all which are too many to be told apart.
OTHER_ROUTES = "other"


@dataclass(frozen=True, slots=True)
class RouteCount:
    """Transactions of one route in one hour. `hour`: the epoch second at which it starts."""

    hour: int
    route: str  # method and path, ids masked; OTHER_ROUTES for the rest
    transactions: int
    failed: int
    total_ms: float
    max_ms: float
    buckets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Example:
    time: int
    text: str  # plain text, at most 4 KiB, control characters kept out


@dataclass(frozen=True, slots=True)
class CauseCount:
    """Error or warning records of one fingerprint. `minutes`: (minute, records)."""

    fingerprint: str  # stable for ever: the same line gives the same one
    level: Level
    title: str
    template: str
    exception: str  # innermost exception type, "" without a trace
    frame: str  # first frame of the application, "" without a trace
    first_seen: int
    last_seen: int
    minutes: tuple[tuple[int, int], ...]
    examples: tuple[Example, ...]

    @property
    def records(self) -> int:
        return sum(count for _, count in self.minutes)


@dataclass(frozen=True, slots=True)
class JobEvent:
    """A line by which a job told of itself. `kind`: start, finish or fail."""

    job: str
    kind: str
    time: int
    period: str  # business period, "" when neither told nor derivable
    volume: int | None
    reason: str
    actor: str  # who started it, if the log says so
    text: str  # the line, at most 2 KiB


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """Something that changed the application: a deployment, a restart."""

    time: int
    kind: str  # "deployment" or the catalogue's word
    label: str  # "4.18.2"


@dataclass(frozen=True, slots=True)
class CheckEvent:
    """A line in a log by which a service told that it went up or down."""

    check: str
    state: State
    time: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of a log that could not be observed. Times may be equal when unknown."""

    from_time: int
    to_time: int
    reason: str
    bytes: int


@dataclass(frozen=True, slots=True)
class LogObservation:
    app: str
    log: str
    positions: tuple[Position, ...]  # of every file of this log: replaces the stored ones
    format: str
    bytes_read: int
    lines: int
    records: int
    unparsed_lines: int
    unparsed_bytes: int
    held_bytes: int  # at the end of the file, waiting for their record to be whole
    backlog_bytes: int  # still to read: visit again
    oversize_records: int  # cut at the size cap, counted all the same
    read_until: int  # the host's clock when the end of the log was seen, 0 if it was not
    levels: tuple[LevelCount, ...] = ()
    transactions: tuple[TransactionCount, ...] = ()
    routes: tuple[RouteCount, ...] = ()
    causes: tuple[CauseCount, ...] = ()
    jobs: tuple[JobEvent, ...] = ()
    changes: tuple[ChangeEvent, ...] = ()
    check_events: tuple[CheckEvent, ...] = ()
    gaps: tuple[Gap, ...] = ()
    problems: tuple[str, ...] = ()  # whole sentences: what, where, what to do
    base_version: int = -1  # Store.read_from's, of the positions this was read from; -1: not told


@dataclass(frozen=True, slots=True)
class CheckResult:
    app: str
    check: str
    state: State
    time: int
    detail: str
    milliseconds: float | None


@dataclass(frozen=True, slots=True)
class Disk:
    mount: str
    total_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class HostFacts:
    time: int
    clock_offset_s: float  # host clock minus ours
    boot_time: int  # 0 when unknown
    cpus: int
    load_1m: float | None
    memory_total: int
    memory_available: int
    disks: tuple[Disk, ...] = ()
    system: str = ""  # "Linux 6.1 x86_64, Python 3.11.2"


@dataclass(frozen=True, slots=True)
class HostCost:
    """What the visit cost the host."""

    cpu_seconds: float
    memory_bytes: int
    bytes_read: int


@dataclass(frozen=True, slots=True)
class Connection:
    """The connection that a visit used or made."""

    since: int  # epoch seconds; 0: none was let in
    logins: int = 0  # let in since the visit before: for this one, or for a person
    login_seconds: float | None = None  # until it was let in, where this visit made it
    start_seconds: float | None = None  # from the command to our program's first word
    notes: tuple[str, ...] = ()  # what was left out on the way, and why it was taken


@dataclass(frozen=True, slots=True)
class Observation:
    """One visit to one host, whole or failed. A failed one has no logs and no facts."""

    host: str
    started: int
    seconds: float
    stage: Stage
    outcome: Outcome  # ok or failed
    detail: str  # "" when ok; else a whole sentence: what, where, what to do
    bytes_sent: int = 0
    bytes_received: int = 0
    transport: str = ""  # "ssh", "local"
    program: str = ""  # sha256 of the host program that answered
    facts: HostFacts | None = None
    cost: HostCost | None = None
    logs: tuple[LogObservation, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    connection: Connection | None = None
    #: (app, catalogue interval in seconds) of every application that was visited here
    apps: tuple[tuple[str, int], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit changed: screens ask themselves whether it concerns them."""

    hosts: tuple[str, ...]
    apps: tuple[str, ...]
    kinds: tuple[str, ...]  # of: levels causes transactions runs changes checks hosts gaps
    since: int  # oldest fact touched, 0 when none
    until: int
