"""The columnar path: whole blocks of regular records in a few steps that run in C.

A layout is learned from a record the careful path has read. A block either fits it or is handed
back; records whose level stands elsewhere are looked at one by one. Both paths give the same
records, times and levels.
"""

import re
from itertools import compress, repeat
from operator import contains

from psbhost.accesscolumns import AccessLayout
from psbhost.alike import Alike, Known
from psbhost.batches import Batch
from psbhost.bytewise import ZEROS, cut, same, side_by_side, zeroed
from psbhost.continuations import named, whole
from psbhost.defined import grading
from psbhost.jsoncolumns import JsonLayout
from psbhost.levelcolumns import (
    WIDEST,
    FixedLevels,
    InnerLevels,
    Oracle,
    SearchedLevels,
    WindowLevels,
)
from psbhost.levels import WARNING
from psbhost.stampcolumns import StampColumns
from psbhost.stamps import TIMES_OF_DAY
from psbhost.wrapped import WRAPPING, framed, goes_on, suspicious, within

_WITHOUT_COLUMNS = ("json", "access", "logfmt", "java util logging", "container")
_NEWLINE = 10
#: Behind a stamp a document with fields of its own, see `shapes.plain`.
_DOCUMENT = re.compile(rb"(?m)^[^\n{]{8,60}\{\"")
_LONGEST_PLAIN, _MOST_PLAIN = 4096, 600
_LEVEL_ROOM = 10  # longest upper-case level and the bytes behind it


class Layout(object):
    """Where time and level stand in a regular record.

    Built from the head of one record; raises ValueError when it is not regular enough.
    """

    def __init__(self, line: bytes, head, reader):
        if not head.stamp or not head.kind or head.format in _WITHOUT_COLUMNS:
            raise ValueError("no columns")
        start = head.stamp[0]
        if start > 1:
            raise ValueError("the stamp does not come first")
        if head.kind == "syslog" and line[start : start + 1].isdigit():
            raise ValueError("the tag tells this format from others")
        self.format = head.format
        cut = start + (5 if head.kind == "iso" else 3)
        if not line[:cut].strip():
            raise ValueError("no marker")
        self._reader = reader
        self._of_day = head.kind in TIMES_OF_DAY
        self._views = [StampColumns(line, head, reader, cut)]
        hour = head.stamp[1] - 8
        if self._views[0].by_minute and hour > cut:
            self._views.insert(0, StampColumns(line, head, reader, hour))
        after = self._views[0].after
        self._oracle = Oracle(line, head, after)
        self._levels = self._levels_of(line, head, after)
        self._plain = {}  # number of the lines behind a first one that are no heads, digits as 0
        self._words = set()  # single ones, without digits
        self._worded = isinstance(self._levels, (SearchedLevels, InnerLevels))
        self._known = [Known() for _ in self._views]
        self.suspect = False  # whether the newest block may hold a trace over several records
        self._unframed = set()  # texts of bad records without a frame, digits as 0

    def _levels_of(self, line, head, after):
        span = head.level_span
        of_syslog = head.format.startswith("syslog")
        if (span and span[0] < head.stamp[0]) or (of_syslog and line[0] == 60):
            raise ValueError("the level stands before the stamp")
        if of_syslog:
            return InnerLevels()
        if not span or span[1] + _LEVEL_ROOM - after > WIDEST:
            self.format = "timestamp"
            return SearchedLevels(grading(head.kind))
        if not line[after : span[0]].strip(b" \t[]:|-"):
            return FixedLevels(self._oracle, span[0] - after + _LEVEL_ROOM)
        return WindowLevels(self._oracle, min(WIDEST, span[1] - after + _LEVEL_ROOM))

    def split(self, body: bytes, recogniser):
        """(Batch, last record) of a body of whole lines, or None when it does not fit.

        The first line of `body` starts a record. The last record is handed back: the next
        block may continue it.
        """
        self._oracle.recognise = recogniser.recognise
        state, self.suspect = self._reader.state, False
        for stamps, known in zip(self._views, self._known):  # by the day, then before it
            found = self._split(body, stamps, known, recogniser)
            if found is not None or self.suspect:
                break
        if isinstance(self._levels, FixedLevels) and self._levels.stuck:
            self._levels = WindowLevels(self._oracle, self._levels.width)
        if self._of_day and self._reader.state is not state:
            return None  # a date was read: times of day behind it are others
        return found

    def _split(self, body, stamps, known, recogniser):
        marker = stamps.marker(body)
        if not marker:
            return None
        pieces = cut(body, b"\n" + marker)
        pieces[0], pieces[-1] = pieces[0][len(marker) :], pieces[-1][:-1]
        if len(pieces) == 1:
            pieces[0] = body[len(marker) : -1]
        width = self._levels.needs(stamps.width)
        text = side_by_side(pieces, width)
        times = stamps.read(text, width, marker, len(pieces))
        if times is None:
            return None
        alike = None
        if self._worded and b'{"' in body and _DOCUMENT.search(body):
            return None
        if self._worded:
            alike = Alike(pieces, known)
            levels, odd = self._by_words(alike, stamps, marker)
        else:
            self.suspect = self.format in WRAPPING and suspicious(body)
            levels, odd = self._levels.of(text, width, stamps.width, pieces)
        if levels is None or self.suspect:
            return None
        batch = Batch(pieces, times, levels, marker, None, self.format, stamps.width)
        if odd and not self._look(batch, odd, recogniser):
            return None
        several = alike is None or alike.several
        lines = self._lines(batch, recogniser) if several else len(pieces)
        if not lines or (batch.mark_bad() and self._framed(batch.like())):
            return None
        batch, last = batch.without_last()
        batch.lines = lines - last.count(b"\n") - 1
        batch.body, batch.end = body, len(body) - len(last) - 1
        return batch, last + b"\n"

    def _by_words(self, alike, stamps, marker):
        """Levels, and indexes of the records that need a closer look: as one of each kind does.

        None for levels where a stamp does not end as it should.
        """
        new = alike.new
        if new:
            text = marker.translate(ZEROS)
            self.suspect = suspicious(text + (b"\n" + text).join(new))
            width = self._levels.needs(stamps.width)
            text = side_by_side(new, width)
            if self.suspect or not self._zones_agree(text, width, stamps):
                return None, []
            found = self._levels.of(text, width, stamps.width, new)[1]
        else:
            found = []
        odd = alike.odd(found)
        return bytes(alike.count), odd

    @staticmethod
    def _look(batch, odd, recogniser):
        """Levels of records that do not tell them where others do; False for a stranger, and
        where a trace may go on over records."""
        found, wrapped = bytearray(batch.levels), {}
        for index in odd:
            line = batch.line(index)
            head = recogniser.recognise(line)
            if head is None or head.time != batch.times[index] or head.extra is not None:
                return False
            if head.format == "container":
                return False  # it may be a part of a line
            if head.format == "java util logging":  # its level may stand on the second line
                return False
            found[index] = head.level
            if head.format != batch.format:
                batch.others[index] = head.format
                inner = within(line, head)
                if inner is not None:
                    wrapped[index] = inner[1]
        batch.levels = bytes(found)
        return not _joined(batch, wrapped) and not _named(batch, odd, recogniser)

    def _zones_agree(self, text, width, stamps):
        """Whether what follows stamp and fraction is no further digit, fraction or zone.

        Asked where no windows begin there.
        """
        at = stamps.width
        if all(same(text[column::width]) for column in range(at, width)):
            return self._ends(text[at:width], stamps)
        behind = {text[start + at : start + width] for start in range(0, len(text), width)}
        return all(self._ends(each, stamps) for each in behind)

    def _ends(self, text, stamps):
        text = text.rstrip(b"\0")
        if self.format == "syslog" and not stamps.has_zone and text[:1] != b" ":
            return False  # what syslog writes ends in a blank; of other stamps any text may follow
        if text[:1].isdigit():
            return False
        if not stamps.has_fraction and text[:1] in (b".", b",", b":", b""):
            return False
        if not stamps.has_zone and _zoned(text):
            return False
        return text[:1] in (b" ", b"\t", b"") or self._oracle.stamped(text)

    def _lines(self, batch, recogniser):
        """Lines of the batch; 0 when a line within a record is itself the head of a record."""
        pieces, plain = batch.records, self._plain
        several = compress(pieces, map(contains, pieces, repeat(_NEWLINE)))
        batch.more = [piece[piece.find(b"\n") :] for piece in several]
        likes = zeroed(batch.more)
        counts = list(map(plain.get, likes))
        for at in [at for at, count in enumerate(counts) if count is None]:
            if not self._only_continues(batch.more[at], likes[at], recogniser):
                return 0
            counts[at] = batch.more[at].count(b"\n")
        return len(pieces) + sum(counts)

    def _framed(self, likes):
        """Whether a trace may go on over bad records that have a head on every line.

        `likes`: their texts, digits as 0; those without a frame are remembered.
        """
        new = set(likes).difference(self._unframed)
        if not new:
            return False
        if framed(b"\n".join([like.partition(b"\n")[0] for like in new])):
            return True
        if len(self._unframed) + len(new) > _MOST_PLAIN:
            self._unframed.clear()
        self._unframed.update([like for like in new if len(like) <= _LONGEST_PLAIN][:_MOST_PLAIN])
        return False

    def _only_continues(self, more, like, recogniser):
        """Whether no line begins a record, with a head or a trace that has none; remembered
        where digits decide nothing."""
        if not whole(more):
            return False
        timed = False
        for line in _CANDIDATE.findall(more):
            timed = timed or _TIMED.search(line) is not None
            words = line[1:].translate(None, b"0123456789")
            if timed or words not in self._words:
                if recogniser.recognise(line[1:]) is not None:
                    return False
                if not timed:
                    _remember(self._words, words)
        if not timed and len(like) <= _LONGEST_PLAIN:
            if len(self._plain) >= _MOST_PLAIN:
                self._plain.clear()
            self._plain[like] = more.count(b"\n")
        return True


def _joined(batch, wrapped):
    """Whether wrapped lines among records of another format may be lines of one trace.

    `wrapped`: their texts by index.
    """
    for index, text in wrapped.items():
        if b"\n" in batch.records[index] or (index - 1 in wrapped and goes_on(text)):
            return True
    return False


def _named(batch, odd, recogniser):
    """Whether an exception's name follows a wrapped line that tells a bad level."""
    if batch.format not in WRAPPING:
        return False
    levels, count = batch.levels, len(batch.records)
    for index in odd:
        if levels[index] >= WARNING and index + 1 < count and not levels[index + 1]:
            line = batch.line(index + 1)
            head = recogniser.recognise(line)
            inner = within(line, head) if head is not None else None
            if inner is not None and named(inner[1]):
                return True
    return False


def _remember(known, text):
    if len(known) >= _MOST_PLAIN:
        known.clear()
    known.add(text)


def layout_for(line: bytes, head, reader):
    """The layout a record suggests. Raises ValueError when it suggests none."""
    if head.format == "access":
        return AccessLayout(line, reader)
    if head.format == "json":
        return JsonLayout(reader)
    return Layout(line, head, reader)


def _zoned(text: bytes) -> bool:
    """Whether a zone may follow the stamp here: such a record is read carefully."""
    text = text.lstrip(b" ")
    return (
        text[:1] in (b"+", b"Z")
        or text[:3] in (b"UTC", b"GMT")
        or (text[:1] == b"-" and text[1:2].isdigit())
        or (len(text) >= 4 and text[:4].isdigit())
    )


#: A continuation line that could be a head: not indented, not one of a trace.
_CANDIDATE = re.compile(rb"\n(?=[^ \t\r\n\x0b\x0c])(?!Caused by: |Suppressed: |Traceback \()[^\n]*")
#: What every stamp has: without it digits decide nothing, and lines of the same words are alike.
_TIMED = re.compile(rb"\d[:.]\d\d|\d{8}|\A\n\d{6}|=\"?\d")
