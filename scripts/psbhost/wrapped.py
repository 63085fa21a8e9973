"""Lines that a runtime, syslog or a stamping tool put a head of its own in front of.

A program's trace then comes with a stamp on every line. What stands behind that head tells
whether the line goes on with the record before it.
"""

import re

from psbhost.continuations import MARKS, named
from psbhost.heads import CONTAINER

_SYSLOG = ("syslog", "syslog 5424")
#: Formats whose records may be lines of another program's trace, as far as columns read them.
WRAPPING = _SYSLOG + ("timestamp",)
#: Between stamp and text where a tool stamped each line: one separator, and no more.
_STAMPED = re.compile(rb"[\])>]?(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?[\])>]?:?[ \t]?")
#: A level in brackets behind syslog's head is of one line, not of whoever writes them.
_LEVEL_MARK = re.compile(rb"(?:(?<=[:\]] )(?:[\[<]\w{1,12}[\]>]:?\s{1,8}|\[ID [\w. ]{1,40}\] ))?\Z")


def within(line: bytes, head):
    """(tag, text) of a wrapped line, None of any other.

    Lines of one tag may belong together: the same host, program and process, or stream.
    """
    if head.format == "container":
        found = CONTAINER.search(line, 0, 80)
        return (found.group(0)[:-2], line[found.end() :]) if found else None
    if head.format == "json":
        document = head.extra
        if isinstance(document, dict) and "stream" in document:
            text = document.get("log")
            if isinstance(text, str):
                text = text.encode("utf-8", "replace")
                return str(document["stream"]).encode("utf-8", "replace"), text.rstrip(b"\r\n")
        return None
    if head.format in _SYSLOG and head.stamp:
        tag = line[head.stamp[1] : head.message]
        return tag[: _LEVEL_MARK.search(tag).start()], line[head.message :]
    if head.format == "timestamp" and head.stamp and not head.level:
        at = _STAMPED.match(line, head.stamp[1]).end()
        return b"", line[at:]
    return None


#: Frames behind a head of their own: what proves that heads were written line by line.
_FRAMES = (b"\tat ", b'  File "', b"    at ")
_FRACTION = re.compile(rb"(?:[.,:]\d{1,9})?")
#: The tag of lines whose heads are alike up to their stamps.
ALIKE = b"\0alike"


def framed(line: bytes) -> bool:
    """Whether a first line may hold a frame of a trace."""
    return any(frame in line for frame in _FRAMES)


def shared(line: bytes, head, other: bytes, other_head):
    """What stands between the stamp and the text of both lines, if the other is a frame; None
    where their heads are not alike."""
    if not head.stamp or not other_head.stamp or head.level != other_head.level:
        return None
    start, other_start = _behind_stamp(line, head), _behind_stamp(other, other_head)
    ends = [at for at in (other.find(frame, other_start) for frame in _FRAMES) if at >= 0]
    if not ends or line[: head.stamp[0]] != other[: other_head.stamp[0]]:
        return None
    found = other[other_start : min(ends)]
    least = head.level_span[1] - start if head.level_span else 1
    return found if len(found) >= least and line.startswith(found, start) else None


def behind(found: bytes, line: bytes, head):
    """The text behind a head that is shared, None behind any other."""
    if not head.stamp:
        return None
    start = _behind_stamp(line, head)
    return line[start + len(found) :] if line.startswith(found, start) else None


def _behind_stamp(line, head):
    return _FRACTION.match(line, head.stamp[1]).end()


def goes_on(text: bytes) -> bool:
    """Whether the text of a wrapped line may be a line of the trace before it."""
    return not text.strip() or text.startswith(MARKS) or named(text)


def partial(line: bytes, head) -> bool:
    """Whether a container's runtime cut a long line here: the next line of its stream goes on."""
    found = CONTAINER.search(line, 0, 80) if head.format == "container" else None
    return found is not None and found.group(0)[-2:-1] == b"P"


def suspicious(body: bytes) -> bool:
    """Whether any line of a text may prove a trace: asked before the quick path is taken.

    The same, or more, for a text whose digits are 0.
    """
    if any(word in body for word in _WORDS):
        return True
    if b"\t" in body and (b"\tat " in body or b"\t at " in body):
        return True
    return (b"#" in body and _NUMBERED.search(body) is not None) or _BEAM.search(body) is not None


#: What every line holds that proves a trace, see `continuations`: frames, then first lines.
_WORDS = (
    b"  at ", b'File "', b"goroutine ", b":in ", b"[0x", b"called at ", b"stack traceback:",
    b"xception in thread ", b"nhandled ", b"ncaught ", b"Traceback (", b"panicked at ", b"*** ",
    b"terminate called ", b"=ERROR: ", b"signal SIG", b"Segmentation fault",
    b" stdout ", b" stderr ",  # a container's, whose records may be parts of lines
)  # fmt: skip
_NUMBERED = re.compile(
    rb"#0[01][01] ?at |#\d{1,4}:? {1,8}(?:0x|\[internal|\{main\}|[^\s(]{1,400}\(\d)"
)
_BEAM = re.compile(rb"\([\w.-]{1,60} \d[\w.+-]{0,40}\) [^\s:]{1,300}:\d")
