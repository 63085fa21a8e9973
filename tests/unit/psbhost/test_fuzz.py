"""Whatever a log holds: the same records however it is cut, sums that add up, no error."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psbhost import assembly, records
from psbhost.masks import masked
from psbhost.traces import trace_of

from tests.support.logfuzz import HEADS, JUNK, check_reading, check_visit, lines, small_blocks

pieces = st.lists(st.sampled_from(HEADS + JUNK) | st.binary(max_size=40), max_size=30)
drawn = st.builds(
    lambda seed, count: lines(random.Random(seed), count), st.integers(0), st.integers(1, 25)
)
data = pieces.map(b"\n".join) | drawn
cuts = st.lists(st.integers(0, 4000), max_size=8)


@settings(max_examples=250, deadline=None)
@given(data, cuts)
def test_the_result_never_depends_on_where_blocks_end(data, cuts):
    with pytest.MonkeyPatch.context() as patch:
        small_blocks(patch)
        check_reading(data, [min(cut, len(data)) for cut in cuts])


@settings(max_examples=100, deadline=None)
@given(drawn, cuts)
def test_nor_where_records_are_over_the_cap(data, cuts):
    with pytest.MonkeyPatch.context() as patch:
        small_blocks(patch)
        patch.setattr(assembly, "MAX_RECORD", 200)
        patch.setattr(records, "MAX_RECORD", 200)
        data = data.replace(b"\0", b"0")  # a hole is passed over in pieces, see test_records
        check_reading(data, [min(cut, len(data)) for cut in cuts], texts=False)


@settings(max_examples=60, deadline=None)
@given(data)
def test_the_sums_of_a_visit_add_up(tmp_path_factory, data):
    check_visit(tmp_path_factory.mktemp("fuzz") / "a.log", data)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400) | drawn.map(lambda data: data.decode("utf-8", "replace")))
def test_no_text_is_too_strange_for_masks_and_traces(text):
    assert isinstance(masked(text), str)
    assert [type(part) for part in trace_of(text)] == [str, str]
