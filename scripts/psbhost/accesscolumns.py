"""Access logs, block by block: lines of the combined or common format in a few steps that run in C.

A block is cut at its quotes. What stands in front of the request and behind the last quote is
compared with its digits left out: lines of one such shape have stamp and status in the same
places. Lines that differ are looked at one by one.
"""

from itertools import compress, repeat
from operator import itemgetter

from psbhost.access import ACCESS
from psbhost.batches import Batch
from psbhost.bytewise import ZEROS, newlines, side_by_side
from psbhost.continuations import whole
from psbhost.formats import Head
from psbhost.stampcolumns import StampColumns, Times
from psbhost.stamps import TIMES_OF_DAY
from psbhost.wrapped import framed, goes_on, within

_DIGITS = b"0123456789"
_STAMP = 28  # "24/Nov/2026:10:00:00 +0000] " at the end of what precedes the request
_DAY = 12  # "24/Nov/2026:"
#: A request time of seconds with three decimals and its newline.
TIME = 7
_FAILED = bytes([53 <= byte <= 57 for byte in range(256)])
_FIRST, _WHITE = b" \t\r\x0b\x0c", b"  "
_MOST = 2000


class Requests(object):
    """What the regular lines of a block tell: parallel to `times`. `odd`: (time, line, match)."""

    __slots__ = ("asked", "clear", "failed", "lines", "odd", "plain", "tails", "texts", "times")

    def __init__(self, times, failed, fronts, plain, lines):
        self.times = times
        self.failed = failed  # a byte per line: 1 from status 500 on
        self.asked = []  # what stands between the first two quotes
        self.plain = plain  # nothing behind status and size
        self.tails = fronts[1:]  # begin with what stands behind the last quote and its newline
        whole = b"" if plain else side_by_side(self.tails, TIME)
        self.clear = whole.translate(ZEROS) == b" 0.000\n" * len(self.tails) and not plain
        if self.clear:
            self.texts = whole.split(b"\n")  # these without their newlines
            self.texts.pop()
        else:
            self.texts = [] if plain else list(map(itemgetter(slice(0, TIME)), self.tails))
        self.lines = lines
        self.odd = []


class Lines(object):
    """The lines of a block as a list that is made when it is asked for."""

    __slots__ = ("_body", "_count", "_lines")

    def __init__(self, body, count):
        self._body, self._count, self._lines = body, count, None

    def __len__(self):
        return self._count

    def _all(self):
        if self._lines is None:
            self._lines = self._body.split(b"\n")
            self._lines.pop()
        return self._lines

    def __getitem__(self, index):
        return self._all()[index]

    def __iter__(self):
        return iter(self._all())


class AccessBatch(Batch):
    """Requests of one block."""

    __slots__ = ("_odd_times",)

    def __init__(self, records, times, requests):
        Batch.__init__(self, records, times, bytes(len(records)), b"", None, "access")
        self.requests = requests
        self._odd_times = []

    def add_odd(self, line, head):
        """The next record is unlike the others; perhaps it is no request."""
        self._odd_times.append(head.time)
        if head.format == "access":
            self.requests.odd.append((head.time, line, head.extra))
        else:
            self.others[len(self.records)] = head.format

    def minutes(self):
        """(minute, first index, index behind the last), in any order where none has a level."""
        if self.levels.strip(b"\0"):
            return Batch.minutes(self)
        at = len(self.requests.failed)
        rows = runs(self.requests.times) if at else []
        for time in self._odd_times:
            rows.append((time - time % 60, at, at + 1))
            at += 1
        return rows


class AccessLayout(object):
    """Blocks of request lines with so many quotes. Raises ValueError for a line unlike them."""

    format = "access"

    def __init__(self, line: bytes, reader):
        found = ACCESS.match(line)
        quotes = line.count(b'"')
        at = line.find(b"[") + 1
        if found is None or found.group("f") or found.start("t") != at or b"\\" in line:
            raise ValueError("not regular")
        if quotes not in (2, 6, 8) or not found.group("z") or line.find(b'"') != at + _STAMP:
            raise ValueError("not regular")
        self._quotes = quotes
        stamp = line[at - 1 : at + _STAMP]
        head = Head("access", None, 0, 0, "named", (1, 21), (21, 27))
        self._stamps = StampColumns(stamp, head, reader, 1)
        self._of_day = StampColumns(stamp, head, reader, 1 + _DAY)
        self._shapes = {}
        self._reader = reader

    def split(self, body: bytes, recogniser):
        """(Batch, last record), or None when the block holds something else."""
        cut = _last_request(body)
        if cut < 0:
            return None
        last, body = body[cut:], body[:cut]
        if not body:
            return Batch([], [], [], b"", []), last
        requests, count = self._regular(body)
        if requests is not None:
            batch = AccessBatch(Lines(body, count), requests.times, requests)
            batch.lines = count
            return batch, last
        batch = self._mixed(body, recogniser)
        return None if batch is None else (batch, last)

    def _regular(self, body):
        """(Requests, lines) of a text of regular lines; (None, 0) when one is not."""
        quotes = self._quotes
        parts = body.split(b'"')
        count = len(parts) // quotes
        if len(parts) % quotes != 1 or b"\\" in body:
            return None, 0
        fronts = parts[0::quotes]
        joined = b'"'.join(fronts)
        shapes = joined.translate(None, _DIGITS)
        first = shapes[: shapes.find(b"\n") + 1]
        if shapes == first * count:
            kinds = (first[:-1],)
        else:
            kinds = set(shapes[:-1].split(b"\n"))
        if not all(map(self._good, kinds)) or newlines(body) != count:
            return None, 0
        times = self._times(joined, fronts, count)
        failed = _failed(parts[2::quotes], quotes)
        if times is None or failed is None:
            return None, 0
        plain = quotes == 2 or all(kind.rstrip().endswith(b'"') for kind in kinds)
        requests = Requests(times, failed, fronts, plain and quotes < 8, Lines(body, count))
        requests.asked = parts[1::quotes]
        return requests, count

    def _times(self, joined, fronts, count):
        pieces = joined.split(b"[")
        if len(pieces) == count + 1:  # a stamp and its quote begin each
            width = _STAMP + 1
            text = side_by_side(pieces[1:], width)
            if text[_STAMP::width].count(b'"') != count:
                return None
        else:
            width = _STAMP
            text = b"".join(map(itemgetter(slice(-_STAMP, None)), fronts[:-1]))
            if len(text) != _STAMP * count:
                return None
        day = text[:_DAY]
        if text.count(day) == count and self._of_day.marker(b"[" + day):
            return self._of_day.read(text[_DAY:], width, b"[" + day, count)
        return self._stamps.read(text, width, b"[", count)

    def _good(self, shape):
        """Whether lines of a shape (digits left out) are requests with their stamp in place."""
        known = self._shapes.get(shape)
        if known is None:
            front, _, tail = shape.partition(b'"')
            known = (
                front[:1] not in _FIRST
                and front.count(b"[") == 1
                and b"  " not in front
                and shape.count(b'"') == 1
                and ACCESS.match(front.replace(b"[", b"[01").replace(b":::", b"2026:10:00:00")
                           .replace(b" +]", b" +0000]").replace(b" -]", b" -0000]")
                           + b'"-" 200 1') is not None
                and (self._quotes != 2 or tail.rstrip() in (b"", b"  -"))
            )  # fmt: skip
            if len(self._shapes) >= _MOST:
                self._shapes.clear()
            self._shapes[shape] = known
        return known

    def _mixed(self, body, recogniser):
        """A batch in which some lines are unlike the others; None when one is no request."""
        lines = body.split(b"\n")
        lines.pop()
        quotes = self._quotes
        counts = list(map(bytes.count, lines, repeat(b'"')))
        usual = [
            count == quotes and b'] "' in line and b"\\" not in line
            for count, line in zip(counts, lines)
        ]
        requests = self._picked(lines, usual)
        if requests is None:
            usual = [self._usual(line, count) for line, count in zip(lines, counts)]
            requests = self._picked(lines, usual)
        if requests is None:
            return None
        odd = self._odd(lines, usual, recogniser)
        if odd is None:
            return None
        batch = self._joined(lines, usual, requests, odd)
        apart = None in odd.values() and not all(map(whole, batch.records))
        return None if apart else batch  # a trace that begins between requests: read with care

    def _picked(self, lines, usual):
        """The requests of some lines; None where one of them is not regular."""
        if not any(usual):
            return Requests([], b"", [b""], True, [])
        return self._regular(b"\n".join(list(compress(lines, usual)) + [b""]))[0]

    def _usual(self, line, quotes):
        if quotes != self._quotes or b"\\" in line:
            return False
        parts = line.split(b'"', 2)
        front = parts[0]
        if parts[2][:1] != b" " or not parts[2][1:4].isdigit() or parts[2][4:5] not in b" ":
            return False
        tail = line[line.rfind(b'"') + 1 :]
        shape = (front + b'"' + tail).translate(None, _DIGITS)
        return self._stamps.alike(front[-_STAMP:]) and self._good(shape)

    def _odd(self, lines, usual, recogniser):
        """Heads by index of lines that are unlike; None for records of other kinds."""
        found, before, at = {}, None, -1  # `before`: what was wrapped in line `at`
        for index, line in enumerate(lines):
            if usual[index]:
                continue
            head = found[index] = recogniser.recognise(line)
            if head is None:
                if index == 0 or (before is not None and at == index - 1):
                    return None
                continue
            if head.time is None or (head.format != "access" and _peculiar(head)):
                return None
            inner = within(line, head)
            if head.level and (inner is not None or framed(line)):
                return None  # a trace may have a head on every line
            if inner is not None and before is not None and at == index - 1 and goes_on(inner[1]):
                return None
            before, at = inner, index
        return found

    @staticmethod
    def _joined(lines, usual, requests, odd):
        records, times, regular, levels = [], [], iter(requests.times), []
        batch = AccessBatch(records, times, requests)
        for index, line in enumerate(lines):
            head = odd.get(index)
            if usual[index]:
                times.append(next(regular))
            elif head is None:
                records[-1] += b"\n" + line
                continue
            else:
                batch.add_odd(line, head)
                times.append(head.time)
                if head.level:
                    levels.append((len(records), head.level))
            records.append(line)
        found = bytearray(len(records))
        for at, level in levels:
            found[at] = level
        batch.levels = bytes(found)
        batch.lines = len(lines)
        return batch


def _peculiar(head):
    """Whether more than its first line and the columns of others decide what a record says."""
    if head.format in ("container", "java util logging"):  # a part of a line, of a head
        return True
    return head.extra is not None or not head.stamp or head.kind in TIMES_OF_DAY


def runs(times):
    """(minute, first index, index behind the last) of times in a row in one minute."""
    if isinstance(times, Times):
        return list(times.runs())
    return [(time - time % 60, at, at + 1) for at, time in enumerate(times)]


def _failed(rests, quotes):
    """A byte per line from what follows the request; None when one has no status there."""
    text = side_by_side(rests, 5)
    if text.translate(ZEROS) == b" 000 " * len(rests):  # nearly always
        return text[1::5].translate(_FAILED)
    digits = text[1::5] + text[2::5] + text[3::5]
    if text[0::5].strip(b" ") or not digits.isdigit() or text[4::5].strip(b" "):
        return None
    return text[1::5].translate(_FAILED)


def _last_request(body):
    """Where the last request line of a body starts; -1 when it is not near its end."""
    end = len(body)
    for _ in range(50):
        start = body.rfind(b"\n", 0, end - 1) + 1
        if ACCESS.match(body[start : end - 1]) is not None:
            return start
        if start == 0:
            return -1
        end = start
    return -1
