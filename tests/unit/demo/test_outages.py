from datetime import UTC, datetime

from psbuddy.demo.outages import Outage, quiet, service_records
from psbuddy.demo.stamps import logback

NOW = int(datetime(2026, 11, 24, 16, tzinfo=UTC).timestamp())


def say(stamp: str, message: str) -> str:
    return f"{stamp} {message}\n"


def test_it_begins_at_a_wall_clock_time_some_days_ago() -> None:
    outage = Outage.days_ago(NOW, "America/New_York", 12, 3, 17, lasts=25)
    assert datetime.fromtimestamp(outage.down, UTC) == datetime(2026, 11, 12, 8, 17, tzinfo=UTC)
    assert outage.up - outage.down == 25 * 60
    assert quiet((outage,)) == ((outage.down, outage.up),)


def test_a_stop_and_a_start_are_told() -> None:
    records = service_records((Outage(5_000, 6_000),), 100, logback("UTC"), say, ("stop", "start"))
    assert [(r.time_ms, r.text.split()[-1]) for r in records] == [
        (102_500, "start"), (4_999_650, "stop"), (5_999_880, "start"),
    ]  # fmt: skip


def test_a_crash_leaves_no_stop_line() -> None:
    outage = Outage(5_000, 6_000, crash=True)
    records = service_records((outage,), 100, logback("UTC"), say, ("stop", "start"))
    assert [record.text.split()[-1] for record in records] == ["start", "start"]
