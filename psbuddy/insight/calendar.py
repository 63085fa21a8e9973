"""What the calendar says of a moment: features that batch run times are known to follow."""

import math
from calendar import monthrange
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from psbuddy.calendars import is_working_day
from psbuddy.insight.zones import zone_of

#: Length of the feature vector of `features`.
FEATURES = 15


def features(time: float, zone: str = "") -> tuple[NDArray[np.float64], int]:
    """Feature vector (FEATURES,) and weekday (Monday 0) of epoch second `time` in a zone.

    Seven weekdays, first day, first business day, last day, last business day, the one before
    it, quarter end, and the hour as a wave. Public holidays are not among them: a run time
    is learnt from weekdays.
    """
    moment = datetime.fromtimestamp(time, zone_of(zone))
    day = moment.date()
    vector = np.zeros(FEATURES)
    vector[day.weekday()] = 1.0
    last = last_business_day(day)
    vector[7] = day.day == 1
    vector[8] = day == first_business_day(day)
    vector[9] = day.day == monthrange(day.year, day.month)[1]
    vector[10] = day == last
    vector[11] = day == business_day_before(last)
    vector[12] = vector[10] and day.month % 3 == 0
    angle = (moment.hour + moment.minute / 60) * math.pi / 12
    vector[13], vector[14] = math.sin(angle), math.cos(angle)
    return vector, day.weekday()


def is_business_day(day: date, calendar: str = "") -> bool:
    """A working day of a calendar (`psbuddy.calendars`); without one Monday to Friday."""
    return is_working_day(day, calendar)


def first_business_day(day: date, calendar: str = "") -> date:
    """First business day of the month of `day`."""
    first = day.replace(day=1)
    while not is_business_day(first, calendar):
        first += timedelta(days=1)
    return first


def last_business_day(day: date, calendar: str = "") -> date:
    """Last business day of the month of `day`."""
    last = day.replace(day=monthrange(day.year, day.month)[1])
    return last if is_business_day(last, calendar) else business_day_before(last, calendar)


def business_day_before(day: date, calendar: str = "") -> date:
    """The nearest business day before `day`."""
    day -= timedelta(days=1)
    while not is_business_day(day, calendar):
        day -= timedelta(days=1)
    return day


def allowed(day: date, rule: str, calendar: str = "") -> bool:
    """Whether a job with the catalogue's `on:` rule runs on `day`. "" runs on every day."""
    if rule == "business-day":
        return is_business_day(day, calendar)
    if rule == "last-business-day":
        return day == last_business_day(day, calendar)
    if rule == "last-day":
        return day.day == monthrange(day.year, day.month)[1]
    return True
