"""What the calendar says of a moment: features that batch run times are known to follow."""

import math
from calendar import monthrange
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from psbuddy.insight.zones import zone_of

#: Length of the feature vector of `features`.
FEATURES = 15


def features(time: float, zone: str = "") -> tuple[NDArray[np.float64], int]:
    """Feature vector (FEATURES,) and weekday (Monday 0) of epoch second `time` in a zone.

    Seven weekdays, first day, first business day, last day, last business day, the one before
    it, quarter end, and the hour as a wave.
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


def is_business_day(day: date) -> bool:
    """Monday to Friday. Public holidays are not known here."""
    return day.weekday() < 5


def first_business_day(day: date) -> date:
    """First business day of the month of `day`."""
    first = day.replace(day=1)
    while not is_business_day(first):
        first += timedelta(days=1)
    return first


def last_business_day(day: date) -> date:
    """Last business day of the month of `day`."""
    last = day.replace(day=monthrange(day.year, day.month)[1])
    return last if is_business_day(last) else business_day_before(last)


def business_day_before(day: date) -> date:
    """The nearest business day before `day`."""
    day -= timedelta(days=1)
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day


def allowed(day: date, rule: str) -> bool:
    """Whether a job with the catalogue's `on:` rule runs on `day`. "" runs on every day."""
    if rule == "business-day":
        return is_business_day(day)
    if rule == "last-business-day":
        return day == last_business_day(day)
    if rule == "last-day":
        return day.day == monthrange(day.year, day.month)[1]
    return True
