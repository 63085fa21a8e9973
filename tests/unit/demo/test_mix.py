import numpy as np
import pytest
from numpy.random import Generator

from psbuddy.demo.mix import Line, durations, kinds_by_status, mixed, numbers, picks
from psbuddy.demo.records import FAILED, NUMBER_OF, PLAIN, TRANSACTION
from psbuddy.model.terms import Level


def word(text: str):
    def rests(rng: Generator, n: int) -> list[str]:
        return [f" {text}\n"] * n

    return rests


def test_each_arrival_becomes_one_line_with_its_level_and_kind() -> None:
    write = mixed(
        Line(3, Level.INFO, word("paid"), TRANSACTION),
        Line(1, Level.ERROR, word("refused"), FAILED),
    )
    stamps = [f"t{number}" for number in range(4000)]
    drawn = write(np.random.default_rng(1), stamps, np.arange(4000))
    assert [text.split(" ")[0] for text in drawn.texts] == stamps
    errors = drawn.levels == NUMBER_OF[Level.ERROR]
    assert errors.mean() == pytest.approx(0.25, abs=0.03)
    assert ((drawn.kinds == FAILED) == errors).all()
    assert all(
        text.endswith(" refused\n") == bad for text, bad in zip(drawn.texts, errors, strict=True)
    )


def test_no_arrivals_give_no_lines() -> None:
    drawn = mixed(Line(1, Level.INFO, word("x")))(np.random.default_rng(1), [], np.empty(0))
    assert drawn.texts == []
    assert drawn.levels.size == drawn.kinds.size == 0


def test_numbers_durations_and_picks_stay_in_range() -> None:
    rng = np.random.default_rng(3)
    assert set(numbers(rng, 500, 2, 5)) == {2, 3, 4}
    assert set(picks(rng, 200, ("a", "b"))) == {"a", "b"}
    took = durations(rng, 2000, 80)
    assert (took > 0).all()
    assert np.median(took) == pytest.approx(80, rel=0.1)


def test_requests_fail_from_500_on() -> None:
    kinds = kinds_by_status(np.array([200, 499, 500, 504]))
    assert kinds.tolist() == [TRANSACTION, TRANSACTION, FAILED, FAILED]
    assert PLAIN not in kinds
