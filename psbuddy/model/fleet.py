"""What the fleet page shows of applications and hosts. This is painted first."""

from dataclasses import dataclass

from psbuddy.model.terms import State


@dataclass(frozen=True, slots=True)
class AppStatus:
    """One line of the fleet page, computed after each commit and kept in the store.

    `spark`: error records of the last 24 hours, oldest first, one value an hour,
    None where the hour was not observed.
    """

    app: str
    name: str
    owner: str
    runbook: str
    state: State
    since: int  # epoch seconds, 0 when unknown
    sentence: str  # the verdict sentence, plain text
    headline: str  # its first part, for one line
    errors_per_minute: float | None
    normal_per_minute: float | None
    spark: tuple[float | None, ...]
    worst_job: str
    worst_job_note: str
    availability: float | None  # share 0..1 of the observed time, last 24 hours
    coverage: float | None  # share 0..1 of the time that was observed, last 24 hours
    hosts_seen: int
    hosts_total: int
    last_collection: int  # epoch seconds of the newest good visit, 0 for never
    interval: int  # seconds between visits by the catalogue
    as_of: int  # epoch seconds at which this line was computed

    @property
    def known_availability(self) -> float | None:
        """`availability`; None while the application is out of sight, whatever it was before."""
        return None if self.state is State.UNKNOWN else self.availability


@dataclass(frozen=True, slots=True)
class HostLine:
    """One host as the status bar and the host page name it, as the last visit left it."""

    host: str
    state: State
    since: int
    reason: str
    last_good: int
    last_try: int
    transport: str
    interval: int = 60  # seconds between visits, of its most frequent application
    failures: int = 0  # visits since the last good one: 0, 1, or 2 for more
    failed_at: str = ""  # the stage at which the last visit failed
