"""What `condense.awk` says of a stretch of a log, put to the test and counted by `psbhost`.

Everything it took for granted is asked of the recogniser here: that beginnings are heads of
that level and minute, that other lines are none. One doubt, and the whole stretch is read as
it is. Records are then counted by the same tally as anywhere, in their own order.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from psbhost.assembly import STAMPED
from psbhost.batches import Batch
from psbhost.levels import WARNING
from psbhost.records import Splitter
from psbhost.wrapped import framed

from psbsh.profile import Profile


class UnsureError(Exception):
    """The stretch must be read as it is."""


@dataclass(slots=True)
class Group:
    """Records that nobody could tell apart but by their numbers."""

    count: int
    minutes: list[tuple[int, bytes, bytes, bytes]] = field(default_factory=list)
    examples: list[tuple[int, bytes]] = field(default_factory=list)  # first, second, last


@dataclass(slots=True)
class Answer:
    """As awk said it. `raw`: what it handed back, in order: kind, number of the record, bytes.

    Kinds: `r` a record and whatever follows it up to the next sure head, `t` a head that was
    counted before the next of these.
    """

    counts: list[tuple[int, bytes]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    raw: list[tuple[bytes, int, bytes]] = field(default_factory=list)
    consumed: int = 0
    lines: int = 0
    records: int = 0


def parse(body: bytes) -> Answer:
    """Raises UnsureError when awk refused, or its answer is not whole."""
    rows = iter(body.split(b"\n"))
    answer = Answer()
    try:
        for row in rows:
            if _take(row[:1], row[2:], rows, answer):
                return answer
    except (ValueError, StopIteration, IndexError) as error:
        raise UnsureError("an answer that makes no sense") from error
    raise UnsureError("an answer without its end")


def _take(kind: bytes, rest: bytes, rows: Iterator[bytes], answer: Answer) -> bool:
    """One row and those that belong to it; True at the end."""
    match kind:
        case b"c":
            count, key = rest.split(b" ", 1)
            answer.counts.append((int(count), key))
        case b"t":
            answer.raw.append((kind, 0, rest))
        case b"r":
            number, lines = rest.split(b" ")
            answer.raw.append((kind, int(number), _lines(rows, int(lines))))
        case b"g":
            count, minutes = rest.split(b" ")
            answer.groups.append(_group(int(count), int(minutes), rows))
        case b"E":
            answer.consumed, answer.lines, answer.records = map(int, rest.split(b" ")[:3])
            return True
        case _:
            raise UnsureError(rest.decode("ascii", "replace"))
    return False


def _lines(rows: Iterator[bytes], count: int) -> bytes:
    return b"\n".join([next(rows) for _ in range(count)])


def _group(count: int, minutes: int, rows: Iterator[bytes]) -> Group:
    group = Group(count)
    for _ in range(minutes):
        records, rest = next(rows).split(b" ", 1)
        low, high, key = rest.split(b" ", 2)
        group.minutes.append((int(records), low, high, key))
    for _ in range(min(count, 3)):
        _kind, number, lines = next(rows).split(b" ")
        group.examples.append((int(number), _lines(rows, int(lines))))
    return group


#: Which of so many records those of a batch are.
Places = tuple[list[int], int]


@dataclass(slots=True)
class Counted:
    """What a stretch adds to the numbers of its file, as a splitter has them."""

    lines: int = 0
    records: int = 0
    unparsed_lines: int = 0
    unparsed_bytes: int = 0
    oversize: int = 0
    nul_bytes: int = 0
    formats: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, count: int) -> None:
        self.records += count
        self.formats[name] = self.formats.get(name, 0) + count


def _alike(line: bytes, head: Any, count: int) -> Any:
    """That many records of one head."""
    times, levels = [head.time] * count, [head.level] * count
    return Batch([line] * count, times, levels, b"", [head] * count)


class Reader:
    """Turns one answer into batches. `last`: UTC seconds of the record before the stretch."""

    def __init__(self, profile: Profile, recogniser: Any, last: int) -> None:
        self.last = last
        self.counted = Counted()
        #: Whether it is known which of the records each one is that came as it is.
        self.placed = True
        self._others = 0  # records that are no requests of access logs
        self._profile = profile
        self._recogniser = recogniser

    def batches(self, answer: Answer) -> list[tuple[Any, bytes, Places]]:
        """(batch, the bytes its watched records are in, their places). Raises UnsureError."""
        nowhere: Places = ([], 0)
        found = [
            self._ordered(answer),
            *((*self._plain(*each), nowhere) for each in answer.counts),
        ]
        self.counted.lines = answer.lines
        told = sum(count for count, _ in answer.counts) + sum(g.count for g in answer.groups)
        if told + sum(kind == b"r" for kind, _, _ in answer.raw) != answer.records:
            raise UnsureError("records that are not all accounted for")
        return found

    # -- records that came as they are, and groups ------------------------------------------

    def _ordered(self, answer: Answer) -> tuple[Any, bytes, Places]:
        rows: list[tuple[float, int, bytes, Any]] = []
        for kind, number, text in answer.raw:
            if kind == b"t":
                self.last = self._head(text + b" ").time
                continue
            for index, (time, record, head) in enumerate(self._records(text)):
                rows.append((number + index / 1e6, time, record, head))
                self.placed &= not index and head.format != "access"
                self._others += head.format != "access"
                self.last = time
        raw = b"\n".join([row[2] for row in rows])
        for group in answer.groups:
            rows += self._grouped(group)
        rows.sort(key=lambda row: row[0])
        for row in rows:
            self.counted.add(row[3].format, 1)
        heads = [row[3] for row in rows]
        levels = [head.level for head in heads]
        batch = Batch([row[2] for row in rows], [row[1] for row in rows], levels, b"", heads)
        requests = any(key[:2] == b"A " for _, key in answer.counts)
        self.placed &= not requests
        self._others += sum(group.count for group in answer.groups)
        self._others += sum(count for count, key in answer.counts if key[:2] != b"A ")
        return batch, raw, ([int(row[0]) - 1 for row in rows], self._others)

    def _records(self, text: bytes) -> list[tuple[int, bytes, Any]]:
        """(time, record, head) of text that begins with a head. Raises UnsureError."""
        splitter = Splitter(self._recogniser, {"t": self.last, "h": STAMPED}, self.last)
        batch = splitter.finish(text + b"\n")
        if not batch.records or batch.heads is None or splitter.oversize:
            raise UnsureError("a record that is none")
        for record, head in zip(batch.records, batch.heads, strict=True):
            if head.level >= WARNING and framed(record.partition(b"\n")[0]):
                raise UnsureError("a trace with a head on every line")
        return list(zip(batch.times, batch.records, batch.heads, strict=True))

    def _head(self, line: bytes) -> Any:
        head = self._recogniser.recognise(line)
        if head is None or head.time is None:
            raise UnsureError("a head that is none")
        return head

    def _grouped(self, group: Group) -> Iterator[tuple[float, int, bytes, Any]]:
        """The examples at their places, the others right in front of the last example."""
        examples = []
        for number, text in group.examples:
            found = self._records(text)
            if len(found) != 1 or found[0][2].level < WARNING:
                self._profile.single = True
                raise UnsureError("more than one record")
            examples.append((number, found[0][1], found[0][2]))
        times = self._times(group, [head.time for _, _, head in examples])
        for number, text, head in examples:
            yield number, head.time, text, head
        number, text, head = examples[-1]
        for time in times:
            yield number - 0.5, time, text, head

    def _times(self, group: Group, examples: list[int]) -> list[int]:
        """Seconds of the records that are no examples: minutes, first and last are exact."""
        found: list[int] = []
        for count, low, high, key in group.minutes:
            ends = [self._time(key, low), self._time(key, high)]
            minute = ends[0] - ends[0] % 60
            if not minute <= ends[1] < minute + 60:
                raise UnsureError("a minute that is none")
            there = [time for time in examples if minute <= time < minute + 60]
            missing = [time for time in dict.fromkeys(ends) if time not in there]
            left = count - len(there)
            if left < len(missing):
                raise UnsureError("examples of another minute")
            found += missing + [ends[0]] * (left - len(missing))
        if len(found) + len(examples) != group.count:
            raise UnsureError("a group that is not all accounted for")
        return found

    # -- records of which only the number is known -------------------------------------------

    def _plain(self, count: int, key: bytes) -> tuple[Any, bytes]:
        if key[:2] == b"A ":
            return self._requests(count, key[2:])
        head = self._of(key, b"00")
        last = self._of(key, b"59")
        if head.time // 60 != last.time // 60 or head.time % 60 > last.time % 60:
            raise UnsureError("a minute that is none")
        self.counted.add(head.format, count)
        return Batch(
            [b""] * count, [head.time] * count, [head.level] * count, b"", [head] * count
        ), b""

    def _requests(self, count: int, key: bytes) -> tuple[Any, bytes]:
        stamp, _, rest = key.partition(b"\036")
        asked, _, rest = rest.partition(b"\036")
        client, _, stamp = stamp.partition(b" ")
        minute, zone = stamp[:17], stamp[17:]
        lines = [client + b" - - [" + minute + b":" + second + zone + b'"' + asked + b'"' + rest
                 for second in (b"00", b"59")]  # fmt: skip
        head, last = (self._head(line) for line in lines)
        same = head.time is not None and head.time % 60 == 0 and last.time == head.time + 59
        if head.format != "access" or last.format != "access" or not same:
            raise UnsureError("a request that is none")
        self.counted.add("access", count)
        return _alike(lines[0], head, count), b""

    def _of(self, key: bytes, second: bytes) -> Any:
        """Head of a line that begins as those of a key do. Raises UnsureError."""
        _kind, number, index, stamp = key.split(b" ", 3)
        meaning = self._profile.meanings[int(index)]
        head = self._recogniser.recognise(
            self._profile.line(int(number), int(index), stamp, second)
        )
        if head is None or (head.format, head.level) != (meaning.format, meaning.level):
            self._profile.doubt(stamp.partition(b"\036")[0])
            raise UnsureError("a beginning that means something else")
        if head.time is None:
            raise UnsureError("a time that is none")
        return head

    def _time(self, key: bytes, second: bytes) -> int:
        return int(self._of(key, second or b"00").time)
