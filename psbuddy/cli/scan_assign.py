"""`psbuddy scan --assign`: the cause of every line of a file.

Two passes over what was read, because a value that is a word is known only from many records:
the records are read and kept as numbers, causes are learned from all of them, then printed.
"""

import sys
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from collectors.session import Session
from psbuddy.cli.guard import OK, WRONG
from psbuddy.cli.output import iso, tell
from psbuddy.insight.causes import CauseIdentity, RawCause, identify
from psbuddy.insight.learning import Seen, learn
from psbuddy.model.terms import LEVELS, Level

_SECONDS = 120.0  # for one request; a file of any size takes several


#: A statement that was seen this often without a trace, and mostly so, writes none: a trace
#: behind it is another thread's, and does not name it.
_WITHOUT_TRACE = 3


class _Assignment:
    """What was read of one file. A row without a cause stands for lines before any record."""

    def __init__(self) -> None:
        self._lines = array("Q")
        self._times = array("q")
        self._levels = array("B")
        self._causes = array("q")
        self._statements = array("q")  # what the message alone says
        self._known: dict[str, int] = {}  # fingerprint -> number
        self._seen: list[tuple[CauseIdentity, str, str]] = []

    def add(self, row: list[Any]) -> None:
        """Take in one row of the host program's answer."""
        lines, moment, level, message, exception, frame = row
        cause = statement = -1
        if moment is not None:
            # The statement first: one that is no warning is known by it, whatever trace follows.
            cause = statement = self._number(Level.NONE, message, "", "")
            if exception:
                cause = self._number(LEVELS[level], message, exception, frame)
        self._lines.append(lines)
        self._times.append(moment or 0)
        self._levels.append(level if moment is not None else 0)
        self._causes.append(cause)
        self._statements.append(statement)

    def _number(self, level: Level, message: str, exception: str, frame: str) -> int:
        identity = identify(RawCause("", level, message, exception, frame, 0, 0))
        number = self._known.setdefault(identity.fingerprint, len(self._seen))
        if number == len(self._seen):
            self._seen.append((identity, exception, frame))
        return number

    def _settle(self) -> None:
        """Records of a statement that writes no traces are known as those without one.

        A statement is what learning makes of the messages alone, whatever names they hold.
        """
        name = self._names(self._statements)
        without: dict[str, Counter[int]] = defaultdict(Counter)
        traced: Counter[str] = Counter()
        for cause, statement in zip(self._causes, self._statements, strict=True):
            if self._has_frame(cause):
                traced[name[statement]] += 1
            elif statement >= 0:
                without[name[statement]][cause] += 1
        for at, (cause, statement) in enumerate(zip(self._causes, self._statements, strict=True)):
            others = without[name[statement]]
            enough = max(_WITHOUT_TRACE, traced[name[statement]])
            if self._has_frame(cause) and others.total() >= enough:
                alike = statement in others
                self._causes[at] = statement if alike else others.most_common(1)[0][0]

    def _has_frame(self, number: int) -> bool:
        return number >= 0 and bool(self._seen[number][2])

    def causes(self) -> list[str]:
        """By number: the fingerprint, or the key of what it was merged into."""
        self._settle()
        return self._names(self._causes)

    def _names(self, numbers: Iterable[int]) -> list[str]:
        """By number: the fingerprint, or what learning makes of it beside the others."""
        records = Counter(numbers)
        seen = [
            Seen(one.fingerprint, one.template, records[number], exception, frame)
            for number, (one, exception, frame) in enumerate(self._seen)
            if records[number]
        ]
        merged = {name: merge.key for merge in learn(seen) for name in merge.members}
        names = [one.fingerprint for one, _, _ in self._seen]
        return [merged.get(name, name) for name in names]

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
