"""What a host says it found is checked before it is shown or proposed."""

from pathlib import Path

from psbuddy.catalogue import check_texts
from psbuddy.cli.discover import FoundLog, found_logs, proposal


def test_logs_stay_in_the_order_the_host_ranked_them() -> None:
    reply = {
        "logs": [
            {"path": "/c", "size": 2, "growing": True, "readable": True, "format": None},
            {"path": "/b", "size": 1, "growing": False, "readable": True, "format": "logback"},
            {"path": "/a", "size": 3, "growing": False, "readable": False},
        ]
    }
    assert found_logs(reply) == (
        FoundLog("/c", 2, True, True, "none"),
        FoundLog("/b", 1, False, True, "logback"),
        FoundLog("/a", 3, False, False, "none"),
    )


def test_what_has_not_its_type_is_left_out() -> None:
    reply = {"logs": [7, {"path": 7}, {"path": "/x" * 600}, {"path": "/a", "size": "big"}, None]}
    assert found_logs(reply) == (FoundLog("/a", 0, False, True, "none"),)
    assert found_logs({"logs": "all"}) == found_logs({}) == ()


def test_the_proposal_is_a_valid_catalogue() -> None:
    text = proposal("ops@Led-App-1.example", ["/var/log/a.log", "/var/log/b c.log", "/x/no"])
    catalogue, problems = check_texts(Path("x"), {"a.yaml": text.encode()})
    assert problems == ()
    app = catalogue.applications["led-app-1-example"]
    assert app.hosts == ("Led-App-1.example",)
    assert catalogue.hosts["Led-App-1.example"].user == "ops"
    assert [log.path for log in app.logs.values()] == [
        "/var/log/a.log",
        "/var/log/b c.log",
        "/x/no",
    ]
