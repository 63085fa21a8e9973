"""A batch gives whole records and heads back, whichever path made it."""

from psbhost.batches import Batch
from psbhost.formats import Recogniser
from psbhost.stamps import StampReader
from psbhost.zones import UTC


def test_the_cut_prefix_comes_back():
    batch = Batch([b"11-24 10:00:00 INFO x"], [0], [3], b"2026-")
    assert batch.record(0) == b"2026-11-24 10:00:00 INFO x"
    head = batch.head(0, Recogniser(StampReader(UTC, 0)))
    assert head.level == 3


def test_heads_that_were_read_are_not_read_again():
    assert Batch([b"x"], [0], [0], b"", ["head"]).head(0, None) == "head"
