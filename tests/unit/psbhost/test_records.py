"""Records of many lines, in any pieces, exactly once; bounded whatever a file holds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psbhost import records
from psbhost.formats import Recogniser
from psbhost.records import Splitter
from psbhost.stamps import StampReader
from psbhost.zones import UTC

NOW = 1795536000
LINES = [
    b"2026-11-24 10:00:01,123 INFO [main] com.foo - hello",
    b"2026-11-24 10:00:02,123 WARN [main] com.foo - careful",
    b"2026-11-24 10:01:03,123 ERROR [main] com.foo - bad ERROR",
    b"2026-11-24 10:01:03,12 ERROR other width",
    b"2026-11-24 10:01:03X ERROR no such stamp",
    b"2026-11-24 10:02:03,123 no level here",
    b"2026-11-25 00:00:00,123 INFO [main] next day",
    b"2026-11-24 10:02:03,123 +0100 INFO zoned",
    b"2026-11-24 10:02:03,123 INFO windows\r",
    b"2026 apples",
    b"java.lang.X: foo",
    b"\tat a.b(C.java:1)",
    b"Caused by: x.Y: z",
    b"",
    b"ERROR foo",
    b"SEVERE: second line",
    b"\xff\xfe\x80 not utf-8",
    b'{"time":"2026-11-24T10:00:04Z","level":"error","msg":"m"}',
    b"level=info msg=x",
    b"Nov 24 10:00:05 host app[1]: hi",
    b"Nov 24, 2026 10:00:05 AM com.Foo bar",
    b'10.0.0.1 - - [24/Nov/2026:10:00:06 +0000] "GET / HTTP/1.1" 200 12 "-" "-" 0.123',
]


def splitter(carry=None):
    return Splitter(Recogniser(StampReader(UTC, NOW)), carry or {}, NOW)


def run(data, cuts=(), *, columns=True):
    """All records of `data` handed over in pieces, and the counters."""
    one = splitter()
    if not columns:
        one._columnar = lambda _body: None
    found, rest, start = [], b"", 0
    for cut in [*sorted(cuts), len(data)]:
        batch, rest = one.split(rest + data[start:cut])
        start = max(start, cut)
        found += rows(batch)
    return found + rows(one.finish(rest)), one.lines, one.records, one.unparsed_lines


def rows(batch):
    return [(batch.record(i), batch.times[i], batch.levels[i]) for i in range(len(batch.records))]


texts = st.lists(st.sampled_from(LINES), min_size=1, max_size=40).map(b"\n".join)
regular = st.lists(st.sampled_from(LINES[:3] + LINES[10:13]), min_size=5, max_size=80).map(
    lambda lines: b"\n".join([LINES[0], *lines]) + b"\n"
)


@settings(max_examples=300, deadline=None)
@given(texts | regular, st.lists(st.integers(0, 3000), max_size=8))
def test_any_split_gives_the_same_records_and_columns_agree_with_care(data, cuts):
    cuts = [min(cut, len(data)) for cut in cuts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "WORTH_COLUMNS", 1)
        assert run(data, cuts) == run(data, columns=False)


def test_a_line_without_head_continues_the_record_before_it():
    data = b"\n".join([LINES[2], LINES[10], LINES[11], b"", LINES[12], LINES[0]]) + b"\n"
    found, lines, count, unparsed = run(data)
    assert [record.count(b"\n") for record, _, _ in found] == [4, 0]
    assert (lines, count, unparsed) == (6, 2, 0)


def test_without_any_head_each_line_is_a_record_at_the_time_of_the_file():
    found, _, _, unparsed = run(b"first\n\nsecond\nthird\n")
    assert [(record.strip(), time, level) for record, time, level in found] == [
        (b"first", NOW, 0),
        (b"second", NOW, 0),
        (b"third", NOW, 0),
    ]
    assert unparsed == 3


def test_levels_without_stamps_are_heads_only_where_no_stamp_was_seen():
    assert [level for _, _, level in run(b"ERROR: a\n  more\nINFO: b\n")[0]] == [5, 3]
    assert len(run(LINES[0] + b"\nERROR: text\n")[0]) == 1


def test_a_record_without_stamp_takes_the_stamp_before_it():
    found = run(LINES[0] + b"\n" + LINES[18] + b"\n")[0]
    assert found[0][1] == found[1][1]


def test_a_line_over_the_cap_is_one_record_and_its_rest_is_passed_over():
    one = splitter()
    rest, found = b"", []
    for block in [LINES[2] + b"x" * 100_000, *[b"y" * 128_000] * 30, b"end\n" + LINES[0] + b"\n"]:
        batch, rest = one.split(rest + block)
        found += rows(batch)
        assert len(rest) <= 2 * records.MAX_RECORD
    found += rows(one.finish(rest))
    assert [level for _, _, level in found] == [5, 3]
    assert (one.oversize, one.records) == (1, 2)


def test_a_record_of_endless_lines_is_cut_and_counted_once():
    data = LINES[2] + b"\n" + b"\tat x.y(Z.java:1)\n" * 100_000 + LINES[0] + b"\n"
    cuts = range(0, len(data), 131_072)
    found, lines, count, _ = run(data, cuts)
    assert (lines, count) == (100_002, 2)
    assert len(found[0][0]) <= 2 * records.MAX_RECORD


def test_a_hole_of_nul_bytes_hides_no_record():
    one = splitter()
    data = LINES[0] + b"\n" + b"\0" * 3_000_000 + LINES[2] + b"\n"
    rest, found = b"", []
    for start in range(0, len(data), 131_072):
        batch, rest = one.split(rest + data[start : start + 131_072])
        found += rows(batch)
    found += rows(one.finish(rest))
    assert [level for _, _, level in found] == [3, 5]
    assert one.nul_bytes >= 3_000_000


def test_the_rest_of_a_line_that_was_counted_unfinished_is_no_record():
    first = splitter()
    batch, rest = first.split(LINES[2])
    assert rows(batch) == []
    assert len(rows(first.finish(rest))) == 1
    second = splitter(first.carry())
    batch, rest = second.split(b" 2026-11-24 rest of the line\n" + LINES[0] + b"\n")
    assert rows(batch) + rows(second.finish(rest)) == [(LINES[0], 1795514401, 3)]


@pytest.mark.parametrize("carry", [{"t": "x", "h": 99, "m": 7}, {"t": True}, {"h": -3}])
def test_a_strange_carry_does_no_harm(carry):
    one = splitter(carry)
    batch, rest = one.split(LINES[0] + b"\n")
    assert len(rows(batch) + rows(one.finish(rest))) == 1
