"""Patterns of the catalogue on a meter: one that backtracks may not stall a visit.

`re` looks for signals while it matches, so a timer of CPU time ends a search that takes too
long. Only slow searches count: a good pattern may meet as many records as there are.
"""

import re
import signal
import threading
import time

#: CPU seconds that slow searches of one pattern may take in one visit.
LIMIT = 2.0
#: A search below this is not slow; nor are many that take this for each `_MANY` texts or `_PACE`
#: bytes.
SLOW = 0.005
_TOGETHER, _MANY, _PACE = 1024, 64, 16384
_MOST_MARKERS = 50
#: Text beyond this is not looked at.
TEXT_CAP = 4096


class _TooSlowError(Exception):
    """The timer of a search ran out."""


def _ring(_number, _frame):
    raise _TooSlowError()


class Metered(object):
    """A compiled pattern that is not used any more once it cost LIMIT. Raises re.error."""

    def __init__(self, source: str, limit: float = LIMIT):
        self.source = source
        self.stopped = False
        self._regex = re.compile(source.encode("utf-8"))
        self.groups = self._regex.groups
        self.names = frozenset(self._regex.groupindex)
        self._once = {}  # searches for it and the rest of its record, by what begins records
        self._left = limit

    def search(self, text: bytes):
        """As of `re`, in the first TEXT_CAP bytes; None once stopped."""
        return self._metered(self._regex.search, text[:TEXT_CAP])

    def match(self, text: bytes):
        """As of `re`, in the first TEXT_CAP bytes; None once stopped."""
        return self._metered(self._regex.match, text[:TEXT_CAP])

    def searches(self, texts: list) -> list:
        """As `search` of each text. One timer serves many in a row."""
        if texts and max(map(len, texts)) > TEXT_CAP:
            texts = [text[:TEXT_CAP] for text in texts]
        found = []
        for start in range(0, len(texts), _TOGETHER):
            part = texts[start : start + _TOGETHER]
            slow = SLOW * max(1, len(part) / _MANY)
            found += self._metered(self._each, part, slow) or [None] * len(part)
        return found

    def first_in(self, text: bytes, start: int, end: int, marker: bytes) -> list:
        """What `findall` finds in a part of a text, once in each line, or with a marker once in
        each record: these begin with it.

        For patterns without newlines and flags that look at nothing around a match.
        """
        findall = self._once.get(marker)
        if findall is None:
            if len(self._once) >= _MOST_MARKERS:
                self._once.clear()
            rest = b"[^\\n]*"
            if marker:
                rest += b"(?:\\n(?!%s)[^\\n]*)*" % re.escape(marker)
            source = b"(?:%s)%s" % (self.source.encode("utf-8"), rest)
            findall = self._once[marker] = re.compile(source).findall
        slow = SLOW * max(1, (end - start) / _PACE)
        return self._metered(self._part, (findall, text, start, end), slow) or []

    @staticmethod
    def _part(part):
        return part[0](*part[1:])

    def _each(self, texts):
        return list(map(self._regex.search, texts))

    def _metered(self, look, text, slow=SLOW):
        if self.stopped:
            return None
        timed = _may_ring()
        started = time.process_time()
        found = None
        try:
            try:
                if timed:
                    signal.setitimer(signal.ITIMER_VIRTUAL, self._left)
                found = look(text)
            finally:
                if timed:
                    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        except _TooSlowError:
            self.stopped = True
            return None
        took = time.process_time() - started
        if took > slow:
            self._left -= took
            self.stopped = self._left <= 0
        return found

    def complaint(self) -> str:
        """Why it is not used any more."""
        return "%r took more than %d s of this visit and was not used for the rest" % (
            self.source[:200],
            LIMIT,
        )


def _may_ring() -> bool:
    """Signals reach the main thread only; elsewhere a search is measured, not ended."""
    if not hasattr(signal, "SIGVTALRM"):
        return False
    if threading.current_thread() is not threading.main_thread():
        return False
    if signal.getsignal(signal.SIGVTALRM) is not _ring:
        signal.signal(signal.SIGVTALRM, _ring)
    return True
