"""Puts records together from lines: the careful path.

A line without a head continues the record before it. A trace that no head announces is a
record of its own: in a file without heads, behind another trace, or where its first line is one
that only a runtime writes and the record before it is no warning. Its level is error: the
runtime ended something. Nothing here looks ahead, and everything that was decided is decided
again from the bytes handed back: the result never depends on where blocks end.
"""

import re

from psbhost import wrapped
from psbhost.continuations import BEGINS, MARKS, TEXT, Trace, named
from psbhost.formats import Head
from psbhost.levels import ERROR, NONE, WARNING

MAX_RECORD = 1024 * 1024
#: What was seen of the file: nothing with a head, heads without stamps, heads with stamps.
UNSEEN, LEVELLED, STAMPED = range(3)
PLAIN = Head("none", None, NONE, 0)
DUMP = Head("trace", None, ERROR, 0)
_SPECIAL = (b"\x1b", b"\0", b"\x0c", b"\xef")
_COLOUR = re.compile(
    rb"\x1b(?:\[[0-9;:?]{0,32}[@-~]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)?|[()][A-Z0-9])"
)
_BOM = b"\xef\xbb\xbf"


#: First texts of Go's last words; a blank line follows them.
_AWAITING = (b"panic: ", b"fatal e")
#: Where blank lines come with a head too; syslog and the journal drop them.
_LINE_BY_LINE = ("container", "json")


def special(body: bytes) -> bool:
    """Whether colours, NUL bytes, form feeds or a byte order mark may be in a block."""
    return any(byte in body for byte in _SPECIAL)


def cleaned(line: bytes) -> bytes:
    """A line without colours; NUL bytes, form feeds and byte order marks in front are cut."""
    if b"\x1b" in line:
        line = _COLOUR.sub(b"", line)
    if line[:1] in (b"\0", b"\x0c", b"\xef"):
        line = line.lstrip(b"\0\x0c")
        line = line[3:] if line.startswith(_BOM) else line
    return line


def uncoloured(body: bytes):
    """A block without colours, None where more than colours makes it special."""
    if any(byte in body for byte in _SPECIAL[1:]):
        return None
    return _COLOUR.sub(b"", body)


class _Open(object):
    """A record that may still grow. Its head: PLAIN for text that awaits a trace, None for
    lines of no record, DUMP for a trace without a head."""

    __slots__ = (
        "first", "head", "lines", "raw", "seconds", "shared", "size", "state", "tag", "trace",
    )  # fmt: skip

    def __init__(self, head, raw, line, tag=None):
        self.head, self.raw, self.lines = head, [raw], [line]
        self.size = len(line) + 1
        self.tag = tag  # of a wrapped line
        self.shared = None  # what the heads of its lines share, where each has one
        self.trace = Trace()
        self.first = False  # whether a trace begins on its first line
        self.seconds = head.time if head is not None else None
        self.state = None  # of the reader of stamps, before the first line

    def add(self, raw, line):
        self.raw.append(raw)
        self.lines.append(line)
        self.size += len(line) + 1


class Assembler(object):
    """Records from lines, and the counters of what was read."""

    def __init__(self, recogniser, seen: int, skipping: bool):
        self._recogniser = recogniser
        self.seen = seen
        self.skipping = skipping  # within a record over the cap that was counted already
        self.lines = 0
        self.unparsed_lines = 0
        self.unparsed_bytes = 0
        self.oversize = 0
        self.nul_bytes = 0

    def take(self, body: bytes) -> tuple:
        """(records, heads, rest) of whole lines: the last record is handed back as it is."""
        found = ([], [])
        record = self._assemble(found, body)
        if record is not None and record.head is None and not record.trace.pending():
            self._close(found, record)
            record = None
        if record is None:
            return found[0], found[1], b""
        self._recogniser.reader.return_to(record.state)
        return found[0], found[1], b"".join([line + b"\n" for line in record.raw])

    def take_all(self, body: bytes) -> tuple:
        """(records, heads) of whole lines that nothing will continue."""
        found = ([], [])
        self._close(found, self._assemble(found, body))
        return found

    def _assemble(self, found, body):
        record, clean, reader = None, special(body), self._recogniser.reader
        for raw in body.split(b"\n")[:-1]:
            line, state = cleaned(raw) if clean else raw, reader.state
            following = self._line(found, record, raw, line)
            if following is not record and following is not None:
                following.state = state
            record = following
        return record

    # -- line by line ----------------------------------------------------------------------

    def _line(self, found, record, raw, line):
        head = self.head_of(line)
        if head is None or head is PLAIN:
            if line.isspace() or not line:
                return self._blank(found, record, raw, line)
            return self._continued(found, record, raw, line)
        self.skipping = False
        inner = wrapped.within(line, head)
        if inner is not None and record is not None and record.tag is not None:
            if self._joins(record, head, inner):
                return self._grown(found, record, raw, inner[1])
        elif inner is None and record is not None:
            text = self._behind(record, line, head)
            if text is not None:
                return self._grown(found, record, raw, text)
        self._close(found, record)
        record = _Open(head, raw, line)
        if inner is not None:
            record.tag = inner[0]
        return record if record.size <= MAX_RECORD else self._over(found, record)

    def _blank(self, found, record, raw, line):
        """A blank line goes with whatever it follows."""
        if record is None:
            self._loose(raw)
            return None
        return self._grown(found, record, raw, line)

    def _continued(self, found, record, raw, line):
        if record is None:
            return self._begun(found, raw, line)
        text = record.head is None or record.head is PLAIN
        waits = text and record.trace.pending()
        if record.tag is not None and not record.trace.stepped:
            self._note(record)
        verdict, start = record.trace.step(line, len(record.lines))
        if verdict == BEGINS and self._apart(record, start):
            if start:
                return self._split(found, record, start, raw, line)
            record.head = DUMP
        elif verdict == BEGINS and record.tag is None:
            record.first = named(record.lines[0])
        elif verdict == TEXT and not waits and (text or self._ended(record)):
            self._close(found, record)
            return self._begun(found, raw, line)
        return self._grown(found, record, raw, line)

    def _grown(self, found, record, raw, line):
        record.add(raw, line)
        return record if record.size <= MAX_RECORD else self._over(found, record)

    def _begun(self, found, raw, line):
        """Text with no record in front of it."""
        if self.skipping:
            if self.seen == STAMPED or line[:1] in b" \t#":
                self._loose(raw)
                return None
            self.skipping = False
        record = _Open(None if self.seen == STAMPED else PLAIN, raw, line)
        if record.trace.step(line, 0)[0] == BEGINS and not record.trace.nameless:
            record.head = DUMP
        return record if record.size <= MAX_RECORD else self._over(found, record)

    def _apart(self, record, start):
        """Whether a trace that begins in a record is a record of its own."""
        if record.head is None or record.head is PLAIN or record.head is DUMP:
            return not record.trace.nameless  # frames alone are the rest of what was counted
        if record.trace.begun > 1:
            return True
        return start > 0 and record.trace.announced and record.head.level < WARNING

    def _split(self, found, record, start, raw, line):
        """The trace that begins at a line is read again by itself, as it will be when it is
        handed back; what stands before it is a record, or text."""
        again = [*zip(record.raw[start:], record.lines[start:]), (raw, line)]
        del record.raw[start:], record.lines[start:]
        self._close(found, record)
        fresh = None
        for raw, line in again:
            blank = not line or line.isspace()
            step = self._blank if blank else self._continued
            fresh = step(found, fresh, raw, line)
        return fresh

    def _ended(self, record):
        """Whether text ends a record, where no stamp tells records apart."""
        return self.seen != STAMPED and (record.head is DUMP or record.first)

    # -- lines with a head of their own ----------------------------------------------------

    def _joins(self, record, head, inner):
        """Whether a wrapped line goes on with the record before it."""
        tag, text = inner
        if tag != record.tag or head.time is None or record.seconds is None:
            return False
        if not 0 <= head.time - record.seconds <= 1:
            return False
        if wrapped.partial(record.raw[-1], record.head):
            return True
        bad = record.head.level >= WARNING
        trace = record.trace
        if trace.language is None and not text.startswith(MARKS):
            if not text.strip() or text.startswith(b"[signal "):
                return head.format in _LINE_BY_LINE and _first(record)[:7] in _AWAITING
            return bad and not head.level and named(text)
        if not text.strip():
            return trace.language is not None
        if trace.language is None and not trace.stepped:
            self._note(record)
        verdict, start = trace.step(text, len(record.lines))
        if verdict == BEGINS:
            if start == len(record.lines) and not text.startswith(MARKS[:3]):
                return bad and trace.begun < 2
            record.first = start == 0
        elif verdict == TEXT:
            return False
        record.seconds = head.time
        return True

    def _behind(self, record, line, head):
        """The text of a line of a trace that has a head on every line; None of any other."""
        begun = record.tag == wrapped.ALIKE
        if head.level < WARNING or not (begun or wrapped.framed(line)):
            return None
        if not begun and (record.tag is not None or len(record.lines) > 1):
            return None
        opening = record.head
        if opening is None or opening is PLAIN or opening is DUMP or opening.extra is not None:
            return None
        if not begun:
            record.shared = wrapped.shared(record.lines[0], opening, line, head)
        if record.shared is None or head.level != opening.level:
            return None
        text = wrapped.behind(record.shared, line, head)
        record.tag = wrapped.ALIKE
        if text is not None and self._joins(record, head, (wrapped.ALIKE, text)):
            return text
        record.tag = wrapped.ALIKE if begun else None
        return None

    @staticmethod
    def _note(record):
        """The first text of a wrapped record may be the first line of a trace."""
        text = _first(record)
        if text.strip():
            begins = record.trace.step(text, 0)[0] == BEGINS
            record.first = begins and not record.trace.nameless

    # -- records that are whole ------------------------------------------------------------

    def _close(self, found, record):
        if record is None:
            return
        if record.head is None:
            for raw in record.raw:
                self._loose(raw)
        elif record.head is PLAIN:
            self._plain(found, record)
        else:
            self._emit(found, self._final(record), record.raw, record.lines)

    def _plain(self, found, record):
        """Text that no trace followed: each line is a record; blank ones go with it."""
        start = 0
        for index in range(1, len(record.lines) + 1):
            if index == len(record.lines) or record.lines[index].strip():
                raw = record.raw[start:index]
                self._emit(found, PLAIN, raw, record.lines[start:index])
                self.unparsed_lines += 1
                self.unparsed_bytes += min(len(raw[0].lstrip(b"\0")) + 1, MAX_RECORD)
                start = index

    def _final(self, record):
        """The head, once the whole record is known."""
        head = record.head
        if head.format == "java util logging" and len(record.lines) > 1:
            state = self._recogniser.reader.state  # already that of the next line
            head = self._recogniser.recognise(b"\n".join(record.lines[:2])) or head
            self._recogniser.reader.return_to(state)
            return head
        if record.tag is not None and len(record.lines) > 1:
            return _joined(head, record)
        return head

    def _emit(self, found, head, raw, lines):
        found[0].append(b"\n".join(lines))
        found[1].append(head)
        self.lines += len(raw)
        for line in raw:
            self._nul(line)
        self.oversize += 1 if sum(len(line) + 1 for line in lines) > MAX_RECORD else 0

    def _over(self, found, record):
        """A record beyond the cap is counted now; what continues it is passed over."""
        self._close(found, record)
        self.skipping = record.head is not PLAIN and record.head is not None
        return None

    def _loose(self, raw):
        self.lines += 1
        self._nul(raw)

    def _nul(self, line):
        if b"\0" in line:
            self.nul_bytes += line.count(b"\0")

    # -- heads -----------------------------------------------------------------------------

    def head_of(self, line: bytes):
        """Head of a line: None for one that continues, PLAIN where no head was seen yet."""
        line = line[:MAX_RECORD]
        if not line or line == b"\r":
            return None
        head = self._recogniser.recognise(line)
        if head is not None:
            if head.time is not None:
                self.seen = STAMPED
            elif self.seen == UNSEEN:
                self.seen = LEVELLED
            return head
        if self.seen == STAMPED:
            return None
        head = self._recogniser.levelled(line)
        if head is not None:
            self.seen = LEVELLED
            return head
        return PLAIN if self.seen == UNSEEN else None


def _joined(head, record):
    """Head of a record that goes on over wrapped lines. A trace that is a record of its own is
    an error where no level is written."""
    level = head.level or (ERROR if record.first else NONE)
    if head.format == "json":
        document = dict(head.extra, log="\n".join(_texts(record)))
        return Head("json", head.time, level, 0, extra=document)
    at = head.message
    if record.first:
        at = len(record.lines[0]) - len(_first(record))
    return Head(head.format, head.time, level, at, head.kind, head.stamp, head.offset)


def _first(record):
    """What stands behind the head of a wrapped record's first line."""
    if record.tag == wrapped.ALIKE:
        return wrapped.behind(record.shared, record.lines[0], record.head)
    return wrapped.within(record.lines[0], record.head)[1]


def _texts(record):
    return [text.decode("utf-8", "replace") for text in [_first(record)] + record.lines[1:]]
