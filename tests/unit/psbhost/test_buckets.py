"""The host's buckets are those of the workstation."""

from hypothesis import given
from hypothesis import strategies as st
from psbhost import buckets

from psbuddy.model import latency


@given(st.floats(0, 1e12))
def test_same_bucket_as_the_workstation(milliseconds):
    assert buckets.bucket_of(milliseconds) == latency.bucket_of(milliseconds)


def test_same_bounds():
    assert (buckets.GAMMA, buckets.LOWEST, buckets.HIGHEST) == (
        latency.GAMMA,
        latency.LOWEST,
        latency.HIGHEST,
    )
