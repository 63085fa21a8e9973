"""A batch of whole records of one block: parallel lists, and heads read only when asked for."""


class Batch(object):
    """Records with their times (UTC seconds) and levels.

    `prefix` was cut from the front of each record by the columnar path.
    """

    __slots__ = ("records", "times", "levels", "prefix", "heads", "format")

    def __init__(self, records, times, levels, prefix=b"", heads=None, name=""):
        self.records = records
        self.times = times
        self.levels = levels
        self.prefix = prefix
        self.heads = heads
        self.format = name

    def record(self, index: int) -> bytes:
        """The whole record."""
        return self.prefix + self.records[index] if self.prefix else self.records[index]

    def head(self, index: int, recogniser):
        """Head of a record; None for a record without one."""
        if self.heads is not None:
            return self.heads[index]
        return recogniser.recognise(self.record(index))
