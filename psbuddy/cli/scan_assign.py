"""`psbuddy scan --assign`: the cause of every line of a file.

Two passes over what was read, because a value that is a word is known only from many records:
the records are read and kept as numbers, causes are learned from all of them, then printed.
"""

import sys
import time
from array import array
from collections import Counter
from pathlib import Path
from typing import Any

from collectors.session import Session
from psbuddy.cli.guard import OK, WRONG
from psbuddy.cli.output import iso, tell
from psbuddy.insight.causes import CauseIdentity, RawCause, identify
from psbuddy.insight.learning import Seen, learn
from psbuddy.model.terms import LEVELS, Level

_SECONDS = 120.0  # for one request; a file of any size takes several


class _Assignment:
    """What was read of one file. A row without a cause stands for lines before any record."""

    def __init__(self) -> None:
        self._lines = array("Q")
        self._times = array("q")
        self._levels = array("B")
        self._causes = array("q")
        self._known: dict[str, int] = {}  # fingerprint -> number
        self._seen: list[tuple[CauseIdentity, str, str]] = []
        self._records: Counter[int] = Counter()

    def add(self, row: list[Any]) -> None:
        """Take in one row of the host program's answer."""
        lines, moment, level, message, exception, frame = row
        number = -1
        if moment is not None:
            raw = RawCause("", LEVELS[level], message, exception, frame, moment, moment)
            number = self._number(raw)
            self._records[number] += 1
        self._lines.append(lines)
        self._times.append(moment or 0)
        self._levels.append(level if moment is not None else 0)
        self._causes.append(number)

    def _number(self, raw: RawCause) -> int:
        identity = identify(raw)
        number = self._known.setdefault(identity.fingerprint, len(self._seen))
        if number == len(self._seen):
            self._seen.append((identity, raw.exception, raw.frame))
        return number

    def causes(self) -> list[str]:
        """By number: the fingerprint, or the key of what it was merged into."""
        seen = [
            Seen(one.fingerprint, one.template, self._records[number], exception, frame)
            for number, (one, exception, frame) in enumerate(self._seen)
        ]
        merged = {name: merge.key for merge in learn(seen) for name in merge.members}
        return [merged.get(one.fingerprint, one.fingerprint) for one in seen]

    def print(self) -> None:
        """Print `line<TAB>record<TAB>time<TAB>level<TAB>cause` for every line."""
        causes = self.causes()
        line = record = 0
        for lines, moment, level, number in zip(
            self._lines, self._times, self._levels, self._causes, strict=True
        ):
            fields = "\t\t\t"
            if number >= 0:
                record += 1
                shown = "" if LEVELS[level] is Level.NONE else LEVELS[level].value
                fields = f"{record}\t{iso(moment) or ''}\t{shown}\t{causes[number]}"
            sys.stdout.write("".join(f"{line + n}\t{fields}\n" for n in range(1, lines + 1)))
            line += lines


def assign(session: Session, path: Path, fmt: str | None) -> int:
    """One line per input line on stdout; the exit code."""
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        tell(f"{path} cannot be read: {error.strerror}. Check the name and your permissions.")
        return WRONG
    asked: dict[str, Any] = {"offset": 0, "carry": "{}"}
    found = _Assignment()
    while True:
        request = {"op": "assign", "path": str(path.absolute()), "format": fmt, **asked}
        reply = session.request(request, time.monotonic() + _SECONDS)
        for row in reply["rows"]:
            found.add(row)
        if reply["end"]:
            found.print()
            return OK
        asked = {"offset": reply["next"], "carry": reply["carry"]}
