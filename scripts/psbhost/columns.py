"""The columnar path: whole blocks of regular records in a few steps that run in C.

A layout is learned from records the careful path has read. A block either fits it wholly or
is handed back: both paths give the same records, times and levels.
"""

import re

from psbhost import heads, levels
from psbhost.batches import Batch
from psbhost.formats import ACCESS_4, Head
from psbhost.jsoncolumns import JsonLayout
from psbhost.stamps import SHAPES

#: Kinds of stamps that do not end in their seconds.
_SECONDS_ELSEWHERE = ("epoch", "numeric", "spoken", "ctime", "short", "clock", "compact")
_WITHOUT_COLUMNS = ("json", "access", "logfmt", "java util logging", "container")
_LEVEL_ROOM = 10  # longest upper-case level and the byte behind it


class _Memory(dict):
    """Remembers what a function made of a slice."""

    def __init__(self, function):
        dict.__init__(self)
        self._function = function

    def __missing__(self, key):
        if len(self) > 50000:
            self.clear()
        value = self[key] = self._function(key)
        return value


class Layout(object):
    """Where time and level stand in a regular record.

    Built from the head of one record; raises ValueError when it is not regular enough.
    """

    def __init__(self, line: bytes, head, reader):
        if not head.stamp or head.format in _WITHOUT_COLUMNS:
            raise ValueError("no columns")
        start, end = head.stamp
        if start > 1:
            raise ValueError("the stamp does not come first")
        self.format = head.format
        if head.kind == "syslog" and line[start : start + 1].isdigit():
            raise ValueError("the tag tells this format from others")
        self._kind = head.kind
        self._shape_of = re.compile(SHAPES[head.kind]).match
        self._reader = reader
        self.marker = line[: start + (5 if self._kind == "iso" else 3)]
        if not self.marker.strip():
            raise ValueError("no marker")
        cut = len(self.marker)
        self._stamp = (start - cut, end - cut)
        self._shape(line, head, cut, end)

    def _shape(self, line, head, cut, end):
        zone_start, zone_end = head.offset or (0, 0)
        fraction_end = zone_start if zone_end > zone_start else self._fraction(line, end)
        self._separator = line[end : end + 1] if fraction_end > end else b""
        self._fraction_slice = slice(end + 1 - cut, fraction_end - cut)
        self._zone = line[zone_start:zone_end]
        after = max(fraction_end, zone_end) if zone_end > zone_start else fraction_end
        self._fraction_end = fraction_end - cut
        self._head_slice = slice(0, end - cut + len(self._separator))
        self._after = after - cut
        self._start = head.stamp[0]
        self._levels(line, head, after, cut)
        self._minutes = {}
        self._second = end - cut - 2
        self._stamp_length = end - cut + len(self._separator)
        by_minute = head.kind not in _SECONDS_ELSEWHERE
        self._times = _Memory(self._time if by_minute else self._careful_time)

    @staticmethod
    def _fraction(line, end):
        if line[end : end + 1] not in (b".", b",", b":"):
            return end
        stop = end + 1
        while stop < len(line) and stop < end + 10 and 48 <= line[stop] <= 57:
            stop += 1
        return stop if stop > end + 1 else end

    def _levels(self, line, head, after, cut):
        self._mode = "search"
        if head.level_span and head.level_span[0] < head.stamp[0]:
            raise ValueError("the level stands before the stamp")
        if head.format in ("syslog", "syslog 5424"):
            if line[:1] == b"<":
                raise ValueError("the level stands before the stamp")
            self._mode = "none"
        elif head.level_span and not line[after : head.level_span[0]].strip(b" \t[]:|-"):
            self._mode = "column"
            stop = head.level_span[0] + _LEVEL_ROOM
            self._level_slice = slice(after - cut, stop - cut)
            self._level_memory = _Memory(self._level)
        elif self._behind_bracket(line, head.level_span, after):
            self._mode = "bracket"
            self._level_memory = _Memory(self._bracket_level)

    @staticmethod
    def _behind_bracket(line, span, after):
        """Whether the level stands right behind the first bracketed part: a thread's name."""
        if not span or line[after : span[0]].lstrip()[:1] != b"[":
            return False
        close = line.find(b"] ", after)
        return 0 <= close < span[0] and not line[close + 1 : span[0]].strip(b" [")

    def _bracket_level(self, text):
        """Level in a slice that ends behind the level; None when it needs a closer look."""
        match = heads.LEVEL_AFTER.match(text)
        if match is None or match.end() >= len(text) or match.lastindex not in (1, 4, 6):
            return None
        return levels.from_word(match.group(match.lastindex))

    def _time(self, text):
        seconds = text[self._second : self._second + 2]
        base = self._minutes.get(text[: self._second])
        if base is not None and seconds.isdigit() and len(text) == self._stamp_length:
            if text[self._second + 2 :] == self._separator and seconds < b"60":
                return base + int(seconds)
        found = self._careful_time(text)
        if found is not None and seconds.isdigit() and seconds < b"60":
            if len(self._minutes) > 20000:
                self._minutes.clear()
            self._minutes[text[: self._second]] = found - int(seconds)
        return found

    def _careful_time(self, text):
        whole = self.marker + text
        if self._separator:
            if whole[-1:] != self._separator:
                return None
            whole = whole[:-1]
        stamp = whole[self._start :]
        match = self._shape_of(stamp + b",000")
        if match is None or match.end() != len(stamp):
            return None
        return self._reader.read(self._kind, stamp, self._zone)

    def _level(self, text):
        """Level in a slice that starts behind the stamp; None when it needs a closer look."""
        match = heads.LEVEL_AFTER.match(text)
        if match is None or match.lastindex not in (1, 4, 6):
            return None
        start, end = match.span(match.lastindex)
        if match.end() >= len(text) or text[:start].strip(b" \t[]:|-"):
            return None
        return levels.from_word(text[start:end])

    def split(self, body: bytes, recogniser):
        """(Batch, last record) of a body of whole lines, or None when it does not fit.

        The first line of `body` starts a record. The last record is handed back: the next
        block may continue it.
        """
        if not body.startswith(self.marker):
            return None
        pieces = body.split(b"\n" + self.marker)
        pieces[0] = pieces[0][len(self.marker) :]
        times = [self._times[piece[self._head_slice]] for piece in pieces]
        if None in times or not self._regular(pieces):
            return None
        found = self._levels_of(pieces)
        if found is None or not _only_continued(pieces, recogniser):
            return None
        last = self.marker + pieces.pop()
        times.pop()
        found.pop()
        return Batch(pieces, times, found, self.marker, None, self.format, self), last

    def head(self, record: bytes, time: int, level: int):
        """Head of a record of this layout; None when it takes the careful way."""
        if self.format == "android" or self._mode == "none":
            return None
        end = self._after + len(self.marker)
        found = heads.LEVEL_AFTER.match(record, end)
        at = heads.MESSAGE.match(record, found.end() if found else end).end()
        return Head(self.format, time, level, at, self._kind)

    def _regular(self, pieces):
        """Whether fraction and zone are alike in all records: the same digits, the same zone."""
        if self._separator:
            cut = self._fraction_slice
            digits = b"".join([piece[cut] for piece in pieces])
            if len(digits) != (cut.stop - cut.start) * len(pieces) or not digits.isdigit():
                return False
        behind = {piece[self._fraction_end : self._after + 6] for piece in pieces}
        return all(self._zone_alone(text) for text in behind)

    def _zone_alone(self, text):
        """Whether what follows the fraction begins with the layout's zone, and no other."""
        zone = self._zone
        if text[: len(zone)] != zone:
            return False
        text = text[len(zone) :]
        if zone:
            return not text[:1].isdigit()
        if text[:1].isdigit() or (not self._separator and text[:1] in (b".", b",", b":", b"")):
            return False
        return not _zoned(text)

    def _levels_of(self, pieces):
        if self._mode == "none":
            return [levels.NONE] * len(pieces)
        if self._mode == "column":
            cut, memory = self._level_slice, self._level_memory
            found = [memory[piece[cut]] for piece in pieces]
            return None if None in found else found
        if self._mode == "bracket":
            after, memory = self._after, self._level_memory
            found = [
                memory[piece[after : piece.find(b"] ", after) + 2 + _LEVEL_ROOM]]
                for piece in pieces
            ]
            return None if None in found else found
        search, after, words = heads.LEVEL_AFTER.match, self._after, _WORD_LEVELS
        found = [search(piece, after) for piece in pieces]
        return [words[match.group(match.lastindex)] if match else 0 for match in found]


class AccessLayout(object):
    """Access logs of clients by IPv4 address: one expression per line, nothing else."""

    format = "access"

    def __init__(self, reader):
        self._reader = reader

    def split(self, body: bytes, recogniser):
        """(Batch, last record), or None when one line is something else."""
        lines = body.split(b"\n")
        lines.pop()
        found = list(map(ACCESS_4, lines))
        if None in found:
            return None
        read = self._reader.read
        times = [read("named", match.group("t"), match.group("z")) for match in found]
        if None in times:
            return None
        last = lines.pop() + b"\n"
        times.pop()
        found.pop()
        batch = Batch(lines, times, [levels.NONE] * len(lines), b"", None, "access")
        batch.requests = found
        return batch, last


def layout_for(line: bytes, head, reader):
    """The layout a record suggests. Raises ValueError when it suggests none."""
    if head.format == "access":
        if ACCESS_4(line) is None:
            raise ValueError("clients by name")
        return AccessLayout(reader)
    if head.format == "json":
        return JsonLayout(reader)
    return Layout(line, head, reader)


_WORD_LEVELS = _Memory(levels.from_word)


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


def _only_continued(pieces, recogniser) -> bool:
    """Whether no continuation line within the records is itself the head of a record."""
    for piece in [piece for piece in pieces if b"\n" in piece]:
        for line in _CANDIDATE.findall(piece):
            if recogniser.recognise(line[1:]) is not None:
                return False
    return True
