"""The field's own terms, as closed sets. See docs/glossary.md for what each word means."""

from enum import StrEnum


class Level(StrEnum):
    """Normalised level of a record. `NONE`: the record carries no level (never guessed)."""

    NONE = "none"
    TRACE = "trace"
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


#: Index in this tuple is the number on the wire and in the store. Append only.
LEVELS: tuple[Level, ...] = (
    Level.NONE,
    Level.TRACE,
    Level.DEBUG,
    Level.INFO,
    Level.WARNING,
    Level.ERROR,
    Level.CRITICAL,
)

#: Levels that count as errors on every screen.
ERROR_LEVELS: tuple[Level, ...] = (Level.ERROR, Level.CRITICAL)


class State(StrEnum):
    """State of an application, host or check. Unknown is never shown as healthy."""

    UP = "up"
    WATCH = "watch"
    DOWN = "down"
    UNKNOWN = "unknown"
    PAUSED = "paused"


#: Most urgent first: the order of the fleet page.
URGENCY: tuple[State, ...] = (State.DOWN, State.WATCH, State.UNKNOWN, State.UP, State.PAUSED)


class Outcome(StrEnum):
    """Outcome of a run or of a collection."""

    OK = "ok"
    FAILED = "failed"
    ABORTED = "aborted"
    RUNNING = "running"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What a run deserves to be told about, most serious first. `NORMAL` is the quiet one."""

    TWICE = "twice"  # second start of a business period whose rerun policy forbids it
    FAILED = "failed"
    MISSED_DEADLINE = "missed deadline"
    OVERRUN = "overrun"  # longer than the expected band
    LATE = "late"  # started after the expected start
    SHORT = "short"  # below the expected band: empty input?
    NORMAL = "normal"
    UNKNOWN = "unknown"


class Rerun(StrEnum):
    """Rerun policy of a job for one business period."""

    NEVER = "never"
    AFTER_FAILURE = "after-failure"
    ALWAYS = "always"


class PeriodKind(StrEnum):
    """What one run of a job is for."""

    DAY = "day"  # 2026-11-24
    WEEK = "week"  # 2026-W48
    MONTH = "month"  # 2026-11


class Stage(StrEnum):
    """How far a collection came. Failures are told apart by this, not by exception texts."""

    RESOLVE = "resolve"
    TCP = "tcp"
    BANNER = "banner"
    KEX = "kex"
    HOST_KEY = "host key"
    AUTH = "auth"
    CHANNEL = "channel"
    FIRST_FRAME = "first frame"
    LAST_FRAME = "last frame"
    DONE = "done"
