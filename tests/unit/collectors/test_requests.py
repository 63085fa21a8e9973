"""What a host is asked: everything of the catalogue that concerns it, and nothing else."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.errands import Errand, ErrandError, discover, explained, lines
from collectors.requests import Budget, visit
from collectors.zone_table import transitions
from psbuddy.catalogue import Catalogue, load_catalogue
from psbuddy.catalogue.application import Application
from psbuddy.model.observation import Position

NOW = 1_795_536_000
YAML = r"""
applications:
  ledger:
    hosts: [a, b]
    timezone: Europe/London
    logs:
      app: {path: "/var/log/{host}/app.log", transactions: false}
      access:
        path: /var/log/access.log
        hosts: [b]
        transactions: {duration: request_time, unit: s}
      other: {path: /var/log/other.log, hosts: [b], transactions: {words: false}}
    checks:
      web: {http: "http://localhost/health"}
      worker: {process: worker, min: 2}
      sync: {command: [/bin/sync, "-oX; rm"], hosts: [b]}
      self: {log: app, up: started, down: stopped}
    jobs:
      close: {log: app, start: 'CLOSE started', finish: 'CLOSE done', period: month}
      feed: {log: app, finish: 'FEED done', period: day}
    changes:
      deploy: {log: app, pattern: 'version (?P<label>\S+)'}
  other:
    hosts: [b]
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    (tmp_path / "ledger.yaml").write_text(YAML)
    return load_catalogue(tmp_path)


def on(catalogue: Catalogue, host: str) -> list[Application]:
    return [app for app in catalogue.applications.values() if host in app.hosts]


def nothing(host: str, app: str, log: str) -> tuple[int, tuple[Position, ...]]:
    return 0, ()


def test_a_visit_names_what_concerns_the_host(catalogue: Catalogue) -> None:
    made = visit("a", on(catalogue, "a"), nothing, NOW, Budget(groups=9))
    request = made.request
    assert [log["path"] for log in request["logs"]] == ["/var/log/a/app.log"]
    log = request["logs"][0]
    assert log["transactions"] is False
    assert log["jobs"] == [
        {"job": "close", "start": "CLOSE started", "finish": "CLOSE done"},
        {"job": "feed", "finish": "FEED done"},
    ]
    assert log["changes"] == [{"kind": "deployment", "pattern": r"version (?P<label>\S+)"}]
    assert log["checks"] == [{"check": "self", "up": "started", "down": "stopped"}]
    assert [check["check"] for check in request["checks"]] == ["web", "worker"]
    assert request["budget"]["groups"] == 9
    assert made.asked.logs == {("ledger", "app")}
    assert made.asked.jobs["ledger", "feed"].by_end
    assert not made.asked.jobs["ledger", "close"].by_end


def test_arguments_stay_data(catalogue: Catalogue) -> None:
    request = visit("b", on(catalogue, "b"), nothing, NOW).request
    sync = next(check for check in request["checks"] if check["check"] == "sync")
    assert sync["argv"] == ["/bin/sync", "-oX; rm"]
    access = next(log for log in request["logs"] if log["log"] == "access")
    assert access["transactions"] == {"duration": "request_time", "unit": "s"}
    other = next(log for log in request["logs"] if log["log"] == "other")
    assert other["transactions"] == {"words": False}


def test_positions_and_their_version_go_along(catalogue: Catalogue) -> None:
    position = Position("/l", 1, 2, 3, 4, 5, 6, "a", "b", "c")
    made = visit("a", on(catalogue, "a"), lambda *_: (5, (position,)), NOW)
    assert made.request["logs"][0]["positions"][0]["offset"] == 3
    assert made.asked.versions == {("ledger", "app"): 5}


@settings(max_examples=200)
@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Africa/Casablanca", "Asia/Kolkata"]),
    st.integers(NOW - 14 * 366 * 86_400, NOW + 300 * 86_400),
)
def test_the_zone_table_agrees_with_the_zone(zone: str, time: int) -> None:
    table = transitions(zone, NOW)
    assert table[0][0] == 0
    offset = [offset for since, offset in table if since <= time][-1]
    expected = datetime.fromtimestamp(time, UTC).astimezone(ZoneInfo(zone)).utcoffset()
    assert expected is not None
    assert offset == expected.total_seconds()


def test_discovering_looks_in_the_usual_folders() -> None:
    errand = discover({"id": 3, "host": "new"})
    assert (errand.request_id, errand.host) == (3, "new")
    assert "/var/log" in errand.payloads[0]["folders"]
    assert discover({"host": "new", "folders": ["/x", 5]}).payloads[0]["folders"] == ["/x"]


def test_lines_are_read_from_logs_of_the_catalogue_only(catalogue: Catalogue) -> None:
    request = {"id": 1, "host": "a", "app": "ledger", "log": "app", "time": NOW, "before": 10**9}

    def made(**changes: object) -> Errand:
        return lines({**request, **changes}, catalogue, NOW)

    assert [p["path"] for p in made().payloads] == ["/var/log/a/app.log"]
    assert made().payloads[0]["before"] == 500
    for wrong in ({"log": "access"}, {"app": "x"}, {"time": "now"}, {"path": 1, "log": "/etc"}):
        with pytest.raises(ErrandError):
            made(**wrong)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"reason": "missing"}, "/a.log is not there on h any more"),
        ({"reason": "unreadable", "detail": "/a.log: Permission denied"}, "Permission denied"),
        ({"reason": "rotated away", "oldest": NOW}, "oldest record that is still there is of "),
        ({"reason": "rotated away", "oldest": "soon"}, "is of later"),
        ({"reason": ["?"]}, "no such line"),
    ],
)
def test_lines_that_are_gone_say_why(reply: dict[str, object], words: str) -> None:
    payload = {"op": "lines", "path": "/a.log"}
    assert words in explained({"lines": [], **reply}, payload, "h", NOW)["message"]
    assert "message" not in explained({"lines": ["x"], **reply}, payload, "h", NOW)
    assert "message" not in explained({"logs": []}, {"op": "discover"}, "h", NOW)
