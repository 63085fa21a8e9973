"""Transactions: what counts, what failed, how long it took."""

import pytest
from psbhost.formats import Recogniser
from psbhost.stamps import StampReader
from psbhost.transactions import Minute, Rule
from psbhost.zones import UTC

recogniser = Recogniser(StampReader(UTC, 1795536000))
REQUEST = '10.0.0.1 - - [24/Nov/2026:10:00:00 +0000] "GET /?request_time=9 HTTP/1.1" {} 12{}'


def told(line, spec=None):
    raw = line.encode()
    return Rule(spec).of(raw, recogniser.recognise(raw))


def of(line, spec=None):
    found = told(line, spec)
    return None if found is None else found[:2]


@pytest.mark.parametrize(
    ("status", "failed"), [(200, False), (404, False), (499, False), (500, True), (503, True)]
)
def test_a_request_failed_from_500_on(status, failed):
    assert of(REQUEST.format(status, "")) == (failed, None)


@pytest.mark.parametrize(
    ("tail", "spec", "milliseconds"),
    [
        (' "-" "Mozilla/5.0 (X11) 1.25" 0.120', None, 120.0),
        (' "-" "ua" 0.120 0.100 .', None, 120.0),
        (' "-" "ua" "0.120"', None, 120.0),
        (' "-" "ua" rt=0.120 uct="0.001"', None, 120.0),
        (' "-" "ua" request_time=0.120', {"duration": "request_time"}, 120.0),
        (' "-" "ua" "10.0.0.9" 0.120', None, 120.0),
        (' "-" "ua" 120000', {"duration": "%D"}, 120.0),
        (' "-" "ua" 2', {"duration": "%T"}, 2000.0),
        (' "-" "ua" 120', {"duration": "time", "unit": "ms"}, 120.0),
        (' "-" "ua" 120000', None, None),
        (' "-" "ua"', {"duration": "request_time"}, None),
        ("", None, None),
    ],
)
def test_the_duration_of_a_request(tail, spec, milliseconds):
    _, found = of(REQUEST.format(200, tail), spec)
    assert found == pytest.approx(milliseconds)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ('"duration_ms": 12.5', (False, 12.5)),
        ('"duration": 0.25', (False, 250.0)),
        ('"took": 12, "status": 503', (True, 12)),
        ('"latency": "1.5ms", "status": "200"', (False, 1.5)),
        ('"elapsed": "2s"', (False, 2000.0)),
        ('"event": {"duration": 5000000}', (False, 5.0)),
        ('"duration_ms": -1', None),
        ('"duration_ms": true', None),
        ('"duration_ms": "soon"', None),
        ('"x": 1', None),
    ],
)
def test_json_records_with_a_plain_duration(fields, expected):
    assert of('{"time": "2026-11-24T10:00:00Z", "level": "info", ' + fields + "}") == expected


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ('"method": "GET", "path": "/a/1"', ("GET", "/a/1")),
        ('"http": {"request": {"method": "PUT"}}, "url": {"path": "/a"}', ("PUT", "/a")),
        ('"req": {"method": "GET", "url": "/a?x=1"}', ("GET", "/a?x=1")),
        ('"status": 200, "uri": "/a"', ("", "/a")),
        ('"http.route": "/users/:id", "method": "GET", "path": "/users/7"', ("GET", "/users/:id")),
        ('"request": "GET /a HTTP/1.1"', ("", "GET /a HTTP/1.1")),
        ('"RequestMethod": "GET", "RequestPath": "/a"', ("GET", "/a")),
        ('"path": "/srv/in/orders.csv"', None),
        ('"method": "GET", "path": 7', None),
        ('"method": ["GET"], "path": "/a"', None),
        ('"x": 1', None),
    ],
)
def test_the_target_of_json_records(fields, target):
    line = '{"time": "2026-11-24T10:00:00Z", "level": "info", "duration_ms": 3, ' + fields + "}"
    assert told(line)[2] == target


def test_the_target_of_a_request_and_of_a_pattern():
    assert told(REQUEST.format(200, ""))[2] == b"GET /?request_time=9 HTTP/1.1"
    spec = {"pattern": r"(?P<route>\S+) took (?P<duration>\d+) ms"}
    assert told("2026-11-24 10:00:00,123 INFO [m] a.B - /charge took 17 ms", spec)[2] == (
        "",
        "/charge",
    )


def test_false_counts_nothing():
    assert told(REQUEST.format(200, " 0.120"), False) is None
    assert told('{"time": "2026-11-24T10:00:00Z", "duration_ms": 3}', False) is None


def test_a_json_error_with_a_duration_failed():
    line = '{"time": "2026-11-24T10:00:00Z", "level": "error", "duration_ms": 3}'
    assert of(line) == (True, 3)


def test_a_pattern_of_the_catalogue():
    spec = {"pattern": r"took (?P<duration>\d+) (?:ms)", "unit": "ms", "failed": "REFUSED"}
    line = "2026-11-24 10:00:00,123 INFO [m] a.B - order {} took 17 ms"
    assert of(line.format("1"), spec) == (False, 17.0)
    assert of(line.format("REFUSED"), spec) == (True, 17.0)
    assert of("2026-11-24 10:00:00,123 INFO [m] a.B - other", spec) is None


def test_a_field_in_plain_text():
    spec = {"duration": "elapsed", "unit": "s"}
    assert of("2026-11-24 10:00:00,123 INFO [m] a.B - done elapsed=0.5 rows=3", spec) == (
        False,
        500.0,
    )
    assert of("2026-11-24 10:00:00,123 INFO [m] a.B - done notelapsed=0.5", spec) is None


@pytest.mark.parametrize("spec", [{"unit": "fortnight"}, ["x"], {"pattern": "("}])
def test_a_bad_rule_is_refused(spec):
    with pytest.raises(Exception, match=r"."):
        Rule(spec)


def test_the_sums_of_a_minute():
    minute = Minute()
    for failed, milliseconds in (
        (False, 10.0),
        (True, 30.0),
        (False, None),
        (False, -5),
        (False, float("inf")),
    ):
        minute.add(failed, milliseconds)
    row = minute.reply(60)
    assert row[:5] == [60, 5, 1, 40.0, 30.0]
    assert sum(count for _, count in row[5]) == 2
