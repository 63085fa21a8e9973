"""What the text of a stamp says, kind by kind: year, month, day, hour, minute, second."""

import re
import time
from calendar import timegm

MONTHS = {
    name: number
    for number, name in enumerate(
        b"jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1
    )
}
_DIGITS = re.compile(rb"\d+")
_NAMES = re.compile(rb"[A-Za-z]{3,}")
#: A date in an unusual order is likelier than one in the usual order that is older than this.
_NEAR = 400 * 86400


def wall_of(year: int, month: int, day: int, hour: int, minute: int, second: int):
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


def epoch_of(text: bytes):
    whole, _, _ = text.partition(b".")
    seconds = int(whole) // 10 ** (len(whole) - 10)
    return seconds if 946684800 <= seconds < 4102444800 else None


def tai_of(text: bytes):
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
        wall = wall_of(*(orders[name] + clock))
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
        wall = wall_of(*(orders[name] + clock))
        if wall is not None:
            usable[name] = (wall > reader.reference + 2 * 86400, abs(reader.reference - wall))
    if not usable:
        return None
    likely = min(usable, key=lambda name: usable[name])
    name = reader.order("numeric", likely if len(usable) == 1 and one != two else None, likely)
    return orders[name if name in usable else likely] + clock


def month_of(text: bytes) -> int:
    for name in _NAMES.findall(text):
        number = MONTHS.get(name[:3].lower())
        if number:
            return number
    raise ValueError("no month")


def _named(text: bytes, _reader) -> tuple:
    day, year, hour, minute, second = _numbers(text)[:5]
    year = year + 2000 if year < 100 else year
    return (year, month_of(text), day, _afternoon(text, hour), minute, second)


def _spoken(text: bytes, _reader) -> tuple:
    day, year, hour, minute, second = _numbers(text)[:5]
    return (year, month_of(text), day, _afternoon(text, hour), minute, second)


def _ctime(text: bytes, _reader) -> tuple:
    numbers = _numbers(text)
    year = numbers[-1] if len(numbers) > 4 and text[-5:-4] == b" " else None
    return (year, month_of(text[3:]), numbers[0]) + tuple(numbers[1:4])


def _mail(text: bytes, _reader) -> tuple:
    """The year may stand behind the time."""
    numbers = _numbers(text)
    if numbers[1] > 59:
        day, year, hour, minute, second = numbers[:5]
    else:
        day, hour, minute, second, year = numbers[:4] + numbers[-1:]
    return (year, month_of(text[3:]), day, _afternoon(text, hour), minute, second)


def _yearnamed(text: bytes, _reader) -> tuple:
    year, day, hour, minute, second = _numbers(text)[:5]
    return (year, month_of(text), day, hour, minute, second)


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
    return (year, month_of(text), numbers[0]) + tuple(numbers[1:4])


def _daymonth(text: bytes, _reader) -> tuple:
    numbers = _numbers(text)
    return (None, month_of(text), numbers[0]) + tuple(numbers[1:4])


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


FIELDS = {
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
