import numpy as np

from psbuddy.demo.records import FAILED, NUMBER_OF, PLAIN, Drawn, Record, joined
from psbuddy.model.observation import JobEvent
from psbuddy.model.terms import Level

EVENT = JobEvent("close", "start", 1, "", None, "", "", "b\n")


def block():
    drawn = Drawn(np.array([3, 5], np.int8), ["a\n", "c\n"], np.array([1, FAILED], np.int8))
    script = (Record(1_500, Level.WARNING, "b\n", event=EVENT),)
    return joined([np.array([1_000, 2_000])], [drawn], script)


def test_streams_and_script_come_in_one_order_of_time() -> None:
    joint = block()
    assert joint.texts == ["a\n", "b\n", "c\n"]
    assert joint.levels.tolist() == [3, NUMBER_OF[Level.WARNING], 5]
    assert joint.kinds.tolist() == [1, PLAIN, FAILED]
    assert joint.events == (EVENT,)
    assert joint.encoded() == b"a\nb\nc\n"
    assert joint.size == 6


def test_a_part_holds_the_seconds_asked_for_and_their_events() -> None:
    assert block().between(1, 2).texts == ["a\n", "b\n"]
    assert block().between(1, 2).events == (EVENT,)
    assert block().between(2, 9).texts == ["c\n"]
    assert block().between(2, 9).events == ()


def test_nothing_joined_is_an_empty_block() -> None:
    empty = joined([], [], ())
    assert empty.texts == []
    assert empty.times.size == 0
    assert empty.encoded() == b""
