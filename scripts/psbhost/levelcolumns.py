"""The levels of a block of records, without a look at each of them.

A window is what follows the stamp, long enough to hold the level. What a window says is asked
of the recogniser once; a window that does not decide leaves its record to the recogniser.
"""

import re
from bisect import bisect_right
from itertools import accumulate, repeat
from struct import Struct

from psbhost import heads
from psbhost.bytewise import ZEROS, places, side_by_side

#: The widest window, and what must follow the level in it.
WIDEST = 72
_BEHIND = 2
ZONE_ROOM = 6  # longest zone behind a stamp
_END = re.compile(rb"[\n\0]")
_FOLLOWERS = (b"x y z 1", b"  y z 1", b"[y] z 1", b": y z 1", b"1 y z 1", b"=y z 11", b"- y - z")
#: What `heads.SYSLOG_INNER` stands behind.
_ENDS = (b": ", b"] ")
_UNSEEN = 255  # not a level: the record needs a closer look
_MOST = 20000
_OTHERS = [b"%d" % digit for digit in range(1, 10)]
#: Texts beyond this are not remembered.
_LONGEST_KNOWN = 300
#: Windows that are compared column by column.
_FEW = 24


class Oracle(object):
    """Asks the recogniser about windows, on the stamp of one record."""

    def __init__(self, line: bytes, head, after: int):
        self._opening = line[:after]
        self._head = head
        self.recognise = None

    def stamped(self, text: bytes) -> bool:
        """Whether the stamp is one in front of this text too."""
        head, wanted = self.recognise(self._opening + text), self._head
        return head is not None and (head.kind, head.stamp) == (wanted.kind, wanted.stamp)

    def level(self, window: bytes):
        """(level, its end in the window), or None when the window alone does not tell."""
        whole = _END.search(window)
        line = self._opening + (window[: whole.start()] if whole else window)
        head, wanted = self.recognise(line), self._head
        if head is None or head.kind != wanted.kind or head.format != wanted.format:
            return None
        if tuple(head.stamp or ()) != tuple(wanted.stamp) or not head.level_span:
            return None
        if line[slice(*(head.offset or (0, 0)))] != line[slice(*(wanted.offset or (0, 0)))]:
            return None
        start, end = head.level_span
        if start < len(self._opening) or (not whole and end + _BEHIND > len(line)):
            return None
        return head.level, end - len(self._opening)

    def decides(self, window: bytes, found: tuple):
        """The beginning of a window that decides alone, whatever follows; None without one."""
        for behind in (1, 2):
            part = window[: found[1] + behind]
            if all(self.level(part + other) == found for other in _FOLLOWERS):
                return part
        return None


class FixedLevels(object):
    """Levels that stand right behind the stamp: a few windows, compared column by column.

    One column tells the windows apart, the others must agree with it; bytes behind a level
    and the one that ends it do not count.
    """

    def __init__(self, oracle, width: int):
        self._oracle = oracle
        self.width = width
        self._windows = {}  # window up to the end of its level -> level
        self._code = -1
        self.stuck = False  # its windows cannot be told apart by one column

    def needs(self, stamp):
        """Bytes of each record to lay side by side, behind a stamp of so many."""
        return stamp + self.width

    def of(self, text, width, start, pieces):
        """A byte per record: its level, or _UNSEEN."""
        for _ in range(3):
            found, odd = self._known(text, width, start, len(pieces))
            if not odd or not self._learn(text, width, start, odd):
                break
        if odd:
            found = bytearray(found)
            for index in odd:
                found[index] = _UNSEEN
        return bytes(found), odd

    def _known(self, text, width, start, count):
        if self._code < 0:
            return b"\0" * count, list(range(count))
        code = text[start + self._code :: width]
        wrong = int.from_bytes(code.translate(self._strange), "big")
        for at, (wanted, care) in self._tables.items():
            column = text[start + at :: width]
            expected = code.translate(wanted)
            if column != expected:
                differs = int.from_bytes(column, "big") ^ int.from_bytes(expected, "big")
                wrong |= differs & int.from_bytes(code.translate(care), "big")
        return code.translate(self._levels), places(wrong, count) if wrong else []

    def _learn(self, text, width, start, odd):
        """Whether a window was learned from the records that did not fit."""
        learned = False
        seen = {text[at : at + self.width] for at in (start + i * width for i in odd[:200])}
        for window in sorted(seen)[:_FEW]:
            found = self._oracle.level(window)
            known = self._oracle.decides(window, found) if found is not None else None
            if known is not None and known not in self._windows and len(self._windows) < _FEW:
                self._windows[known] = found[0]
                learned = True
        if not learned:
            return False
        self.stuck = not self._tabulate()
        return not self.stuck

    def _tabulate(self):
        for code in range(self.width):
            letters = [window[code : code + 1] for window in self._windows]
            if b"" not in letters and len(set(letters)) == len(letters):
                self._build(code)
                return True
        return False

    def _build(self, code):
        self._code = code
        self._strange, self._levels = bytearray(b"\1" * 256), bytearray(256)
        self._tables = {}
        for window, level in self._windows.items():
            letter = window[code]
            self._strange[letter], self._levels[letter] = 0, level
            for at, byte in enumerate(window):
                if at not in self._tables:
                    self._tables[at] = (bytearray(256), bytearray(256))
                self._tables[at][0][letter], self._tables[at][1][letter] = byte, 255
        self._tables.pop(code)


class WindowLevels(object):
    """Levels behind a thread's name or the like: windows are remembered whole."""

    def __init__(self, oracle, width: int):
        self._oracle = oracle
        self.width = width
        self._memory = _Memory(self._ask)
        self._masked = False

    def needs(self, stamp):
        """Bytes of each record to lay side by side, behind a stamp of so many."""
        return stamp + self.width

    def of(self, text, width, start, pieces):
        """A byte per record: its level, or _UNSEEN."""
        if self._masked:
            text = text.translate(ZEROS)
        windows = b"%dx%ds" % (start, width - start) * len(pieces)
        self._memory.misses = 0
        found = bytes(map(self._memory.__getitem__, Struct(windows).unpack(text)))
        if self._memory.misses * 8 > len(pieces):
            self._masked = True  # numbers in it: only their lengths count
        odd = [at for at, level in enumerate(found) if level == _UNSEEN] if _UNSEEN in found else []
        return found, odd

    def _ask(self, window):
        found = self._oracle.level(window)
        if found is None or (self._masked and not self._same(window, found[0])):
            return _UNSEEN
        return found[0]

    def _same(self, window, level):
        """Whether no digit decides: some levels are numbers."""
        others = [window.replace(b"0", digit) for digit in _OTHERS] if b"0" in window else []
        return all((self._oracle.level(other) or (None,))[0] == level for other in others)


class SearchedLevels(object):
    """Stamped records that may or may not tell a level: `search` says which may.

    It is asked once for texts that differ in nothing but their digits.
    """

    def __init__(self, search):
        self._search = search
        self._memory = _Memory(lambda text: search(text, 0))

    @staticmethod
    def needs(stamp):
        """Bytes of each record to lay side by side, behind a stamp of so many."""
        return stamp + ZONE_ROOM

    def of(self, text, width, start, pieces):
        """A byte per record: none; and the records that need a closer look."""
        memory, search = self._memory, self._search
        lines = [piece.partition(b"\n")[0][start:].translate(ZEROS) for piece in pieces]
        odd = [
            at
            for at, line in enumerate(lines)
            if (memory[line] if len(line) <= _LONGEST_KNOWN else search(line, 0))
        ]
        return bytes(len(pieces)), odd


class InnerLevels(object):
    """Syslog's records, whose text may begin with a level or a head of its own."""

    @staticmethod
    def needs(stamp):
        """Bytes of each record to lay side by side, behind a stamp of so many."""
        return stamp + ZONE_ROOM

    def of(self, text, width, start, pieces):
        """A byte per record: none; and the records that need a closer look."""
        body, found = b"\n".join(pieces), set()
        for end in _ENDS:
            found.update(self._behind(body, end))
        if found:
            starts = list(accumulate(len(piece) + 1 for piece in pieces))
            found = {bisect_right(starts, at) for at in found}
        found.update(self._graded(start, pieces))
        found.update(self._next(text, width, start, pieces))
        return bytes(len(pieces)), sorted(found)

    @staticmethod
    def _graded(start, pieces):
        """Records that may have a severity between host and program."""
        ends = list(map(bytes.find, pieces, repeat(b" "), repeat(start + 2)))
        words = [piece[end + 1 : end + 5] for piece, end in zip(pieces, ends)]
        if _GRADES.isdisjoint(words) and b"" not in words:
            return []
        graded = heads.SYSLOG_GRADED.search
        return [
            at
            for at, word in enumerate(words)
            if (word in _GRADES or not word) and graded(pieces[at], start)
        ]

    @staticmethod
    def _next(text, width, start, pieces):
        """Records whose stamp a level may follow, with no host between them."""
        marks = -1
        for at in (start + 1, start + 2):
            marks &= int.from_bytes(text[at::width].translate(_MAY_GRADE), "big")
        if not marks:
            return []
        begin = heads.LEVEL_NEXT.match
        return [at for at in places(marks, len(pieces)) if begin(pieces[at], start)]

    @staticmethod
    def _behind(body, end):
        """Where a level or a head may stand behind one end of a program's name."""
        parts = body.split(end)
        first = side_by_side(parts[1:], 3)
        marks = -1
        for at, table in enumerate(_MAY_BEGIN):
            marks &= int.from_bytes(first[at::3].translate(table), "big")
        if not marks:
            return []
        begins = list(accumulate(len(part) + len(end) for part in parts))
        candidates = [begins[index] for index in places(marks, len(parts) - 1)]
        return [at for at in candidates if heads.SYSLOG_INNER.match(body, at)]


def _table(*rows):
    """A bit per way to begin, for each byte that may stand there; b"" for any."""
    table = bytearray(256)
    for bit, row in enumerate(rows):
        for byte in row or range(256):
            table[byte] |= 1 << bit
    return bytes(table)


_CAPITALS, _TEN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789"
#: The first three bytes of what `heads.SYSLOG_INNER` finds.
_MAY_BEGIN = (
    _table(b"[<%{*.", _CAPITALS, _TEN, b"IWEF", b"JFMASOND", b"DE", b"IWP", b"F"),
    _table(b"", _CAPITALS, _TEN, _TEN, b"aepuco", b"er", b"na", b"a"),
    _table(b"", _CAPITALS, b"", b"", b"nbrylgptvc", b"br", b"frn", b"t"),
)
#: The first bytes of a severity between host and program, or of the facility before it.
_GRADES = frozenset((word + b" ")[:4] for word in heads.GRADES + heads.FACILITIES)
#: What a level in capitals begins with, in brackets or not, behind as many blanks as it has.
_MAY_GRADE = _table(_CAPITALS + b" [(<")


class _Memory(dict):
    """Remembers what a function made of a slice."""

    def __init__(self, function):
        dict.__init__(self)
        self._function = function
        self.misses = 0

    def __missing__(self, key):
        if len(self) >= _MOST:
            self.clear()
        self.misses += 1
        value = self[key] = self._function(key)
        return value
