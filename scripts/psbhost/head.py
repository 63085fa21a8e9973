"""What the head of a record says."""


class Head(object):
    """Format, time, level and where the message begins, with what is cheap to keep beside them."""

    __slots__ = (
        "component",
        "extra",
        "format",
        "host",
        "kind",
        "level",
        "level_span",
        "message",
        "offset",
        "stamp",
        "time",
    )

    def __init__(
        self,
        name,
        time,
        level,
        message,
        kind="",
        stamp=None,
        offset=None,
        level_span=None,
        extra=None,
    ):
        self.format = name  # name of the format
        self.time = time  # UTC epoch seconds, None without a stamp
        self.level = level  # index into levels.NAMES
        self.message = message  # offset of the message in the line
        self.kind = kind  # kind of stamp
        self.stamp = stamp  # (start, end) up to the seconds
        self.offset = offset  # (start, end) of the zone
        self.level_span = level_span
        self.extra = extra  # parsed JSON, match of an access line
        self.component = None  # (start, end) of the logger or program, where it is known
        self.host = None  # (start, end) of the host, where it is known
