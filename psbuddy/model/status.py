"""What the store says of applications, hosts, logs and visits; screens and reports show it.

The two values of the first paint stand alone in `psbuddy.model.fleet`.
"""

from dataclasses import dataclass

from psbuddy.model.fleet import AppStatus, HostLine

__all__ = [
    "AppStatus",
    "FoundExample",
    "HostLine",
    "LogGap",
    "LogState",
    "Visit",
    "VisitDay",
]


@dataclass(frozen=True, slots=True)
class LogState:
    """How well one log on one host is read. Counts are totals since the first visit."""

    app: str
    host: str
    log: str
    format: str
    lines: int
    records: int
    unparsed_lines: int
    unparsed_bytes: int
    oversize_records: int
    held_bytes: int  # at the end of the file, waiting for their record to be whole
    backlog_bytes: int  # still to read
    first_observed: int  # epoch seconds, 0 when never
    read_until: int  # the host's clock when the end was last seen, 0 when never
    read_at: int  # epoch seconds of the visit that last read it
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One collection as the host page lists it."""

    host: str
    started: int
    seconds: float
    stage: str
    outcome: str
    detail: str
    bytes_read: int
    bytes_sent: int
    bytes_received: int
    cpu_seconds: float | None
    memory_bytes: int | None
    transport: str
    program: str
    connected: int = 0  # when its connection began, epoch seconds; 0 when not known
    logins: int = 0  # let in since the visit before
    login_seconds: float | None = None
    start_seconds: float | None = None  # the account's shell and our program


@dataclass(frozen=True, slots=True)
class VisitDay:
    """What we did on a host on one day."""

    day: str  # 2026-11-24, as this machine reads a clock
    visits: int
    failed: int
    logins: int
    bytes_read: int
    bytes_received: int
    cpu_seconds: float
    memory_bytes: int | None  # the most
    start_seconds: float | None  # the mean


@dataclass(frozen=True, slots=True)
class LogGap:
    """A stretch of a log that was lost to us."""

    host: str
    log: str
    from_time: int
    to_time: int
    reason: str
    bytes: int


@dataclass(frozen=True, slots=True)
class FoundExample:
    """A record of a cause, and where it was found."""

    time: int
    text: str
    host: str
    log: str
