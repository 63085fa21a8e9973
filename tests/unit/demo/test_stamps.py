from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from psbuddy.demo import stamps
from psbuddy.demo.stamps import Stamps, local_seconds, written_twice

MOMENT = datetime(2026, 7, 3, 10, 31, 5, 123_000, tzinfo=UTC)


def millis(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


@pytest.mark.parametrize(
    ("style", "text"),
    [
        (stamps.logback("Europe/London"), "2026-07-03 11:31:05,123"),
        (stamps.spring("Europe/Berlin"), "2026-07-03 12:31:05.123"),
        (stamps.nginx("Europe/London"), "03/Jul/2026:11:31:05 +0100"),
        (stamps.nginx("America/New_York"), "03/Jul/2026:06:31:05 -0400"),
        (stamps.syslog("America/New_York"), "Jul  3 06:31:05"),
        (stamps.json_head(), '{"@timestamp":"2026-07-03T10:31:05.123Z'),
    ],
)
def test_each_style_writes_the_moment_as_its_program_does(style: Stamps, text: str) -> None:
    assert style.one(millis(MOMENT)) == text


def test_many_stamps_are_those_of_datetime_across_a_clock_change() -> None:
    zone = ZoneInfo("Europe/London")
    start = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    moments = [start + timedelta(minutes=7 * step) for step in range(200)]
    written = stamps.logback("Europe/London").render(np.array([millis(m) for m in moments]))
    assert written == [
        f"{m.astimezone(zone):%Y-%m-%d %H:%M:%S},{m.microsecond // 1000:03d}" for m in moments
    ]


def test_no_times_give_no_stamps() -> None:
    assert stamps.logback("Europe/London").render(np.empty(0, np.int64)) == []
    assert local_seconds("Europe/London", np.empty(0, np.int64)).size == 0


def test_only_the_repeated_hour_of_autumn_is_written_twice() -> None:
    change = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # 02:00 BST becomes 01:00 GMT
    around = [change + timedelta(minutes=minutes) for minutes in (-61, -60, -1, 0, 59, 60)]
    seconds = np.array([int(moment.timestamp()) for moment in around])
    twice = written_twice("Europe/London", seconds)
    assert twice.tolist() == [False, True, True, True, True, False]
    spring = int(datetime(2026, 3, 29, 1, 0, tzinfo=UTC).timestamp())
    hours = np.arange(spring - 7200, spring + 7200, 600)
    assert not written_twice("Europe/London", hours).any()
