"""Counts per minute and level: the minute is the floor of the record's own second."""

import pytest
from psbhost.batches import Batch
from psbhost.formats import Recogniser
from psbhost.jobs import Watches
from psbhost.stamps import StampReader
from psbhost.tally import Tally
from psbhost.transactions import Rule
from psbhost.zones import UTC


@pytest.fixture
def tally():
    return Tally(Rule(None), Watches({}), 10)


def test_minutes_levels_and_causes_agree(tally):
    recogniser = Recogniser(StampReader(UTC, 0))
    batch = Batch([b"a", b"b", b"c", b"d"], [119, 120, 60, -1], [3, 5, 4, 6], b"", [None] * 4)
    tally.add(batch, b"", recogniser)
    assert tally.levels() == [[-60, 6, 1], [60, 3, 1], [60, 4, 1], [120, 5, 1]]
    assert (tally.first, tally.last) == (-1, 120)
    groups = tally.causes.reply()
    assert sum(count for group in groups for _, count in group["minutes"]) == 3


def test_nothing_is_nothing(tally):
    tally.add(Batch([], [], []), b"", None)
    assert (tally.levels(), tally.transactions(), tally.first) == ([], [], None)
