"""Formats given as data: `definitions`, made of `resources/formats`, compiled when first needed.

A head is a template such as `[{time:iso}] {level} {component}: {message}`. What the parts in
braces stand for is in docs/formats.md. Own formats are recognised by their template; the
others are read by the general rules, and their template gives them a name.
"""

import re

from psbhost import heads, levels
from psbhost.definitions import DEFINITIONS
from psbhost.head import Head
from psbhost.lazily import Expression
from psbhost.stamps import FRACTION, OFFSET, SHAPES, TIMES_OF_DAY

_PART = Expression(r"\{([a-z]+)(?::([a-z]+))?\}|\{\{|\}\}")
_ALL = b"|".join(SHAPES[kind] for kind in SHAPES if kind not in TIMES_OF_DAY)
_IP = rb"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f.]{0,20}:[0-9A-Fa-f:.]{1,38})"
#: Parts that match the same wherever they stand.
_FIXED = {
    "letter": rb"(?P<l>[A-Z])",
    "digit": rb"(?P<l>\d)",
    "sqlstate": rb"[0-9A-Z]{5}",
    "small": rb"(?P<l>[a-z])",
    "sign": rb"(?P<l>[A-Z1-3<>])",
    "ip": _IP,
    "server": rb"(?:(?:\S{1,100}[ \t]{1,8}){0,2}" + _IP + rb"[ \t]{1,8})?",
    "capital": rb"[A-Z]",
    "mark": rb"(?P<l>[.*#-])",
    "pri": rb"(?P<p>\d{1,3})",
    "message": rb"(?P<m>)",
    "int": rb"\d{1,20}",
    "uptime": rb"[ ]{0,10}\d{1,8}\.\d{6}",
    "job": rb"(?:JOB|STC|TSU|J|S|T)\d{3,8}",
    "method": rb"(?P<m>)(?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PROPFIND|DEBUG) ",
    "text": rb"[^\n]{0,600}?",
    "end": rb"[ \t]{0,20}\r?(?=\n|\Z)",
}
_GROUPS = {"component": rb"?P<c>", "host": rb"?P<h>"}
_FREE = frozenset(["component", "host", "thread", "pid", "in", "word"])
#: Formats that the general rules alone can finish, whatever their template says.
GENERAL = frozenset(["json", "logfmt", "access", "container", "java util logging"])


def compiled(template: str, words=()):
    """The expression of a template. Raises ValueError for an unknown part.

    `words`: the format's own words for levels.
    """
    source, at, used = b"", 0, set()
    for match in _PART.finditer(template):
        source += _literal(template[at : match.start()])
        follows = template[match.end() : match.end() + 1]
        if match.group(1) == "level":
            source += _level(words, follows)
        else:
            source += _part(match, follows, used)
        at = match.end()
    return re.compile(source + _literal(template[at:]))


def _literal(text):
    parts = [re.escape(part.encode("ascii")) for part in re.split(r" +", text)]
    return rb"[ \t]{1,60}".join(parts)


def _level(words, follows):
    """A level, padded unless a bracket opens right behind it."""
    own = b"".join(re.escape(word) + b"|" for word in sorted(words, key=len, reverse=True))
    behind = rb"" if follows == "[" else rb"[ \t]{0,20}"
    return rb"[ \t]{0,20}(?P<l>" + own + heads.ANY_LEVEL + rb")" + behind


def _part(match, follows, used):
    name, kind = match.groups()
    if name is None:
        return re.escape(match.group(0)[:1].encode("ascii"))
    if name == "time":
        shape = _ALL if kind == "any" else SHAPES[kind]
        return rb"(?P<t>" + shape + rb")(?P<f>" + FRACTION + rb")(?P<z>" + OFFSET + rb")"
    if name in _FIXED:
        return _FIXED[name]
    if name not in _FREE:
        raise ValueError("unknown part {%s}" % name)
    group = _GROUPS.get(name, rb"?:") if name not in used else rb"?:"
    used.add(name)
    return rb"(" + group + _until(name, follows) + rb")"


def _until(name, follows):
    """Anything up to the literal that follows; a word where a space or another part does."""
    if name == "word" or not follows or follows in " \t{":
        return rb"\S{1,200}"
    stop = re.escape(follows.encode("ascii"))
    space = rb"" if name in ("in", "thread") else rb" \t"
    return rb"[^" + stop + space + rb"\n]{0,300}"


class Defined(object):
    """One format of the definitions."""

    def __init__(self, name, title, own, utc, schools, templates):
        self.name = name
        self.key = name
        self.title = title
        self.own = own
        self.utc = utc
        self.templates = templates
        self.words = tuple(word.encode("ascii") for word, _ in schools)
        self._schools = {word.encode("ascii"): level for word, level in schools}
        self._expressions = None

    def match(self, line: bytes):
        """Match of the first template that fits, and how much of it is literal; or None."""
        if self._expressions is None:
            self._expressions = [
                (compiled(one, self.words).match, weight(one), _kind(one)) for one in self.templates
            ]
        for fits, heavy, kind in self._expressions:
            found = fits(line)
            if found is not None:
                return found, heavy, kind
        return None

    def head(self, line: bytes, reader):
        """Head of a line of this format, None of any other."""
        found = self.match(line[:4096])
        if found is None:
            return None
        match, groups = found[0], found[0].re.groupindex
        time = None
        if "t" in groups:
            zone = match.group("z") or (b"Z" if self.utc else b"")
            time = read_stamp(found[2], match.group("t"), zone, reader)
            if time is None:
                return None
        level, span = self._level(match, groups)
        head = Head(self.name, time, level, match.end("m") if "m" in groups else match.end())
        head.level_span = span
        head.stamp = match.span("t") if "t" in groups else None
        head.component = match.span("c") if "c" in groups else None
        head.host = match.span("h") if "h" in groups else None
        return head

    def _level(self, match, groups):
        if "p" in groups:
            return levels.BY_SEVERITY[int(match.group("p")) & 7], match.span("p")
        if "l" not in groups:
            return levels.NONE, None
        word = match.group("l")
        school = self._schools.get(word)
        return (levels.from_word(word) if school is None else school), match.span("l")


def weight(template: str) -> int:
    """How much a template asks for: its literals, then its parts."""
    return 10 * len(_PART.sub("", template).replace(" ", "")) + len(_PART.findall(template))


def _kind(template):
    """The kind of the template's stamp; "any" when it does not say."""
    found = re.search(r"\{time:([a-z]+)\}", template)
    return found.group(1) if found else "any"


def read_stamp(wanted: str, text: bytes, zone: bytes, reader):
    """UTC seconds of a stamp of a kind, or of any kind that is the whole text; or None."""
    if wanted != "any":
        return reader.read(wanted, text, zone)
    for kind in SHAPES:
        match = _whole(kind)(text + b" [")
        if match is not None and match.end() == len(text):
            return reader.read(kind, text, zone)
    return None


_SHAPES = {}


def _whole(kind):
    found = _SHAPES.get(kind)
    if found is None:
        found = _SHAPES[kind] = re.compile(SHAPES[kind]).match
    return found


ALL = tuple(Defined(*definition) for definition in DEFINITIONS)
BY_NAME = {one.name: one for one in ALL}


class Own(object):
    """A format that is recognised by one of its own templates."""

    def __init__(self, defined, template):
        self._defined = Defined(defined.name, defined.title, True, defined.utc, (), (template,))
        self._defined._schools, self._defined.words = defined._schools, defined.words
        self.key = defined.name
        self.need = _longest(template)

    def recognise(self, line, recogniser):
        """Head, or None."""
        return self._defined.head(line, recogniser.reader)


def _longest(template):
    """The longest literal of a template: what a line must hold to be of its shape."""
    runs = _PART.sub(" ", template).split()
    return max(runs, key=len).encode("ascii") if runs else b""


def first_bytes(template: str) -> bytes:
    """The bytes a line of this template can begin with."""
    match = _PART.match(template)
    if match is None or match.group(1) is None:
        return template[:1].encode("ascii")
    if match.group(1) in ("letter", "capital"):
        return b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if match.group(1) in ("pid", "int"):
        return b"0123456789"
    if match.group(1) == "level":
        return b"tdiwefcpTDIWEFCP"
    return b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-"


def leading_kind(template: str) -> str:
    """The kind of stamp a template begins with, after at most one bracket; '' for none."""
    match = _PART.match(template[1:] if template[:1] in "[(<" else template)
    if match is None or match.group(1) != "time" or match.group(2) in ("any", "julian"):
        return ""  # of any kind, or of one that no general rule begins with
    return match.group(2)


#: Parts that tell a level.
_GRADING = Expression(r"\{(?:level|letter|small|sign|mark|pri|digit)\}")
#: Host and program behind an ISO stamp: what follows may tell a level.
_PROGRAM = rb" [\w.:-]{1,255} [\w./()@-]{1,128}(?:\[\d{1,10}\])?: ?[\[<%{*A-Z\d.]"


def grading(kind: str):
    """What tells whether a level may stand in a record with a stamp of a kind: asked with the
    line and where its stamp, fraction and zone end. It may say so of a record without one.
    """
    tails = [rb"(?:" + heads.LEVEL_AFTER.pattern + rb")", heads.SOURCE_ONLY.pattern]
    if kind == "iso":
        tails.append(_PROGRAM)
    for defined in ALL:
        for template in defined.templates if defined.own else ():
            if leading_kind(template) == kind and _GRADING.search(template):
                tail = template.partition("}")[2]
                tails.append(compiled(tail, defined.words).pattern)
    match = [re.compile(re.sub(rb"\?P<[a-z]+>", b"?:", tail)).match for tail in tails]
    return lambda line, at: any(one(line, at) for one in match)


def own_by_first_byte() -> dict:
    """Byte -> own formats that a line with this first byte may have."""
    table = {}
    for defined in ALL:
        for template in defined.templates if defined.own else ():
            if not leading_kind(template):
                shape = Own(defined, template)
                for byte in first_bytes(template):
                    table.setdefault(byte, []).append(shape)
    return table


def own_by_kind() -> dict:
    """Kind of stamp -> own formats whose lines begin with one, asked where no level was found."""
    table = {}
    for defined in ALL:
        for template in defined.templates if defined.own else ():
            kind = leading_kind(template)
            if kind:
                table.setdefault(kind, []).append(Own(defined, template))
    return table


def named(line: bytes, head):
    """The definition that describes a recognised head best, or None."""
    own = BY_NAME.get(head.format)
    if own is not None and (own.own or own.name in GENERAL):
        return own
    best, most = None, (False, -1)
    for defined in ALL:
        if defined.name in GENERAL:
            continue
        found = defined.match(line[:4096])
        if found is not None:
            rank = (_agrees(found[0], head), found[1])
            if rank > most:
                best, most = defined, rank
    return best


def _agrees(match, head) -> bool:
    """Whether a template finds the level that was recognised, where it was, or none either."""
    if "l" not in match.re.groupindex:
        return head.level_span is None
    return levels.from_word(match.group("l")) == head.level
