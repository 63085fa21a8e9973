"""Recognises the head of a record: its format, time, level and where its message begins.

Recognition is per record, never per file: files mix programs, start late and carry traces.
The shapes exclude each other, so that the order in which they are tried changes only speed.
"""

import re

from psbhost import heads, jsonlines, levels
from psbhost.access import ACCESS
from psbhost.stamps import SHAPES, StampReader

WHITE = frozenset(b" \t\r\n\x0b\x0c")
LONGEST_HEAD = 4096
#: Lines of traces that can never be a head; asked first because they are many.
NEVER = (b"Caused by: ", b"Suppressed: ", b"Traceback (")


class Head(object):
    """What the head of a record says."""

    __slots__ = (
        "extra",
        "format",
        "kind",
        "level",
        "level_span",
        "message",
        "offset",
        "stamp",
        "time",
    )

    def __init__(
        self,
        name,
        time,
        level,
        message,
        kind="",
        stamp=None,
        offset=None,
        level_span=None,
        extra=None,
    ):
        self.format = name  # name of the format
        self.time = time  # UTC epoch seconds, None without a stamp
        self.level = level  # index into levels.NAMES
        self.message = message  # offset of the message in the line
        self.kind = kind  # kind of stamp
        self.stamp = stamp  # (start, end) up to the seconds
        self.offset = offset  # (start, end) of the zone
        self.level_span = level_span
        self.extra = extra  # parsed JSON, match of an access line


class _Shape(object):
    """One shape of head: a lazily compiled expression and how to finish it."""

    def __init__(self, key, source, finish, need=b""):
        self.key = key
        self.need = need  # what a line must hold to be of this shape
        self._source = source
        self._finish = finish
        self._match = None

    def recognise(self, line, reader):
        if self._match is None:
            self._match = re.compile(self._source).match
        match = self._match(line)
        return None if match is None else self._finish(self.key, match, line, reader)


def _read(kind, match, reader):
    return reader.read(kind, match.group("t"), match.group("z"))


def _after(match, line, kind, time, end):
    """Head of a stamp followed by a level, or by none."""
    found = heads.LEVEL_AFTER.match(line, end)
    if found is None:
        at = heads.MESSAGE.match(line, end).end()
        name = _name(match.group("f"), kind, False)
        return Head(name, time, levels.NONE, at, kind, match.span("t"), match.span("z"))
    group = found.lastindex
    level = levels.from_word(found.group(group))
    if kind == "monthday" and group in (2, 3):
        at = _tag(line, found.end())
        return Head(
            "android", time, level, at, kind, match.span("t"), match.span("z"), found.span(group)
        )
    at = heads.MESSAGE.match(line, found.end()).end()
    name = _name(match.group("f"), kind, True)
    return Head(name, time, level, at, kind, match.span("t"), match.span("z"), found.span(group))


def _tag(line, start):
    """Where the message starts behind an Android tag."""
    colon = line.find(b": ", start, start + 120)
    return colon + 2 if colon >= 0 else start


def _name(fraction, kind, with_level):
    if not with_level:
        return "timestamp"
    if kind == "iso":
        return {b",": "log4j", b".": "logback"}.get(fraction[:1], "iso")
    return {"ctime": "error log", "short": "hadoop", "six": "hdfs", "named": "tomcat"}.get(
        kind, "timestamp"
    )


def _plain(kind, match, line, reader):
    time = _read(kind, match, reader)
    if time is None:
        return None
    if line[match.end() : match.end() + 4] == b" std":
        found = heads.CONTAINER.match(line, match.end())
        if found:
            return _contained(line, found.end(), time, reader)
    return _after(match, line, kind, time, match.end())


def _contained(line, start, time, reader):
    """A record a container runtime put its own stamp in front of: level and message within."""
    inner = recogniser_for(reader).recognise(line[start:])
    if inner is None:
        return Head("container", time, levels.NONE, start)
    return Head("container", time, inner.level, start + inner.message, extra=inner.extra)


def _prefixed(key, match, line, reader):
    kind = key[1:]
    time = _read(kind, match, reader)
    if time is None:
        return None
    head = _after(match, line, kind, time, match.end())
    before = heads.PREFIX_LEVEL.search(match.group("p"))
    if before:
        head.level = levels.from_word(before.group(1))
        head.level_span = before.span(1)
    return head


def _lettered(key, match, line, reader):
    kind = "glog" if key == "glog" else ("iso" if match.group("t")[4:5] == b"-" else "six")
    time = reader.read(kind, match.group("t"))
    if time is None:
        return None
    level = levels.from_word(match.group("l"))
    return Head(key, time, level, match.end(), kind, match.span("t"), (0, 0), match.span("l"))


def _syslog(key, match, line, reader):
    text = match.group("t")
    time = reader.read("iso" if text[4:5] == b"-" else "syslog", text, match.group("z"))
    if time is None:
        return None
    level = levels.NONE
    if "pri" in match.re.groupindex and match.group("pri"):
        level = levels.BY_SEVERITY[int(match.group("pri")) & 7]
    return Head(key, time, level, match.end(), "syslog", match.span("t"), match.span("z"))


def _logfmt(key, match, line, reader):
    text = match.group("t")
    time = reader.read("iso" if text[4:5] in b"-/." else "epoch", text, match.group("z"))
    if time is None:
        return None
    return _logfmt_rest(line, time)


def _logfmt_rest(line, time):
    found = heads.LOGFMT_LEVEL.search(line[:600])
    level = levels.from_word(found.group(1)) if found else levels.NONE
    at = max(line.find(b"msg="), line.find(b"message="), 0)
    return Head("logfmt", time, level, line.find(b"=", at) + 1 if at else 0)


def _logfmt_bare(key, match, line, reader):
    return _logfmt_rest(line, None)


def _jul(key, match, line, reader):
    time = reader.read("spoken", match.group("t"))
    if time is None:
        return None
    found = heads.LEVEL_SECOND.match(line)
    if found is None:
        plain = heads.LEVEL_AFTER.match(line, match.end("t"))
        level = levels.from_word(plain.group(plain.lastindex)) if plain else levels.NONE
        at = heads.MESSAGE.match(line, (plain.end() if plain else match.end("t"))).end()
        return Head("java util logging", time, level, at, "spoken")
    return Head("java util logging", time, levels.from_word(found.group(1)), found.end(), "spoken")


def _access(key, match, line, reader):
    time = reader.read("named", match.group("t"), match.group("z"))
    if time is None:
        return None
    return Head("access", time, levels.NONE, match.start("q"), "named", extra=match)


def _json(key, match, line, reader):
    document = jsonlines.load(line.split(b"\n", 1)[0])
    if document is None:
        return None
    time = json_time(jsonlines.stamp_of(document), reader)
    level = jsonlines.level_of(document)
    if "log" in document and "stream" in document and isinstance(document["log"], str):
        inner = recogniser_for(reader).recognise(document["log"].encode("utf-8", "replace"))
        if inner is not None:
            level = inner.level
    return Head("json", time, level, 0, extra=document)


_ISO = re.compile(heads.opened("iso"))


def json_time(value, reader):
    """UTC seconds of a JSON value, or None."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        if value != value or abs(value) > 4e18:
            return None
        return reader.read("epoch", ("%d" % value).encode("ascii")) if value >= 1e9 else None
    if not isinstance(value, str):
        return None
    text = value.encode("ascii", "replace")[:64]
    match = _ISO.match(text)
    if match:
        return reader.read("iso", match.group("t"), match.group("z"))
    return read_any(text, reader)


def read_any(text, reader):
    """UTC seconds of a stamp of any shape that fills `text` from its start, or None."""
    for kind in SHAPES:
        match = re.match(heads.opened(kind), text)
        if match:
            return reader.read(kind, match.group("t"), match.group("z"))
    return None


_OPEN = {
    kind: _Shape(kind, heads.opened(kind), _plain)
    for kind in SHAPES
    if kind not in ("glog", "spoken", "syslog")
}
_PREFIX = [_Shape("+" + kind, heads.prefixed(kind), _prefixed) for kind in heads.PREFIXED]
_ACCESS = _Shape("access", ACCESS.pattern, _access, b'] "')
_ACCESS_4 = _Shape(
    "access 4", rb"(?=\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3} )" + ACCESS.pattern, _access
)
ACCESS_4 = re.compile(rb"(?=\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3} )" + ACCESS.pattern).match
_SYSLOG = _Shape("syslog", heads.SYSLOG, _syslog)
_SYSLOG_ISO = _Shape("syslog", heads.SYSLOG_ISO, _syslog)
_SYSLOG_5424 = _Shape("syslog 5424", heads.SYSLOG_5424, _syslog)
_GLOG = _Shape("glog", heads.GLOG, _lettered)
_TORNADO = _Shape("tornado", heads.TORNADO, _lettered)
_JSON = _Shape("json", rb"\{", _json)
_LOGFMT = _Shape("logfmt", heads.LOGFMT, _logfmt, b"=")
_LOGFMT_BARE = _Shape("logfmt", heads.LOGFMT_BARE, _logfmt_bare, b"=")
_JUL = _Shape("java util logging", heads.JUL, _jul)


def _tables():
    numbers = (
        [_SYSLOG_ISO] + [_OPEN[k] for k in _OPEN if k != "ctime"] + [_ACCESS_4, _ACCESS] + _PREFIX
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
    table[ord("{")] = [_JSON]
    for byte in WHITE:
        table[byte] = []
    for name in b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split():
        table[name] = [_JUL, _SYSLOG] + words
    for name in b"Mon Tue Wed Thu Fri Sat Sun".split():
        table[name] = [_OPEN["ctime"]] + words
    return table


_BY_FIRST = _tables()
NAMES = (
    "log4j", "logback", "iso", "timestamp", "error log", "hadoop", "hdfs", "tomcat", "android",
    "glog", "tornado", "syslog", "syslog 5424", "logfmt", "container", "java util logging",
    "access", "json",
)  # fmt: skip


class Recogniser(object):
    """Recognises heads of one file; keeps what worked last in front."""

    def __init__(self, reader: StampReader, only=None, pattern=None):
        self.reader = reader
        self._only = only
        self._pattern = pattern
        self._tables = {}

    def recognise(self, line: bytes):
        """Head of the record that starts with this line, or None for a continuation line."""
        if not line or line[0] in WHITE or line.startswith(NEVER):
            return None
        if self._pattern is not None:
            return self._by_pattern(line[:LONGEST_HEAD])
        table = self._tables.get(line[:3]) or self._tables.get(line[0])
        if table is None:
            key = line[:3] if line[:3] in _BY_FIRST else line[0]
            table = self._tables[key] = list(_BY_FIRST[key])
        for index, shape in enumerate(table):
            if shape.need and shape.need not in line:
                continue
            if shape.key == "+iso" and heads.PREFIX_GUARD.match(line) is None:
                return None
            head = shape.recognise(line, self.reader)
            if head is not None:
                if self._only is not None and head.format != self._only:
                    return None
                if index and _independent(table, index):
                    table.insert(0, table.pop(index))
                return head
        return None

    def levelled(self, line: bytes):
        """Head of a line without a stamp that starts with its level, or None."""
        match = heads.LEVEL_FIRST.match(line)
        if match is None:
            return None
        at = heads.MESSAGE.match(line, match.end()).end()
        return Head("level first", None, levels.from_word(match.group(1)), at)

    def _by_pattern(self, line):
        match = self._pattern.match(line)
        if match is None:
            return None
        groups = match.re.groupindex
        time = read_any(match.group("time") or b"", self.reader) if "time" in groups else None
        level = levels.from_word(match.group("level") or b"") if "level" in groups else levels.NONE
        at = match.start("message") if "message" in groups else match.end()
        return Head("pattern", time, level, max(0, at))


def _independent(table, index):
    """Whether a shape may be tried before those in front of it: only general ones may not."""
    return table[index].key[:1] != "+" and table[index].key not in ("iso", "logfmt", "access")


def recogniser_for(reader):
    """A recogniser on the same stamps, for a record within a record."""
    return Recogniser(reader)
