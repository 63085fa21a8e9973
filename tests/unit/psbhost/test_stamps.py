"""Every shape of stamp becomes the right instant; what is no time is none."""

import re
from datetime import UTC, datetime

import pytest
from psbhost.stamps import OFFSET, SHAPES, StampReader, offset_seconds
from psbhost.zones import UTC as PLAIN
from psbhost.zones import Zone

NOW = int(datetime(2026, 11, 24, 16, tzinfo=UTC).timestamp())


def read(kind, text, offset=b"", reference=NOW, zone=PLAIN):
    assert re.fullmatch(SHAPES[kind], text) or kind == "clock"
    found = StampReader(zone, reference).read(kind, text, offset)
    return (
        None if found is None else datetime.fromtimestamp(found, UTC).strftime("%Y-%m-%d %H:%M:%S")
    )


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("iso", b"2026-11-24 10:20:30", "2026-11-24 10:20:30"),
        ("iso", b"2026/11/24T10:20:30", "2026-11-24 10:20:30"),
        ("compact", b"20261124T102030", "2026-11-24 10:20:30"),
        ("compact", b"20261124-9:5:3", "2026-11-24 09:05:03"),
        ("short", b"17/06/09 20:10:40", "2017-06-09 20:10:40"),
        ("short", b"11/24/26 10:20:30", "2026-11-24 10:20:30"),
        ("numeric", b"24.11.2026 10:20:30", "2026-11-24 10:20:30"),
        ("numeric", b"11/24/2026 01:20:30 PM", "2026-11-24 13:20:30"),
        ("numeric", b"12/11/2026 10:20:30", "2026-11-12 10:20:30"),
        ("named", b"24-Nov-2026 10:20:30", "2026-11-24 10:20:30"),
        ("named", b"24/Nov/2026:10:20:30", "2026-11-24 10:20:30"),
        ("spoken", b"Nov 24, 2026 12:00:01 AM", "2026-11-24 00:00:01"),
        ("ctime", b"Sun Dec 04 04:47:44 2005", "2005-12-04 04:47:44"),
        ("ctime", b"Tue Nov 24 10:20:30.123456 2026", "2026-11-24 10:20:30"),
        ("syslog", b"Jun  4 15:16:01", "2026-06-04 15:16:01"),
        ("monthday", b"10.30 16:49:06", "2026-10-30 16:49:06"),
        ("monthday", b"03-17 16:13:38", "2026-03-17 16:13:38"),
        ("six", b"081109 203615", "2008-11-09 20:36:15"),
        ("six", b"260101 10:20:30", "2026-01-01 10:20:30"),
        ("epoch", b"1795536000", "2026-11-24 16:00:00"),
        ("epoch", b"1795536000123", "2026-11-24 16:00:00"),
        ("epoch", b"1795536000.999", "2026-11-24 16:00:00"),
        ("clock", b"10:20:30", "2026-11-24 10:20:30"),
        ("clock", b"23:00:00", "2026-11-23 23:00:00"),
    ],
)
def test_shapes(kind, text, expected):
    assert read(kind, text) == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("iso", b"2026-13-01 10:00:00"),
        ("iso", b"2026-02-29 10:00:00"),
        ("iso", b"2026-11-24 25:00:00"),
        ("iso", b"9999-01-01 00:00:00"),
        ("syslog", b"Feb 31 10:00:00"),
        ("six", b"081332 203615"),
    ],
)
def test_what_does_not_exist_is_no_time(kind, text):
    assert read(kind, text) is None


def test_a_zone_in_the_stamp_wins_over_the_zone_of_the_log():
    tokyo = Zone([[0, 9 * 3600]])
    assert read("iso", b"2026-11-24 10:00:00", b"+01:00", zone=tokyo) == "2026-11-24 09:00:00"
    assert read("iso", b"2026-11-24 10:00:00", b"Z", zone=tokyo) == "2026-11-24 10:00:00"
    assert read("iso", b"2026-11-24 10:00:00", zone=tokyo) == "2026-11-24 01:00:00"


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        (b"Dec 31 23:59:59", datetime(2027, 1, 1, 0, 5, tzinfo=UTC), "2026-12-31 23:59:59"),
        (b"Jan  1 00:00:01", datetime(2027, 1, 1, 0, 5, tzinfo=UTC), "2027-01-01 00:00:01"),
        (b"Dec 31 23:59:59", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), "2026-12-31 23:59:59"),
        (b"Jan  1 00:00:01", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), "2027-01-01 00:00:01"),
        (b"Feb 29 12:00:00", datetime(2027, 1, 1, tzinfo=UTC), "2024-02-29 12:00:00"),
    ],
)
def test_year_less_stamps_across_new_year(text, written, expected):
    assert read("syslog", text, reference=int(written.timestamp())) == expected


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (b"Z", 0), (b" UTC", 0), (b"+0530", 19800), (b"-08:00", -28800), (b" GMT +0100", 3600),
        (b" UTC-05:30", -19800), (b"GMT+2", 7200), (b"#+0100", 3600), (b" GMT", 0),
    ],
)  # fmt: skip
def test_offsets(text, seconds):
    assert offset_seconds(text) == seconds
    assert re.match(OFFSET, text + b"#text").end() == len(text)


@pytest.mark.parametrize("text", [b" GMT+", b"+1", b" GMT +0100x", b"#+0100 ", b" UTCX", b" 17"])
def test_what_is_no_offset(text):
    assert not re.match(OFFSET, text).group()


def test_the_hour_at_once_is_the_same_as_each_second_alone() -> None:
    berlin = Zone([[0, 3600], [1774746000, 7200], [1792890000, 3600]])
    lord_howe = Zone([[0, 39600], [1775314800, 37800], [1791041400, 39600]])
    for zone, days in ((berlin, ("2026-03-29", "2026-10-25")), (lord_howe, ("2026-04-05",))):
        whole = StampReader(zone, NOW)
        for day in days:
            for minute in range(24 * 60):
                for second in (0, 59):
                    text = f"{day} {minute // 60:02d}:{minute % 60:02d}:{second:02d}"
                    wall = int(datetime.fromisoformat(text + "+00:00").timestamp())
                    assert whole.read("iso", text.encode()) == zone.to_epoch(wall), text


def test_a_leap_second_and_an_hour_that_is_none() -> None:
    assert read("iso", b"2016-12-31 23:59:60") == "2017-01-01 00:00:00"
    assert read("iso", b"2016-12-31 24:00:00") is None


def clock(reader, text):
    return datetime.fromtimestamp(reader.read("clock", text), UTC).strftime("%m-%d %H:%M:%S")


def test_a_time_of_day_belongs_to_the_date_of_the_files_name() -> None:
    reader = StampReader(PLAIN, NOW, "/var/log/app-2026-11-20.log")
    assert clock(reader, b"10:00:00") == "11-20 10:00:00"
    assert clock(reader, b"23:59:59") == "11-20 23:59:59"
    assert clock(reader, b"00:00:01") == "11-21 00:00:01"
    assert clock(StampReader(PLAIN, NOW, "app.log"), b"10:00:00") == "11-24 10:00:00"


def test_a_time_of_day_belongs_to_the_date_of_an_earlier_line() -> None:
    reader = StampReader(PLAIN, NOW)
    reader.note_date(b"=== log of 19 Nov 2026, started ===")
    assert clock(reader, b"10:00:00") == "11-19 10:00:00"
    assert reader.read("iso", b"2026-11-22 09:00:00") is not None
    assert clock(reader, b"10:00:00") == "11-22 10:00:00"


def test_the_order_of_day_and_month_is_that_of_the_stamps_that_prove_it() -> None:
    reader = StampReader(PLAIN, NOW)
    first = reader.read("numeric", b"23/09/2026 10:00:00")
    second = reader.read("numeric", b"10/11/2026 10:00:00")
    assert second - first == 48 * 86400
    american = StampReader(PLAIN, NOW)
    american.read("numeric", b"09/23/2026 10:00:00")
    told = datetime.fromtimestamp(american.read("numeric", b"10/11/2026 10:00:00"), UTC)
    assert (told.month, told.day) == (10, 11)


@pytest.mark.parametrize(
    ("text", "seconds"), [(b" CET", 3600), (b" PDT", -25200), (b"+02", 7200), (b" IST", None)]
)
def test_zones_by_name(text, seconds):
    assert offset_seconds(text) == seconds


def test_a_time_of_day_is_of_the_day_before_it_whether_that_is_known_or_not() -> None:
    reader = StampReader(PLAIN, NOW)
    early, late = b"2026-11-04 10:00:00", b"2026-11-24 10:00:00"
    first = reader.read("iso", late)
    reader.read("iso", early)
    reader.read("iso", late)
    assert reader.read("clock", b"10:00:07") == first + 7


def test_reading_again_from_an_earlier_state_gives_the_same_times() -> None:
    reader = StampReader(PLAIN, NOW)
    reader.read("iso", b"2026-11-24 23:00:00")
    state = reader.state
    times = [reader.read("clock", text) for text in (b"23:59:59", b"00:00:01")]
    assert times[1] - times[0] == 2
    reader.return_to(state)
    assert [reader.read("clock", text) for text in (b"23:59:59", b"00:00:01")] == times


def test_a_stamp_without_its_seconds_is_no_time() -> None:
    reader = StampReader(PLAIN, NOW)
    assert reader.read("compact", b"20261124-10:00") is None
    assert reader.read("iso", b"2026-11-24 10:00") is None


def test_an_order_proven_behind_a_clock_is_proven_again_when_read_again() -> None:
    reader = StampReader(PLAIN, NOW)
    before, proof, doubtful = reader.orders, b"10:00:03 24.11.2026", b"11/12/2026 10:00:05"
    reader.read("clockdate", proof)
    time = reader.read("numeric", doubtful)
    reader.orders = before
    assert reader.read("numeric", doubtful) != time
    reader.read("clockdate", proof)
    assert reader.read("numeric", doubtful) == time
