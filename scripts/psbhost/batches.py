"""A batch of whole records of one block: parallel lists, and heads read only when asked for."""


class Batch(object):
    """Records with their times (UTC seconds) and levels.

    `prefix` was cut from the front of each record by the columnar path.
    """

    __slots__ = ("format", "heads", "layout", "levels", "prefix", "records", "requests", "times")

    def __init__(self, records, times, levels, prefix=b"", heads=None, name="", layout=None):
        self.records = records
        self.times = times
        self.levels = levels
        self.prefix = prefix
        self.heads = heads
        self.format = name
        self.layout = layout
        self.requests = None  # matches of access lines, one per record

    def record(self, index: int) -> bytes:
        """The whole record."""
        return self.prefix + self.records[index] if self.prefix else self.records[index]

    def head(self, index: int, recogniser):
        """Head of a record; None for a record without one."""
        if self.heads is not None:
            return self.heads[index]
        if self.layout is not None:
            head = self.layout.head(self.record(index), self.times[index], self.levels[index])
            if head is not None:
                return head
        return recogniser.recognise(self.record(index))
