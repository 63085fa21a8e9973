import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from psbuddy.store.read.buckets import MOST, axis, cover
from psbuddy.store.read.observed import shares, union, without

SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda p: (min(p), max(p) + 1)),
    max_size=6,
)


def _moments(spans: list[tuple[int, int]]) -> set[int]:
    return {t for start, end in spans for t in range(start, end)}


@given(SPANS, SPANS)
def test_holes_are_taken_out(spans: list[tuple[int, int]], holes: list[tuple[int, int]]) -> None:
    assert _moments(without(spans, holes)) == _moments(spans) - _moments(holes)


@given(SPANS)
def test_a_union_covers_the_same_moments_once(spans: list[tuple[int, int]]) -> None:
    joined = union(spans)
    assert _moments(joined) == _moments(spans)
    assert sum(end - start for start, end in joined) == len(_moments(spans))


def test_shares_are_the_mean_over_logs() -> None:
    times = np.array([0, 60, 120], np.int64)
    assert shares([[(0, 90)], []], times, 60).tolist() == [0.5, 0.25, 0.0]
    assert shares([], times, 60).tolist() == [0.0, 0.0, 0.0]


def test_an_axis_covers_the_range_with_whole_buckets() -> None:
    on = axis(90, 301, 60)
    assert (on.first, on.size, on.end, on.grain) == (60, 5, 360, "minute")
    assert on.times.tolist() == [60, 120, 180, 240, 300]
    assert axis(0, 10 * 86_400, 7_200).grain == "hour"
    assert axis(0, 10 * 86_400, 604_800).grain == "day"
    assert axis(0, 100, 1).step == 60
    assert axis(100, 50, 60).size == 0


def test_an_absurd_range_is_drawn_coarser_instead_of_filling_memory() -> None:
    assert axis(0, 2**40, 60).size <= MOST + 1


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_range_is_covered_once_by_the_largest_cells(since: int, length: int) -> None:
    """Times in minutes, so that ranges of several days stay small."""
    parts = cover(since * 60 + 1, (since + length) * 60 + 1)
    sizes = {"minute": 60, "hour": 3_600, "day": 86_400}
    assert all(a % sizes[grain] == b % sizes[grain] == 0 for grain, a, b in parts)
    assert [a for _, a, _ in parts[1:]] == [b for _, _, b in parts[:-1]]
    assert (parts[0][1], parts[-1][2]) == (since * 60, (since + length + 1) * 60)
    assert len([p for p in parts if p[0] == "minute" and p[2] - p[1] >= 7_200]) == 0
