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
_NAMED_MON = rb"(?i:" + _MON[3:]
_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_CLOCK = rb"\d{1,2}:\d\d:\d\d"
#: Between date and time: date and time may be two fields of a line.
_SPLIT = rb"(?:[Tt_ \t;|-]|, ?|  | - | at |\]\[|\] \[|\"?[ ,]time=\"?)"

_HALF = rb"(?: ?[AaPp][Mm](?![A-Za-z]))?"

#: Shape by kind. The order matters only where one shape begins like another.
SHAPES = {
    "iso": rb"\d{4}[-/. ]\d\d[-/. ]\d\d" + _SPLIT + rb"\d\d[:.]\d\d[:.]\d\d",
    "wide": rb"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[Tt ]{1,2}\d{1,2}:\d\d(?::\d\d)?(?!\d)" + _HALF,
    "compact": rb"(?:19|20)\d{6}(?:[T_ /:-]\d{1,2}:\d{1,2}:\d{1,2}|[T_ /:-]?\d{6}(?:\d{3})?(?!\d))",
    "short": rb"\d{1,2}[-/.]\d{1,2}[-/.]\d\d(?:,? |:|T|-)\d{1,2}:\d\d:\d\d" + _HALF,
    "numeric": rb"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?:,? |[:T;,\t|-]| - |\] ?\[)"
    + _CLOCK
    + rb"(?:[.,]\d+)?"
    + _HALF,
    "named": rb"\d{1,2}[-/ ]?"
    + _NAMED_MON
    + rb"[a-z]*[-/ ]?(?:\d{4}|\d\d)(?:::|[: T]|, )"
    + _CLOCK
    + _HALF,
    "spoken": _MON + rb"[a-z]* \d{1,2}, ?\d{4},? " + _CLOCK + rb"(?:[.,]\d+)?" + _HALF,
    "yearnamed": rb"\d{4}[-/ ]" + _MON + rb"[-/ ][ \d]?\d[ T:]" + _CLOCK,
    "ctime": _DAY
    + rb",? "
    + _MON
    + rb" [ \d]?\d \d\d:\d\d:\d\d(?:[.:,]\d+)?(?:(?: [A-Z]{3,4}| [+-]\d{4})? \d{4}(?![\d:]))?",
    "mail": _DAY
    + rb",? \d{1,2}[ -]"
    + _MON
    + rb"(?:[ -]\d{4},? "
    + _CLOCK
    + _HALF
    + rb"| \d\d:\d\d:\d\d(?: [A-Z]{3,4}| [+-]\d{4})? \d{4}(?!\d))",
    "syslog": _MON + rb" [ \d]?\d (?:\d{4} )?\d\d:\d\d:\d\d(?: \d{4}(?= ))?",
    "daymonth": rb"\d{1,2} " + _MON + rb" \d\d:\d\d:\d\d",
    "monthday": rb"\d\d[-./]\d\d \d\d:\d\d:\d\d",
    "six": rb"\d{6}[ -](?:\d{6}(?!\d)|[ \d]\d:\d\d:\d\d)",
    "glog": rb"\d{4} \d\d:\d\d:\d\d",
    "epoch": rb"[1-3]\d{9}(?:\d{9}|\d{6}|\d{3})?(?:\.\d{1,9})?",
    "clockdate": rb"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?,? (?:\d{1,2}[./-]\d{1,2}[./-]\d{4}"
    + rb"|\d{4}-\d\d-\d\d"
    + rb"|\d{1,2}[ -]"
    + _MON
    + rb"[ -]\d{4})(?![\d:])",
    "clock": rb"\d\d:\d\d:\d\d(?=[.,:]\d{3}|\]|[ \t]+[\[(<|A-Za-z])",
    "kitchen": rb"\d{1,2}:\d\d[AP]M(?= (?:TRC|DBG|INF|WRN|ERR|FTL|PNC|\?\?\?) )",
    "cmtrace": rb"time=\"\d\d:\d\d:\d\d\.\d{1,7}(?:[+-]\d{1,4})?\" date=\"\d{1,2}-\d{1,2}-\d{4}",
    "julian": rb"(?:20)?\d\d[0-3]\d\d \d\d:\d\d:\d\d(?=\.\d)",
    "tai": rb"@4[0-9a-f]{23}(?![0-9a-f])",
    "dotted": rb"[012]\d\.[0-5]\d\.[0-5]\d(?=\s+(?:JOB|STC|TSU|J|S|T)\d{3,8}\b)",
}
#: Kinds that do not say which of their numbers is the day, and whose proof they share.
_ORDERED = {"short": "short", "numeric": "numeric", "clockdate": "numeric"}
#: Kinds without a date.
TIMES_OF_DAY = ("clock", "dotted", "kitchen")
FRACTION = rb"(?:[.,:]\d{1,9})?"
#: Zones by name, in hours east. Names of several zones (CST, IST, BST) count as the log's own.
ZONES = {
    b"Z": 0, b"UTC": 0, b"GMT": 0, b"WET": 0, b"WEST": 1, b"CET": 1, b"CEST": 2, b"MEZ": 1,
    b"MESZ": 2, b"EET": 2, b"EEST": 3, b"MSK": 3, b"SGT": 8, b"HKT": 8, b"JST": 9, b"KST": 9,
    b"AEST": 10, b"AEDT": 11, b"NZST": 12, b"NZDT": 13, b"EST": -5, b"EDT": -4, b"CDT": -5,
    b"MST": -7, b"MDT": -6, b"PST": -8, b"PDT": -7, b"CST": None, b"IST": None, b"BST": None,
}  # fmt: skip
_ZONE_NAMES = b"|".join(sorted(ZONES, key=lambda name: (-len(name), name)))
OFFSET = (
    rb"(?: ?(?:(?:" + _ZONE_NAMES + rb")(?![\w+-]| ?[+-]\d)|(?:(?:GMT|UTC) ?)?[+-]\d\d:?\d\d"
    rb"(?![\w.-]|:\S)|(?:GMT|UTC)[+-]\d\d?(?![\w:.,-]))"
    rb"|[+-]\d\d(?![\w:.,-])|#[+-]\d{4}(?=#))?"
)
#: Kinds that end in their minutes and seconds, unless a year follows.
ENDS_IN_SECONDS = frozenset(["iso", "named", "syslog", "monthday", "glog", "daymonth"])
#: Seconds into the hour, by the last five bytes of such a stamp. No leap second among them.
INTO_HOUR = {
    b"%02d%s%02d" % (second // 60, mark, second % 60): second
    for second in range(3600)
    for mark in (b":", b".")
}

_DIGITS = re.compile(rb"\d+")
_NAMES = re.compile(rb"[A-Za-z]{3,}")
_DATE = rb"(?<!\d)((?:19|20)\d\d)[-_./]?([01]\d)[-_./]?([0-3]\d)(?!\d)"
_ANY_DATE = re.compile(_DATE)
_NAMED_DATE = re.compile(rb"(?<!\d)(\d{1,2})[ /-]" + _MON + rb"[a-z]*[ /-]((?:19|20)\d\d)(?!\d)")
#: A date in an unusual order is likelier than one in the usual order that is older than this.
_NEAR = 400 * 86400
#: A time of day this much before the last one is of the next day.
_NEW_DAY = 6 * 3600


class StampReader:
    """Reads stamps of one file.

    `reference`: about when the file was last written (UTC). `name`: the file's name, which may
    hold the date of stamps that are a time of day alone; so may earlier lines (`note_date`).
    """

    def __init__(self, zone, reference: int, name: str = ""):
        self.zone = zone
        self.reference = reference
        #: The order of day, month and year that a stamp proved, by kind; replaced, never changed.
        self.orders = {}
        #: (kind, text, zone) -> (time, state from there on), and the same of hours.
        self._known, self._hours, self._states = {}, {}, {}
        day = date_in(name.rsplit("/", 1)[-1].encode("utf-8", "replace"))
        self.return_to((day, None, False))

    def return_to(self, state: tuple) -> None:
        """Go back to an earlier `state`: what was read since then will be read again."""
        #: What times of day depend on: the day, the time of day before, and `dated`.
        self.state = state
        #: Midnight (wall seconds) of the day that times of day belong to; None: by `reference`.
        self.day = state[0]
        #: Whether a stamp with its own date was read: then no date is looked for in the text.
        self.dated = state[2]

    def note_date(self, line: bytes) -> None:
        """Remember a date that stands in a line without a stamp (a banner, a day's heading)."""
        day = date_in(line[:200])
        if day is not None:
            self.return_to((day, None, self.dated))

    def read(self, kind: str, text: bytes, offset: bytes = b""):
        """UTC epoch seconds (floored) of a stamp, or None when it names no real time.

        The times of day that follow are of its day, whether it is known or not.
        """
        if kind in ENDS_IN_SECONDS:
            second = INTO_HOUR.get(text[-5:])
            if second is not None:
                begin = self.hour(kind, text[:-5], offset)
                if begin is not None:
                    return begin + second
        if kind in TIMES_OF_DAY:
            return self._read(kind, text, offset)[0]
        if kind in _ORDERED:
            return self._ordered(kind, text, offset)
        key = (kind, text, offset)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > 20000:
                self._known.clear()
            found = self._known[key] = self._read(kind, text, offset)
        if found[1] is not self.state and (found[1] is not None or not self.dated):
            self._arrive(found)
        return found[0]

    def _ordered(self, kind: str, text: bytes, offset: bytes):
        """Of a kind whose order may be proven by other stamps, and by this one."""
        name = _ORDERED[kind]
        key = (kind, text, offset, self.orders.get(name))
        found = self._known.get(key)
        if found is None:
            if len(self._known) > 20000:
                self._known.clear()
            seconds, state = self._read(kind, text, offset)
            found = self._known[key] = seconds, state, self.orders.get(name)
        if found[2] != self.orders.get(name):
            self.orders = dict(self.orders, **{name: found[2]})
        if found[1] is not self.state and (found[1] is not None or not self.dated):
            self._arrive(found)
        return found[0]

    def hour(self, kind: str, text: bytes, offset: bytes = b""):
        """UTC epoch seconds at which the hour of a stamp begins; `text`: up to its minutes.

        None when its seconds must be read one by one: no clock, year or guess may change in it.
        """
        key = (kind, text, offset)
        found = self._hours.get(key)
        if found is None:
            if len(self._hours) > 20000:
                self._hours.clear()
            begin, state = self._read(kind, text + b"00:00", offset)
            end, _ = self._read(kind, text + b"59:59", offset)
            if begin is None or end is None or end - begin != 3599:
                begin = None
            found = self._hours[key] = begin, state
        if found[1] is not self.state and (found[1] is not None or not self.dated):
            self._arrive(found)
        return found[0]

    def _arrive(self, found: tuple):
        """Take the state of a stamp that was read; one without a year or day leaves the day."""
        if found[1] is not None and found[0] is not None:
            self.return_to(found[1])
        elif found[0] is not None and not self.dated:
            self.return_to((self.day, self.state[1], True))

    def _read(self, kind: str, text: bytes, offset: bytes) -> tuple:
        """(time or None, the state from there on where the stamp has a date of its own)."""
        try:
            if kind == "epoch":
                return _epoch(text), None
            if kind == "tai":
                return _tai(text), None
            fields = _FIELDS[kind](text, self)
            if fields is not None and len(fields) == 6:
                return self._place(kind, fields, offset)
        except (ValueError, OverflowError, IndexError, KeyError):
            pass
        return None, None

    def _place(self, kind: str, fields: tuple, offset: bytes) -> tuple:
        shift = offset_seconds(offset)
        zone = self.zone if shift is None or not offset else UTC
        shift = shift or 0
        if kind in TIMES_OF_DAY:
            return self._clock(fields, zone, shift), None
        if fields[0] is None:
            return self._yearless(fields, zone, shift), None
        wall = _wall(*fields)
        if wall is None:
            return None, None
        day = wall - wall % 86400
        state = self._states.setdefault(day, (day, None, True))
        return zone.to_epoch(wall) - shift, state

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
        """A time of day: of the day that is known, else the newest not in the future."""
        seconds = fields[3] * 3600 + fields[4] * 60 + fields[5]
        if seconds >= 86400:
            return None
        if self.day is not None:
            wall = self.day + seconds
            before = self.state[1]
            if before is not None and wall < before - _NEW_DAY:
                wall += 86400
            self.return_to((wall - wall % 86400, wall, self.dated))
            return zone.to_epoch(wall) - shift
        local = self.reference + zone.offset_at(self.reference) + shift
        midnight = local - local % 86400
        epoch = zone.to_epoch(midnight + seconds) - shift
        return epoch if epoch <= self.reference + 3600 else epoch - 86400

    def order(self, kind: str, certain, likely):
        """The order of day, month and year: what a stamp proves, what one proved, what is likely.

        `certain`: name of the only order in which the stamp exists, or None.
        """
        if certain is not None and certain != self.orders.get(kind):
            self.orders = dict(self.orders, **{kind: certain})
        return certain or self.orders.get(kind) or likely

    def proven(self, kind: str) -> str:
        """The order of day, month and year that a stamp of a kind has proven; "" for none."""
        return self.orders.get(kind) or ""


def date_in(text: bytes):
    """Midnight (wall seconds) of the last date written in a text, or None."""
    found = None
    for match in _ANY_DATE.finditer(text):
        found = (
            _wall(int(match.group(1)), int(match.group(2)), int(match.group(3)), 0, 0, 0) or found
        )
    for match in _NAMED_DATE.finditer(text):
        day, year = int(match.group(1)), int(match.group(2))
        found = _wall(year, _month(match.group(0)), day, 0, 0, 0) or found
    return found


def offset_seconds(text: bytes):
    """Seconds east of UTC of `+01:00`, `+0100`, `+01`, `Z`, `CET`, `GMT +0100`, `UTC+2`.

    None for an ambiguous name.
    """
    text = text.strip(b" #")
    if not text:
        return 0
    if len(text) > 3 and text[:3] in (b"GMT", b"UTC"):
        text = text[3:].strip()
    if text[:1] not in b"+-":
        hours = ZONES.get(text)
        return None if hours is None else hours * 3600
    digits = text[1:].replace(b":", b"")
    seconds = int(digits[:2]) * 3600 + int(digits[2:4] or b"0") * 60
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


def _tai(text: bytes):
    """TAI64N as daemontools writes it: ten seconds ahead, and no leap seconds."""
    seconds = int(text[1:17], 16) - 2**62 - 10
    return seconds if 946684800 <= seconds < 4102444800 else None


def _numbers(text: bytes) -> list:
    return [int(part) for part in _DIGITS.findall(text)]


def _iso(text: bytes, _reader) -> tuple:
    numbers = _numbers(text)
    return tuple(numbers[:6])


def _wide(text: bytes, _reader) -> tuple:
    numbers = _numbers(text) + [0]
    return tuple(numbers[:3]) + (_afternoon(text, numbers[3]),) + tuple(numbers[4:6])


def _compact(text: bytes, _reader) -> tuple:
    date = (int(text[:4]), int(text[4:6]), int(text[6:8]))
    rest = text[8:].lstrip(b"T_ /:-")
    if b":" in rest:
        return date + tuple(_numbers(rest)[:3])
    return date + (int(rest[:2]), int(rest[2:4]), int(rest[4:6]))


def _afternoon(text: bytes, hour: int) -> int:
    half = text[-2:].upper()
    if half == b"PM":
        return hour % 12 + 12
    return hour % 12 if half == b"AM" else hour


def _short(text: bytes, reader):
    """yy/MM/dd, unless another order was proven, or makes it the newest of the last months."""
    one, two, three, hour, minute, second = _numbers(text)[:6]
    clock = (_afternoon(text, hour), minute, second)
    orders = {
        "ymd": (2000 + one, two, three),
        "dmy": (2000 + three, two, one),
        "mdy": (2000 + three, one, two),
    }
    latest = reader.reference + 2 * 86400
    usable = {}
    for name in ("ymd", "dmy", "mdy"):
        wall = _wall(*(orders[name] + clock))
        if wall is not None and wall <= latest:
            usable[name] = wall
    if not usable:
        return None
    near = [name for name in usable if latest - usable[name] < _NEAR]
    likely = max(near, key=lambda name: usable[name]) if near else next(iter(usable))
    name = reader.order("short", likely if len(usable) == 1 else None, likely)
    return orders[name if name in usable else likely] + clock


def _numeric(text: bytes, reader):
    """Day or month first: what exists, else what was proven, else the nearest before the end."""
    one, two, year, hour, minute, second = _numbers(text)[:6]
    clock = (_afternoon(text, hour), minute, second)
    orders = {"dmy": (year, two, one), "mdy": (year, one, two)}
    if b"." in text[:6]:
        del orders["mdy"]
    usable = {}
    for name in sorted(orders):
        wall = _wall(*(orders[name] + clock))
        if wall is not None:
            usable[name] = (wall > reader.reference + 2 * 86400, abs(reader.reference - wall))
    if not usable:
        return None
    likely = min(usable, key=lambda name: usable[name])
    name = reader.order("numeric", likely if len(usable) == 1 and one != two else None, likely)
    return orders[name if name in usable else likely] + clock


def _month(text: bytes) -> int:
    for name in _NAMES.findall(text):
        number = MONTHS.get(name[:3].lower())
        if number:
            return number
    raise ValueError("no month")


def _named(text: bytes, _reader) -> tuple:
    day, year, hour, minute, second = _numbers(text)[:5]
    year = year + 2000 if year < 100 else year
    return (year, _month(text), day, _afternoon(text, hour), minute, second)


def _spoken(text: bytes, _reader) -> tuple:
    day, year, hour, minute, second = _numbers(text)[:5]
    return (year, _month(text), day, _afternoon(text, hour), minute, second)


def _ctime(text: bytes, _reader) -> tuple:
    numbers = _numbers(text)
    year = numbers[-1] if len(numbers) > 4 and text[-5:-4] == b" " else None
    return (year, _month(text[3:]), numbers[0]) + tuple(numbers[1:4])


def _mail(text: bytes, _reader) -> tuple:
    """The year may stand behind the time."""
    numbers = _numbers(text)
    if numbers[1] > 59:
        day, year, hour, minute, second = numbers[:5]
    else:
        day, hour, minute, second, year = numbers[:4] + numbers[-1:]
    return (year, _month(text[3:]), day, _afternoon(text, hour), minute, second)


def _yearnamed(text: bytes, _reader) -> tuple:
    year, day, hour, minute, second = _numbers(text)[:5]
    return (year, _month(text), day, hour, minute, second)


def _clockdate(text: bytes, reader):
    """The time first: read as with the date first."""
    clock, _, date = text.partition(b" ")
    clock = clock[:8]
    if _NAMES.search(date):
        return _named(date + b" " + clock, reader)
    if date[4:5] == b"-":
        return _iso(date + b" " + clock, reader)
    return _numeric(date + b" " + clock, reader)


def _cmtrace(text: bytes, _reader) -> tuple:
    """Minutes behind the seconds are the bias of the zone, as Windows counts it: not used."""
    hour, minute, second = _numbers(text)[:3]
    month, day, year = _numbers(text)[-3:]
    return (year, month, day, hour, minute, second)


def _kitchen(text: bytes, _reader) -> tuple:
    hour, minute = _numbers(text)
    return (0, 0, 0, _afternoon(text, hour), minute, 0)


def _julian(text: bytes, _reader) -> tuple:
    date, _, clock = text.partition(b" ")
    year, days = 2000 + int(date[-5:-3]), int(date[-3:])
    if not 1 <= days <= 366:
        raise ValueError("no day of a year")
    then = time.gmtime(timegm((year, 1, 1, 0, 0, 0)) + 86400 * (days - 1))
    return (year, then.tm_mon, then.tm_mday) + tuple(_numbers(clock)[:3])


def _syslog(text: bytes, _reader) -> tuple:
    """A year may stand in front of the time or behind it."""
    numbers = _numbers(text)
    year = None
    if len(numbers) > 4:
        year = numbers.pop(1) if numbers[1] > 59 else numbers.pop()
    return (year, _month(text), numbers[0]) + tuple(numbers[1:4])


def _daymonth(text: bytes, _reader) -> tuple:
    numbers = _numbers(text)
    return (None, _month(text), numbers[0]) + tuple(numbers[1:4])


def _monthday(text: bytes, _reader) -> tuple:
    month, day, hour, minute, second = _numbers(text)[:5]
    if month > 12:
        month, day = day, month
    return (None, month, day, hour, minute, second)


def _six(text: bytes, _reader) -> tuple:
    date = (2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    rest = text[7:]
    if b":" in rest:
        return date + tuple(_numbers(rest)[:3])
    return date + (int(rest[:2]), int(rest[2:4]), int(rest[4:6]))


def _glog(text: bytes, _reader) -> tuple:
    return (None, int(text[:2]), int(text[2:4])) + tuple(_numbers(text[5:])[:3])


def _clock(text: bytes, _reader) -> tuple:
    return (0, 0, 0) + tuple(_numbers(text)[:3])


_FIELDS = {
    "iso": _iso,
    "wide": _wide,
    "compact": _compact,
    "short": _short,
    "numeric": _numeric,
    "named": _named,
    "spoken": _spoken,
    "ctime": _ctime,
    "mail": _mail,
    "syslog": _syslog,
    "daymonth": _daymonth,
    "monthday": _monthday,
    "six": _six,
    "glog": _glog,
    "clock": _clock,
    "dotted": _clock,
    "yearnamed": _yearnamed,
    "clockdate": _clockdate,
    "kitchen": _kitchen,
    "cmtrace": _cmtrace,
    "julian": _julian,
}
