"""p50, p95 and p99 of merged buckets are within 5 % of the exact ones, however they were split.

Exact: the nearest rank, that is the smallest value that so many of all do not exceed.
"""

import math
import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psbhost.transactions import Minute

from psbuddy.model import latency
from psbuddy.store.buckets import capped, pack, quantiles

SHARES = (0.50, 0.95, 0.99)
Draw = Callable[[random.Random], float]


def _bimodal(rng: random.Random) -> float:
    return rng.gauss(12, 1.5) if rng.random() < 0.9 else rng.gauss(2_500, 300)


DISTRIBUTIONS: dict[str, Draw] = {
    "lognormal": lambda rng: rng.lognormvariate(3, 1),
    "wide lognormal": lambda rng: rng.lognormvariate(2, 3),
    "bimodal": _bimodal,
    "exponential": lambda rng: rng.expovariate(1 / 80),
    "constant": lambda rng: 37.0,
    "heavy tail": lambda rng: 5 * rng.paretovariate(0.9),
    "uniform": lambda rng: rng.uniform(0.2, 900),
    "whole milliseconds": lambda rng: float(1 + int(rng.expovariate(1 / 4))),
}


def exact(values: list[float], share: float) -> float:
    return sorted(values)[max(1, math.ceil(share * len(values))) - 1]


def on_the_host(values: list[float]) -> dict[int, int]:
    minute = Minute()
    for value in values:
        minute.add(failed=False, milliseconds=value)
    return dict(minute.reply(0)[5])


def merged(parts: list[dict[int, int]], rng: random.Random) -> dict[int, int]:
    """Joined two by two in random order, as visits, hosts and rollups do."""
    parts = list(parts)
    while len(parts) > 1:
        left, right = (parts.pop(rng.randrange(len(parts))) for _ in range(2))
        parts.append(latency.merge((left.items(), right.items())))
    return parts[0]


def within(values: list[float], found: dict[int, int]) -> None:
    for share in SHARES:
        told = latency.quantile(found, share)
        assert told == pytest.approx(exact(values, share), rel=0.05), share
    charted = quantiles(np.zeros(1, np.int64), [pack(found)], 1, SHARES)[:, 0]
    assert charted.tolist() == pytest.approx([latency.quantile(found, s) for s in SHARES])


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    size=st.one_of(st.integers(1, 12), st.integers(13, 3_000)),
    parts=st.integers(1, 40),
)
def test_merged_quantiles_are_within_5_percent(name: str, seed: int, size: int, parts: int) -> None:
    rng = random.Random(seed)
    values = [max(0.01, DISTRIBUTIONS[name](rng)) for _ in range(size)]
    split: list[list[float]] = [[] for _ in range(parts)]
    for value in values:
        rng.choice(split).append(value)
    found = merged([on_the_host(part) for part in split], rng)
    assert sum(found.values()) == size
    within(values, found)


@given(st.lists(st.floats(0.002, 1e9), min_size=1, max_size=60), st.randoms())
def test_any_durations_from_microseconds_to_days(values: list[float], rng: random.Random) -> None:
    cut = rng.randrange(len(values) + 1)
    found = merged([on_the_host(values[:cut]), on_the_host(values[cut:])], rng)
    within(values, found)


@given(st.lists(st.floats(0.01, 1e7), min_size=1, max_size=80), st.randoms())
def test_the_order_of_merging_changes_nothing(values: list[float], rng: random.Random) -> None:
    parts = [on_the_host([value]) for value in values]
    assert merged(parts, rng) == merged(parts, random.Random(0)) == on_the_host(values)


def test_no_percentile_is_above_the_longest() -> None:
    found = np.array([[10.0, 20.0, np.nan], [1000.0, 20.0, np.nan]])
    longest = np.array([960.0, np.nan, 5.0])
    told = capped(found, longest)
    assert told[:, 0].tolist() == [10.0, 960.0]
    assert told[:, 1].tolist() == [20.0, 20.0]
    assert np.isnan(told[:, 2]).all()
