"""The time axis names moments as a person would, through clock changes too."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.charts.ticks import time_ticks

LONDON = "Europe/London"


def at(text: str, zone: str = LONDON) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def labels(since: str, until: str, width: int = 840) -> list[str]:
    return [tick.label for tick in time_ticks(at(since), at(until), width, LONDON)]


def test_an_hour_in_ten_minutes() -> None:
    assert labels("2026-11-24 09:32", "2026-11-24 10:32") == [
        "09:40", "09:50", "10:00", "10:10", "10:20", "10:30",
    ]  # fmt: skip


def test_a_day_names_the_date_at_midnight() -> None:
    assert labels("2026-11-23 10:30", "2026-11-24 10:30") == [
        "12:00", "15:00", "18:00", "21:00", "Tue 24 Nov", "03:00", "06:00", "09:00",
    ]  # fmt: skip


def test_a_month_in_weeks_that_begin_on_monday() -> None:
    ticks = time_ticks(at("2026-10-25 10:00"), at("2026-11-24 10:00"), 500, LONDON)
    assert [tick.label for tick in ticks] == ["26 Oct", "2 Nov", "9 Nov", "16 Nov", "23 Nov"]
    assert [tick.strong for tick in ticks] == [False, True, False, False, False]


def test_five_years_in_half_years_with_the_year_in_january() -> None:
    assert labels("2021-11-24 10:00", "2026-11-24 10:00")[:4] == ["2022", "Jul", "2023", "Jul"]


def test_narrow_axis_has_fewer_ticks() -> None:
    wide = labels("2026-11-23 10:30", "2026-11-24 10:30", 1200)
    narrow = labels("2026-11-23 10:30", "2026-11-24 10:30", 300)
    assert len(narrow) < len(wide)


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
def test_clock_changes_leave_local_labels_at_local_times(night: str) -> None:
    since, until = at(f"{night} 00:00"), at(f"{night} 12:00")
    for tick in time_ticks(since, until, 1400, LONDON):
        local = datetime.fromtimestamp(tick.time, ZoneInfo(LONDON))
        assert tick.label in (f"{local:%H:%M}", f"{local:%a} {local.day} {local:%b}")


def test_the_hour_that_spring_leaves_out_has_no_tick() -> None:
    assert "01:00" not in labels("2026-03-29 00:00", "2026-03-29 04:00")


def test_no_range_no_ticks() -> None:
    assert time_ticks(10, 10, 500, LONDON) == ()


@given(
    st.integers(min_value=0, max_value=4_000_000_000),
    st.integers(min_value=300, max_value=6 * 366 * 86_400),
    st.integers(min_value=120, max_value=2_000),
)
def test_ticks_ascend_inside_the_range_and_never_crowd(since: int, span: int, width: int) -> None:
    ticks = time_ticks(since, since + span, width, LONDON)
    times = [tick.time for tick in ticks]
    assert times == sorted(set(times))
    assert all(since <= time <= since + span for time in times)
    assert len(ticks) <= width / 40 + 2
