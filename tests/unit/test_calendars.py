"""Working days by the public holidays of a country, a part of it, or a market."""

from collections.abc import Iterator
from datetime import date

import pytest

from psbuddy import calendars
from psbuddy.calendars import codes, is_working_day, meant

CHRISTMAS = date(2026, 12, 25)  # a Friday
needs_library = pytest.mark.skipif(not codes(), reason="holidays is not installed: make setup")


@needs_library
@pytest.mark.parametrize(
    ("day", "code", "works"),
    [
        ("2026-12-25", "GB", False),
        ("2026-12-28", "GB", False),  # Boxing Day is a Saturday: the Monday instead
        ("2026-12-29", "GB", True),
        ("2026-04-06", "GB", True),  # Easter Monday is none in Scotland
        ("2026-04-06", "GB-ENG", False),
        ("2026-06-04", "DE-BY", False),  # Corpus Christi in Bavaria
        ("2026-06-04", "DE", True),
        ("2026-11-26", "XNYS", False),  # Thanksgiving
        ("2026-11-27", "SA", False),  # a Friday
        ("2026-11-29", "SA", True),  # a Sunday
        ("2027-12-31", "US", False),  # New Year of 2028, a Saturday, is kept the Friday before
    ],
)
def test_working_days(day: str, code: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day), code) is works


@needs_library
def test_the_calendars_have_the_usual_names() -> None:
    assert {"GB", "GB-ENG", "DE-BY", "US", "XNYS", "XECB"} <= codes()
    assert not {"UK", "gb", "GBR", "DE-Augsburg"} & codes()
    assert (meant("uk"), meant("de-by")) == ("GB", "DE-BY")


def test_without_a_calendar_or_with_an_unknown_one_it_is_monday_to_friday() -> None:
    for code in ("", "XX", "GB-XYZ", "nonsense"):
        assert is_working_day(CHRISTMAS, code)
        assert not is_working_day(date(2026, 12, 26), code)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As where the library is not installed."""
    caches = (calendars.codes, calendars._working_days)
    monkeypatch.setattr(calendars, "_library", lambda: None)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.usefixtures("bare")
def test_without_the_library_no_calendar_is_known() -> None:
    assert codes() == frozenset()
    assert is_working_day(CHRISTMAS, "GB")
