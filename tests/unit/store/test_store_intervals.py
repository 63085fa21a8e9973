"""What visits and log lines prove of a state, as tables."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psbuddy.model.series import Interval
from psbuddy.model.terms import State
from psbuddy.store.intervals import (
    NOT_VISITED,
    RESTARTED,
    HostVisit,
    Rows,
    extend,
    host_visit,
    is_old_news,
    lose,
    probe,
    tell,
)

UP, DOWN, UNKNOWN = State.UP, State.DOWN, State.UNKNOWN
EVERY = 60


def _good(time: int, boot: int = 0) -> HostVisit:
    return HostVisit(time, True, EVERY, boot)


def _bad(time: int, reason: str = "No answer.") -> HostVisit:
    return HostVisit(time, False, EVERY, 0, reason)


HOSTS: dict[str, tuple[list[HostVisit], list[tuple[int, int, str]]]] = {
    "one sighting": ([_good(1000)], [(1000, 1000, "up")]),
    "one sighting of a host up for long": ([_good(1000, 400)], [(400, 1000, "up")]),
    "seen again and again": ([_good(1000), _good(1060), _good(1180)], [(1000, 1180, "up")]),
    "not visited for too long": (
        [_good(1000), _good(1181)],
        [(1000, 1181, "unknown"), (1181, 1181, "up")],
    ),
    "not visited, but not restarted either": (
        [_good(1000, 400), _good(9000, 400)],
        [(400, 9000, "up")],
    ),
    "restarted between two visits": (
        [_good(1000, 400), _good(1060, 1030)],
        [(400, 1000, "up"), (1000, 1030, "unknown"), (1030, 1060, "up")],
    ),
    "not reached": (
        [_good(1000), _good(1060), _bad(1120), _bad(1180)],
        [(1000, 1060, "up"), (1060, 1180, "unknown")],
    ),
    "not reached, then reached and proven up": (
        [_good(1000, 400), _bad(1060), _good(1120, 400)],
        [(400, 1120, "up")],
    ),
    "not reached, then reached, nothing proven": (
        [_good(1000), _good(1060), _bad(1120), _good(1180)],
        [(1000, 1060, "up"), (1060, 1180, "unknown"), (1180, 1180, "up")],
    ),
    "never reached": ([_bad(1000), _bad(1060)], [(1000, 1060, "unknown")]),
    "never reached until now": (
        [_bad(1000), _good(1060)],
        [(1000, 1060, "unknown"), (1060, 1060, "up")],
    ),
    "a visit that comes late changes nothing": (
        [_good(1000), _good(1060), _bad(1030)],
        [(1000, 1060, "up")],
    ),
    "a good visit in the second of a failed one is believed": (
        [_bad(1000), _good(1000), _bad(1000), _good(1060)],
        [(1000, 1060, "up")],
    ),
    "the boot time of a clock that was never set is not believed": (
        [_good(1_800_000_000, 5)],
        [(1_800_000_000, 1_800_000_000, "up")],
    ),
    "a boot time in the future is not believed": (
        [_good(1000), _good(1060, 99_000)],
        [(1000, 1060, "up")],
    ),
}


def _play(visits: list[HostVisit]) -> Rows:
    rows: Rows = ()
    good = tried = 0
    for visit in visits:
        before = tuple(row for row in rows if row.end < good)
        rows = before + host_visit(tuple(r for r in rows if r.end >= good), good, tried, visit)
        if not is_old_news(good, tried, visit):
            good, tried = (visit.time if visit.good else good), visit.time
    return rows


@pytest.mark.parametrize("name", HOSTS)
def test_hosts(name: str) -> None:
    visits, expected = HOSTS[name]
    assert [(r.start, r.end, r.state.value) for r in _play(visits)] == expected


def test_unknown_stretches_say_why() -> None:
    assert _play([_good(1000), _bad(1060, "Key refused.")])[-1].reason == "Key refused."
    assert _play([_good(1000), _good(2000)])[0].reason == NOT_VISITED
    assert _play([_good(1000, 1), _good(1060, 1030)])[1].reason == RESTARTED
    after = _play([_good(1000), _good(1060), _bad(1120, "Key refused."), _good(1180)])
    assert after[1].reason == "Key refused."


VISITS = st.lists(
    st.tuples(st.integers(1, 400), st.booleans(), st.integers(0, 500)), max_size=20
).map(lambda told: [HostVisit(t, good, 10, boot) for t, good, boot in told])


@given(VISITS)
def test_an_unreachable_host_is_never_down_and_no_moment_has_two_states(
    visits: list[HostVisit],
) -> None:
    rows = _play(visits)
    assert all(row.state in (UP, UNKNOWN) for row in rows)
    for left, right in itertools.pairwise(rows):
        assert left.start < left.end <= right.start


def _seen(time: int, state: State) -> Interval:
    return Interval(time, time, state)


def _probes(*seen: tuple[int, State]) -> list[tuple[int, int, str]]:
    rows: Rows = ()
    for time, state in seen:
        rows = (*rows[:-1], *probe(rows[-1] if rows else None, _seen(time, state), EVERY))
    return [(r.start, r.end, r.state.value) for r in rows]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([(100, UP)], [(100, 100, "up")]),
        ([(100, UP), (160, UP)], [(100, 160, "up")]),
        ([(100, UP), (160, DOWN), (220, DOWN)], [(100, 160, "up"), (160, 220, "down")]),
        ([(100, UP), (280, UP)], [(100, 280, "up")]),
        ([(100, UP), (160, UP), (341, UP)], [(100, 160, "up"), (341, 341, "up")]),
        ([(100, UP), (160, UP), (341, DOWN)], [(100, 160, "up"), (341, 341, "down")]),
        ([(100, UP), (90, DOWN)], [(100, 100, "up")]),
        ([(100, UP), (160, UNKNOWN)], [(100, 160, "up"), (160, 160, "unknown")]),
        ([(100, UP), (100, DOWN)], [(100, 100, "down")]),
    ],
)
def test_probes(seen: list[tuple[int, State]], expected: list[tuple[int, int, str]]) -> None:
    assert _probes(*seen) == expected


def _plain(rows: Rows) -> list[tuple[int, int, str]]:
    return [(r.start, r.end, r.state.value) for r in rows]


def test_log_lines_give_exact_times_and_reach_to_where_the_log_was_read() -> None:
    rows = tell((), 100, UP)
    rows = extend(rows, 500)
    assert _plain(rows) == [(100, 500, "up")]
    rows = extend(tell(tell(rows, 620, DOWN), 650, UP), 700)
    assert _plain(rows) == [(100, 620, "up"), (620, 650, "down"), (650, 700, "up")]


def test_the_same_told_twice_is_one_stretch() -> None:
    assert _plain(tell(tell((), 100, UP), 200, UP)) == [(100, 200, "up")]


def test_after_a_gap_nothing_is_known_until_the_next_line() -> None:
    rows = extend(tell((), 100, UP), 200)
    rows = extend(lose(rows, 260, "truncated"), 400)
    assert _plain(rows) == [(100, 260, "up"), (260, 400, "unknown")]
    assert rows[-1].reason == "truncated"
    assert _plain(tell(rows, 450, UP)) == [
        (100, 260, "up"),
        (260, 450, "unknown"),
        (450, 450, "up"),
    ]


def test_a_gap_before_anything_was_told_tells_nothing() -> None:
    assert lose((), 100, "truncated") == ()


def test_late_lines_split_what_was_believed() -> None:
    rows = tell(tell((), 100, UP), 300, DOWN)
    assert _plain(tell(rows, 200, DOWN)) == [(100, 200, "up"), (200, 300, "down")]
    rows = extend(tell(tell((), 100, UP), 300, DOWN), 400)
    assert _plain(tell(rows, 50, DOWN)) == [(50, 100, "down"), (100, 300, "up"), (300, 400, "down")]


@given(
    st.lists(
        st.tuples(st.integers(1, 50), st.sampled_from([UP, DOWN, UNKNOWN])), min_size=1, max_size=15
    )
)
def test_rows_from_lines_never_overlap(told: list[tuple[int, State]]) -> None:
    rows: Rows = ()
    for time, state in told:
        rows = tell(rows, time, state)
    for left, right in itertools.pairwise(rows):
        assert left.start < left.end <= right.start
    assert rows[0].start == min(time for time, _ in told)
