"""A batch of whole records of one block: parallel lists, and heads read only when asked for."""

from itertools import compress

from psbhost.bytewise import zeroed
from psbhost.levels import WARNING

_BAD = bytes([level >= WARNING for level in range(256)])


class Batch(object):
    """Records with their times (UTC seconds) and levels.

    `prefix` was cut from the front of each record by the columnar path; `times` may work them
    out when asked; `levels` are numbers, in a list or as bytes.
    """

    __slots__ = (
        "after",
        "bad",
        "body",
        "end",
        "format",
        "heads",
        "levels",
        "likes",
        "lines",
        "more",
        "others",
        "prefix",
        "records",
        "requests",
        "times",
    )

    def __init__(self, records, times, levels, prefix=b"", heads=None, name="", after=0):
        self.records = records
        self.times = times
        self.levels = levels
        self.prefix = prefix
        self.heads = heads
        self.format = name
        self.after = after  # bytes of each record in front of which nothing but the stamp stands
        self.others = {}  # formats of the records that have another one, by index
        self.lines = None  # lines of the records, where they were counted
        self.body, self.end = b"", 0  # the text of the records, where it is at hand, and its end
        self.more = []  # with it: what stands behind the first lines of records
        self.bad = self.likes = None  # indexes of the bad records, and their texts, see `like`
        self.requests = None  # what an access log tells, see accesscolumns

    def record(self, index: int) -> bytes:
        """The whole record."""
        return self.prefix + self.records[index] if self.prefix else self.records[index]

    def texts(self, indexes) -> list:
        """Records without their stamps, or their messages where these are known."""
        records, after = self.records, self.after
        if self.heads is None:
            return [records[index][after:] for index in indexes]
        texts = []
        for index in indexes:
            head, record = self.heads[index], records[index]
            text = record[head.message :] if head is not None else record
            texts.append(text if text.strip() else record)
        return texts

    def mark_bad(self) -> list:
        """Indexes of the records that are grouped by their cause, in order."""
        if self.bad is None:
            levels = self.levels
            if isinstance(levels, bytes):
                marks = levels.translate(_BAD)
            else:
                marks = [level >= WARNING for level in levels]
            self.bad = list(compress(range(len(marks)), marks)) if 1 in marks else []
        return self.bad

    def like(self) -> list:
        """The texts of the bad records with all digits alike."""
        if self.likes is None:
            self.likes = zeroed(self.texts(self.mark_bad()))
        return self.likes

    def times_of(self, indexes) -> list:
        """UTC seconds of some records, their indexes in order."""
        if hasattr(self.times, "of"):
            return self.times.of(indexes)
        return [self.times[index] for index in indexes]

    def line(self, index: int) -> bytes:
        """The first line of a record."""
        return self.prefix + self.records[index].partition(b"\n")[0]

    def head(self, index: int, recogniser):
        """Head of a record; None for a record without one."""
        if self.heads is not None and self.heads[index] is not None:
            return self.heads[index]
        return recogniser.recognise(self.line(index))

    def minutes(self) -> list:
        """(minute, first index, index behind the last) of the records in a row in one minute."""
        if hasattr(self.times, "runs"):
            return list(self.times.runs())
        rows, start, minute = [], 0, None
        for index, time in enumerate(self.times):
            if minute is None or not 0 <= time - minute < 60:
                if index:
                    rows.append((minute, start, index))
                minute, start = time - time % 60, index
        if self.records:
            rows.append((minute, start, len(self.records)))
        return rows

    def formats(self) -> dict:
        """Records by the format of their head."""
        if self.heads is not None:
            names = [head.format for head in self.heads]
        else:
            names = list(self.others.values())
        counts = {name: names.count(name) for name in set(names)}
        plain = len(self.records) - len(names)
        if plain:
            counts[self.format] = counts.get(self.format, 0) + plain
        return counts

    def without_last(self) -> tuple:
        """(this batch without its last record, that record)."""
        last = self.record(len(self.records) - 1)
        self.records.pop()
        self.others.pop(len(self.records), None)
        times = self.times
        self.times = times.without_last() if hasattr(times, "without_last") else times[:-1]
        self.levels = self.levels[:-1]
        if self.bad and self.bad[-1] == len(self.records):
            self.bad.pop()
            self.likes = self.likes[:-1] if self.likes else None
        if self.heads is not None:
            self.heads.pop()
        return self, last
