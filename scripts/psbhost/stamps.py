"""Time stamps: the shapes in use, and how each becomes UTC epoch seconds.

A stamp is recognised by its shape (`SHAPES`, regular expressions over bytes without groups)
and read once per distinct text: `StampReader` remembers what it has read.
"""

import re
import time

from psbhost.stampfields import FIELDS, epoch_of, month_of, tai_of, wall_of
from psbhost.zones import UTC

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

_DATE = rb"(?<!\d)((?:19|20)\d\d)[-_./]?([01]\d)[-_./]?([0-3]\d)(?!\d)"
_ANY_DATE = re.compile(_DATE)
_NAMED_DATE = re.compile(rb"(?<!\d)(\d{1,2})[ /-]" + _MON + rb"[a-z]*[ /-]((?:19|20)\d\d)(?!\d)")
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
                return epoch_of(text), None
            if kind == "tai":
                return tai_of(text), None
            fields = FIELDS[kind](text, self)
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
        wall = wall_of(*fields)
        if wall is None:
            return None, None
        day = wall - wall % 86400
        state = self._states.setdefault(day, (day, None, True))
        return zone.to_epoch(wall) - shift, state

    def _yearless(self, fields: tuple, zone, shift: int):
        """The newest year in which the stamp is not in the reference's future."""
        this = time.gmtime(self.reference + 86400).tm_year
        for year in range(this, this - 9, -1):
            wall = wall_of(year, *fields[1:])
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
            wall_of(int(match.group(1)), int(match.group(2)), int(match.group(3)), 0, 0, 0) or found
        )
    for match in _NAMED_DATE.finditer(text):
        day, year = int(match.group(1)), int(match.group(2))
        found = wall_of(year, month_of(match.group(0)), day, 0, 0, 0) or found
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
