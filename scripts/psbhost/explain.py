"""Explains how the lines of one file are understood: what `psbuddy scan` tells about formats.

Reads the beginning of the file with care, records one by one, and counts: which formats they have,
which lines go on with a record and why, which were not understood, how zone, year and the order of
day and month were decided. Examples are masked as everything that leaves a host.
"""

import re

from psbhost import access, defined, requestlines, wrapped
from psbhost.formats import NAMES, Recogniser
from psbhost.loglike import binary
from psbhost.masks import plain
from psbhost.positions import Evidence
from psbhost.records import Splitter
from psbhost.sources import Source
from psbhost.stamps import FRACTION, OFFSET, StampReader, offset_seconds
from psbhost.texts import Text
from psbhost.zones import Zone

#: What is looked at: enough to know a file, in a second or two.
MOST_BYTES, MOST_RECORDS = 8 * 1024 * 1024, 30000
MOST_KINDS, EXAMPLE = 20, 200
#: What a template must ask for, as `defined.weight` counts, before it names a program.
_TELLING = 20
_WITHOUT_YEAR = ("syslog", "monthday", "glog", "daymonth", "ctime", "mail")
_OF_DAY = ("clock", "dotted", "kitchen")
_YEAR = re.compile(rb"(?:19|20)\d\d")
_MONTH = re.compile(rb"(?i)jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
_TAIL = re.compile(FRACTION + rb"(" + OFFSET + rb")")
_CLOCK_FIRST = re.compile(rb"[\[(]?\d{1,2}[:.]\d\d(?:[:.]\d\d|[AP]M)")
_WORDS = re.compile(rb"\w+")
_FRAME = re.compile(rb"#\d")
_LIKE_STAMP = re.compile(rb"[\[(<\"']?\d{1,4}[-/.: ]\d{1,2}[-/.: ]\d{1,4}")
_TRACE = (
    b"at ", b"Caused by", b"Suppressed", b"...", b"File \"", b"Traceback", b"goroutine ",
    b"from ", b"---", b"stack backtrace",
)  # fmt: skip


def explain(request: dict) -> dict:
    """The reply to an `explain` request: path, zone, format, lines. Raises ValueError, OSError.

    `lines`: how many are looked at, of a file that may have grown since they were counted.
    """
    only = request.get("format") or None
    if only is not None and only not in NAMES:
        raise ValueError("unknown format %r; known are %s" % (only, ", ".join(NAMES)))
    source = Source(request["path"])
    try:
        reader = StampReader(Zone(request.get("zone")), source.modified, source.path)
        found = _Explained(Recogniser(reader, only), only)
        found.named_day = reader.day is not None
        splitter = Splitter(found.recogniser, {}, source.modified)
        most = request.get("lines")
        found.read(source, splitter, most if isinstance(most, int) and most > 0 else None)
        return found.reply(source, reader)
    finally:
        source.close()


class _Kind(object):
    """Lines or records of one kind: how many, and the first of them."""

    __slots__ = ("count", "example", "line", "name", "title")

    def __init__(self, name, line, text):
        self.name, self.title = name if isinstance(name, tuple) else (name, "")
        self.count, self.line = 0, line
        self.example = plain(text, EXAMPLE)

    def told(self):
        """As it goes over the wire."""
        return {
            "name": self.name, "title": self.title, "count": self.count, "line": self.line,
            "example": self.example,
        }  # fmt: skip


class _Explained(object):
    """What was found so far."""

    def __init__(self, recogniser, only):
        self.recogniser = recogniser
        self.named_day = False
        self._only = only
        self._formats, self._odd, self._more = {}, {}, {}
        self._known = {}  # shape of a head -> definition
        self._line = 1
        self._records = self._bytes = self._timed = self._levelled = 0
        self._zones, self._years, self._orders = {}, {}, {}
        self._unitless = {}  # requests with a number that may be how long they took
        self._first = self._last = None
        self._stray_bytes = 0

    # -- reading ---------------------------------------------------------------------------

    def read(self, source, splitter, most=None):
        """Take in the beginning of a file, at most so many lines."""
        text = Text(source, 0, Evidence(source, 0))
        rest, ended = b"", True
        for block in text.blocks():
            data = rest + block
            self._bytes += len(block)
            before = splitter.lines
            over = most is not None and data.count(b"\n") > most - before
            if over:
                data = _lines_of(data, most - before)
            batch, rest = splitter.split(data)
            self._take(batch, splitter.lines - before, data)
            if over:
                break
            if self._bytes >= MOST_BYTES or self._records >= MOST_RECORDS:
                ended = False
                break
        if ended and rest:
            before = splitter.lines
            self._take(splitter.finish(rest), splitter.lines - before, rest)
        self.ended = ended

    def _take(self, batch, lines, data):
        counts = [batch.record(at).count(b"\n") + 1 for at in range(len(batch.records))]
        loose = lines - sum(counts)
        if loose > 0:
            self._loose(loose, data)
        for index, count in enumerate(counts):
            self._record(batch.record(index), batch.head(index, self.recogniser))
            self._line += count
        if batch.times:
            times = [batch.times[index] for index in range(len(batch.records))]
            self._span(times, batch)

    def _span(self, times, batch):
        stamped = [
            time
            for index, time in enumerate(times)
            if batch.heads is None or batch.heads[index].time is not None
        ]
        if stamped:
            low, high = min(stamped), max(stamped)
            self._first = low if self._first is None else min(low, self._first)
            self._last = high if self._last is None else max(high, self._last)

    def _loose(self, lines, data):
        """Lines that no record claims: in front of the first one, or blank."""
        text = data.split(b"\n", 1)[0]
        self._count(self._odd, self._reason(text) if text.strip() else "blank", text, lines)
        self._line += lines

    def _record(self, record, head):
        line, _, more = record.partition(b"\n")
        self._records += 1
        if head is None or head.format in ("none", "trace"):
            if head is not None and head.format == "trace":
                self._count(self._formats, ("", "Stack traces without a head"), line, 1)
            else:
                self._count(self._odd, self._reason(line), line, 1)
        else:
            self._headed(line, head)
        for at, text in enumerate(more.split(b"\n") if more else (), start=1):
            self._behind(head, text, self._line + at)

    def _behind(self, head, text, line):
        """A line that the record before it took along. Is it part of it?"""
        kind = self._goes_on(text)
        if kind != "blank" and _whole(head, kind):
            self._stray_bytes += len(text) + 1
            self._count(self._odd, "stray", text, 1, line=line)
        else:
            self._count(self._more, kind, text, 1, line=line)

    def _headed(self, line, head):
        name, title = self._name(line, head)
        self._count(self._formats, (name, title), line, 1)
        self._levelled += 1 if head.level else 0
        if head.format == "access" and _whole_time(line):
            self._count(self._unitless, "whole time", line, 1)
        if head.time is not None:
            self._timed += 1
            self._stamped(line, head)

    def _name(self, line, head):
        """Name and title of a format; "" where only usual parts in a usual order were seen."""
        shape = (head.format, head.level, _WORDS.sub(b"w", line[: min(head.message, 400)]))
        if shape not in self._known:
            if len(self._known) > 5000:
                self._known.clear()
            one = defined.named(line, head)
            usual = one is not None and one.name not in defined.GENERAL and not one.own
            usual = usual and one.name != head.format
            if one is None or (usual and one.match(line[:4096])[1] < _TELLING):
                self._known[shape] = head.format, _usual(head)
            else:
                self._known[shape] = one.name, one.title
        return self._known[shape]

    # -- why -------------------------------------------------------------------------------

    def _reason(self, line):
        if self._only is not None:
            return "other format"
        if line[:1] == b"{":
            return "no json"
        if _LIKE_STAMP.match(line):
            return "no time"
        return "before" if self._timed == 0 else "no head"

    @staticmethod
    def _goes_on(text):
        bare = text.strip()
        if not bare:
            return "blank"
        if bare.startswith(_TRACE) or _FRAME.match(bare) or wrapped.named(bare):
            return "trace"
        if text[:1] in (b" ", b"\t"):
            return "indented"
        if text.startswith(b'{"'):
            return "no json"
        return "no time" if _LIKE_STAMP.match(text) else "text"

    def _stamped(self, line, head):
        span, text = head.stamp, b""
        if span is None and _CLOCK_FIRST.match(line):
            self._of("clock", line)
            self._zones["assumed"] = self._zones.get("assumed", 0) + 1
            return
        if span is not None:
            text = line[span[0] : span[1]]
            tail = _TAIL.match(line, span[1])
            zone = line[slice(*head.offset)] if head.offset else tail.group(1)
            self._zone(zone.strip(), head)
        elif isinstance(head.extra, dict) or head.format in ("logfmt", "container"):
            self._zones["each"] = self._zones.get("each", 0) + 1
        else:
            self._zones["unknown"] = self._zones.get("unknown", 0) + 1
        if head.kind in _OF_DAY:
            self._of("clock", line)
        elif self._yearless(head.kind, text):
            self._of("no year", line)
        if head.kind in ("short", "numeric") and head.kind not in self._orders:
            self._orders[head.kind] = text.decode("ascii", "replace"), head.time

    @staticmethod
    def _yearless(kind, text):
        if not text or _YEAR.search(text):
            return False
        return kind in _WITHOUT_YEAR or (not kind and _MONTH.search(text) is not None)

    def _of(self, what, line):
        self._count(self._years, what, line, 1)

    def _zone(self, zone, head):
        if head.kind in ("epoch", "tai"):
            name = "epoch"
        elif not zone:
            name = "utc" if self._is_utc(head.format) else "assumed"
        else:
            name = "ambiguous" if offset_seconds(zone) is None else "written"
        self._zones[name] = self._zones.get(name, 0) + 1
        if name == "ambiguous":
            self._zones.setdefault("name", zone.decode("ascii", "replace"))

    @staticmethod
    def _is_utc(name):
        return name in defined.BY_NAME and defined.BY_NAME[name].utc

    def _count(self, kinds, name, text, count, line=0):
        kind = kinds.get(name)
        if kind is None:
            if len(kinds) >= MOST_KINDS:
                name = "other"
            kind = kinds.setdefault(name, _Kind(name, line or self._line, text))
        kind.count += count

    # -- the reply -------------------------------------------------------------------------

    def reply(self, source, reader) -> dict:
        """What was found, as it goes over the wire."""
        return {
            "op": "explain",
            "bytes": self._bytes,
            "whole": self.ended,
            "binary": binary(source.head(4096)),
            "records": self._records,
            "timed": self._timed,
            "levelled": self._levelled,
            "formats": _most(self._formats),
            "odd": _most(self._odd),
            "stray_bytes": self._stray_bytes,
            "unitless": _most(self._unitless),
            "more": _most(self._more),
            "first": self._first,
            "last": self._last,
            "zones": self._zones,
            "years": _most(self._years),
            "day": reader.day,
            "day_named": self.named_day,
            "orders": [
                [stamp, time, reader.proven(kind)] for kind, (stamp, time) in self._orders.items()
            ],
            "modified": source.modified,
            "offset": reader.zone.offset_at(self._last or source.modified),
        }


def _lines_of(data, number):
    """The first so many lines."""
    at = -1
    for _ in range(max(0, number)):
        at = data.find(b"\n", at + 1)
    return data[: at + 1]


def _whole(head, kind):
    """Whether a record is whole in its first line: what stands behind it is none of it.

    Behind a JSON object some programs write the trace of its exception.
    """
    if head is None:
        return False
    if head.format == "access" or head.format in requestlines.BY_FORMAT:
        return True
    return head.format == "json" and kind not in ("trace", "indented")


def _whole_time(line):
    """Whether an access line ends in a whole number, and tells no time with a fraction."""
    match = access.ACCESS.match(line)
    if match is None:
        return False
    line, end = line.rstrip(), match.end("s")
    if access.NAMED_TIME.search(access.behind_agent(line, end)):
        return False
    tail = access.tail_of(line, end)
    return not access.FIRST_DECIMAL.search(tail) and bool(access.LAST_NUMBER.search(tail))


def _usual(head):
    """What a head is made of where no program can be told by it."""
    level = "a level, " if head.level else ""
    return (
        "A time, %sthen text" % level
        if head.time is not None
        else "%sthen text" % level.capitalize()
    )


def _most(kinds):
    rows = sorted(kinds.values(), key=lambda kind: (-kind.count, kind.line))
    return [kind.told() for kind in rows]
