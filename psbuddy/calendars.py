"""Working days of a country, a part of it, or a market: public holidays as `holidays` has them.

The library is imported when a calendar is first named, and not before: it takes some 60 ms.
Where it is not installed no calendar is known, and a working day is Monday to Friday.
"""

import importlib
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

#: What people write, and what it is called.
_MEANT = {"UK": "GB", "EN": "GB-ENG", "EU": "XECB", "USA": "US"}


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """All calendars that are known: `GB`, `DE-BY`, `XNYS`; none without the library."""
    library = _library()
    if library is None:
        return frozenset()
    found = set(library.list_supported_financial())
    for country, parts in library.list_supported_countries(include_aliases=False).items():
        found.add(country)
        found.update(f"{country}-{part}" for part in parts if len(part) <= 3 and part.isupper())
    return frozenset(found)


def meant(code: str) -> str:
    """The code itself in its usual spelling, or the one that goes by another name: UK is GB."""
    return _MEANT.get(code.upper(), code.upper())


def is_working_day(day: date, code: str = "") -> bool:
    """Whether people work on `day` by a calendar; "" and an unknown one: Monday to Friday."""
    return day in _working_days(code, day.year) if code else day.weekday() < 5


@lru_cache(maxsize=512)
def _working_days(code: str, year: int) -> frozenset[date]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range(366))
    book = _book(code, year)
    return frozenset(
        day
        for day in days
        if day.year == year and (book.is_working_day(day) if book else day.weekday() < 5)
    )


def _book(code: str, year: int) -> Any:
    """The library's calendar of a year and its neighbours; None where it has none."""
    library = _library()
    if library is None or code not in codes():
        return None
    years = range(year - 1, year + 2)  # a holiday may be kept in the year beside its own
    country, _, part = code.partition("-")
    if len(country) == 2:
        return library.country_holidays(country, subdiv=part or None, years=years)
    return library.financial_holidays(country, years=years)


@lru_cache(maxsize=1)
def _library() -> Any:
    try:
        return importlib.import_module("holidays")
    except ImportError:
        return None
