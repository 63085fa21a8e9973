"""Log lines of many families with what must be understood of them: `families/*.txt`.

    == name of a family
    E 10:00:02|head of the line ¦message
    + a line that goes on with the record

The letter is the level (- none, T D I W E C), then the time of day in UTC on 24 November 2026
(`-`: the line has none), then the line as it is written. `¦` is not part of it: the message
begins there; without one, where it begins does not matter. ` ⇒ text`: the message of a JSON line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

LEVELS = {
    "-": "none", "T": "trace", "D": "debug", "V": "debug", "I": "info", "N": "info",
    "W": "warning", "E": "error", "C": "critical", "F": "critical",
}  # fmt: skip
DAY = "2026-11-24T"


@dataclass(slots=True)
class Line:
    """A record: its first line, what is understood of it, the lines that go on."""

    family: str
    text: str
    time: int | None
    level: str
    message: str | None
    more: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        return [self.text, *self.more]


def load() -> list[Line]:
    """All records, in the order of their files."""
    return [line for file in sorted(_folder().glob("*.txt")) for line in _records(file)]


def _folder() -> Path:
    return Path(__file__).with_name("families")


def _records(file: Path) -> Iterator[Line]:
    family, record = "", None
    for row in file.read_text(encoding="utf-8").splitlines():
        if row.startswith("== "):
            family = row[3:]
        elif row.startswith("+ ") and record is not None:
            record.more.append(row[2:])
        else:
            if record is not None:
                yield record
            record = _record(family, row)
    if record is not None:
        yield record


def _record(family: str, row: str) -> Line:
    head, _, text = row.partition("|")
    level, _, clock = head.partition(" ")
    text, _, said = text.partition(" ⇒ ")
    before, mark, message = text.partition("¦")
    moment = None if clock == "-" else datetime.fromisoformat(DAY + clock).replace(tzinfo=UTC)
    return Line(
        family,
        before + message,
        None if moment is None else int(moment.timestamp()),
        LEVELS[level],
        (said or message) if said or mark else None,
    )
