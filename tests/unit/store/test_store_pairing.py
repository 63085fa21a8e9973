"""Every way a start and an end can come: what was told, and the runs that must come of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psbuddy.model.observation import JobEvent
from psbuddy.store.pairing import NO_END, RunRow, apply_events
from tests.support.visits import event

A, B = "2026-10", "2026-11"

# (kind, time, period) ... -> (started, ended, outcome, period) by start
TABLE = {
    "a run": (
        [("start", 1, B), ("finish", 5, B)],
        [(1, 5, "ok", B)],
    ),
    "a run that fails": (
        [("start", 1, ""), ("fail", 5, "")],
        [(1, 5, "failed", "")],
    ),
    "a run that goes on": ([("start", 1, B)], [(1, None, "running", B)]),
    "the end of a run whose start was not seen": (
        [("finish", 5, B)],
        [(None, 5, "ok", B)],
    ),
    "the end tells the period": (
        [("start", 1, ""), ("finish", 5, B)],
        [(1, 5, "ok", B)],
    ),
    "an end of another period does not end it": (
        [("start", 1, A), ("finish", 5, B)],
        [(1, None, "running", A), (None, 5, "ok", B)],
    ),
    "a second start while one is open": (
        [("start", 1, ""), ("start", 3, ""), ("finish", 5, "")],
        [(1, None, "unknown", ""), (3, 5, "ok", "")],
    ),
    "twice for one period, both end": (
        [("start", 1, B), ("start", 3, B), ("finish", 5, B), ("finish", 7, B)],
        [(1, 7, "ok", B), (3, 5, "ok", B)],
    ),
    "two periods side by side": (
        [("start", 1, A), ("start", 3, B), ("finish", 5, A), ("fail", 7, B)],
        [(1, 5, "ok", A), (3, 7, "failed", B)],
    ),
    "a lost run is not ended by the end of another": (
        [("start", 1, ""), ("start", 3, ""), ("finish", 5, ""), ("finish", 9, "")],
        [(1, None, "unknown", ""), (3, 5, "ok", ""), (None, 9, "ok", "")],
    ),
    "an end before its start belongs to an earlier run": (
        [("start", 4, ""), ("finish", 2, "")],
        [(4, None, "running", ""), (None, 2, "ok", "")],
    ),
    "start and end in one second": (
        [("start", 3, ""), ("finish", 3, "")],
        [(3, 3, "ok", "")],
    ),
    "end and next start in one second": (
        [("start", 1, ""), ("finish", 3, ""), ("start", 3, "")],
        [(1, 3, "ok", ""), (3, None, "running", "")],
    ),
    "events of several logs come in time order": (
        [("finish", 5, ""), ("start", 1, "")],
        [(1, 5, "ok", "")],
    ),
}


def _seen(rows: list[RunRow]) -> list[tuple[int | None, int | None, str, str]]:
    return sorted(
        ((r.started, r.ended, r.outcome.value, r.period) for r in rows),
        key=lambda r: (r[0] is None, r[0] or 0, r[1] or 0),
    )


@pytest.mark.parametrize("name", TABLE)
def test_in_one_batch(name: str) -> None:
    told, expected = TABLE[name]
    rows: list[RunRow] = []
    apply_events(rows, [event(kind, time, period=period) for kind, time, period in told])
    assert _seen(rows) == expected


@pytest.mark.parametrize("name", TABLE)
def test_one_event_a_batch(name: str) -> None:
    told, expected = TABLE[name]
    rows: list[RunRow] = []
    for kind, time, period in told:
        apply_events(rows, [event(kind, time, period=period)])
    assert _seen(rows) == expected


def test_an_end_read_before_its_start_finds_it_later() -> None:
    rows: list[RunRow] = []
    apply_events(rows, [event("finish", 9)])
    apply_events(rows, [event("start", 20)])
    apply_events(rows, [event("start", 2)])
    assert _seen(rows) == [(2, 9, "ok", ""), (20, None, "running", "")]


def test_the_older_of_two_starts_says_why_its_end_is_unknown() -> None:
    rows: list[RunRow] = []
    apply_events(rows, [event("start", 1), event("start", 3)])
    assert [(r.reason, r.outcome.value) for r in rows] == [(NO_END, "unknown"), ("", "running")]


def test_volume_actor_and_reason_are_taken_from_where_they_are_told() -> None:
    rows: list[RunRow] = []
    apply_events(
        rows,
        [event("start", 1, actor="ann", volume=5), event("fail", 3, volume=7, reason="disk full")],
    )
    (run,) = rows
    assert (run.actor, run.volume, run.reason) == ("ann", 7, "disk full")
    assert (run.start_text, run.end_text) == ("close start", "close fail")


EVENTS = st.lists(
    st.builds(
        lambda kind, time, period: event(kind, time, period=period),
        st.sampled_from(["start", "finish", "fail"]),
        st.integers(1, 40),
        st.sampled_from(["", A, B]),
    ),
    max_size=25,
)


@given(EVENTS, st.integers(1, 25))
def test_no_start_and_no_end_is_lost(events: list[JobEvent], size: int) -> None:
    rows: list[RunRow] = []
    for first in range(0, len(events), size):
        apply_events(rows, events[first : first + size])
    starts = sorted(e.time for e in events if e.kind == "start")
    ends = sorted(e.time for e in events if e.kind != "start")
    assert sorted(r.started for r in rows if r.started is not None) == starts
    assert sorted(r.ended for r in rows if r.ended is not None) == ends
    assert all(r.ended >= r.started for r in rows if None not in (r.started, r.ended))
    assert all((r.outcome.value in ("ok", "failed")) == (r.ended is not None) for r in rows)
