"""Recognises the head of a record: its format, time, level and where its message begins.

Recognition is per record, never per file: files mix programs, start late and carry traces.
The general shapes come first and read layouts that nobody described; formats of the
definitions (`defined`) add what is too peculiar for them. The shapes exclude each other, so
that the order in which they are tried changes only speed.
"""

import re

from psbhost import defined, heads, levels, shapes
from psbhost.access import ACCESS
from psbhost.head import Head
from psbhost.shapes import Shape, json_time, read_any
from psbhost.stamps import SHAPES, StampReader

__all__ = ["ACCESS_4", "NAMES", "Head", "Recogniser", "json_time", "read_any"]

WHITE = frozenset(b" \t\r\n\x0b\x0c")
LONGEST_HEAD = 4096
#: Lines of traces that can never be a head; asked first because they are many.
NEVER = (b"Caused by: ", b"Suppressed: ", b"Traceback (")
#: Lines without a stamp in which a date is looked for where stamps are times of day alone.
_MOST_BANNERS = 10000

_OPEN = {
    kind: Shape(kind, heads.opened(kind), shapes.plain)
    for kind in SHAPES
    if kind not in ("glog", "spoken", "julian", "tai", "cmtrace")
}
_PREFIX = [shapes.Prefixed()]
_ACCESS = Shape("access", ACCESS.pattern, shapes.access, b'] "')
_ADDRESS = rb"(?=\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3} )"
_ACCESS_4 = Shape("access 4", _ADDRESS + ACCESS.pattern, shapes.access)
ACCESS_4 = re.compile(_ADDRESS + ACCESS.pattern).match
_SYSLOG = Shape("syslog", heads.SYSLOG, shapes.syslog)
_SYSLOG_ISO = Shape("syslog", heads.SYSLOG_ISO, shapes.syslog)
_SYSLOG_DAY = Shape("syslog", heads.SYSLOG_DAY, shapes.syslog)
_SYSLOG_5424 = Shape("syslog 5424", heads.SYSLOG_5424, shapes.syslog)
_GLOG = Shape("glog", heads.GLOG, shapes.lettered)
_TORNADO = Shape("tornado", heads.TORNADO, shapes.lettered)
_JSON = Shape("json", rb"\{", shapes.json_line)
_LOGFMT = Shape("logfmt", heads.LOGFMT, shapes.logfmt, b"=")
_LOGFMT_BARE = Shape("logfmt", heads.LOGFMT_BARE, shapes.logfmt_bare, b"=")
_COUNTED = Shape("counted", heads.COUNTED, shapes.counted)
_TAI = Shape("tai", heads.opened("tai"), shapes.plain)
_JUL = Shape("java util logging", heads.JUL, shapes.jul)
_OWN = defined.own_by_kind()
_PADDED = defined.own_by_first_byte().get(ord(" "), [])
_PADDED_NAMES = frozenset(shape.key for shape in _PADDED)


def _tables():
    words_first = ("ctime", "mail", "syslog")
    numbers = [_SYSLOG_ISO] + [_OPEN[k] for k in _OPEN if k not in words_first]
    numbers += (
        defined.own_by_first_byte().get(ord("0"), []) + [_ACCESS_4, _ACCESS, _COUNTED] + _PREFIX
    )
    words = [_ACCESS, _LOGFMT, _LOGFMT_BARE] + _PREFIX
    letters = [_GLOG] + words
    opened = [_OPEN[k] for k in _OPEN] + [_TORNADO] + _PREFIX
    marks = [_ACCESS] + _PREFIX
    table = dict.fromkeys(range(256), marks)
    table.update(dict.fromkeys(b"0123456789", numbers))
    table.update(dict.fromkeys(range(65, 91), letters))
    table.update(dict.fromkeys(range(97, 123), letters))
    table.update(dict.fromkeys(b"[(\"'", opened))
    table[ord("<")] = [_SYSLOG_5424, _SYSLOG] + opened
    table[ord("*")] = table[ord(".")] = [_SYSLOG] + marks
    table[ord("{")] = [_JSON]
    table[ord("@")] = [_TAI, _LOGFMT] + marks
    for byte in WHITE:
        table[byte] = []
    for byte, own in defined.own_by_first_byte().items():
        if byte not in b"0123456789 ":
            table[byte] = own + table[byte]
    for name in b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split():
        table[name] = [_JUL, _SYSLOG] + words
    for name in b"Mon Tue Wed Thu Fri Sat Sun".split():
        table[name] = [_OPEN["ctime"], _OPEN["mail"], _SYSLOG_DAY] + words
    return table


_BY_FIRST = _tables()
GENERAL_NAMES = (
    "log4j", "logback", "iso", "timestamp", "error log", "hadoop", "hdfs", "tomcat", "android",
    "glog", "tornado", "syslog", "syslog 5424", "logfmt", "container", "java util logging",
    "access", "json",
)  # fmt: skip
#: Names a catalogue may force: those of the general shapes and those of the definitions.
NAMES = GENERAL_NAMES + tuple(name for name in defined.BY_NAME if name not in GENERAL_NAMES)


class Recogniser(object):
    """Recognises heads of one file; keeps what worked last in front."""

    def __init__(self, reader: StampReader, only=None, pattern=None):
        self.reader = reader
        self.own = _OWN
        self._only = only
        self._forced = defined.BY_NAME.get(only) if only not in GENERAL_NAMES else None
        self._pattern = pattern
        self._tables = {}
        self._inner = None
        self._banners = 0
        self._padded = True

    def recognise(self, line: bytes):
        """Head of the record that starts with this line, or None for a continuation line."""
        if not line or line[0] in WHITE:
            return self._indented(line) if line[:1] == b" " else None
        if line.startswith(NEVER):
            return None
        if self._pattern is not None:
            return self._by_pattern(line[:LONGEST_HEAD])
        if self._forced is not None:
            return self._by_definition(line)
        head = self._general(line)
        if head is None:
            if not self.reader.dated:
                self._banner(line)
        elif self._only is not None and head.format != self._only:
            return None
        else:
            self._padded = head.format in _PADDED_NAMES
        return head

    def _indented(self, line):
        """A head with blanks in front of it: of formats that pad their first field, and only
        where no head of another was seen last."""
        if self._only is not None or self._pattern is not None:
            return self._forced.head(line, self.reader) if self._forced is not None else None
        for shape in _PADDED if self._padded else ():
            head = shape.recognise(line, self)
            if head is not None:
                return head
        return None

    def _general(self, line):
        key = line[:3] if line[:3] in _BY_FIRST else line[0]
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = list(_BY_FIRST[key])
        for index, shape in enumerate(table):
            if shape.need and shape.need not in line:
                continue
            head = shape.recognise(line, self)
            if head is not None:
                if index and _independent(table, index):
                    table.insert(0, table.pop(index))
                return head
        return None

    def _banner(self, line):
        """A line without a stamp may hold the date that times of day belong to."""
        if self._banners < _MOST_BANNERS:
            self._banners += 1
            self.reader.note_date(line)

    def within(self, text: bytes):
        """Head of a record within a record, or None."""
        if self._inner is None:
            self._inner = Recogniser(self.reader)
        return self._inner.recognise(text) or self._inner.levelled(text)

    def levelled(self, line: bytes):
        """Head of a line without a stamp that starts with its level, or None."""
        match = heads.LEVEL_FIRST.match(line)
        if match is None:
            return None
        logger = heads.LOGGER_FIRST.match(line, match.end())
        at = logger.end() if logger else heads.MESSAGE.match(line, match.end()).end()
        return Head("level first", None, levels.from_word(match.group(1)), at)

    def _by_definition(self, line):
        """A format that was named: only its lines, with all that the general shapes see too."""
        head = self._forced.head(line, self.reader)
        if head is None or self._forced.own:
            return head
        general = self._general(line)
        return head if general is None or general.time != head.time else general

    def _by_pattern(self, line):
        match = self._pattern.match(line)
        if match is None:
            return None
        groups = match.re.groupindex
        time = read_any(match.group("time") or b"", self.reader) if "time" in groups else None
        level = levels.from_word(match.group("level") or b"") if "level" in groups else levels.NONE
        at = match.start("message") if "message" in groups else match.end()
        return Head("pattern", time, level, max(0, at))


#: Shapes that would take lines of those in front of them.
_LATER = ("iso", "wide", "logfmt", "access", "counted")


def _independent(table, index):
    """Whether a shape may be tried before those in front of it: only general ones may not."""
    return table[index].key[:1] != "+" and table[index].key not in _LATER
