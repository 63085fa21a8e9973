"""Heads of records of many programs: format, time, level, message; and what is no head."""

from datetime import UTC, datetime

import pytest
from psbhost.formats import NAMES, Recogniser, read_any
from psbhost.levels import NAMES as LEVELS
from psbhost.stamps import StampReader
from psbhost.zones import UTC as PLAIN

NOW = int(datetime(2026, 11, 24, 16, tzinfo=UTC).timestamp())
TEN = "2026-11-24 10:00:00"

HEADS = [
    # line, format, time, level, message
    (
        "2026-11-24 10:00:00,123 ERROR [main] com.foo.Bar - it broke",
        "log4j",
        TEN,
        "error",
        "it broke",
    ),
    (
        "2026-11-24 10:00:00.123  WARN 1 --- [exec-1] c.e.Foo : slow ERROR",
        "logback",
        TEN,
        "warning",
        "slow ERROR",
    ),
    (
        "2026-11-24 10:00:00.123 [http-8080-exec-3] ERROR c.e.Foo - x",
        "logback",
        TEN,
        "error",
        "x",
    ),
    (
        "2026-11-24 10:00:00,123 [main] [WARN ] com.foo - x",
        "log4j",
        TEN,
        "warning",
        "x",
    ),
    (
        "2026-11-24 10:00:00,123 - my_module - ERROR - bad",
        "log4j",
        TEN,
        "error",
        "bad",
    ),
    (
        "2026-11-24 10:00:00,123 root ERROR bad",
        "log4j",
        TEN,
        "error",
        "bad",
    ),
    (
        "2015-07-29 17:41:44,747 - INFO  [Peer[my=1]] - hello",
        "log4j",
        "2015-07-29 17:41:44",
        "info",
        None,
    ),
    (
        "2026-11-24 10:00:00, Info                  CBS    Loaded",
        "iso",
        TEN,
        "info",
        None,
    ),
    (
        "2026-11-24 10:00:00 Job finished with no ERROR at all",
        "timestamp",
        TEN,
        "none",
        None,
    ),
    (
        "2026-11-24T10:00:00.123Z\tERROR\tmain.go:12\tzap",
        "logback",
        TEN,
        "error",
        None,
    ),
    (
        "2026-11-24T10:00:00.000Z [info]: winston",
        "logback",
        TEN,
        "info",
        "winston",
    ),
    (
        "2026-11-24T11:00:00+01:00 host app[12]: over rsyslog",
        "syslog",
        TEN,
        "none",
        "over rsyslog",
    ),
    (
        "2026/11/24 10:00:00 [error] 1234#0: *1 open() failed",
        "iso",
        TEN,
        "error",
        None,
    ),
    (
        "[Tue Nov 24 10:00:00.123456 2026] [core:error] [pid 1] AH001: R",
        "error log",
        TEN,
        "error",
        "AH001: R",
    ),
    (
        "[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok",
        "error log",
        "2005-12-04 04:47:44",
        "info",
        "workerEnv.init() ok",
    ),
    (
        "2026-11-24 10:00:00.123 UTC [12] user@db ERROR:  no table",
        "logback",
        TEN,
        "error",
        "no table",
    ),
    (
        "2026-11-24T10:00:00.123456Z 8 [Warning] [MY-010055] IP",
        "logback",
        TEN,
        "warning",
        "IP",
    ),
    (
        "INFO  [2026-11-24 10:00:00,123] com.foo.Bar: msg",
        "timestamp",
        TEN,
        "info",
        "msg",
    ),
    (
        "E, [2026-11-24T10:00:00.123456 #1234] ERROR -- : ruby",
        "logback",
        TEN,
        "error",
        "ruby",
    ),
    (
        "I1124 10:00:00.123456 12345 file.cc:12] glog",
        "glog",
        TEN,
        "info",
        "glog",
    ),
    (
        "[W 261124 10:00:00 web:2162] 404 GET",
        "tornado",
        TEN,
        "warning",
        "404 GET",
    ),
    (
        "[E 2026-11-24 10:00:00.123 ServerApp] notebook",
        "tornado",
        TEN,
        "error",
        "notebook",
    ),
    (
        "<34>Oct 11 22:14:15 mymachine su: failed",
        "syslog",
        "2026-10-11 22:14:15",
        "critical",
        "failed",
    ),
    (
        "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: error: no",
        "syslog",
        "2026-06-14 15:16:01",
        "none",
        "error: no",
    ),
    (
        '<165>1 2026-11-24T10:00:00.003Z host app - ID47 [e a="b"] m',
        "syslog 5424",
        TEN,
        "info",
        "m",
    ),
    (
        'time="2026-11-24T10:00:00Z" level=error msg="logrus"',
        "logfmt",
        TEN,
        "error",
        '"logrus"',
    ),
    (
        "level=warn ts=2026-11-24T10:00:00.123Z msg=y",
        "logfmt",
        TEN,
        "warning",
        "y",
    ),
    (
        '{"level":50,"time":1795514400123,"msg":"pino"}',
        "json",
        TEN,
        "error",
        None,
    ),
    (
        '{"@timestamp":"2026-11-24T10:00:00.1Z","log.level":"WARN","message":"x"}',
        "json",
        TEN,
        "warning",
        None,
    ),
    (
        '{"@t":"2026-11-24T10:00:00.1234567Z","@mt":"Hello","@l":"Error"}',
        "json",
        TEN,
        "error",
        None,
    ),
    (
        '{"log":"2026-11-24 10:00:00 ERROR x\\n","stream":"stderr","time":"2026-11-24T10:00:00Z"}',
        "json",
        TEN,
        "error",
        None,
    ),
    (
        "2026-11-24T10:00:00.123456789Z stderr F 2026-11-24 09:59:59 ERROR inner",
        "container",
        TEN,
        "error",
        "inner",
    ),
    (
        "web_1  | 2026-11-24 10:00:00,123 ERROR compose",
        "log4j",
        TEN,
        "error",
        "compose",
    ),
    (
        "nova.log.1.2017-05-16_13:53:08 2026-11-24 10:00:00.008 25746 INFO nova.wsgi [req-1] msg",
        "logback",
        TEN,
        "info",
        "msg",
    ),
    (
        "[2026-11-24 10:00:00] production.ERROR: laravel",
        "iso",
        TEN,
        "error",
        "laravel",
    ),
    (
        "17/06/09 20:10:40 INFO spark.SecurityManager: acls",
        "hadoop",
        "2017-06-09 20:10:40",
        "info",
        "acls",
    ),
    (
        "081109 203615 148 INFO dfs.DataNode: blk_1",
        "hdfs",
        "2008-11-09 20:36:15",
        "info",
        "blk_1",
    ),
    (
        "03-17 16:13:38.811  1702  2395 D WindowManager: print",
        "android",
        "2026-03-17 16:13:38",
        "debug",
        "print",
    ),
    (
        "[10.30 16:49:06] chrome.exe - open",
        "timestamp",
        "2026-10-30 16:49:06",
        "none",
        None,
    ),
    (
        "24-Nov-2026 10:00:00.123 SEVERE [main] org.a.Service.start Failed",
        "tomcat",
        TEN,
        "error",
        None,
    ),
    (
        "20261124-10:00:00:606|Step_LSC|3000|on",
        "timestamp",
        TEN,
        "none",
        None,
    ),
    (
        "134681 node-246 unix.hw state.x 1795514400 1 Component",
        "timestamp",
        TEN,
        "none",
        None,
    ),
    (
        "1795514400.123    456 10.0.0.1 TCP_MISS/200 12 GET",
        "squid",
        TEN,
        "none",
        None,
    ),
    (
        '10.0.0.1 - bob [24/Nov/2026:10:00:00 +0000] "GET /x HTTP/1.1" 500 12 "-" "ua"',
        "access",
        TEN,
        "none",
        None,
    ),
    (
        'v.example:443 ::1 - - [24/Nov/2026:10:00:00 +0000] "GET \\"x\\"" 200 12',
        "access",
        TEN,
        "none",
        None,
    ),
    (
        "10:00:00.123 [main] DEBUG com.foo - short",
        "timestamp",
        TEN,
        "debug",
        "short",
    ),
]


def recogniser(**more):
    return Recogniser(StampReader(PLAIN, NOW), **more)


def told(head):
    return datetime.fromtimestamp(head.time, UTC).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(("line", "name", "time", "level", "message"), HEADS)
def test_heads(line, name, time, level, message):
    raw = line.encode()
    head = recogniser().recognise(raw)
    assert head is not None
    assert (head.format, told(head), LEVELS[head.level]) == (name, time, level)
    assert message is None or raw[head.message :].decode() == message


def test_what_was_read_before_never_changes_what_is_read():
    shared = recogniser()
    for _ in range(2):
        for line, name, time, level, _ in HEADS + HEADS[::-1]:
            head = shared.recognise(line.encode())
            assert (head.format, told(head), LEVELS[head.level]) == (name, time, level)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "    2026-11-24 10:00:00 ERROR indented",
        "\tat com.example.Foo.bar(Foo.java:12)",
        "Caused by: java.lang.IllegalStateException: 2026-11-24 10:00:00",
        "java.lang.NullPointerException",
        "at 2026-11-24 10:00:00 the job began",
        "Date: 2026-11-24 10:00:00",
        "ERROR text that continues a record",
        "2026-13-45 99:99:99 ERROR no such time",
        "{not json",
        "[1, 2, 3]",
        "Traceback (most recent call last):",
        "12345678901234567890",
    ],
)
def test_what_is_no_head(line):
    assert recogniser().recognise(line.encode()) is None


def test_the_level_of_java_util_logging_stands_on_the_second_line():
    head = recogniser().recognise(b"Nov 24, 2026 10:00:00 AM com.foo.Bar run\nSEVERE: it broke")
    assert (told(head), LEVELS[head.level], head.message) == (TEN, "error", 49)


def test_a_line_that_starts_with_its_level():
    head = recogniser().levelled(b"ERROR: something")
    assert LEVELS[head.level] == "error"
    assert recogniser().levelled(b"Errors were seen") is None


def test_a_forced_format_takes_nothing_else():
    only = recogniser(only="json")
    assert only.recognise(b"2026-11-24 10:00:00,123 ERROR x") is None
    assert only.recognise(b'{"time":"2026-11-24T10:00:00Z"}').format == "json"
    assert "json" in NAMES


def test_a_pattern_of_the_catalogue():
    import re

    pattern = re.compile(rb"@(?P<time>\S+ \S+)@ <(?P<level>\w+)> (?P<message>.*)")
    head = recogniser(pattern=pattern).recognise(b"@24.11.2026 10:00:00@ <WARN> hello")
    assert (head.format, told(head), LEVELS[head.level], head.message) == (
        "pattern",
        TEN,
        "warning",
        29,
    )


def test_any_stamp():
    reader = StampReader(PLAIN, NOW)
    assert read_any(b"24/Nov/2026:10:00:00", reader) == NOW - 6 * 3600
    assert read_any(b"no stamp", reader) is None


@pytest.mark.parametrize("part", [b"-", b" ", b"1 ", b"a-b ", b"[a] ", b"ABC-", b"a=b ", b'\\"'])
def test_hostile_lines_are_judged_in_bounded_steps(part):
    from psbhost.heads import LEVEL_AFTER

    assert LEVEL_AFTER.match(part * 300_000) is None
    head = recogniser().recognise(b"2026-11-24 10:00:00 " + part * 300_000)
    assert LEVELS[head.level] == "none"
