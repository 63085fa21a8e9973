"""Local wall time to UTC, on both sides of a clock change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psbhost.zones import Zone

LONDON = Zone([[0, 0], [1774746000, 3600], [1792890000, 0]])  # 2026


def wall(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-01-10T12:00:00", "2026-01-10T12:00:00"),
        ("2026-07-10T12:00:00", "2026-07-10T11:00:00"),
        ("2026-03-29T00:59:59", "2026-03-29T00:59:59"),
        ("2026-03-29T02:00:00", "2026-03-29T01:00:00"),
        ("2026-10-25T01:30:00", "2026-10-25T00:30:00"),  # happens twice: the first one
        ("2026-10-25T02:00:00", "2026-10-25T02:00:00"),
    ],
)
def test_clock_changes(local, utc):
    assert LONDON.to_epoch(wall(local)) == wall(utc)


@given(st.integers(wall("2026-01-01T00:00:00"), wall("2026-12-31T00:00:00")))
def test_agrees_with_the_zone_database(epoch):
    local = datetime.fromtimestamp(epoch, ZoneInfo("Europe/London"))
    found = LONDON.to_epoch(int(local.replace(tzinfo=UTC).timestamp()))
    assert found == (epoch if local.fold == 0 else epoch - 3600)


def test_without_a_table_the_host_decides():
    moment = datetime(2026, 7, 1, 12).astimezone()
    assert Zone(None).to_epoch(wall("2026-07-01T12:00:00")) == int(moment.timestamp())


def test_an_empty_table_is_utc():
    assert Zone([]).to_epoch(1000) == 1000
