"""One thing the doctor looked at."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    FINE = "fine"
    NOTE = "note"  # works, but somebody may miss something
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    health: Health
    found: str
    todo: str = ""  # "" when nothing has to be done


def fine(what: str, found: str) -> Finding:
    return Finding(what, Health.FINE, found)


def note(what: str, found: str, todo: str) -> Finding:
    return Finding(what, Health.NOTE, found, todo)


def wrong(what: str, found: str, todo: str) -> Finding:
    return Finding(what, Health.WRONG, found, todo)
