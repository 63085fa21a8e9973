"""The text of a file as UTF-8: UTF-16 decoded, byte-order marks and holes left out.

Offsets stay those of the raw bytes: whoever counts text says how much of it was counted, and
`Text` knows how many raw bytes those were, exactly, wherever the blocks ended.
"""

import codecs
import re

from psbhost.positions import TAIL

#: NUL bytes in a row that are no text: a hole (a writer went on behind a truncation) or space
#: that was set aside. Shorter runs stay in the text.
HOLE = 64
_LONG = b"\0" * HOLE
_HOLES = re.compile(b"\0{%d,}" % HOLE)
_BOMS = ((b"\xef\xbb\xbf", ""), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
#: Units that tell UTF-16 without a mark, and the share of them that must look like it.
_LEAST_UNITS, _SHARE = 8, 0.9
_CONTROL = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def encoding_of(head: bytes) -> tuple:
    """(byte-order mark, encoding): "utf-16-le", "utf-16-be" or "" for anything else."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return mark, encoding
    if b"\0" not in head:
        return b"", ""
    units = [pair for pair in zip(head[0:1024:2], head[1:1024:2]) if pair != (0, 0)]  # no holes
    if len(units) >= _LEAST_UNITS:
        for at, encoding in ((0, "utf-16-le"), (1, "utf-16-be")):
            alike = sum(pair[1 - at] == 0 and _is_text(pair[at]) for pair in units)
            if alike >= _SHARE * len(units):
                return b"", encoding
    return b"", ""


def _is_text(byte: int) -> bool:
    return 32 <= byte < 127 or byte in b"\r\n\t"


def is_binary(head: bytes) -> bool:
    """Whether these first bytes are no text in any encoding known here."""
    return not encoding_of(head)[1] and _CONTROL.search(_HOLES.sub(b"", head)) is not None


def plain(head: bytes) -> bytes:
    """First bytes of a file as UTF-8, for a look."""
    mark, encoding = encoding_of(head)
    head = head[len(mark) :]
    return head.decode(encoding, "replace").encode("utf-8", "replace") if encoding else head


class Text(object):
    """One file's text from a raw offset on. `evidence`: what learns of the raw bytes counted.

    `cost`: bytes the newest block took from the disk.
    """

    def __init__(self, source, offset: int, evidence=None):
        self._source, self._evidence = source, evidence
        head = evidence.head if evidence is not None and evidence.head else source.head(1024)
        self.mark, self.encoding = encoding_of(head)
        self._at = offset  # raw offset of the next byte
        self._nuls = 0  # NUL bytes before it that wait: only what follows tells what they are
        self._given = self._counted = 0  # bytes of text
        self._early = b""  # of the byte-order mark
        self._leaps = []  # (bytes of text before, bytes of text in its place, raw bytes or NULs)
        self._decoder = None
        if self.encoding:
            self._decoder = codecs.getincrementaldecoder(self.encoding)("surrogatepass")
        tail = evidence.tail if evidence is not None else source.before(offset, 2)
        before = tail[-2:] if self.encoding else tail[-1:]
        self._fresh = before.strip(b"\0") in (b"", b"\n") or offset == len(self.mark)
        self.cost = 0

    def blocks(self):
        """Blocks of UTF-8. NUL bytes that end the file are not taken: text may come in their place.

        Raises BrokenError, UnpackError, OSError.
        """
        start = self._at + (self._at % 2 if self.encoding else 0)
        if start != self._at:  # it was taken for bytes before it was seen to be UTF-16
            self._leap(b"", self._source.before(start, 1))
            self._at = start
        for span in self._source.blocks(start):
            self.cost = 0 if isinstance(span, int) else len(span)
            text = self._text(span)
            if self._nuls and not text:
                self.cost = 0  # holes are free
            self._given += len(text)
            yield text
        if self._source.ended and not self._source.packed:
            self._source.size -= self._nuls

    def follow(self, evidence) -> None:
        """Tell this of the raw bytes that are counted from now on."""
        self._evidence = evidence

    def at_end(self) -> bool:
        """Whether all there is was given, as far as that is known without reading on."""
        return not self._source.packed and self._at >= self._source.size

    def counted(self, data: bytes, length=None) -> None:
        """These next bytes of the text were counted: all, or so many of them."""
        if length is not None:
            if not self._leaps and not self.encoding:  # nearly always
                self._evidence.advance(data[max(0, length - TAIL) : length], length)
                self._counted += length
                return
            data = data[:length]
        while self._leaps and sum(self._leaps[0][:2]) <= self._counted + len(data):
            before, length, raw = self._leaps.pop(0)
            here = before - self._counted
            self._evidence.advance(self._raw(data[:here]))
            if isinstance(raw, int):
                self._evidence.leap(raw)
            else:
                self._evidence.advance(raw)
            data = data[here + length :]
            self._counted = before + length
        self._evidence.advance(self._raw(data))
        self._counted += len(data)

    def raw_length(self, data: bytes) -> int:
        """Raw bytes that stand for this text."""
        return len(self._raw(data))

    # -- raw bytes to text -----------------------------------------------------------------

    def _text(self, span) -> bytes:
        if isinstance(span, int):
            self._at += span
            self._nuls += span
            return b""
        if self._evidence is not None:
            self._evidence.see(self._at, span)
        if self._at == 0 and self.mark:
            span = self._leave_mark(span)
            if not span:
                return b""
        if not self._nuls and b"\0" not in span:  # nearly always
            self._at += len(span)
            self._fresh = span[-1:] == b"\n"
            return span if self._decoder is None else self._decoded(span)
        return b"".join(self._pieces(span))

    def _leave_mark(self, span):
        span, self._early = self._early + span, b""
        if len(span) < len(self.mark):
            self._early = span
            return b""
        self._leap(b"", self.mark)
        self._at = len(self.mark)
        return span[len(self.mark) :]

    def _pieces(self, span) -> list:
        """The text of a block with NUL bytes in it."""
        found, start = [], self._at - self._nuls
        self._at += len(span)
        span = b"\0" * min(self._nuls, 2 * HOLE) + span
        extra = self._nuls - min(self._nuls, 2 * HOLE)  # of a long hole only its end is made
        self._nuls = 0
        done = 0
        for hole in _HOLES.finditer(span):
            begin, end = hole.span()
            if end == len(span):
                break
            if self.encoding:  # a unit's own NUL byte belongs to the unit
                begin += (start + begin) % 2
                end -= (start + extra + end) % 2
            self._piece(found, span[done:begin])
            self._pass(found, end - begin + extra)
            start, extra, done = start + extra, 0, end
        rest = span[done:]
        text = rest.rstrip(b"\0")
        if self.encoding and (start + done + len(text)) % 2 and len(text) < len(rest):
            text = rest[: len(text) + 1]
        self._nuls = len(rest) - len(text) + extra
        self._piece(found, text)
        return found

    def _piece(self, found, raw):
        if raw:
            found.append(raw if self._decoder is None else self._decoded(raw))
            self._fresh = found[-1][-1:] == b"\n"

    def _pass(self, found, length):
        """A hole: it ends the line before it."""
        made = b"" if self._fresh else b"\n"
        self._leap(made, length, sum(len(one) for one in found))
        self._fresh = True
        if made:
            found.append(made)

    def _leap(self, made, raw, ahead=0):
        self._leaps.append((self._given + ahead, len(made), raw))

    def _decoded(self, raw) -> bytes:
        return self._decoder.decode(raw).encode("utf-8", "surrogatepass")

    def _raw(self, data) -> bytes:
        if not self.encoding:
            return data
        return data.decode("utf-8", "surrogatepass").encode(self.encoding, "surrogatepass")
