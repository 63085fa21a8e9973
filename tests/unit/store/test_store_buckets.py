import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from psbuddy.model import latency
from psbuddy.store.buckets import pack, quantiles, unpack

BUCKETS = st.dictionaries(
    st.integers(latency.LOWEST, latency.HIGHEST), st.integers(1, 100_000), max_size=30
)


@given(BUCKETS)
def test_packing_keeps_every_count(buckets: dict[int, int]) -> None:
    assert dict(unpack(pack(buckets))) == buckets


def test_nothing_is_packed_for_nothing() -> None:
    assert pack({}) == b""
    assert pack({3: 0}) == b""


@given(st.lists(BUCKETS, min_size=1, max_size=6), st.sampled_from([0.5, 0.95, 0.99]))
def test_quantiles_of_merged_blobs_equal_those_of_merged_buckets(
    parts: list[dict[int, int]], share: float
) -> None:
    merged = latency.merge(part.items() for part in parts)
    expected = latency.quantile(merged, share)
    slots = np.ones(len(parts), np.int64)
    (row,) = quantiles(slots, [pack(part) for part in parts], 3, (share,))
    assert np.isnan(row[[0, 2]]).all()
    if expected is None:
        assert np.isnan(row[1])
    else:
        assert row[1] == np.float64(expected) or abs(row[1] / expected - 1) < 1e-9


def test_quantiles_of_no_blobs_are_unknown() -> None:
    assert np.isnan(quantiles(np.array([], np.int64), [], 4, (0.5, 0.95))).all()
