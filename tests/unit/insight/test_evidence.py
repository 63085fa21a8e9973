"""When a count is more than chance."""

import pytest

from psbuddy.insight import evidence


@pytest.mark.parametrize(
    ("records", "mean", "beyond"),
    [
        (1, 0.14, False),  # one an hour where three a day are normal
        (9, 0.0, False),  # too few to tell anything
        (10, 0.0, True),
        (19, 10.0, False),
        (20, 6.0, True),
        (18, 6.0, False),  # three times, yet within what chance does
        (768, 240.0, True),
    ],
)
def test_what_chance_does_is_no_evidence(records: float, mean: float, beyond: bool) -> None:
    assert evidence.beyond_chance(records, mean) is beyond


@pytest.mark.parametrize(
    ("rate", "normal", "notable"),
    [(0.4, 0.4, False), (0.5, 0.4, False), (0.7, 0.4, True), (0.0, 5.0, True), (0.0, 0.1, False)],
)
def test_normal_is_said_where_the_rate_is_another(
    rate: float, normal: float, notable: bool
) -> None:
    assert evidence.is_notable(rate, normal) is notable
