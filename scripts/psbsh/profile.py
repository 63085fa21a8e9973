"""What heads of a log look like, told to awk: learned by trying the recogniser, never assumed.

A line's beginning is *sure* when the recogniser says the same of it whatever text follows:
then awk may count all lines that begin so without anybody reading them. Digits behind the
stamp stand for any digits.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from psbhost.requestlines import BY_FORMAT
from psbhost.stamps import ENDS_IN_SECONDS

MAX_SHAPES = 8
MAX_BEGINNINGS = 600
MAX_LEARNED = 4000
MAX_VAIN = 200
MAX_LEAD = 8
MAX_WORDS = 8
MAX_BEGINNING = 300
#: Lines of these may go on with a trace of the program whose output was stamped.
WRAPPED = ("syslog", "syslog 5424", "timestamp")
_NEVER = ("container", "json", "java util logging", "logfmt", *BY_FORMAT)
_UNSAFE = (b"/", b"^", b"\\", b'"')
#: What might follow a beginning and be taken for more of the head: ends of brackets, numbers,
#: hosts, tags, names with dots, separators, and behind each a level in every dress.
_BEFORE = (
    b"", b"x] ", b"x) ", b"x} ", b"x> ", b"[x] ", b"(x) ", b"1 ", b"12 34 ", b"1] ", b"a.b.C ",
    b"a-b ", b"a.b.C: ", b"main ", b"x ", b"x - ", b"x | ", b"host tag[1]: ", b"tag: ", b"[1]: ",
    b"tag[1]: ", b"+0100 ", b"UTC ", b"x.", b"2026-11-24 10:00:00,000 ", b"- ", b"0",
)  # fmt: skip
_DRESSES = (
    b"ERROR ", b"ERROR  ", b"ERROR: ", b"ERROR\t", b"[ERROR] ", b"[error] ", b"error  ", b"error: ",
    b"<ERROR> ", b"(ERROR) ", b'"ERROR" ', b"- ERROR - ", b"| ERROR | ", b"ERROR - ", b"E x",
    b"[E] ", b"E/", b"level=error ", b'severity="error" ', b"WARNING: ", b"INFO ", b"fatal: ",
)  # fmt: skip
HOSTILE = (
    b"x rest", b"0", b"= 1", b". x", b'{"level":"error"}', b"x",
    *(before + dress + b"rest" for before in _BEFORE for dress in _DRESSES),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """Where in a line the stamp is, and what follows it. Offsets from 0, ends exclusive."""

    number: int
    lead: int  # bytes in front of the stamp
    minute_end: int
    second: int  # offset of its two digits, -1 when the whole stamp stands for itself
    mid: int  # where fraction and zone end
    zone: tuple[int, int]
    expression: bytes  # extended regular expression of POSIX, without intervals

    def row(self) -> bytes:
        start, end = self.zone
        numbers = (self.number, self.lead, self.minute_end - self.lead, self.second + 1,
                   self.mid + 1, start + 1, end - start)  # fmt: skip
        return b" ".join([*(b"%d" % each for each in numbers), self.expression])


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a beginning says whatever follows."""

    format: str
    level: int


@dataclass(slots=True)
class Profile:
    """Grows with what is seen of a log; one for each log."""

    shapes: dict[bytes, Shape] = field(default_factory=dict)  # by expression
    meanings: list[Meaning] = field(default_factory=list)
    beginnings: dict[tuple[int, bytes], int] = field(default_factory=dict)  # -> index of meaning
    samples: dict[tuple[int, int], tuple[bytes, bytes]] = field(default_factory=dict)
    access: bool = False
    pace: float = 0.0  # bytes a second, of the newest stretch
    vain: set[bytes] = field(default_factory=set)  # minutes that are none
    single: bool = False  # whether only records of one line may be grouped
    _tried: set[bytes] = field(default_factory=set)

    @property
    def ready(self) -> bool:
        return bool(self.beginnings) or self.access

    def learn(self, lines: Iterable[bytes], recogniser: Any) -> None:
        """Look at lines that were read as they are."""
        for line in lines:
            if len(self._tried) >= MAX_LEARNED or len(self.beginnings) >= MAX_BEGINNINGS:
                return
            self._learn(line, recogniser)

    def doubt(self, minute: bytes) -> None:
        """What looks like a minute and is none: no line with it is a head."""
        if len(self.vain) < MAX_VAIN:
            self.vain.add(minute)

    def _learn(self, line: bytes, recogniser: Any) -> None:
        head = recogniser.recognise(line)
        if head is None:
            return
        if head.format == "access":
            self.access = True
        elif _has_columns(head) and not self._knows(line, head):
            key = masked(line[:MAX_BEGINNING])
            if key not in self._tried:
                self._tried.add(key)
                self._beginning(line, head, recogniser)

    def _knows(self, line: bytes, head: Any) -> bool:
        for end, expression in _expressions(line, head):
            shape = self.shapes.get(expression)
            if shape and (shape.number, _text(line, shape, end)) in self.beginnings:
                return True
        return False

    def _beginning(self, line: bytes, head: Any, recogniser: Any) -> None:
        found = _shortest_sure(line, head, recogniser)
        if found is None:
            return
        end, expression = found
        shape = self.shapes.get(expression)
        if shape is None:
            if len(self.shapes) >= MAX_SHAPES:
                return
            number = len(self.shapes) + 1
            shape = self.shapes[expression] = _shape(number, line, head, expression)
        meaning = Meaning(head.format, head.level)
        if meaning not in self.meanings:
            self.meanings.append(meaning)
        index = self.meanings.index(meaning)
        self.beginnings[shape.number, _text(line, shape, end)] = index
        self.samples.setdefault((shape.number, index), (line[:end], line[end:]))

    def rows(self, worst: int, *, requests: bool) -> list[bytes]:
        """As awk wants it. Meanings of level `worst` and above are grouped, others counted.

        `requests`: whether access lines may be counted by what is behind their request.
        """
        rows = [b"s " + shape.row() for shape in self.shapes.values()]
        for (number, text), index in self.beginnings.items():
            rows.append(b"k %d %d\036%s" % (index, number, text))
        rows += [b"b %d" % i for i, one in enumerate(self.meanings) if one.level >= worst]
        rows += [b"v " + minute for minute in self.vain]
        rows += [b"g 1"] if self.single else []
        rows += [b"f 1"] if any(one.format in WRAPPED for one in self.meanings) else []
        return rows + ([b"a 1"] if self.access and requests else [])

    def shape(self, number: int) -> Shape:
        return next(one for one in self.shapes.values() if one.number == number)

    def line(self, number: int, index: int, stamp: bytes, second: bytes) -> bytes:
        """A line with this beginning at another time. `stamp`: as awk gave it, zone behind."""
        shape = self.shape(number)
        begin, rest = self.samples[number, index]
        minute, _, zone = stamp.partition(b"\036")
        text = bytearray(begin)
        text[shape.lead : shape.minute_end] = minute
        if shape.second >= 0:
            text[shape.second : shape.second + 2] = second
        text[slice(*shape.zone)] = zone
        return bytes(text) + (rest[:80] or b"x")


def masked(text: bytes) -> bytes:
    """Every digit is 0."""
    return text.translate(_ZEROES)


_ZEROES = bytes(48 if 48 <= code <= 57 else code for code in range(256))


def _has_columns(head: Any) -> bool:
    if not head.stamp or head.time is None or head.format in _NEVER or head.kind == "clock":
        return False
    return bool(head.stamp[0] <= MAX_LEAD)


def _ends(line: bytes, head: Any) -> tuple[int, int]:
    """(end of the fraction, end of the zone)."""
    start = head.stamp[1]
    zone = head.offset or (0, 0)
    if zone[1] > zone[0] >= start:
        return zone[0], zone[1]
    end = start
    if line[start : start + 1] in (b".", b",", b":") and line[start + 1 : start + 2].isdigit():
        end = start + 1
        while end < start + 10 and line[end : end + 1].isdigit():
            end += 1
    return end, end


def _words(line: bytes, start: int) -> Iterable[tuple[int, bytes]]:
    """(end, expression) of the blanks at `start`, then with each further word."""
    end, expression = _blanks(line, start, b"*")
    yield end, expression
    for _ in range(MAX_WORDS):
        close = line.find(b"]", end)
        if line[end : end + 1] == b"[" and close > 0:
            end, word = close + 1, b"[[][^]]*[]]"
            after, more = _blanks(line, end, b"*")
        else:
            begin = end
            while end < len(line) and line[end : end + 1] not in (b" ", b"\t"):
                end += 1
            after, more = _blanks(line, end, b"+")
            if after == end or begin == end:
                return
            word = b"[^[ \t][^ \t]*"
        end, expression = after, expression + word + more
        yield end, expression


def _blanks(line: bytes, start: int, how: bytes) -> tuple[int, bytes]:
    end = start
    while line[end : end + 1] in (b" ", b"\t"):
        end += 1
    return end, b"[ \t]" + how


def _expressions(line: bytes, head: Any) -> Iterable[tuple[int, bytes]]:
    """(end, expression) of the beginnings of a line, the shortest first."""
    start, mid = head.stamp[1], _ends(line, head)[1]
    before = _class_of(line[:start], head)
    before += b"".join(_literal(line[at : at + 1]) for at in range(start, mid))
    for end, expression in _words(line, mid):
        if end > MAX_BEGINNING or end >= len(line):
            return
        yield end, b"^" + before + expression


def _shortest_sure(line: bytes, head: Any, recogniser: Any) -> tuple[int, bytes] | None:
    for end, expression in _expressions(line, head):
        if _sure(line, end, head, recogniser):
            return end, expression
    return None


def _text(line: bytes, shape: Shape, end: int) -> bytes:
    """What tells beginnings of one shape apart."""
    return line[: shape.lead] + b"\036" + masked(line[shape.mid : end])


def _sure(line: bytes, end: int, head: Any, recogniser: Any) -> bool:
    said = _said(head)
    if head.level_span and head.level_span[1] >= end:
        return False
    for text in HOSTILE:
        other = recogniser.recognise(line[:end] + text)
        if other is None or _said(other) != said:
            return False
    return True


def _said(head: Any) -> tuple[Any, ...]:
    return head.format, head.time, head.level, head.stamp, head.offset


def _class_of(text: bytes, head: Any) -> bytes:
    """Expression of lead and stamp; the seconds are below 60."""
    found = [_literal(text[at : at + 1]) for at in range(len(text))]
    if _second(text, head) >= 0:
        found[-2] = b"[0-5]"
    return b"".join(found)


def _second(text: bytes, head: Any) -> int:
    if head.kind in ENDS_IN_SECONDS and text[-3:-2] in (b":", b".") and text[-2:].isdigit():
        return len(text) - 2
    return -1


def _literal(byte: bytes) -> bytes:
    if byte in (b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9"):
        return b"[0-9]"
    if byte.isalpha():
        return b"[A-Z]" if byte.isupper() else b"[a-z]"
    # A slash would end a constant expression; what stands in its place is told with the minute.
    return b"." if byte in _UNSAFE or not byte.isascii() else b"[" + byte + b"]"


def _shape(number: int, line: bytes, head: Any, expression: bytes) -> Shape:
    start, end = head.stamp
    fraction, mid = _ends(line, head)
    second = _second(line[:end], head)
    return Shape(
        number=number,
        lead=start,
        minute_end=second if second >= 0 else end,
        second=second,
        mid=mid,
        zone=(fraction, mid) if mid > fraction else (0, 0),
        expression=expression,
    )
