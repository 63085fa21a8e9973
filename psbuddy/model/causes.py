"""What is done with causes: what learning found to be the same, and what a person decided."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class LearnedGroup:
    """Fingerprints of one application that mean the same."""

    members: tuple[str, ...]
    title: str  # "" = that of the surviving cause
    template: str  # of all of them, variable parts <*>
    why: str  # the evidence, in words


class Deed(StrEnum):
    """What a person can do with causes. It wins over what is learned, for ever."""

    MERGE = "merge"  # the others become part of the first
    SPLIT = "split"  # each named fingerprint becomes a cause of its own
    RENAME = "rename"  # `text` is the title, "" = the one it had
    MUTE = "mute"  # counted and shown, but never an alarm
    KNOWN = "known"  # `text` is the reference, `until` when it should be gone
    RESOLVE = "resolve"  # seen again, it is regressed
    UNMARK = "unmark"  # neither muted nor known nor resolved


@dataclass(frozen=True, slots=True)
class Decision:
    """One deed. `causes`: fingerprints of `app`, or unique beginnings of them."""

    app: str
    deed: Deed
    causes: tuple[str, ...]
    text: str = ""
    until: int = 0  # epoch seconds, 0 = open


@dataclass(frozen=True, slots=True)
class CauseAlias:
    """A fingerprint that counts as another cause."""

    fingerprint: str
    title: str
    template: str
    by: str  # learned, person
    why: str
    since: int
    records: int  # all time
    example: str  # the newest record, "" when none is kept
