"""Replies are hostile: whatever breaks the protocol is refused whole, and nothing miscounts."""

import contextlib
import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.asked import Asked, JobPeriod
from collectors.fields import ReplyError
from collectors.reply import VisitReply, read_visit
from psbuddy.model.observation import RouteCount
from psbuddy.model.terms import Level, PeriodKind, State

NOW = 1_795_536_000
MINUTE = NOW - 60
ASKED = Asked(
    host="led-app-1",
    now=NOW,
    logs=frozenset({("ledger", "app")}),
    checks=frozenset({("ledger", "web")}),
    versions={("ledger", "app"): 7},
    jobs={
        ("ledger", "close"): JobPeriod(PeriodKind.MONTH, "Europe/London", by_end=False),
        ("ledger", "feed"): JobPeriod(PeriodKind.DAY, "", by_end=True),
    },
)


def reply(**log: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "app": "ledger",
        "log": "app",
        "format": "logback",
        "bytes": 1000,
        "lines": 12,
        "records": 10,
        "held_bytes": 5,
        "read_until": NOW,
        "positions": [
            {"path": "/l", "device": 1, "inode": 2, "offset": 3, "size": 4, "modified": 5,
             "head_length": 6, "head_hash": "a", "tail_hash": "b", "carry": "{}"}
        ],
        "levels": [[MINUTE, 3, 7], [MINUTE, 5, 3]],
        **log,
    }  # fmt: skip
    return {
        "op": "visit",
        "time": NOW + 2.5,
        "cost": {"cpu_s": 0.04, "rss": 12, "bytes": 1000},
        "facts": {"boot_time": 5, "cpus": 2, "load_1m": 0.5, "disks": [["/", 10, 5]]},
        "logs": [values],
        "checks": [{"app": "ledger", "check": "web", "state": "up", "detail": "200", "ms": 12.0}],
    }


def cause(**values: Any) -> dict[str, Any]:
    return {
        "key": "k", "level": 5, "message": "order 1 failed", "exception": "", "frame": "",
        "first": MINUTE, "last": MINUTE + 5, "minutes": [[MINUTE, 2]],
        "examples": [[MINUTE, "order 1 failed"]], **values,
    }  # fmt: skip


def read(**log: Any) -> VisitReply:
    return read_visit(reply(**log), ASKED)


HOUR = MINUTE // 3600 * 3600


def test_routes_of_one_hour_are_joined() -> None:
    row = [HOUR, "GET /a", 3, 1, 20.0, 9.0, [[10, 2]]]
    log = read(routes=[row, [HOUR + 59, "GET /a", 1, 0, 5.0, 12.0, [[10, 1]]]]).logs[0]
    assert log.routes == (RouteCount(HOUR, "GET /a", 4, 1, 25.0, 12.0, ((10, 3),)),)


def test_an_older_program_tells_no_routes() -> None:
    assert read().logs[0].routes == ()


@pytest.mark.parametrize(
    "row",
    [
        [HOUR, "GET /a", 1, 2, 0.0, 0.0, []],
        [HOUR, "GET /a", 1, 0, 0.0, 0.0, [[10, 2]]],
        [HOUR, 7, 1, 0, 0.0, 0.0, []],
        [HOUR, "GET /a", 1, 0, 0.0, 0.0],
    ],
)
def test_routes_that_break_the_protocol(row: list[Any]) -> None:
    with pytest.raises(ReplyError):
        read(routes=[row])


def test_an_ordinary_reply() -> None:
    found = read_visit(reply(), ASKED)
    log = found.logs[0]
    assert [(c.level, c.records) for c in log.levels] == [(Level.INFO, 7), (Level.ERROR, 3)]
    assert log.base_version == 7
    assert log.positions[0].offset == 3
    assert found.facts is not None
    assert found.facts.clock_offset_s == 2.5
    assert found.checks[0].state is State.UP


def test_what_a_newer_program_says_besides_is_ignored() -> None:
    assert read_visit({**reply(colour="red"), "more": 1}, ASKED) == read_visit(reply(), ASKED)


def test_groups_of_the_host_that_are_one_cause_are_added_up() -> None:
    causes = [cause(), cause(key="l", message="order 22 failed", minutes=[[MINUTE, 3]])]
    found = read(causes=causes).logs[0].causes
    assert [(c.records, len(c.examples)) for c in found] == [(5, 2)]
    assert found[0].first_seen == MINUTE


def test_an_impossible_time_is_counted_now_and_told() -> None:
    log = read(levels=[[MINUTE, 3, 7], [253_402_300_000, 3, 2], [-5, 3, 1]]).logs[0]
    assert [(c.minute, c.records) for c in log.levels] == [(MINUTE, 7), (NOW, 3)]
    assert "3 records of app on led-app-1 carry a time that cannot be true" in log.problems[-1]


def test_control_characters_are_made_visible_and_texts_cut() -> None:
    text = "a\x1b[31mb\x00\ud800\nline" + "x" * 10_000
    example = read(causes=[cause(examples=[[MINUTE, text]])]).logs[0].causes[0].examples[0]
    assert example.text.startswith("a�[31mb��\nlinexx")
    assert len(example.text) == 4096


@pytest.mark.parametrize(
    ("event", "period"),
    [
        ({"job": "close", "kind": "start"}, "2026-11"),
        ({"job": "close", "kind": "start", "period": "2026-10"}, "2026-10"),
        ({"job": "close", "kind": "finish"}, ""),  # its start knows
        ({"job": "feed", "kind": "finish"}, "2026-11-24"),  # there is no start line
    ],
)
def test_business_periods(event: dict[str, Any], period: str) -> None:
    jobs = read(jobs=[{"time": NOW, "volume": 3.0, "text": "t", **event}]).logs[0].jobs
    assert (jobs[0].period, jobs[0].volume) == (period, 3)


def test_transactions_of_one_minute_are_merged() -> None:
    rows = [[MINUTE, 2, 1, 10.0, 8.0, [[20, 2]]], [MINUTE, 3, 0, 5.0, 9.0, [[20, 1], [21, 2]]]]
    found = read(transactions=rows).logs[0].transactions
    assert len(found) == 1
    assert (found[0].transactions, found[0].failed, found[0].max_ms) == (5, 1, 9.0)
    assert found[0].buckets == ((20, 3), (21, 2))


def test_problems_become_sentences() -> None:
    told = read(problems=[{"code": "unreadable", "path": "/x", "detail": "denied"}])
    assert told.logs[0].problems[0].startswith("/x on led-app-1 may not be read by this account")


BAD_LOGS = {
    "not asked for": {"log": "other"},
    "negative count": {"levels": [[MINUTE, 3, -1]]},
    "fraction": {"levels": [[MINUTE, 3, 1.5]]},
    "bool": {"levels": [[MINUTE, 3, True]]},
    "unknown level": {"levels": [[MINUTE, 7, 1]]},
    "short row": {"levels": [[MINUTE, 3]]},
    "text for a number": {"bytes": "12"},
    "huge number": {"bytes": 2**70},
    "more failed than there are": {"transactions": [[MINUTE, 1, 2, 0.0, 0.0, []]]},
    "more durations than there are": {"transactions": [[MINUTE, 1, 0, 0.0, 0.0, [[1, 2]]]]},
    "bucket out of range": {"transactions": [[MINUTE, 1, 0, 0.0, 0.0, [[999, 1]]]]},
    "not finite": {"transactions": [[MINUTE, 1, 0, float("inf"), 0.0, []]]},
    "no path": {"positions": [{"path": ""}]},
    "a job nobody asked for": {"jobs": [{"job": "x", "kind": "start", "time": NOW}]},
    "a kind that is none": {"jobs": [{"job": "close", "kind": "begin", "time": NOW}]},
    "a state that is none": {"check_events": [["web", "sideways", NOW]]},
    "too many": {"problems": [{}] * 1000},
    "objects": {"causes": {}},
}


@pytest.mark.parametrize("log", BAD_LOGS.values(), ids=BAD_LOGS.keys())
def test_what_breaks_the_protocol_is_refused_whole(log: dict[str, Any]) -> None:
    with pytest.raises(ReplyError):
        read(**log)


@pytest.mark.parametrize(
    "wrong",
    [
        {"time": None},
        {"cost": None},
        {"logs": reply()["logs"] * 2},
        {"checks": [{"app": "ledger", "check": "other", "state": "up"}]},
        {"facts": []},
        {"facts": {"cpus": -1}},
        {"facts": {"disks": [["/", 1]]}},
    ],
)
def test_what_is_wrong_around_the_logs(wrong: dict[str, Any]) -> None:
    with pytest.raises(ReplyError):
        read_visit({**reply(), **wrong}, ASKED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(max_examples=300)
@given(st.data())
def test_any_value_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    """Never another exception: a host must not be able to break the engine."""
    whole = copy.deepcopy(reply(causes=[cause()], gaps=[[1, 2, "truncated", 3]]))
    node: Any = whole
    while isinstance(node, dict | list) and node:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or data.draw(st.booleans()):
            node[key] = data.draw(JSON)
            break
        node = node[key]
    with contextlib.suppress(ReplyError):
        assert read_visit(whole, ASKED).logs is not None
