"""Every wording of times, durations, numbers and rates: one file, so that screens agree.

Pure: `now` and the zone are passed in. Zones are IANA names; "" is the workstation's own.
"""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from functools import cache

MINUTE, HOUR, DAY = 60, 3_600, 86_400

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: First hour of each part of the day.
_DAYPARTS = ((5, "night"), (12, "morning"), (18, "afternoon"), (23, "evening"), (24, "night"))


def duration(seconds: float) -> str:
    """`350 ms`, `12 s`, `4 min 10 s`, `41 min`, `2 h 05`, `3 d 4 h`; two units at most."""
    if not math.isfinite(seconds):
        return "unknown"
    if seconds < 0:
        return "-" + duration(-seconds)
    if 0 < seconds < 0.0005:
        return "under 1 ms"
    if seconds < 0.9995:
        return f"{round(seconds * 1000)} ms" if seconds else "0 s"
    whole = round(seconds)
    if whole < MINUTE:
        return f"{seconds:.1f} s".replace(".0 s", " s") if seconds < 9.95 else f"{whole} s"
    if whole < 10 * MINUTE:
        minutes, rest = divmod(whole, MINUTE)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return span(seconds)


def span(seconds: float) -> str:
    """A duration in one coarse figure: `12 s`, `4 min`, `2 h 05`, `3 d 4 h`."""
    if not math.isfinite(seconds):
        return "unknown"
    if seconds < 0:
        return "-" + span(-seconds)
    if round(seconds) < MINUTE:
        return f"{round(seconds)} s"
    minutes = round(seconds / MINUTE)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest:02d}" if rest else f"{hours} h"
    days, hours = divmod(round(seconds / HOUR), 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def span_range(low: float, high: float) -> str:
    """`38 to 47 min`: two durations with one unit where they share it."""
    first, last = span(low), span(high)
    if first == last:
        return first
    unit = first.rpartition(" ")[2]
    if last.rpartition(" ")[2] == unit and first.count(" ") == last.count(" ") == 1:
        first = first.rpartition(" ")[0]
    return f"{first} to {last}"


def count(number: float) -> str:
    """`48,211`."""
    return f"{round(number):,}" if math.isfinite(number) else "unknown"


def decimal(number: float) -> str:
    """At most three telling digits: `0.04`, `0.4`, `3.2`, `14`, `1,240`."""
    if not math.isfinite(number):
        return "unknown"
    size = abs(number)
    if size >= 9.95:
        return count(number)
    places = 1 if size >= 0.095 or not size else min(6, 1 - math.floor(math.log10(size)))
    text = f"{number:.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def quantity(number: float, noun: str, plural: str = "") -> str:
    """`1 record`, `48,211 records`, `2 queries`."""
    return f"{count(number)} {noun if round(number) == 1 else plural or noun + 's'}"


#: Units of a rate with their minutes.
_UNITS = ((1, "a minute"), (60, "an hour"), (1_440, "a day"))


def rate(per_minute: float) -> str:
    """`0.4 a minute`, `3 an hour`, `2 a day`, `none`: the unit that makes it a number to say."""
    if not math.isfinite(per_minute):
        return "unknown"
    if per_minute <= 0:
        return "none"
    if per_minute >= 0.095:
        return f"{decimal(per_minute)} a minute"
    if per_minute * 60 >= 0.95:
        return f"{decimal(per_minute * 60)} an hour"
    per_day = per_minute * 1440
    return f"{decimal(per_day)} a day" if per_day >= 0.095 else "under 0.1 a day"


def rate_beside(per_minute: float, normal: float) -> str:
    """`0.6 an hour, normal 24`: two rates in one unit, that which makes the smaller a number."""
    small, large = sorted((per_minute, normal))
    if small <= 0 or not math.isfinite(large):
        return f"{rate(per_minute)}, normal {rate(normal)}"
    minutes, unit = next((u for u in _UNITS if small * u[0] >= 0.095), _UNITS[-1])
    return f"{decimal(per_minute * minutes)} {unit}, normal {decimal(normal * minutes)}"


def ratio(times: float) -> str:
    """`3.2 times normal`."""
    if not math.isfinite(times):
        return "far above normal"
    return "over 1,000 times normal" if times > 1000 else f"{decimal(times)} times normal"


def share(part: float | None) -> str:
    """Share 0..1 as per cent: `97 %`, `99.98 %`, `0.03 %`; never a false `100 %` or `0 %`."""
    if part is None or not math.isfinite(part):
        return "—"
    percent = part * 100
    if part >= 1 or part <= 0:
        return "100 %" if part > 0 else "0 %"
    if percent < 0.01:
        return "under 0.01 %"
    # Cut, not rounded, near the ends: 99.996 is not yet 100. The 1e-9 undoes binary dust.
    places = 2 if percent >= 99 or percent < 1 else 1 if percent < 10 or percent >= 98 else 0
    scale = 10**places
    cut = math.floor(percent * scale + 1e-9) if percent >= 98 else round(percent * scale)
    text = f"{min(cut / scale, 99.99):.{places}f}"
    return f"{text.rstrip('0').rstrip('.') if places else text} %"


def chance(probability: float) -> str:
    """A forecast's probability, no finer than it is known: `78 %`, `over 99 %`, `under 1 %`."""
    if not math.isfinite(probability):
        return "unknown"
    if probability > 0.99:
        return "over 99 %"
    return "under 1 %" if probability < 0.01 else f"{round(probability * 100)} %"


def size(number: float) -> str:
    """Bytes, decimal units: `48 B`, `1.4 MB`."""
    units = ("B", "kB", "MB", "GB", "TB")
    value, unit = float(number), 0
    while abs(value) >= 999.5 and unit < len(units) - 1:
        value, unit = value / 1000, unit + 1
    return f"{decimal(value) if unit else count(value)} {units[unit]}"


def clock(time: int, now: int, zone: str = "", *, seconds: bool = False) -> str:
    """A time as a person reads a clock: `09:51`, `Mon 23:31`, `14 Nov 09:51`.

    Never "yesterday": what is said is kept and may be read on another day. Beyond a year the
    clock gives way to the year: `14 Nov 2025`. `seconds`: to the second, `Mon 23:31:05`.
    """
    moment = local(time, zone)
    day, today = moment.date(), local(now, zone).date()
    name = _day_name(day, today)
    if seconds:
        return f"{name} {moment:%H:%M:%S}".strip()
    if not name:
        return f"{moment:%H:%M}"
    return name if name.endswith(str(day.year)) and len(name) > 9 else f"{name} {moment:%H:%M}"


def clocks(times: Sequence[int], now: int, zone: str = "") -> tuple[str, ...]:
    """`clock` of each; to the second where another one of them would read the same."""
    told = [clock(time, now, zone) for time in times]
    alike = Counter(text for _, text in set(zip(times, told, strict=True)))
    return tuple(
        clock(time, now, zone, seconds=True) if alike[text] > 1 else text
        for time, text in zip(times, told, strict=True)
    )


def at(time: int, now: int, zone: str = "") -> str:
    """A time within a sentence: `at 09:51`, `Mon 23:31`."""
    told = clock(time, now, zone)
    return f"at {told}" if len(told) == len("09:51") else told


def pair(first: int, second: int, now: int, zone: str = "") -> str:
    """Two times, the day said once: `Mon 22:04 and 23:31`; `17:32:05 and 17:32:41` if need be."""
    told = clocks((first, second), now, zone)
    days = [text.rpartition(" ")[0] for text in told]
    return f"{told[0]} and {told[1].rpartition(' ')[2] if days[0] == days[1] else told[1]}"


def then(time: int, reference: int, now: int, zone: str = "", *, seconds: bool = False) -> str:
    """`clock`, without the day where it is that of a `reference` time told before it."""
    moment = local(time, zone)
    if moment.date() != local(reference, zone).date():
        return clock(time, now, zone, seconds=seconds)
    return f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"


def when(time: int, now: int, zone: str = "") -> str:
    """Relative under an hour, else as on a clock: `4 min ago`, `in 12 min`, `09:51`."""
    if not time:
        return "never"
    age = now - time
    if abs(age) >= HOUR or round(abs(age) / MINUTE) == 60:
        return clock(time, now, zone)
    if abs(age) < 5:
        return "just now"
    return f"{span(age)} ago" if age > 0 else f"in {span(-age)}"


def daypart(time: int, zone: str = "") -> str:
    """`Tuesday morning`; what "normal for" is said about."""
    moment = local(time, zone)
    part = next(name for end, name in _DAYPARTS if moment.hour < end)
    return f"{_LONG_WEEKDAYS[moment.weekday()]} {part}"


def stretch(since: int, until: int, zone: str = "") -> str:
    """A range for a heading: `14 Nov 2026 09:00 to 15 Nov 2026 09:00`."""
    first, last = local(since, zone), local(until, zone)
    return f"{_long(first)} to {_long(last) if first.date() != last.date() else f'{last:%H:%M}'}"


def listing(names: Sequence[str], cap: int = 3) -> str:
    """`a`, `a and b`, `a, b and 4 more`."""
    if len(names) > cap:
        names = [*names[: cap - 1], f"{len(names) - cap + 1} more"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def job_name(job: str) -> str:
    """`month-close` -> `month close`: a catalogue id as it is said."""
    return job.replace("-", " ").replace("_", " ")


def sentence(text: str, cap: int = 300) -> str:
    """Foreign text as one sentence: on one line, cut, with a stop at its end; "" stays so."""
    text = " ".join(text.split())[:cap]
    return text if not text or text[-1] in ".!?" else f"{text}."


def capital(text: str) -> str:
    """First letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def local(time: float, zone: str = "") -> datetime:
    """Aware datetime in a zone. Raises ZoneInfoNotFoundError for a name that is none."""
    where = _zone(zone) if zone else None
    return datetime.fromtimestamp(time, where).astimezone(where)


@cache
def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - 3 ms; the first paint is in our own zone

    return ZoneInfo(name)


def _day_name(that: date, today: date) -> str:
    days = (today - that).days
    if days == 0:
        return ""
    if abs(days) < 7:
        return _WEEKDAYS[that.weekday()]
    name = f"{that.day} {_MONTHS[that.month - 1]}"
    return name if abs(days) < 330 else f"{name} {that.year}"


def _long(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year} {moment:%H:%M}"
