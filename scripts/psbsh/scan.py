"""Scans one log of a host without Python: as `psbhost.scan`, with stretches condensed there.

The first kilobytes come as they are and teach the profile. Then awk condenses stretch by
stretch; one it is not sure of comes as it is, too, and teaches more. What is left at the end,
the record that is held back among it, always comes as it is.
"""

import time
from typing import Any

from psbhost.assembly import STAMPED
from psbhost.budget import Budget
from psbhost.levels import WARNING
from psbhost.patterns import Pattern
from psbhost.scan import LogScan
from psbhost.sources import BLOCK
from psbhost.texts import Text, encoding_of
from psbhost.words import LITERALS, PROXIES

from psbsh.condensed import Counted, Reader, UnsureError, parse
from psbsh.profile import Profile
from psbsh.remote import RemoteOs

LEARN = 64 * 1024
#: Less than this is not worth a question to awk.
WORTH = 16 * 1024
#: Bytes of a stretch: awk may take so many seconds for one, as far as its pace is known.
LEAST_STRETCH, MOST_STRETCH = 512 * 1024, 8 * 1024 * 1024
SECONDS_A_STRETCH = 1.5
#: Bytes awk may say of one stretch, before it must stop early.
ROOM = 1024 * 1024
MOST_DOUBTS = 4
_ATTEMPTS = 3


class Allowance(Budget):
    """A budget that is counted by who plans the reading: up to where the program would read."""

    def __init__(self, seconds: float, size: int) -> None:
        super().__init__(seconds, size)
        self.size = size
        self.planned = False

    def spend(self, count: int) -> None:
        if not self.planned:
            super().spend(count)


class TwinScan(LogScan):  # type: ignore[misc]
    """One log, one visit. `profile` grows from visit to visit."""

    def __init__(
        self, spec: dict[str, Any], now: float, budget: Allowance, limits: dict[str, Any],
        *, remote: RemoteOs, profile: Profile,
    ) -> None:  # fmt: skip
        super().__init__(spec, now, budget, limits)
        self._remote = remote
        self._profile = profile
        self._doubts = 0
        self._watched = _Watched(spec)

    def _blocks(
        self, source: Any, offset: int, splitter: Any, recogniser: Any, evidence: Any
    ) -> tuple[bytes, bool]:
        unusual = source.packed or encoding_of(source.head(1024)) != (b"", "")
        if self._watched.loose:
            self._plan.problem("loose", source.path, "a pattern of the catalogue has no fixed text")
        if unusual or not self._watched.possible or not self._remote.has_awk:
            return super()._blocks(source, offset, splitter, recogniser, evidence)
        self._text = Text(source, offset, evidence)
        if not self._budget.left() or self.tally.watches.full():
            return b"", source.size <= offset
        stretch = _Stretch(source, splitter, recogniser, evidence)
        left = max(1, self._budget.size - self._budget.bytes)
        end = min(source.size, offset - (-left // BLOCK) * BLOCK)
        before, self._budget.planned = self._bytes, True
        try:
            rest, reached = self._through(stretch, end)
        finally:
            self._budget.planned = False
        self._bytes = before + max(0, reached - offset)
        self._budget.spend(max(0, reached - offset))
        return rest, reached >= source.size

    def _through(self, stretch: "_Stretch", end: int) -> tuple[bytes, int]:
        """(what waits, where reading ended): condensed where possible, else as it is."""
        size = LEARN
        while True:
            start = stretch.evidence.offset
            worth = end - start > WORTH and self._doubts < MOST_DOUBTS
            if worth and self._profile.ready and stretch.regular:
                if self._condensed(stretch, end):
                    size = LEARN
                    if not self._going():
                        self._text = Text(stretch.source, stretch.reached, stretch.evidence)
                        return b"", stretch.evidence.offset
                    continue
                self._doubts += 1
            stop = min(end, start + size) if worth else end
            rest = self._as_it_is(stretch, stop)
            reached = stretch.reached
            if stop >= end or reached < stop or not self._going():
                return rest, reached
            if stretch.evidence.offset == start:
                size *= 8  # one long record

    def _going(self) -> bool:
        return bool(self._budget.left()) and not self.tally.watches.full()

    def _as_it_is(self, stretch: "_Stretch", stop: int) -> bytes:
        limited = Limited(stretch.source, stop)
        start = stretch.evidence.offset
        limited.reached = start
        self._remote.until = stop
        rest, _ = super()._blocks(
            limited, start, stretch.splitter, stretch.recogniser, stretch.evidence
        )
        stretch.reached = limited.reached
        if stop == stretch.source.size:
            stretch.source.size = limited.size  # NUL bytes at its end are not taken yet
        self._profile.learn(bytes(limited.seen).split(b"\n")[:-1], stretch.recogniser)
        return bytes(rest)

    def _condensed(self, stretch: "_Stretch", end: int) -> bool:
        """Whether a stretch was condensed and counted, all of it or nothing."""
        start = stretch.evidence.offset
        wanted = int(self._profile.pace * SECONDS_A_STRETCH)
        stop = min(end, start + max(LEAST_STRETCH, min(wanted, MOST_STRETCH)))
        began = time.monotonic()
        number = stretch.source._fd
        profile = self._profile.rows(WARNING, requests=self._watched.requests)
        told = () if self.tally.words.settled else LITERALS + PROXIES
        rows = [b"o %d" % ROOM, *self._watched.rows(), *(b"m " + each for each in told), *profile]
        try:
            answer = parse(self._remote.condense(number, start, stop, rows))
            reader = Reader(self._profile, stretch.recogniser, stretch.splitter.carry()["t"])
            batches = reader.batches(answer)
        except UnsureError:
            return False
        ordered, data, _ = batches[0]
        if not answer.consumed:
            return False
        if not reader.placed and self.tally.words.any_in(ordered, data):
            return False
        self._profile.pace = answer.consumed / max(0.001, time.monotonic() - began)
        for batch, data, places in batches:
            self.tally.add(batch, data, stretch.recogniser, places)
        self._count(reader.counted)
        stretch.leap(start + answer.consumed, reader.last)
        return True

    def _count(self, counted: Counted) -> None:
        self._splitters.append(counted)
        for name, count in counted.formats.items():
            self._formats[name] = self._formats.get(name, 0) + count


class _Stretch:
    """A file while it is read, and what reads it."""

    def __init__(self, source: Any, splitter: Any, recogniser: Any, evidence: Any) -> None:
        self.source = source
        self.splitter = splitter
        self.recogniser = recogniser
        self.evidence = evidence
        self.reached = evidence.offset

    @property
    def regular(self) -> bool:
        """Whether lines without a head continue the record before them, from here on."""
        return self.splitter.seen == STAMPED and not self.splitter.mid_line

    def leap(self, offset: int, last: int) -> None:
        """What lies before `offset` is counted; the last record there has this time."""
        self.evidence.__init__(self.source, offset)
        if not isinstance(self.splitter._time, int):
            raise TypeError("a splitter keeps its time elsewhere")
        self.splitter._time = last
        self.reached = offset


class Limited:
    """A source that ends earlier. `seen`: what was read of it."""

    packed = False

    def __init__(self, source: Any, size: int) -> None:
        self._source = source
        self.size = size
        self.seen = bytearray()
        self.reached = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def blocks(self, offset: int) -> Any:
        """Blocks from `offset` to the end that was set."""
        kept, self._source.size = self._source.size, self.size
        try:
            for block in self._source.blocks(offset):
                if isinstance(block, int):
                    self.reached += block
                else:
                    self.seen += block
                    self.reached += len(block)
                yield block
        finally:
            self._source.size = kept


class _Watched:
    """What awk must look for in a log: fixed texts of the catalogue's patterns.

    `possible`: every pattern has one, so that records without it need not be seen here.
    """

    def __init__(self, spec: dict[str, Any]) -> None:
        self._heads: list[bytes] = []  # looked for in the first line of a record
        self._records: list[bytes] = []  # looked for in all of it
        self.requests = True
        self.possible = not spec.get("pattern")
        try:
            self._patterns(spec)
        except (ValueError, TypeError, AttributeError):
            self.possible = False  # refused by the scan, with the reason
        texts = self._heads + self._records
        self.loose = b"" in texts
        self.possible &= not any(not text or b"\n" in text for text in texts)

    def _patterns(self, spec: dict[str, Any]) -> None:
        sources = [
            job.get(k) for job in spec.get("jobs") or () for k in ("start", "finish", "fail")
        ]
        sources += [change.get("pattern") for change in spec.get("changes") or ()]
        sources += [check.get(k) for check in spec.get("checks") or () for k in ("up", "down")]
        self._heads = [Pattern(source).literal for source in sources if source]
        rule = spec.get("transactions") or {}
        self.requests = not rule.get("failed") and not rule.get("pattern")
        if rule.get("pattern"):
            self._records = [Pattern(rule["pattern"]).literal]
        elif rule.get("duration"):
            self._records = [rule["duration"].encode()]

    def rows(self) -> list[bytes]:
        """As awk wants it."""
        rows = [b"l " + text for text in dict.fromkeys(self._heads)]
        return rows + [b"m " + text for text in self._records]
