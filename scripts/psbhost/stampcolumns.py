"""The stamps of a block of records, read column by column.

The template is the stamp of one record with its digits open. Minutes are read once per run of
records that share one; seconds only for the records whose time is asked for.
"""

from bisect import bisect_right

from psbhost.bytewise import ZEROS, same, steps

#: Kinds whose last digits are their seconds, and which one minute further on differ by 60 s.
_BY_MINUTE = ("iso", "named", "syslog", "monthday", "six", "glog")
_DIGITS = frozenset(b"0123456789")
_KNOWN = 20000


class Times(object):
    """UTC seconds of the records of a block, worked out when they are asked for."""

    __slots__ = ("_bases", "_count", "_starts", "_tens", "_units")

    def __init__(self, starts, bases, tens, units):
        self._starts, self._bases = starts, bases  # a minute per run of records
        self._tens, self._units = tens, units  # digits of the seconds
        self._count = len(tens)

    def __len__(self):
        return self._count

    def __getitem__(self, index):
        if index < 0:
            index += self._count
        if not 0 <= index < self._count:
            raise IndexError(index)
        base = self._bases[bisect_right(self._starts, index) - 1]
        return base + 10 * self._tens[index] + self._units[index] - 528

    def __iter__(self):
        for base, start, stop in self.runs():
            seconds = zip(self._tens[start:stop], self._units[start:stop])
            for tens, units in seconds:
                yield base + 10 * tens + units - 528

    def of(self, indexes):
        """UTC seconds of some records, in order."""
        tens, units, found, stop = self._tens, self._units, [], 0
        runs = iter(self.runs())
        for index in indexes:
            while index >= stop:
                base, _, stop = next(runs)
            found.append(base + 10 * tens[index] + units[index] - 528)
        return found

    def runs(self):
        """(minute, first index, index behind the last) of records in a row in one minute."""
        stops = self._starts[1:] + [self._count]
        return zip(self._bases, self._starts, stops)

    def without_last(self):
        """The same without the last record."""
        count = self._count - 1
        starts, bases = self._starts, self._bases
        if starts[-1] == count:
            starts, bases = starts[:-1], bases[:-1]
        return Times(starts, bases, self._tens[:count], self._units[:count])


class StampColumns(object):
    """Reads the stamps of records that begin as `line` does, behind the first `cut` bytes.

    `width`: bytes of stamp, fraction and zone. Raises ValueError for a stamp without columns.
    """

    def __init__(self, line: bytes, head, reader, cut: int):
        self._kind, self._reader = head.kind, reader
        start, end = head.stamp
        zone = head.offset or (0, 0)
        self.has_zone = has_zone = zone[1] > zone[0]
        self._zone = line[zone[0] : zone[1]] if has_zone else b""
        fraction = zone[0] if has_zone else _fraction(line, end)
        self.after = zone[1] if has_zone else fraction
        self.has_fraction = fraction > end
        self.width = self.after - cut
        self._start = start
        self._cut = cut
        self._marker = line[:cut].translate(ZEROS)
        self._stamp = slice(0, end - cut)
        self._second = end - cut - 2
        self._known, self._orders = {}, reader.orders
        template = self._template = line[cut:fraction].translate(ZEROS) + self._zone
        self._digits = [k for k, byte in enumerate(line[cut:fraction]) if byte in _DIGITS]
        self._fixed = [(k, template[k]) for k in range(len(template)) if k not in self._digits]
        self.by_minute = head.kind in _BY_MINUTE and self._ends_in_seconds(line[start:end])
        self._minute = [k for k in self._digits if k < self._second]
        self._later = [k for k in self._digits if k >= self._second or not self.by_minute]
        if self._second < 0:
            raise ValueError("the stamp is within the marker")

    @staticmethod
    def _ends_in_seconds(stamp):
        return stamp[-2:].isdigit() and (stamp[-3:-2] in b":." or stamp[-6:].isdigit())

    def marker(self, body: bytes) -> bytes:
        """What the records of a body begin with; b"" when they begin otherwise."""
        marker = body[: self._cut]
        return marker if marker.translate(ZEROS) == self._marker else b""

    def alike(self, text: bytes) -> bool:
        """Whether one record, behind the marker, has its stamp in this place and of this shape."""
        digits = len(self._template) - len(self._zone)
        own = text[:digits].translate(ZEROS) + text[digits : self.width]
        return own == self._template

    def read(self, text: bytes, width: int, marker: bytes, count: int):
        """Times of `count` records, one every `width` bytes of `text`, behind the marker.

        None if one is of another shape.
        """
        opening = marker[self._start :]
        for at, byte in self._fixed:
            if text[at::width].count(byte) != count:
                return None
        later = b"".join([text[at::width] for at in self._later])
        if later and not later.isdigit():
            return None
        if not self.by_minute:
            return self._one_by_one(text, width, opening)
        return self._minutes(text, width, opening, count)

    def _minutes(self, text, width, opening, count):
        moving = []
        for at in self._minute:
            column = text[at::width]
            if same(column):
                column = column[:1]
            else:
                moving.append(column)
            if not column.isdigit():
                return None
        tens = text[self._second :: width]
        if tens.translate(None, b"012345"):
            return None  # leap seconds take the careful way
        starts = steps(moving, count) if moving else [0]
        bases = []
        for start in starts:
            base = self._base(opening + text[start * width : start * width + self._second])
            if base is None:
                return None
            bases.append(base)
        return Times(starts, bases, tens, text[self._second + 1 :: width])

    def _base(self, text):
        """UTC second at which a minute begins; None when its seconds do not simply follow."""
        base = self._known.get(text, 0)
        if base == 0:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            base = self._time(text + b"00")
            end = self._time(text + b"59")
            if base is None or end is None or end - base != 59 or base % 60:
                base = None
            self._known[text] = base
        return base

    def _time(self, text):
        return self._reader.read(self._kind, text, self._zone)

    def _one_by_one(self, text, width, opening):
        end = self._stamp.stop
        stamps = [opening + text[at : at + end] for at in range(0, len(text), width)]
        known, orders = self._known, self._reader.orders
        if orders is not self._orders:
            known.clear()
            self._orders = orders
        for stamp in dict.fromkeys(stamps):
            if stamp not in known:
                known[stamp] = self._time(stamp)
        if self._reader.orders is not orders:
            return None  # one proved what others mean: from here on, as in their lines
        times = [known[stamp] for stamp in stamps]
        if len(known) >= _KNOWN:
            known.clear()
        return None if None in times else times


def _fraction(line: bytes, end: int) -> int:
    """Where the fraction behind a stamp ends; `end` without one."""
    if line[end : end + 1] not in (b".", b",", b":"):
        return end
    stop = end + 1
    while stop < len(line) and stop < end + 10 and 48 <= line[stop] <= 57:
        stop += 1
    return stop if stop > end + 1 else end
