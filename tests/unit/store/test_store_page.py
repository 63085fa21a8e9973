"""Pages give back what was put in, to the last bit, and tell when a byte is another."""

import random
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psbuddy.model.latency import HIGHEST, LOWEST, quantile
from psbuddy.store import buckets, page, varints
from psbuddy.store.page import Calls, Counts, Latencies, Minutes, Page, PageError

DAY = 1_795_478_400
LARGE = 2**40
numbers = st.one_of(st.integers(0, 300), st.integers(0, 2**63 - 1))


@given(st.lists(numbers))
def test_varints_come_back(values: list[int]) -> None:
    column = np.array(values, np.uint64)
    assert varints.unpack(varints.pack(column)).tolist() == values


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_steps_come_back_even_where_they_overflow(values: list[int]) -> None:
    packer = varints.Packer()
    packer.steps(np.array(values, np.int64))
    assert varints.Unpacker(packer.joined()).steps(len(values)).tolist() == values


@given(st.lists(st.one_of(st.floats(), st.integers(0, 10**9).map(lambda n: n / 1000))))
def test_floats_come_back_to_the_last_bit(values: list[float]) -> None:
    packer = varints.Packer()
    packer.floats(np.array(values, np.float64))
    found = varints.Unpacker(packer.joined()).floats(len(values))
    told = [np.nan if np.isnan(value) else value for value in values]
    assert np.array(found).tobytes() == np.array(told).tobytes()


@pytest.mark.parametrize("data", [b"\x80", b"\x01\x80", b"\x80" * 10 + b"\x01"])
def test_bytes_that_are_no_varints_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="number"):
        varints.unpack(data)


times = st.lists(st.integers(0, 1439), unique=True, max_size=40)


@st.composite
def counts(draw: st.DrawFn, what: st.SearchStrategy[int]) -> Counts:
    keys = draw(st.lists(st.tuples(what, st.integers(0, 1439)), unique=True, max_size=40))
    records = draw(st.lists(st.integers(1, LARGE), min_size=len(keys), max_size=len(keys)))
    rows = np.array([(DAY + m * 60, w, r) for (w, m), r in zip(keys, records, strict=True)])
    return Counts(*np.array(rows, np.int64).reshape(-1, 3).T)


sketches = st.dictionaries(st.integers(LOWEST, HIGHEST), st.integers(1, 2**32 - 1), max_size=8)


@st.composite
def calls(draw: st.DrawFn) -> tuple[Calls, Latencies]:
    minutes = draw(times)
    told = [draw(sketches) for _ in minutes]
    odd = draw(st.booleans())  # percentiles that another version worked out in another way
    total = [draw(st.floats(0, 1e9)) if each else np.nan for each in told]
    return Calls(
        np.array([DAY + m * 60 for m in minutes], np.int64),
        np.array([draw(st.integers(1, LARGE)) for _ in minutes], np.int64),
        np.array([draw(st.integers(0, LARGE)) for _ in minutes], np.int64),
    ), Latencies(
        np.array(total, np.float64),
        np.array([np.nan if np.isnan(t) else round(t, 3) for t in total], np.float64),
        *(
            np.array([_quantile(each, share) + odd for each in told], np.float64)
            for share in (0.5, 0.95)
        ),
        [buckets.pack(each) for each in told],
    )


def _quantile(sketch: dict[int, int], share: float) -> float:
    found = quantile(sketch, share)
    return np.nan if found is None else found


days = st.builds(
    lambda levels, causes, told: Minutes(levels, causes, *told),
    counts(st.integers(0, 6)),
    counts(st.one_of(st.integers(1, 9), numbers)),
    calls(),
)


def rows(minutes: Minutes) -> list[list[tuple[object, ...]]]:
    """All rows, in one order, floats by their bits."""
    c, t = minutes.calls, minutes.latencies
    floats = [
        [value.hex() for value in column.tolist()]
        for column in (t.total_ms, t.max_ms, t.p50_ms, t.p95_ms)
    ]
    return [
        sorted(zip(*(column.tolist() for column in columns), strict=True))
        for columns in (
            (minutes.levels.minute, minutes.levels.what, minutes.levels.records),
            (minutes.causes.minute, minutes.causes.what, minutes.causes.records),
        )
    ] + [
        sorted(
            zip(
                *(column.tolist() for column in (c.minute, c.transactions, c.failed)),
                *floats,
                t.buckets,
                strict=True,
            )
        )
    ]


@settings(deadline=None)
@given(days)
def test_a_day_comes_back_from_its_page(minutes: Minutes) -> None:
    data = page.pack(7, DAY, minutes)
    opened = Page(7, DAY, data)
    assert rows(opened.minutes()) == rows(minutes)
    assert opened.head == page.head_of(minutes)
    assert page.pack(7, DAY, opened.minutes()) == data


def full(seed: int = 5) -> Minutes:
    """A busy day: something in every minute."""
    rng = np.random.default_rng(seed)
    minute = DAY + np.arange(1440) * 60
    told = [{int(b): int(n) for b, n in rng.integers(1, 90, (6, 2))} for _ in minute]
    total = rng.integers(1, 10**7, 1440) / 1000
    return Minutes(
        Counts(np.tile(minute, 3), np.repeat([1, 2, 3], 1440), rng.integers(1, 900, 4320)),
        Counts(minute[::7], np.full(206, 3) + np.arange(206) % 4, rng.integers(1, 9, 206)),
        Calls(minute, rng.integers(1, 500, 1440), rng.integers(0, 5, 1440)),
        Latencies(
            total,
            np.round(total / 3, 3),
            *(np.array([_quantile(each, s) for each in told]) for s in (0.5, 0.95)),
            [buckets.pack(each) for each in told],
        ),
    )


def test_a_full_day_comes_back() -> None:
    minutes = full()
    assert rows(Page(1, DAY, page.pack(1, DAY, minutes)).minutes()) == rows(minutes)


def test_each_of_a_thousand_flipped_bytes_is_told() -> None:
    rng = random.Random(11)
    data = page.pack(3, DAY, full())
    for _ in range(1000):
        flipped = bytearray(data)
        flipped[rng.randrange(len(data))] ^= rng.randrange(1, 256)
        with pytest.raises(PageError, match="checksum"):
            Page(3, DAY, bytes(flipped))


@pytest.mark.parametrize("cut", [0, 1, 15, 16, 17, 100])
def test_a_page_that_is_cut_is_told(cut: int) -> None:
    with pytest.raises(PageError):
        Page(3, DAY, page.pack(3, DAY, full())[:cut])


def test_a_page_in_the_place_of_another_is_told() -> None:
    data = page.pack(3, DAY, full())
    for source, day in ((4, DAY), (3, DAY + 86_400)):
        with pytest.raises(PageError, match="checksum"):
            Page(source, day, data)


def _signed(source: int, body: bytes) -> bytes:
    return body + page._checksum(source, DAY, body)


def test_a_hostile_page_is_refused_though_its_checksum_is_right() -> None:
    good = page.pack(3, DAY, full())[:-16]
    for body in (b"\x02" + good[1:], b"\x01", b"\x01\x7f", good[:-1], good + b"x", b"\x01\x00"):
        with pytest.raises(PageError):
            Page(3, DAY, _signed(3, body)).minutes()
    bomb = zlib.compress(b"\x00" * (page.MOST + 1), 9)
    head = varints.Packer()
    head.counts(np.array([0, 0, 0, len(bomb), 0, 0, 0, 0, 0], np.int64))
    with pytest.raises(PageError, match="cannot be read"):
        Page(3, DAY, _signed(3, b"\x01" + head.joined() + bomb)).levels()


def test_what_no_page_can_hold_is_said() -> None:
    def one(minute: int, records: int) -> Counts:
        return Counts(*(np.array([value], np.int64) for value in (minute, 1, records)))

    day = full()
    for counts_ in (one(DAY, -1), one(DAY - 60, 1), one(DAY + 86_400, 1)):
        with pytest.raises(PageError):
            page.pack(1, DAY, Minutes(counts_, counts_, day.calls, day.latencies))
