"""The general shapes of heads: a stamp, or what stands for one, and how its head is finished."""

import re

from psbhost import heads, jsonlines, levels
from psbhost.head import Head
from psbhost.stamps import SHAPES, TIMES_OF_DAY

#: Kinds whose stamps no columns are read of.
_SPOKEN = ("clockdate", "kitchen", "julian", "tai", "yearnamed", "cmtrace")


class Shape(object):
    """One shape of head: a lazily compiled expression and how to finish it."""

    def __init__(self, key, source, finish, need=b""):
        self.key = key
        self.need = need  # what a line must hold to be of this shape
        self._source = source
        self._finish = finish
        self._match = None

    def recognise(self, line, recogniser):
        """Head, or None. `recogniser`: the one that asks, for what it knows of the file."""
        if self._match is None:
            self._match = re.compile(self._source).match
        match = self._match(line)
        return None if match is None else self._finish(self.key, match, line, recogniser)


def _after(match, line, kind, time, end):
    """Head of a stamp followed by a level, or by none."""
    found = heads.LEVEL_AFTER.match(line, end)
    if found is None:
        at = heads.MESSAGE.match(line, end).end()
        name = _name(match.group("f"), kind, False)
        return Head(name, time, levels.NONE, at, kind, match.span("t"), match.span("z"))
    group = found.lastindex
    level = levels.from_word(found.group(group))
    if group in (2, 3, 4) and (group != 3 or kind in ("monthday", "iso", "epoch")):
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


def plain(kind, match, line, recogniser):
    """A stamp at the start of the line."""
    reader = recogniser.reader
    time = reader.read(kind, match.group("t"), match.group("z"))
    if time is None:
        return None
    if line[match.end() : match.end() + 4] == b" std":
        found = heads.CONTAINER.match(line, match.end())
        if found:
            return _contained(line, found.end(), time, recogniser)
    head = _after(match, line, kind, time, match.end())
    if not head.level:
        source = heads.SOURCE_ONLY.match(line, match.end())
        if source is not None:
            level = levels.from_word(source.group(1) or b"")
            return Head("java util logging", time, level, source.end())
        for own in recogniser.own.get(kind, ()):
            if own.need and own.need not in line:
                continue
            found = own.recognise(line, recogniser)
            if found is not None:
                return found
        if kind == "epoch":
            return _second(head, match, line)
        if line[head.message : head.message + 2] == b'{"':
            _take_json(head, line, recogniser)
    if kind in _SPOKEN or (kind in TIMES_OF_DAY and reader.day is not None):
        head.kind, head.stamp = "", None  # the same text is another time on another day
    return head


def _take_json(head, line, recogniser):
    """A JSON object behind a stamp that a collector put in front of it: its level and fields."""
    inner = recogniser.within(line[head.message :])
    if inner is not None and inner.format == "json":
        head.level, head.extra = inner.level, inner.extra
        head.kind, head.stamp = "", None


def _contained(line, start, time, recogniser):
    """A record a container runtime put its own stamp in front of: level and message within."""
    inner = recogniser.within(line[start:])
    if inner is None:
        return Head("container", time, levels.NONE, start)
    return Head("container", time, inner.level, start + inner.message, extra=inner.extra)


def _second(head, match, line):
    """Behind an epoch: a second stamp after a few names, a program, or one small number."""
    found = heads.SECOND_STAMP.match(line, match.end())
    if found is None:
        program = heads.HOST_PROGRAM.match(line, match.end())
        if program is not None:
            head.message = program.end()
            return head
        flag = heads.FLAG.match(line, match.end()) if match.start("t") else None
        if flag is not None:
            head.message = heads.SPACE.match(line, flag.end()).end()
        return head
    if found.group("s") is not None:
        program = heads.PROGRAM.match(line, found.end())
        head.message = program.end()
        return head
    inner = _after(match, line, head.kind, head.time, found.end())
    head.level, head.level_span, head.message = inner.level, inner.level_span, inner.message
    return head


class Prefixed(object):
    """A stamp behind a few head-like tokens. However these are read, each place is tried once:
    one expression for all of them would try as many ways as there are between commas."""

    key, need = "+", b""

    def recognise(self, line, recogniser):
        """Head, or None."""
        places = _places(line)
        for kind in heads.PREFIXED if places else ():
            for at in places:
                match = opening(kind)(line, at)
                if match is not None:
                    head = _prefixed(kind, match, line, recogniser)
                    if head is not None:
                        return head
                    break
        return None


#: Tokens in front of a stamp.
_MOST_TOKENS = 6


def _places(line):
    """Where a stamp may stand behind one to _MOST_TOKENS tokens, in the order of reading."""
    found, tokens, waiting = [], {}, [(0, 0)]
    while waiting:
        at, count = waiting.pop()
        if tokens.get(at, _MOST_TOKENS + 1) <= count:
            continue
        if at and at not in tokens and heads.PREFIXED_STAMP.match(line, at):
            found.append(at)
        tokens[at] = count
        if count < _MOST_TOKENS:
            waiting += [(end, count + 1) for end in _ends(line, at)]
    return found


def _ends(line, at):
    """Where a token and what divides it from the next one may end; the likeliest last."""
    ends = []
    for step in heads.PREFIX_STEPS:
        match = step.match(line, at)
        if match is not None:
            ends.insert(0, match.end())
        elif not ends:
            break
    return ends


def _prefixed(kind, match, line, recogniser):
    """A stamp behind a few head-like tokens; a level may be one of them."""
    before = line[: match.start()]
    if kind in TIMES_OF_DAY and heads.ENDS_IN_DATE.search(before):
        return None  # a date that does not exist
    time = recogniser.reader.read(kind, match.group("t"), match.group("z"))
    if time is None:
        return None
    head = _after(match, line, kind, time, match.end())
    word = heads.PREFIX_LEVEL.search(before)
    if not word and not head.level and line[match.start() : match.start() + 1] == b"[":
        word = heads.PREFIX_LETTER.match(before)
    if word:
        head.level = levels.from_word(word.group(1))
        head.level_span = word.span(1)
    elif not head.level and kind == "epoch":
        return _second(head, match, line)
    return head


def counted(key, match, line, recogniser):
    """A number, a few words, an epoch and one small number: no level is among them."""
    time = recogniser.reader.read("epoch", match.group("t"))
    if time is None:
        return None
    flag = heads.FLAG.match(line, match.end())
    at = heads.SPACE.match(line, flag.end() if flag else match.end()).end()
    return Head("timestamp", time, levels.NONE, at, "epoch", match.span("t"), match.span("z"))


def lettered(key, match, line, recogniser):
    """A letter for the level, then the stamp: glog and Tornado."""
    text = match.group("t")
    kind = "glog" if key == "glog" else ("iso" if text[4:5] == b"-" else "six")
    if kind == "glog" and len(text) > 13:
        kind = "compact"
    time = recogniser.reader.read(kind, text)
    if time is None:
        return None
    level = levels.from_word(match.group("l"))
    return Head(key, time, level, match.end(), kind, match.span("t"), (0, 0), match.span("l"))


def syslog(key, match, line, recogniser):
    """Syslog of both RFCs; its text may be a record of another program's own."""
    text = match.group("t")
    kind = "iso" if text[4:5] == b"-" else "syslog"
    time = recogniser.reader.read(kind, text, match.group("z"))
    if time is None:
        return None
    if kind == "syslog" and heads.LEVEL_NEXT.match(line, match.end("z")):
        return _after(match, line, kind, time, match.end("z"))
    level = levels.NONE
    if "pri" in match.re.groupindex and match.group("pri"):
        level = levels.BY_SEVERITY[int(match.group("pri")) & 7]
    elif "g" in match.re.groupindex and match.group("g"):
        level = levels.from_word(match.group("g").rpartition(b".")[2])
    head = Head(key, time, level, match.end(), "syslog", match.span("t"), match.span("z"))
    bare = heads.HOSTLESS.match(line, match.end("z"))
    if bare is not None:
        head.level, head.message = levels.from_word(bare.group(1)), bare.end()
    elif heads.SYSLOG_INNER.match(line, match.end()):
        _inner(head, line, recogniser)
    return head


def _inner(head, line, recogniser):
    """The level and message of a program that writes its own head behind syslog's."""
    found = heads.SYSLOG_LEVEL.match(line, head.message)
    if found is not None:
        number = found.group("number")
        word = found.group(1) or found.group("bare") or found.group("graded")
        head.level = levels.from_word(word) if number is None else levels.BY_SEVERITY[int(number)]
        marked = found.group(1) or found.group("graded")
        head.message = found.end() if marked else head.message
        return
    inner = recogniser.within(line[head.message :])
    if inner is not None and inner.time is not None:
        head.level = inner.level or head.level
        if inner.format == "json":
            head.extra = inner.extra
        else:
            head.message += inner.message


def logfmt(key, match, line, recogniser):
    """key=value pairs with a stamp among the first."""
    text = match.group("t")
    kind = "iso" if text[4:5] in b"-/." else "epoch"
    time = recogniser.reader.read(kind, text, match.group("z"))
    return None if time is None else _pairs(line, time)


def _pairs(line, time):
    found = heads.LOGFMT_LEVEL.search(line[:600])
    level = levels.from_word(found.group(1)) if found else levels.NONE
    at = max(line.find(b"msg="), line.find(b"message="), 0)
    return Head("logfmt", time, level, line.find(b"=", at) + 1 if at else 0)


def logfmt_bare(key, match, line, recogniser):
    """key=value pairs that begin with the level."""
    return _pairs(line, None)


def jul(key, match, line, recogniser):
    """java.util.logging, on two lines or on one."""
    time = recogniser.reader.read("spoken", match.group("t"), match.group("z"))
    if time is None:
        return None
    found = heads.LEVEL_SECOND.match(line) or heads.LEVEL_SPOKEN.match(line, match.end("z"))
    if found is not None:
        level = levels.from_word(found.group(1))
        return Head("java util logging", time, level, found.end(), "spoken")
    found = heads.LEVEL_AFTER.match(line, match.end("z"))
    level = levels.from_word(found.group(found.lastindex)) if found else levels.NONE
    at = heads.MESSAGE.match(line, (found.end() if found else match.end("z"))).end()
    return Head("java util logging", time, level, at, "spoken")


def access(key, match, line, recogniser):
    """A line of an access log."""
    time = recogniser.reader.read("named", match.group("t"), match.group("z"))
    if time is None:
        return None
    return Head("access", time, levels.NONE, match.start("q"), "named", extra=match)


def json_line(key, match, line, recogniser):
    """One JSON object; around another program's record it may be Docker's."""
    document = jsonlines.load(line.split(b"\n", 1)[0])
    if document is None:
        return None
    time = json_time(jsonlines.stamp_of(document), recogniser.reader)
    level = jsonlines.level_of(document)
    if "stream" in document and isinstance(document.get("log"), str):
        text = document["log"].encode("utf-8", "replace")
        inner = recogniser.within(text)
        if inner is not None:
            level = inner.level
            document = _unwrapped(document, text, inner)
    return Head("json", time, level, 0, extra=document)


def _unwrapped(document, text, inner):
    """Docker's record with the message of what it holds."""
    if inner.format == "json":
        whole = dict(inner.extra)
        whole.update(log=document["log"], stream=document["stream"])
        return whole
    whole = dict(document)
    whole["message"] = text[inner.message :].decode("utf-8", "replace").rstrip("\n")
    return whole


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
    match = opening("iso")(text)
    if match:
        return reader.read("iso", match.group("t"), match.group("z"))
    return read_any(text, reader)


def read_any(text, reader):
    """UTC seconds of a stamp of any shape that fills `text` from its start, or None."""
    for kind in SHAPES:
        match = opening(kind)(text)
        if match:
            return reader.read(kind, match.group("t"), match.group("z"))
    return None


_OPENED = {}


def opening(kind):
    """Matches a stamp of a kind, in brackets or not, with its fraction and zone."""
    found = _OPENED.get(kind)
    if found is None:
        found = _OPENED[kind] = re.compile(heads.opened(kind)).match
    return found
