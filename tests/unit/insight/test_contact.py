"""One visit that failed is no silence; two are, and so is a refusal."""

from dataclasses import replace

import pytest

from psbuddy.insight.contact import as_seen, is_missed, missed_words
from psbuddy.model.status import HostLine
from psbuddy.model.terms import Stage, State

NOW = 1_795_516_320
ONCE = HostLine(
    "h", State.UNKNOWN, NOW - 70, "No answer.", NOW - 70, NOW - 10, "ssh", 60, 1, Stage.TCP.value
)


def test_one_failed_visit_right_after_a_good_one_keeps_the_state() -> None:
    assert as_seen(ONCE, NOW).state is State.UP
    assert missed_words(ONCE, NOW, "UTC") == "last seen 1 min ago, one visit failed"


@pytest.mark.parametrize(
    "line",
    [
        replace(ONCE, last_good=NOW - 151),
        replace(ONCE, failures=2),
        replace(ONCE, interval=20),
        replace(ONCE, failed_at=Stage.HOST_KEY.value),
        replace(ONCE, failed_at=Stage.AUTH.value),
        replace(ONCE, last_good=0, failures=1),
        replace(ONCE, state=State.PAUSED),
    ],
)
def test_beyond_that_it_stays_what_the_last_visit_left(line: HostLine) -> None:
    assert not is_missed(line, NOW)
    assert as_seen(line, NOW) == line


def test_the_grace_follows_the_rhythm_of_the_visits() -> None:
    hourly = replace(ONCE, interval=3_600, last_good=NOW - 9_000)
    assert is_missed(hourly, NOW)
    assert not is_missed(hourly, NOW + 1)
