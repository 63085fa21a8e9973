"""Records of many lines: a line without a head continues the record before it.

`Splitter` cuts blocks into whole records and keeps what a position must carry from visit to
visit: the time of the last record, whether a head was seen, whether it stands within a line
or record that was counted already. The result never depends on where the blocks end.
"""

from psbhost.batches import Batch
from psbhost.columns import layout_for
from psbhost.formats import Head
from psbhost.levels import NONE

MAX_RECORD = 1024 * 1024
#: Bodies below this size are read line by line.
WORTH_COLUMNS = 2048
#: What was seen of the file: nothing with a head, heads without stamps, heads with stamps.
UNSEEN, LEVELLED, STAMPED = range(3)
_PLAIN = Head("none", None, NONE, 0)


class Splitter(object):
    """Cuts the bytes of one file into records."""

    def __init__(self, recogniser, carry: dict, fallback_time: int):
        self._recogniser = recogniser
        self._time = _integer(carry.get("t"), fallback_time)
        self.seen = min(STAMPED, max(UNSEEN, _integer(carry.get("h"), UNSEEN)))
        self.mid_line = carry.get("m") == 1
        self.layout = None
        self.lines = 0
        self.records = 0
        self.unparsed_lines = 0
        self.unparsed_bytes = 0
        self.oversize = 0
        self.nul_bytes = 0
        self.formats = {}

    def carry(self) -> dict:
        """What the next visit needs to know."""
        return {"t": self._time, "h": self.seen, "m": 1 if self.mid_line else 0}

    def split(self, data: bytes) -> tuple:
        """(Batch, rest): the whole records of `data`, and the bytes still waiting."""
        if self.mid_line:
            data = self._leave_line(data)
        end = data.rfind(b"\n") + 1
        body, partial = data[:end], data[end:]
        if not body:
            return self._bounded(_empty(), partial, partial)
        batch, rest = self._columnar(body) or self._careful(body)
        self._count(batch)
        return self._bounded(batch, rest + partial, partial)

    def finish(self, rest: bytes) -> Batch:
        """The held record, now known to be whole. An unfinished last line is left mid-line."""
        batch, last = self._careful(rest + (b"" if rest.endswith(b"\n") else b"\n"))
        self.mid_line = not rest.endswith(b"\n")
        if last:
            head = self._last_head(last)
            batch.records.append(last[:-1])
            batch.times.append(self._stamp(head))
            batch.levels.append(head.level)
            batch.heads.append(head)
        self._count(batch)
        return batch

    # -- the two paths ---------------------------------------------------------------------

    def _columnar(self, body):
        if len(body) > MAX_RECORD or b"\0" in body:
            return None
        if self.layout is None and len(body) >= WORTH_COLUMNS:
            self._guess(body)
        if self.layout is None or self.seen != STAMPED:
            return None
        found = self.layout.split(body, self._recogniser)
        if found is None:
            self.layout = None
            return None
        batch, last = found
        self._newlines(body, last)
        if batch.times:
            self._time = batch.times[-1]
        return batch, last

    def _careful(self, body):
        """Line by line. The last record is handed back."""
        state = _Careful()
        for line in body.split(b"\n")[:-1]:
            head = self._head_of(line)
            if head is not None:
                self._close(state)
                state.head, state.lines = head, [line]
            elif state.head is not None:
                state.lines.append(line)
            else:
                self.lines += 1
        rest = b"".join([line + b"\n" for line in state.lines]) if state.head is not None else b""
        self._learn(state)
        return Batch(state.records, state.times, state.levels, b"", state.heads), rest

    def _close(self, state):
        if state.head is None:
            return
        record = b"\n".join(state.lines)
        head = state.head
        if head.format == "java util logging" and len(state.lines) > 1:
            head = self._recogniser.recognise(record) or head
        if head is _PLAIN:
            self.unparsed_lines += 1
            self.unparsed_bytes += len(record) + 1
        state.records.append(record)
        state.times.append(self._stamp(head))
        state.levels.append(head.level)
        state.heads.append(head)
        self.lines += len(state.lines)
        self.oversize += 1 if len(record) >= MAX_RECORD else 0

    def _head_of(self, line):
        if line[:1] == b"\0":
            self.nul_bytes += len(line) - len(line.lstrip(b"\0"))
            line = line.lstrip(b"\0")
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
        return _PLAIN if self.seen == UNSEEN else None

    def _stamp(self, head) -> int:
        if head.time is not None:
            self._time = head.time
        return self._time

    def _learn(self, state):
        """A layout from the newest record that has columns."""
        for record, head in zip(reversed(state.records[-20:]), reversed(state.heads[-20:])):
            if head.time is None or not head.level:
                continue
            self._try_layout(record, head)
            return
        if state.records and state.heads[-1].time is not None:
            self._try_layout(state.records[-1], state.heads[-1])

    def _guess(self, body):
        """A layout from the first line, when it is the head of a stamped record."""
        line = body[: body.find(b"\n")]
        head = self._head_of(line)
        if head is not None and head.time is not None:
            self._try_layout(line, head)

    def _try_layout(self, record, head):
        try:
            self.layout = layout_for(record, head, self._recogniser.reader)
        except ValueError:
            self.layout = None

    # -- bounds ----------------------------------------------------------------------------

    def _leave_line(self, data):
        """Drop the rest of a line whose record was counted before."""
        end = data.find(b"\n")
        if end < 0:
            return b""
        self.mid_line = False
        return data[end + 1 :]

    def _bounded(self, batch, rest, partial):
        """Keep what waits within bounds: records and lines beyond the cap are counted now."""
        whole = len(rest) - len(partial)
        if whole > MAX_RECORD:
            return self._cut(batch, rest[:whole]), partial
        if len(partial) <= MAX_RECORD:
            return batch, rest
        text = partial.lstrip(b"\0")
        self.nul_bytes += len(partial) - len(text)
        head = self._head_of(text[:MAX_RECORD]) if text else None
        if whole:
            batch = self._cut(batch, rest[:whole], head is None and bool(text))
        if 0 < len(text) <= MAX_RECORD:
            return batch, text
        if head is not None:
            batch = self._cut(batch, text)
        self.mid_line = bool(text)
        self.lines += 1 if text else 0
        return batch, b""

    def _cut(self, batch, record, oversize=True):
        """Count a record by its head; what continues it is dropped."""
        first = record[:MAX_RECORD].split(b"\n", 1)[0]
        head = self._head_of(first)
        self.lines += record.count(b"\n")
        if head is None:
            return batch
        self.oversize += 1 if oversize or len(record) > MAX_RECORD else 0
        if head is _PLAIN:
            self.unparsed_lines += 1
            self.unparsed_bytes += len(record)
        self._count(_one(head))
        return _extended(batch, record[:MAX_RECORD], self._stamp(head), head)

    # -- counting --------------------------------------------------------------------------

    def _newlines(self, body, last):
        self.lines += body.count(b"\n") - last.count(b"\n")

    def _count(self, batch):
        self.records += len(batch.records)
        if batch.heads is None:
            self.formats[batch.format] = self.formats.get(batch.format, 0) + len(batch.records)
            return
        for head in batch.heads:
            self.formats[head.format] = self.formats.get(head.format, 0) + 1

    def _last_head(self, record):
        first = record.split(b"\n", 1)[0]
        head = self._head_of(first) or _PLAIN
        if head.format == "java util logging":
            head = self._recogniser.recognise(record) or head
        if head is _PLAIN:
            self.unparsed_lines += 1
            self.unparsed_bytes += len(record)
        self.lines += record.count(b"\n")
        return head


class _Careful(object):
    """Working state of the careful path."""

    def __init__(self):
        self.head = None
        self.lines = []
        self.records = []
        self.times = []
        self.levels = []
        self.heads = []


def _empty():
    return Batch([], [], [], b"", [])


def _one(head):
    return Batch([b""], [0], [head.level], b"", [head])


def _extended(batch, record, time, head):
    heads = batch.heads
    records = batch.records
    if heads is None:
        records = [batch.prefix + one for one in records]
        heads = [None] * len(records)
    return Batch(
        records + [record], batch.times + [time], batch.levels + [head.level], b"", heads + [head]
    )


def _integer(value, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default
