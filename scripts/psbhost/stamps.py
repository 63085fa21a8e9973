"""Time stamps: the shapes in use, and how each becomes UTC epoch seconds.

A stamp is recognised by its shape (`SHAPES`, regular expressions over bytes without groups)
and read once per distinct text: `StampReader` remembers what it has read.
"""

import re
import time
from calendar import timegm

from psbhost.zones import UTC

MONTHS = {
    name: number
    for number, name in enumerate(
        b"jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1
    )
}
_MON = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_CLOCK = rb"\d{1,2}:\d\d:\d\d"

#: Shape by kind. The order matters only where one shape begins like another.
SHAPES = {
    "iso": rb"\d{4}[-/.]\d\d[-/.]\d\d(?:[Tt_ -]|, ?|  )\d\d[:.]\d\d[:.]\d\d",
    "compact": rb"(?:19|20)\d{6}(?:[T_ -]\d{1,2}:\d{1,2}:\d{1,2}|[T_ -]?\d{6}(?!\d))",
    "short": rb"\d\d/\d\d/\d\d,? \d\d:\d\d:\d\d(?: ?[AP]M)?",
    "numeric": rb"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?:,? |:|T)" + _CLOCK + rb"(?:[.,]\d+)?(?: ?[AP]M)?",
    "named": rb"\d{1,2}[-/ ]" + _MON + rb"[a-z]*[-/ ]\d{4}[: T]" + _CLOCK,
    "spoken": _MON + rb"[a-z]* \d{1,2}, ?\d{4},? " + _CLOCK + rb"(?: ?[AP]M)?",
    "ctime": _DAY + rb",? " + _MON + rb" [ \d]?\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{3,4})? \d{4}",
    "syslog": _MON + rb" [ \d]?\d \d\d:\d\d:\d\d(?: \d{4}(?= ))?",
    "monthday": rb"\d\d[-./]\d\d \d\d:\d\d:\d\d",
    "six": rb"\d{6} (?:\d{6}|[ \d]\d:\d\d:\d\d)",
    "glog": rb"\d{4} \d\d:\d\d:\d\d",
    "epoch": rb"[1-3]\d{9}(?:\d{9}|\d{6}|\d{3})?(?:\.\d{1,9})?",
    "clock": rb"\d\d:\d\d:\d\d(?=[.,]\d{3})",
}
FRACTION = rb"(?:[.,:]\d{1,9})?"
OFFSET = rb"(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)(?![\w:.-]))?"

#: Kinds that end in their minutes and seconds, unless a year follows.
ENDS_IN_SECONDS = frozenset(["iso", "named", "syslog", "monthday", "glog", "clock"])
#: Seconds into the hour, by the last five bytes of such a stamp. No leap second among them.
INTO_HOUR = {
    b"%02d%s%02d" % (second // 60, mark, second % 60): second
    for second in range(3600)
    for mark in (b":", b".")
}

_DIGITS = re.compile(rb"\d+")
_NAMES = re.compile(rb"[A-Za-z]{3,}")


class StampReader:
    """Reads stamps of one file. `reference`: about when the file was last written (UTC)."""

    def __init__(self, zone, reference: int):
        self.zone = zone
        self.reference = reference
        self._known = {}
        self._hours = {}

    def read(self, kind: str, text: bytes, offset: bytes = b""):
        """UTC epoch seconds (floored) of a stamp, or None when it names no real time."""
        if kind in ENDS_IN_SECONDS:
            second = INTO_HOUR.get(text[-5:])
            if second is not None:
                begin = self.hour(kind, text[:-5], offset)
                if begin is not None:
                    return begin + second
        key = (text, offset)
        found = self._known.get(key, 0)
        if found == 0:
            if len(self._known) > 20000:
                self._known.clear()
            found = self._known[key] = self._read(kind, text, offset)
        return found

    def hour(self, kind: str, text: bytes, offset: bytes = b""):
        """UTC epoch seconds at which the hour of a stamp begins; `text`: up to its minutes.

        None when its seconds must be read one by one: no clock, year or guess may change in it.
        """
        key = (text, offset)
        begin = self._hours.get(key, 0)
        if begin == 0:
            if len(self._hours) > 20000:
                self._hours.clear()
            begin = self._read(kind, text + b"00:00", offset)
            end = self._read(kind, text + b"59:59", offset)
            if begin is None or end is None or end - begin != 3599:
                begin = None
            self._hours[key] = begin
        return begin

    def _read(self, kind: str, text: bytes, offset: bytes):
        try:
            if kind == "epoch":
                return _epoch(text)
            fields = _FIELDS[kind](text, self.reference)
            if fields is None:
                return None
            return self._place(kind, fields, offset)
        except (ValueError, OverflowError, IndexError, KeyError):
            return None

    def _place(self, kind: str, fields: tuple, offset: bytes):
        zone = UTC if offset else self.zone
        shift = offset_seconds(offset)
        if kind == "clock":
            return self._clock(fields, zone, shift)
        if fields[0] is None:
            return self._yearless(fields, zone, shift)
        wall = _wall(*fields)
        return None if wall is None else zone.to_epoch(wall) - shift

    def _yearless(self, fields: tuple, zone, shift: int):
        """The newest year in which the stamp is not in the reference's future."""
        this = time.gmtime(self.reference + 86400).tm_year
        for year in range(this, this - 9, -1):
            wall = _wall(year, *fields[1:])
            if wall is None:
                continue
            epoch = zone.to_epoch(wall) - shift
            if epoch <= self.reference + 86400:
                return epoch
        return None

    def _clock(self, fields: tuple, zone, shift: int):
        """A time of day: the newest one that is not in the reference's future."""
        seconds = fields[3] * 3600 + fields[4] * 60 + fields[5]
        if seconds >= 86400:
            return None
        local = self.reference + zone.offset_at(self.reference) + shift
        midnight = local - local % 86400
        epoch = zone.to_epoch(midnight + seconds) - shift
        return epoch if epoch <= self.reference + 3600 else epoch - 86400


def offset_seconds(text: bytes) -> int:
    """Seconds east of UTC of `+01:00`, `+0100`, `Z`, `UTC`."""
    text = text.strip()
    if not text or text[:1] not in b"+-":
        return 0
    digits = text[1:].replace(b":", b"")
    seconds = int(digits[:2]) * 3600 + int(digits[2:4]) * 60
    return -seconds if text[:1] == b"-" else seconds


def _wall(year: int, month: int, day: int, hour: int, minute: int, second: int):
    """Wall seconds, or None for a date or time that does not exist."""
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1970 <= year < 2200):
        return None
    if hour > 23 or minute > 59 or second > 60:
        return None
    if day > 28 and day > _days(year, month):
        return None
    return timegm((year, month, day, hour, minute, second))


def _days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _epoch(text: bytes):
    whole, _, _ = text.partition(b".")
    seconds = int(whole) // 10 ** (len(whole) - 10)
    return seconds if 946684800 <= seconds < 4102444800 else None


def _numbers(text: bytes) -> list:
    return [int(part) for part in _DIGITS.findall(text)]


def _iso(text: bytes, _reference: int) -> tuple:
    numbers = _numbers(text)
    return tuple(numbers[:6])


def _compact(text: bytes, _reference: int) -> tuple:
    date = (int(text[:4]), int(text[4:6]), int(text[6:8]))
    rest = text[8:].lstrip(b"T_ -")
    if b":" in rest:
        return date + tuple(_numbers(rest)[:3])
    return date + (int(rest[:2]), int(rest[2:4]), int(rest[4:6]))


def _afternoon(text: bytes, hour: int) -> int:
    if text[-2:] == b"PM":
        return hour % 12 + 12
    return hour % 12 if text[-2:] == b"AM" else hour


def _short(text: bytes, reference: int):
    """yy/MM/dd, unless another order makes it a stamp of these days."""
    one, two, three, hour, minute, second = _numbers(text)[:6]
    clock = (_afternoon(text, hour), minute, second)
    orders = [(2000 + one, two, three), (2000 + three, two, one), (2000 + three, one, two)]
    walls = [(_wall(*(order + clock)), order) for order in orders]
    usable = [(wall, order) for wall, order in walls if wall and wall <= reference + 2 * 86400]
    for wall, order in usable:
        if abs(wall - reference) < 2 * 86400:
            return order + clock
    return usable[0][1] + clock if usable else None


def _numeric(text: bytes, reference: int):
    """Day or month first: the order that exists and lies nearest before the reference."""
    one, two, year, hour, minute, second = _numbers(text)[:6]
    clock = (_afternoon(text, hour), minute, second)
    orders = [(year, two, one), (year, one, two)]
    if b"." in text[:6]:
        orders.pop()
    usable = []
    for order in orders:
        wall = _wall(*(order + clock))
        if wall is not None:
            usable.append((wall > reference + 2 * 86400, abs(reference - wall), order))
    return min(usable, key=lambda row: row[:2])[2] + clock if usable else None


def _month(text: bytes) -> int:
    for name in _NAMES.findall(text):
        number = MONTHS.get(name[:3].lower())
        if number:
            return number
    raise ValueError("no month")


def _named(text: bytes, _reference: int) -> tuple:
    numbers = _numbers(text)
    return (numbers[1], _month(text), numbers[0]) + tuple(numbers[2:5])


def _spoken(text: bytes, _reference: int) -> tuple:
    day, year, hour, minute, second = _numbers(text)[:5]
    return (year, _month(text), day, _afternoon(text, hour), minute, second)


def _ctime(text: bytes, _reference: int) -> tuple:
    numbers = _numbers(text)
    return (numbers[-1], _month(text[3:]), numbers[0]) + tuple(numbers[1:4])


def _syslog(text: bytes, _reference: int) -> tuple:
    numbers = _numbers(text)
    year = numbers[4] if len(numbers) > 4 else None
    return (year, _month(text), numbers[0]) + tuple(numbers[1:4])


def _monthday(text: bytes, _reference: int) -> tuple:
    month, day, hour, minute, second = _numbers(text)[:5]
    if month > 12:
        month, day = day, month
    return (None, month, day, hour, minute, second)


def _six(text: bytes, _reference: int) -> tuple:
    date = (2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    rest = text[7:]
    if b":" in rest:
        return date + tuple(_numbers(rest)[:3])
    return date + (int(rest[:2]), int(rest[2:4]), int(rest[4:6]))


def _glog(text: bytes, _reference: int) -> tuple:
    return (None, int(text[:2]), int(text[2:4])) + tuple(_numbers(text[5:])[:3])


def _clock(text: bytes, _reference: int) -> tuple:
    return (0, 0, 0) + tuple(_numbers(text)[:3])


_FIELDS = {
    "iso": _iso,
    "compact": _compact,
    "short": _short,
    "numeric": _numeric,
    "named": _named,
    "spoken": _spoken,
    "ctime": _ctime,
    "syslog": _syslog,
    "monthday": _monthday,
    "six": _six,
    "glog": _glog,
    "clock": _clock,
}
