"""Groups warnings and errors cheaply where they are; the workstation gives them a name.

The key of a record with a trace is its root exception and first application frame; of any
other its message without the characters 0-9 and a-f: numbers, hexadecimal ids and UUIDs
vanish in one step. Beyond the cap of groups everything is summed in `other`, counts exact.
"""

import re
from collections import Counter

from psbhost import jsonlines
from psbhost.digest import sha256
from psbhost.levels import NAMES
from psbhost.masks import plain
from psbhost.traces import trace_of

EXAMPLE_CAP = 4096
MESSAGE_CAP = 1024
#: Records that are remembered with their group: their longest, how many of a level.
LONGEST_KNOWN, MOST_KNOWN = 4096, 600
#: Digits in a word or a name: two records that differ there may be of two groups.
_NAMED = re.compile(rb"[A-Za-z_$]\.?(\d+)")
_ESCAPED = re.compile(rb"(?:\\u|[A-Za-z_$]\.?)([0-9a-fA-F]*\d[0-9a-fA-F]*)")
_TRACES = {}
_NUMBERS = re.compile(rb"(?<![\w.$])\d+")
_HEX = b"0123456789abcdef"


class Group(object):
    """One group of records."""

    __slots__ = (
        "examples",
        "exception",
        "first",
        "frame",
        "key",
        "last",
        "level",
        "message",
        "minutes",
    )

    def __init__(self, key, level, message, exception, frame):
        self.key, self.level = key, level
        self.message, self.exception, self.frame = message, exception, frame
        self.first, self.last = None, None
        self.minutes = {}
        self.examples = []

    def count(self, minute: int, count: int, first: int, last: int) -> None:
        """Count records of one minute, the first and the last at these times."""
        self.minutes[minute] = self.minutes.get(minute, 0) + count
        if self.first is None or first < self.first:
            self.first = first
        if self.last is None or last > self.last:
            self.last = last

    def keep(self, time: int, record: bytes) -> None:
        """An example: the first two and the newest stay."""
        del self.examples[2:]
        self.examples.append((time, record[: 2 * EXAMPLE_CAP]))

    def reply(self) -> dict:
        """As on the wire."""
        return {
            "key": self.key,
            "level": self.level,
            "message": self.message,
            "exception": self.exception,
            "frame": self.frame,
            "first": self.first,
            "last": self.last,
            "minutes": [[minute, self.minutes[minute]] for minute in sorted(self.minutes)],
            "examples": [[time, plain(record, EXAMPLE_CAP)] for time, record in self.examples],
        }


class Causes(object):
    """The groups of one log in one visit."""

    def __init__(self, cap: int):
        self._cap = max(1, cap)
        self._groups = {}
        self._known = [{} for _ in NAMES]

    def add(self, record: bytes, time: int, level: int, head) -> str:
        """Count a record; the key of its group."""
        group = self._group(record, level, head)
        group.count(time - time % 60, 1, time, time)
        group.keep(time, record)
        return group.key

    def add_from(self, batch, recogniser) -> None:
        """Count the bad records of a batch; a head is read only when no such record was seen.

        Records that differ in nothing but the digits of their numbers are of one group, unless
        digits stand in a name.
        """
        indexes, likes = batch.mark_bad(), batch.like()
        groups, times = self._groups_of(batch, indexes, likes, recogniser), batch.times_of(indexes)
        _count(groups, times)
        self._keep(batch, indexes, times, groups)

    def _groups_of(self, batch, indexes, likes, recogniser):
        """The groups of records of a batch."""
        known, levels = self._known, batch.levels
        groups = [known[levels[index]].get(like) for index, like in zip(indexes, likes)]
        for at in [at for at, group in enumerate(groups) if group.__class__ is not Group]:
            group = known[levels[indexes[at]]].get(likes[at])
            if group.__class__ is not Group:
                group = self._look(batch, indexes[at], likes[at], recogniser)
            groups[at] = group
        return groups

    @staticmethod
    def _keep(batch, indexes, times, groups):
        """Keep examples: the first two records of a group and the newest one."""
        for group, at in dict(zip(groups, range(len(groups)))).items():
            wanted = 2 - len(group.examples)
            if wanted > 0:
                own = [place for place, other in enumerate(groups) if other is group][:wanted]
                for place in own:
                    group.keep(times[place], batch.record(indexes[place]))
                if own[-1] == at:
                    continue
            group.keep(times[at], batch.record(indexes[at]))

    def _look(self, batch, index, like, recogniser):
        """The group of a record that is not simply like another one."""
        level, body = batch.levels[index], batch.texts((index,))[0]
        known = self._known[level]
        spots = known.get(like)
        if spots is not None:
            known, like = spots.groups, spots.digits(body)
            if like in known:
                return known[like]
        head = batch.head(index, recogniser)
        group = self._group(batch.record(index), level, head)
        if len(body) <= LONGEST_KNOWN:
            self._remember(known, like, body, head, group)
        return group

    @staticmethod
    def _remember(known, like, body, head, group):
        if len(known) >= MOST_KNOWN:
            known.clear()
        spots = _digits_in_names(body, head) if len(like) == len(body) else None
        if spots:
            known[like] = Spots(spots, body, group)
        else:
            known[like] = group

    def _group(self, record, level, head):
        key, parts = identify(record, level, head)
        group = self._groups.get(key)
        if group is None:
            group = self._new(key, level, record, head, parts)
        return group

    def _new(self, key, level, record, head, parts):
        if len(self._groups) >= self._cap:
            key = ("other", level)
            group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = Group("other", level, "", "", "")
            return group
        name = sha256(repr(key).encode("utf-8", "replace")).hexdigest()[:16]
        message = plain(parts[0], MESSAGE_CAP).strip()
        group = self._groups[key] = Group(
            name, level, message, plain(parts[1], 200), plain(parts[2], 300)
        )
        return group

    def minutes(self) -> int:
        """Counts per minute that all groups hold."""
        return sum([len(group.minutes) for group in self._groups.values()])

    def reply(self) -> list:
        """As on the wire."""
        return [group.reply() for group in self._groups.values()]


def _count(groups, times):
    """Count records at times in their groups."""
    low, high = min(times), max(times)
    minute = low - low % 60
    if high - minute < 60:
        _count_minute(minute, groups, times)
        return
    by_minute = {}
    for group, time in zip(groups, times):
        own = by_minute.get(time // 60)
        if own is None:
            own = by_minute[time // 60] = ([], [])
        own[0].append(group)
        own[1].append(time)
    for minute, (some, when) in by_minute.items():
        _count_minute(minute * 60, some, when)


def _count_minute(minute, groups, times):
    """Count records of one minute in their groups."""
    ordered = sorted(times)
    if ordered != times:
        pairs = sorted(zip(times, range(len(times))))
        groups, times = [groups[at] for _, at in pairs], ordered
    last = dict(zip(groups, times))
    first = dict(zip(reversed(groups), reversed(times)))
    for group, count in Counter(groups).items():
        group.count(minute, count, first[group], last[group])


class Spots(object):
    """Records that are alike but for digits within names: these tell their groups apart."""

    __slots__ = ("_slices", "groups")

    def __init__(self, slices, body, group):
        self._slices = slices
        self.groups = {self.digits(body): group}

    def digits(self, body):
        """The digits at the spots of one of these records."""
        return b"".join([body[cut] for cut in self._slices])


def _digits_in_names(body: bytes, head) -> list:
    """Slices of the digits that may be part of what a record is grouped by: a name, an escape."""
    if head is not None and isinstance(head.extra, dict):
        regex = _ESCAPED
    elif b"\n" in body or b"Exception" in body or b"Error" in body:
        regex = _NAMED
    else:
        return []
    return [slice(*found.span(1)) for found in regex.finditer(body)]


def identify(record: bytes, level: int, head) -> tuple:
    """(key, (message, exception, frame)) of a record, all but the key as bytes."""
    message, stack = message_and_stack(record, head)
    exception = frame = b""
    if stack:
        exception, frame = _trace(stack[: 64 * 1024])
    parts = (message, exception, frame)
    if exception and frame:
        return (level, exception, frame), parts
    return (level, exception, message[:MESSAGE_CAP].translate(None, _HEX)), parts


def _trace(stack: bytes) -> tuple:
    """(exception, frame) as bytes, remembered by the trace without numbers that never count."""
    first, _, rest = stack.partition(b"\n")
    key = (first.translate(None, _HEX), _NUMBERS.sub(b"", rest))
    found = _TRACES.get(key)
    if found is None:
        if len(_TRACES) >= 500:
            _TRACES.clear()
        names = trace_of(stack.decode("utf-8", "replace"))
        found = _TRACES[key] = tuple(name.encode("utf-8", "replace") for name in names)
    return found


def message_and_stack(record: bytes, head) -> tuple:
    """The message (one line) and the text a trace may be in (b"" when there is none)."""
    if head is not None and isinstance(head.extra, dict):
        message = jsonlines.message_of(head.extra).encode("utf-8", "replace")
        stack = jsonlines.stack_of(head.extra).encode("utf-8", "replace")
        return message.split(b"\n", 1)[0], stack or (message if b"\n" in message else b"")
    text = record[head.message :] if head is not None else record
    line = text.split(b"\n", 1)[0].rstrip()
    if not line.strip():
        rest = text.strip().split(b"\n", 1)[0]
        line = rest if rest else record.split(b"\n", 1)[0].rstrip()
    if b"\n" in text or b"Exception" in text or b"Error" in text:
        return line, text
    return line, b""
