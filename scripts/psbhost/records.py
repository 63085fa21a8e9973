"""Cuts the bytes of one file into records.

`Splitter` takes blocks and gives batches of whole records. It keeps what a position must carry
from visit to visit: the time of the last record, whether a head was seen, whether it stands
within a line or record that was counted already. The result never depends on where the blocks
end, nor on whether a block was read by columns or line by line.

Sums: every line is one of a record's, or blank, or one that no record claims (in front of the
first head, behind a record over the cap): `lines` counts them all. `records` counts every
record, those of single unparsed lines (`unparsed_lines`) among them.
"""

from psbhost.assembly import MAX_RECORD, STAMPED, UNSEEN, Assembler, special, uncoloured
from psbhost.batches import Batch
from psbhost.bytewise import newlines
from psbhost.columns import layout_for

#: Bodies below this size are read line by line.
WORTH_COLUMNS = 2048


class Splitter(Assembler):
    """Cuts the bytes of one file into records."""

    def __init__(self, recogniser, carry: dict, fallback_time: int):
        seen = min(STAMPED, max(UNSEEN, _integer(carry.get("h"), UNSEEN)))
        Assembler.__init__(self, recogniser, seen, carry.get("s") == 1)
        self._time = _integer(carry.get("t"), fallback_time)
        self.mid_line = carry.get("m") == 1
        self.layout = None
        reader = recogniser.reader
        self._state, self._orders = reader.state, reader.orders  # at the end of what was split
        self.records = 0
        self.formats = {}

    def carry(self) -> dict:
        """What the next visit needs to know."""
        found = {"t": self._time, "h": self.seen, "m": 1 if self.mid_line else 0}
        if self.skipping:
            found["s"] = 1
        return found

    def split(self, data: bytes) -> tuple:
        """(Batch, rest): the whole records of `data`, and the bytes still waiting."""
        if self.mid_line:
            data = self._leave_line(data)
        end = data.rfind(b"\n") + 1
        body, partial = data[:end], data[end:]
        if not body:
            return self._bounded(_empty(), b"", partial)
        reader = self._return()  # whoever counts may have read older lines since
        batch, rest = self._columnar(body) or self._careful(body)
        self._count(batch)
        found = self._bounded(batch, rest, partial)
        self._state, self._orders = reader.state, reader.orders
        return found

    def finish(self, rest: bytes) -> Batch:
        """The held record, now known to be whole. An unfinished last line is left mid-line."""
        self.mid_line = not rest.endswith(b"\n")
        self._return()
        batch = self._batch(*self.take_all(rest + b"\n" if self.mid_line else rest))
        self._count(batch)
        return batch

    def _return(self):
        """The reader of stamps, as it was behind what was split."""
        reader = self._recogniser.reader
        reader.return_to(self._state)
        reader.orders = self._orders
        return reader

    # -- the two paths ---------------------------------------------------------------------

    def _columnar(self, raw):
        if len(raw) > MAX_RECORD or self.skipping:
            return None
        body = raw
        if special(raw):
            body = uncoloured(raw)
            if body is None:
                return None
        if self.layout is None and len(body) >= WORTH_COLUMNS:
            self._guess(body)
        if self.layout is None or self.seen != STAMPED:
            return None
        found = self.layout.split(body, self._recogniser)
        if found is None:
            if not getattr(self.layout, "suspect", False):
                self.layout = None
            self._return()  # as if nothing had been tried
            return None
        batch, last = found
        lines = batch.lines
        self.lines += lines if lines is not None else newlines(body) - last.count(b"\n")
        if batch.times:
            self._time = batch.times[-1]
        return batch, last if body is raw else _tail(raw, last.count(b"\n"))

    def _careful(self, body):
        """Line by line. The last record is handed back."""
        records, heads, rest = self.take(body)
        self._learn(records, heads)
        return self._batch(records, heads), rest

    def _batch(self, records, heads):
        times = [self._stamp(head) for head in heads]
        return Batch(records, times, [head.level for head in heads], b"", heads)

    def _stamp(self, head) -> int:
        if head.time is not None:
            self._time = head.time
        return self._time

    def _learn(self, records, heads):
        """A layout from the newest record that has columns."""
        for record, head in zip(reversed(records[-20:]), reversed(heads[-20:])):
            if head.time is None or not head.level:
                continue
            self._try_layout(record, head)
            return
        if records and heads[-1].time is not None:
            self._try_layout(records[-1], heads[-1])

    def _guess(self, body):
        """A layout from the first line, when it is the head of a stamped record."""
        line = body[: body.find(b"\n")]
        head = self.head_of(line)
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
        """Keep what waits within bounds: an endless line is counted now, with its record."""
        if len(partial) <= MAX_RECORD:
            return batch, rest + partial
        text = partial.lstrip(b"\0")
        self.nul_bytes += len(partial) - len(text)
        if len(text) <= MAX_RECORD:
            return (self._extended(batch, rest) if rest else batch), text
        self.mid_line = True
        return self._extended(batch, rest + text[: MAX_RECORD + 1] + b"\n"), b""

    def _extended(self, batch, body):
        """A batch and the records of `body`, which nothing continues."""
        more = self._batch(*self.take_all(body))
        self._count(more)
        return _both(batch, more)

    def _count(self, batch):
        self.records += len(batch.records)
        for name, count in batch.formats().items():
            self.formats[name] = self.formats.get(name, 0) + count


def _empty():
    return Batch([], [], [], b"", [])


def _both(batch, more):
    """One batch of the records of two, the second read line by line."""
    if not batch.records:
        return more
    records = [batch.record(index) for index in range(len(batch.records))]
    heads = batch.heads if batch.heads is not None else [None] * len(records)
    times, levels = list(batch.times) + more.times, list(batch.levels) + more.levels
    return Batch(records + more.records, times, levels, b"", heads + more.heads)


def _tail(raw, lines):
    """The last lines of a body of whole lines."""
    at = len(raw) - 1
    for _ in range(lines):
        at = raw.rfind(b"\n", 0, at)
    return raw[at + 1 :]


def _integer(value, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default
