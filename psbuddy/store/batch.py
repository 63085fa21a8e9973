"""What the rooms of the write path share while one commit runs."""

from dataclasses import dataclass, field

from psbuddy.model.observation import Committed, LogObservation
from psbuddy.store.names import Names, SourceRow
from psbuddy.store.sql import Cursor


@dataclass(frozen=True, slots=True)
class Reading:
    """One log observation with the source it belongs to, as it was before this commit."""

    host: str
    started: int
    log: LogObservation
    source: SourceRow


@dataclass(slots=True)
class Touched:
    """What a commit changed, collected on the way."""

    hosts: set[str] = field(default_factory=set)
    apps: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    since: int = 0
    until: int = 0

    def fact(self, app: str, kind: str, since: int, until: int) -> None:
        """An application's facts of one kind changed within [since, until]."""
        self.apps.add(app)
        self.kinds.add(kind)
        self.since = min(self.since or since, since)
        self.until = max(self.until, until)

    def committed(self) -> Committed:
        return Committed(
            hosts=tuple(sorted(self.hosts)),
            apps=tuple(sorted(self.apps)),
            kinds=tuple(sorted(self.kinds)),
            since=self.since,
            until=self.until,
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """One commit: the cursor of its transaction, the ids, what it read, when."""

    cursor: Cursor
    names: Names
    readings: tuple[Reading, ...]
    now: int
    touched: Touched = field(default_factory=Touched)
