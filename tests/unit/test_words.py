"""The words a person reads: each sentence is fixed here as text."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psbuddy import words

LONDON = "Europe/London"


def at(text: str, zone: str = LONDON) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (4e-6, "under 1 ms"),
        (0.9997, "1 s"),
        (0.35, "350 ms"),
        (1.5, "1.5 s"),
        (9, "9 s"),
        (12.4, "12 s"),
        (59.7, "1 min"),
        (250, "4 min 10 s"),
        (2460, "41 min"),
        (3599, "1 h"),
        (7500, "2 h 05"),
        (3 * 86400 + 4 * 3600, "3 d 4 h"),
        (86399, "1 d"),
        (-90, "-1 min 30 s"),
        (math.nan, "unknown"),
        (math.inf, "unknown"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (2280, 2820, "38 to 47 min"),
        (2280, 2290, "38 min"),
        (50, 70, "50 s to 1 min"),
        (3000, 7500, "50 min to 2 h 05"),
    ],
)
def test_span_range(low: float, high: float, text: str) -> None:
    assert words.span_range(low, high) == text


@pytest.mark.parametrize(
    ("per_minute", "text"),
    [
        (0.4, "0.4 a minute"),
        (0, "none"),
        (12.34, "12 a minute"),
        (0.05, "3 an hour"),
        (1 / 720, "2 a day"),
        (1e-6, "under 0.1 a day"),
        (math.nan, "unknown"),
    ],
)
def test_rate(per_minute: float, text: str) -> None:
    assert words.rate(per_minute) == text


@pytest.mark.parametrize(
    ("per_minute", "normal", "text"),
    [
        (14 / 1440, 0.4, "0.6 an hour, normal 24"),
        (0.4, 14 / 1440, "24 an hour, normal 0.6"),
        (2, 0.5, "2 a minute, normal 0.5"),
        (1e-5, 1, "0.014 a day, normal 1,440"),
        (0, 0.4, "none, normal 0.4 a minute"),
        (1, math.nan, "1 a minute, normal unknown"),
    ],
)
def test_two_rates_stand_in_one_unit(per_minute: float, normal: float, text: str) -> None:
    assert words.rate_beside(per_minute, normal) == text


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (1.0, "100 %"),
        (0.99999, "99.99 %"),
        (0.9998, "99.98 %"),
        (0.9971, "99.71 %"),
        (0.99, "99 %"),
        (0.9844, "98.4 %"),
        (0.97, "97 %"),
        (0.784, "78 %"),
        (0.0003, "0.03 %"),
        (0.00001, "under 0.01 %"),
        (0.0, "0 %"),
        (0.051, "5.1 %"),
        (None, "—"),
        (math.nan, "—"),
    ],
)
def test_share(part: float | None, text: str) -> None:
    assert words.share(part) == text


@given(st.floats(min_value=0, max_value=1, exclude_min=True, exclude_max=True))
def test_share_never_claims_all_or_nothing_falsely(part: float) -> None:
    assert words.share(part) not in {"100 %", "0 %", "0.00 %"}


@pytest.mark.parametrize(
    ("time", "text"),
    [
        ("2026-11-24 09:51", "09:51"),
        ("2026-11-23 23:31", "Mon 23:31"),
        ("2026-11-20 09:51", "Fri 09:51"),
        ("2026-11-14 09:51", "14 Nov 09:51"),
        ("2025-11-14 09:51", "14 Nov 2025"),
        ("2026-11-25 03:00", "Wed 03:00"),
        ("2026-11-28 03:00", "Sat 03:00"),
    ],
)
def test_clock(time: str, text: str) -> None:
    assert words.clock(at(time), at("2026-11-24 12:00"), LONDON) == text


def test_clock_reads_in_the_users_zone() -> None:
    assert words.clock(at("2026-11-24 09:51"), at("2026-11-24 12:00"), "Asia/Tokyo") == "18:51"


def test_both_sides_of_the_autumn_night_are_named_by_the_wall_clock() -> None:
    first = at("2026-10-25 00:59") + 60 * 31  # 01:30 summer time
    assert words.clock(first, first, LONDON) == words.clock(first + 3600, first, LONDON) == "01:30"


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (0, "just now"),
        (12, "12 s ago"),
        (240, "4 min ago"),
        (-720, "in 12 min"),
        (3590, "11:00"),
        (3600, "11:00"),
    ],
)
def test_when(age: int, text: str) -> None:
    now = at("2026-11-24 12:00")
    assert words.when(now - age, now, LONDON) == text


def test_never_is_never() -> None:
    assert words.when(0, at("2026-11-24 12:00"), LONDON) == "never"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.0004, "0.0004"), (0.4, "0.4"), (3.16, "3.2"), (9.96, "10"), (1240.4, "1,240"), (3.0, "3")],
)
def test_decimal(number: float, text: str) -> None:
    assert words.decimal(number) == text


def test_numbers_and_nouns() -> None:
    assert words.count(48211) == "48,211"
    assert words.quantity(1, "record") == "1 record"
    assert words.quantity(2, "query", "queries") == "2 queries"
    assert words.ratio(3.21) == "3.2 times normal"
    assert words.ratio(5e6) == "over 1,000 times normal"
    assert words.size(48) == "48 B"
    assert words.size(1_400_000) == "1.4 MB"
    assert words.size(999_999) == "1 MB"


def test_lists_and_names() -> None:
    assert words.listing([]) == ""
    assert words.listing(["a", "b"]) == "a and b"
    assert words.listing(["a", "b", "c", "d", "e"]) == "a, b and 3 more"
    assert words.capital(words.job_name("month-close")) == "Month close"


def test_parts_of_the_day() -> None:
    assert words.daypart(at("2026-11-24 09:00"), LONDON) == "Tuesday morning"
    assert words.daypart(at("2026-11-24 02:00"), LONDON) == "Tuesday night"
    assert words.daypart(at("2026-11-24 23:30"), LONDON) == "Tuesday night"


def test_stretches_name_their_days() -> None:
    assert (
        words.stretch(at("2026-11-24 09:00"), at("2026-11-24 10:00"), LONDON)
        == "24 Nov 2026 09:00 to 10:00"
    )


@given(st.floats(min_value=0, max_value=1e9))
def test_durations_never_show_many_seconds(seconds: float) -> None:
    number, _, unit = words.duration(seconds).rpartition(" ")
    assert unit != "s" or float(number.split()[-1]) < 60


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.784, "78 %"),
        (0.9959, "over 99 %"),
        (1.0, "over 99 %"),
        (0.002, "under 1 %"),
        (math.nan, "unknown"),
    ],
)
def test_chances_claim_no_certainty(probability: float, text: str) -> None:
    assert words.chance(probability) == text


def test_a_day_is_said_once() -> None:
    now = at("2026-11-24 12:00")
    due, end = at("2026-11-25 07:10"), at("2026-11-25 07:44")
    assert words.then(end, due, now, LONDON) == "07:44"
    assert words.then(end, now, now, LONDON) == "Wed 07:44"


def test_times_within_a_sentence() -> None:
    now = at("2026-11-24 12:00")
    late, later = at("2026-11-23 22:04"), at("2026-11-23 23:31")
    assert words.at(at("2026-11-24 09:51"), now, LONDON) == "at 09:51"
    assert words.at(late, now, LONDON) == "Mon 22:04"
    assert words.pair(late, later, now, LONDON) == "Mon 22:04 and 23:31"
    assert words.pair(later, at("2026-11-24 00:10"), now, LONDON) == "Mon 23:31 and 00:10"


def test_two_times_that_would_read_the_same_show_their_seconds() -> None:
    now = at("2026-11-24 18:00")
    first, second = at("2026-11-24 17:32:05"), at("2026-11-24 17:32:41")
    assert words.pair(first, second, now, LONDON) == "17:32:05 and 17:32:41"
    day = 86_400
    assert words.pair(first - day, second - day, now, LONDON) == "Mon 17:32:05 and 17:32:41"
    year = 370 * day
    assert words.pair(first - year, second - year, now, LONDON) == (
        "19 Nov 2025 17:32:05 and 17:32:41"
    )


def test_only_times_that_read_alike_show_their_seconds() -> None:
    now = at("2026-11-24 18:00")
    times = [at(f"2026-11-24 {text}") for text in ("17:30:09", "17:32:05", "17:32:41", "17:30:09")]
    assert words.clocks(times, now, LONDON) == ("17:30", "17:32:05", "17:32:41", "17:30")
    assert words.clocks([], now, LONDON) == ()
    assert words.then(times[2], times[1], now, LONDON, seconds=True) == "17:32:41"
