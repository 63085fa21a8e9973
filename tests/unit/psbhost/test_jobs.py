"""What jobs, deployments and services tell in a log."""

from tests.support.hostlog import Watched

SPEC = {
    "jobs": [
        {
            "job": "month-close",
            "start": r"MONTH CLOSE started period=(?P<period>\d{4}-\d{2}) by (?P<actor>\w+)",
            "finish": r"MONTH CLOSE finished records=(?P<volume>[\d,]+)",
            "fail": r"MONTH CLOSE failed: (?P<reason>.*)",
        }
    ],
    "changes": [{"kind": "deployment", "pattern": r"Starting shop version (?P<label>\S+)"}],
    "checks": [{"check": "service", "up": "^listener open$", "down": "listener closed"}],
}
STAMP = "2026-11-24 10:00:{:02d},123 INFO  [main] com.batch.Runner - "


def observed(tmp_path, *messages):
    path = tmp_path / "batch.log"
    path.write_text("".join(STAMP.format(n % 60) + text + "\n" for n, text in enumerate(messages)))
    return Watched(path, **SPEC).visit()


def test_a_run_with_all_it_tells(tmp_path):
    found = observed(
        tmp_path,
        "MONTH CLOSE started period=2026-11 by anna",
        "MONTH CLOSE failed: password=canary disk full",
        "MONTH CLOSE finished records=1,234,567",
    )
    start, fail, finish = found["jobs"]
    assert (start["kind"], start["period"], start["actor"]) == ("start", "2026-11", "anna")
    assert start["time"] == 1795514400
    assert (fail["kind"], fail["reason"]) == ("fail", "password=*** disk full")
    assert "canary" not in fail["text"]
    assert (finish["kind"], finish["volume"]) == ("finish", 1234567)


def test_changes_and_checks(tmp_path):
    found = observed(tmp_path, "Starting shop version 4.18.2", "listener open", "listener closed")
    assert found["changes"] == [[1795514400, "deployment", "4.18.2"]]
    assert found["check_events"] == [["service", "up", 1795514401], ["service", "down", 1795514402]]


def test_a_trace_that_quotes_a_pattern_is_no_event(tmp_path):
    found = observed(tmp_path, "x\n  MONTH CLOSE finished records=1")
    assert found["jobs"] == []


def test_events_in_a_large_regular_log_are_all_found(tmp_path):
    messages = [
        "MONTH CLOSE finished records=7" if n % 50 == 3 else f"row {n}" for n in range(5000)
    ]
    path = tmp_path / "batch.log"
    path.write_text("".join(STAMP.format(n % 60) + text + "\n" for n, text in enumerate(messages)))
    assert len(Watched(path, **SPEC).visit()["jobs"]) == 100


def test_events_in_json_lines(tmp_path):
    path = tmp_path / "batch.log"
    path.write_text(
        '{"time":"2026-11-24T10:00:00Z","level":"info","msg":"MONTH CLOSE finished records=7"}\n'
    )
    [event] = Watched(path, **SPEC).visit()["jobs"]
    assert event["volume"] == 7


def test_a_flood_of_events_takes_several_visits_and_drops_nothing(tmp_path):
    path = tmp_path / "batch.log"
    path.write_text("".join(STAMP.format(n % 60) + "listener closed\n" for n in range(20_000)))
    watched, events, visits = Watched(path, **SPEC), 0, 0
    while visits == 0 or watched.last["backlog_bytes"]:
        events += len(watched.visit()["check_events"])
        visits += 1
    assert (events, watched.records) == (20_000, 20_000)
    assert visits > 1
