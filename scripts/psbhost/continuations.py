"""Which lines belong to a stack trace: asked line by line, without looking ahead.

A trace is proven by a frame (`at x (y)`, `File "x", line 3, in y`, `goroutine 1 [...]:`) or by a
first line that only a runtime writes. Where a frame proves it, its first line is the exception's
name before it. Lines are bytes; the rules are those of the languages, never of one program.
"""

from psbhost.lazily import Expression

TEXT, INSIDE, BEGINS = range(3)
LONGEST = 2000
#: Lines of a message that may stand between an exception's name and its first frame.
MOST_RECENT = 20

_PROOF = Expression(
    rb"(?P<at>(?:\s|#011){1,200}at (?:async |new )?(?:[^\s(]{1,400}(?: \[as [^\]\n]{1,80}\])? ?\("
    rb"|\S{1,400}:\d{1,7}:\d{1,7}))"
    rb"|(?P<python>(?:\s|#011){1,200}(?:\| +)?File \"[^\"\n]{1,400}\", line \d)"
    rb"|(?P<go>goroutine \d{1,12} (?:gp=\S{1,40} m=\S{1,40} )?\[)"
    rb"|(?P<php>#\d{1,4} (?:\[internal function\]: |\{main\}|[^\s(]{1,400}\(\d{1,7}\): ))"
    rb"|(?P<ruby>\s{1,20}(?:\d{1,5}: )?from \S{1,400}:\d{1,7}:in "
    rb"|[^\s:]{1,300}\.(?:rb|erb|rake|ru):\d{1,7}:in [`'\"][^'\n]{1,200}['\"]\s*$)"
    rb"|(?P<native>\s{0,20}#\d{1,4}:? {1,8}0x[0-9a-f]{1,16} |[^\s(]{1,300}\([^\s)]{0,300}\)\s?\[0x)"
    rb"|(?P<beam>\s{1,20}\([\w.-]{1,60} \d[\w.+-]{0,40}\) [^\s:]{1,300}:\d{1,7}: )"
    rb"|(?P<perl>\s{1,20}[\w:]{1,300}\(.{0,1500}called at [^\s]{1,400} line \d)"
    rb"|(?P<lua>stack traceback:\s*$)"
)
#: First lines that prove a trace by themselves.
_OPENER = Expression(
    rb"(?P<at>Exception in thread \"|Unhandled [Ee]xception[.:] |Uncaught exception in )"
    rb"|(?P<python>Traceback \(most recent call last\)|Exception Group Traceback \()"
    rb"|(?P<rust>thread '[^'\n]{0,200}' (?:\(\d{1,12}\) )?panicked at )"
    rb"|(?P<php>(?:PHP )?(?:Fatal error|Recoverable fatal error): {1,4}Uncaught )"
    rb"|(?P<native>\*\*\* Error in [`']|terminate called (?:after|without)"
    rb"|=={1,2}\d{1,9}=={1,2}ERROR: "
    rb"|Program (?:received|terminated with) signal SIG|\*\*\* SIG[A-Z]{3,6} "
    rb"|\*\*\* (?:stack smashing|buffer overflow) d"
    rb"|Segmentation fault\b|\S{1,300}: line \d{1,7}: {1,4}\d{1,9} Segmentation fault)"
    rb"|(?P<objc>\*\*\* Terminating app due to uncaught exception)"
)
_NAME = Expression(
    rb"\[?(?:Uncaught |Exception: )?((?:[\w$-]{1,100}(?:[./\\]|::)){0,15}[A-Z][\w$]{0,150})"
    rb"(?=:\s|:?\s*$|\s\(|\s\[)"
)
_SUFFIX = Expression(rb"(?:Exception|Error|Throwable|Failure|Fault|Exit|Interrupt)$")
_LOOSE = {
    b"go": Expression(rb"panic: |fatal error: "),
    b"ruby": Expression(rb"[^\s:]{1,300}:\d{1,7}:in .{1,1500}\)\s*$"),
    b"beam": Expression(rb"\*\* \([A-Z]"),
    b"perl": Expression(rb".{0,1500} at \S{1,300} line \d{1,7}\.?\s*$"),
    b"lua": Expression(rb"\S{0,40}:? ?\S{1,300}:\d{1,7}: "),
}
_PENDING = Expression(rb"panic: |fatal error: |\*\* \([A-Z]")
_LINKS = rb"Caused by: |Wrapped by: |Suppressed: |\[cause\]|\[CIRCULAR|--- End|--->|Original Stack"
_INSIDE = {
    "at": Expression(rb"\s|#011|\.\.\. \d|[\]}]|Node\.js v|Root cause|" + _LINKS),
    "go": Expression(
        rb"\s|goroutine |created by |exit status |\[signal "
        rb"|[\w./*()@\[\]{}-]{1,400}\("
    ),
    "php": Expression(rb"\s|#\d|Stack trace:|Next |thrown in"),
    "ruby": Expression(rb"\s|[^\s:]{1,300}:\d{1,7}:in "),
    "rust": Expression(rb"\s|stack backtrace:|note: "),
    "native": Expression(
        rb"\s|#\d|=|READ of|WRITE of|0x|freed by|previously|SUMMARY: |Shadow|Aborted"
        rb"|allocated|Thread T|[0-9a-f]{6,16}-[0-9a-f]|PC: @|\*\*\* Aborted"
        rb"|[^\s(]{1,300}\([^\s)]{0,300}\)\s?\[0x"
    ),
    "beam": Expression(rb"\s|Last message|State: "),
    "perl": Expression(rb"\s"),
    "lua": Expression(rb"\s|stack traceback"),
    "objc": Expression(rb"\s|[()]|\*\*\* |libc\+\+abi|terminating|Terminating"),
}
#: What an indented or marked line of a trace begins with.
MARKS = (
    b" ", b"\t", b"#", b"... ", b"Caused by: ", b"Wrapped by: ", b"Traceback (", b"goroutine ",
    b"stack backtrace:", b"Stack trace:", b"stack traceback:", b"During handling", b"The above ex",
)  # fmt: skip


class Trace(object):
    """What was seen of traces in the record so far."""

    __slots__ = (
        "_before", "_ended", "_framed", "_opener", "_recent", "_wanted", "announced", "begun",
        "language", "nameless",
    )  # fmt: skip

    def __init__(self):
        self.language = None  # of the trace that was seen last
        self.announced = False  # whether its first line is one that only runtimes write
        self.begun = 0  # how many
        self.nameless = False  # whether it began with a frame: no exception's name before it
        self._before = b""  # the last line that was not blank
        self._ended = False
        self._framed = False
        self._opener = b""
        self._recent = []  # (index, line) of text that may hold an exception's name
        self._wanted = False  # whether the next line belongs to it whatever it says

    def step(self, line: bytes, index: int) -> tuple:
        """(verdict, index of the trace's first line) of a line that is not blank.

        Of BEGINS the index is at most that of this line: a trace is often proven later.
        """
        if line[:4] == b"\tat " and self.language == "at" and not self._recent:
            self._before = line  # most lines of most traces: nothing else can come of them
            return INSIDE, index
        line = line[:LONGEST]
        linked = self._before.endswith((b":", b'"""')) and self.language is not None
        self._before = line.rstrip()
        proof = _PROOF.match(line)
        if proof is not None:
            return self._proven(proof.lastgroup, index)
        opener = _OPENER.match(line)
        if opener is not None:
            return self._opened(opener.lastgroup, line, index, linked)
        if self.language is not None and self._belongs(line):
            return INSIDE, index
        if line[:1] not in b" \t":
            self._recent.append((index, line, linked))
            del self._recent[:-MOST_RECENT]
        return TEXT, index

    @property
    def stepped(self) -> bool:
        """Whether it has seen any line."""
        return bool(self._before)

    def pending(self) -> bool:
        """Whether a line was seen that is a trace's first, should a frame follow."""
        return any(_PENDING.match(line) or _named(line) for _, line, _ in self._recent)

    def _proven(self, language, index):
        candidate = self._candidate(language, index)
        self._recent = []
        if self.language is not None and (candidate is None or language == "python"):
            self._framed = True
            return INSIDE, index
        self._begin(language, False)
        self.nameless = candidate is None and language != "go"
        return BEGINS, index if candidate is None else candidate

    def _candidate(self, language, index):
        """Index of the line with the exception's name that a frame follows."""
        loose = _LOOSE.get(language.encode("ascii"))
        for at, line, linked in reversed(self._recent):
            if linked:
                continue
            close = at == index - 1
            if (loose is not None and loose.match(line)) or _named(line, close):
                return at
            if language == "lua" and close:
                return at
        return None

    def _opened(self, language, line, index, linked):
        more = language == "native" and not self._framed and self._opener[:14] != line[:14]
        if self.language is not None and (linked or more):
            self._ended = False
            return INSIDE, index
        self._begin(language, language != "python")
        self._opener = line
        self._wanted = language == "rust" and line.rstrip().endswith(b":")
        return BEGINS, index

    def _begin(self, language, announced):
        self.language, self.announced = language, announced
        self.begun += 1
        self.nameless = False
        self._ended, self._wanted, self._opener, self._recent = False, False, b"", []
        self._framed = not announced

    def _belongs(self, line):
        if self._wanted:
            self._wanted = False
            return True
        if self.language != "python":
            return _INSIDE[self.language].match(line) is not None
        if line[:1] in b" \t|+" or line.startswith((b"During handling", b"The above exc", b'"""')):
            return True
        was, self._ended = self._ended, True
        return not was


def named(line: bytes) -> bool:
    """Whether a line begins with the name of an exception."""
    line = line[:LONGEST]
    return _named(line) or _PENDING.match(line) is not None


def _named(line, any_name=False) -> bool:
    found = _NAME.match(line)
    if found is None:
        return False
    name = found.group(1)
    return _SUFFIX.search(name) is not None or (any_name and b"." in name)


def whole(record: bytes) -> bool:
    """Whether all lines of a record with a head surely belong to it.

    False where a second trace begins, or one that only a runtime announces: whether that one
    is a record of its own depends on the level, see `assembly`.
    """
    first = _CANDIDATE.search(record)
    if first is None:
        return True
    if first.start() == record.find(b"\n") and _CANDIDATE.search(record, first.end()) is None:
        return _OPENER.match(record, first.start() + 1) is None
    trace = Trace()
    for index, line in enumerate(record.split(b"\n")):
        if index and line.strip() and trace.step(line, index)[0] == BEGINS:
            if trace.begun > 1 or trace.announced:
                return False
    return True


#: A line that is not indented and no link of a chain.
_CANDIDATE = Expression(rb"\n(?!Caused by: |Suppressed: )[^ \t\r\n\x0b\x0c][^\n]*")
