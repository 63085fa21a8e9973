"""Ticks of the time axis, at moments people name: pure, in the zone of the reader."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from psbuddy import words

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_CLOCK_STEPS = tuple(m * _MINUTE for m in (1, 2, 5, 10, 15, 30)) + tuple(
    h * _HOUR for h in (1, 2, 3, 6, 12)
)
_DAY_STEPS = (1, 2, 7)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60)
_MONTH = 30.4 * _DAY
#: Room one label needs, in pixels: a date among clock times, a day, a month.
_CLOCK_WIDTH, _DAY_WIDTH, _MONTH_WIDTH = 84, 64, 52


@dataclass(frozen=True, slots=True)
class Tick:
    time: int  # epoch seconds
    label: str
    strong: bool  # begins a day, month or year: carries the larger unit


def time_ticks(since: float, until: float, width: float, zone: str = "") -> tuple[Tick, ...]:
    """Ticks inside [since, until] that fit into `width` pixels without touching.

    `zone` is an IANA name, "" the workstation's own.
    """
    if until <= since:
        return ()
    room = (until - since) / max(1.0, width)  # seconds a pixel
    clock = next((step for step in _CLOCK_STEPS if step >= room * _CLOCK_WIDTH), None)
    days = next((step for step in _DAY_STEPS if step * _DAY >= room * _DAY_WIDTH), None)
    if clock is not None:
        found = _clock_ticks(since, until, clock, zone)
    elif days is not None:
        found = _day_ticks(since, until, days, zone)
    else:
        months = next((step for step in _MONTH_STEPS if step * _MONTH >= room * _MONTH_WIDTH), 120)
        found = _month_ticks(since, until, months, zone)
    return tuple(tick for tick in found if since <= tick.time <= until)


def _days(since: float, until: float, zone: str) -> Iterator[date]:
    day = words.local(since, zone).date()
    last = words.local(until, zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _at(day: date, second: int, zone: str) -> int | None:
    """Epoch of a wall-clock moment; None for one that a clock change leaves out."""
    place = ZoneInfo(zone) if zone else None
    wall = datetime(day.year, day.month, day.day, tzinfo=place) + timedelta(seconds=second)
    epoch = int(wall.timestamp())
    back = words.local(epoch, zone)
    return epoch if (back.hour, back.minute) == (wall.hour, wall.minute) else None


def _clock_ticks(since: float, until: float, step: int, zone: str) -> Iterator[Tick]:
    for day in _days(since, until, zone):
        for second in range(0, _DAY, step):
            epoch = _at(day, second, zone)
            if epoch is None:
                continue
            clock = f"{second // _HOUR:02}:{second % _HOUR // _MINUTE:02}"
            yield Tick(epoch, clock if second else _weekday(day), not second)


def _weekday(day: date) -> str:
    return f"{calendar.day_abbr[day.weekday()]} {_day(day)}"


def _day(day: date) -> str:
    return f"{day.day} {calendar.month_abbr[day.month]}"


def _day_ticks(since: float, until: float, step: int, zone: str) -> Iterator[Tick]:
    """Each day, each second day, or each Monday."""
    for day in _days(since, until, zone):
        due = day.toordinal() % step == (1 if step == 7 else 0)
        epoch = _at(day, 0, zone)
        if due and epoch is not None:
            yield Tick(epoch, _day(day), day.day <= step)


def _month_ticks(since: float, until: float, step: int, zone: str) -> Iterator[Tick]:
    first, last = words.local(since, zone), words.local(until, zone)
    for month in range(first.year * 12, last.year * 12 + 12):
        year, index = divmod(month, 12)
        if (month % step if step <= 12 else index or year % (step // 12)) != 0:
            continue
        epoch = _at(date(year, index + 1, 1), 0, zone)
        if epoch is not None:
            label = calendar.month_abbr[index + 1] if index else str(year)
            yield Tick(epoch, label, not index)
