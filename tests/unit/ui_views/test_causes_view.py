"""The table of causes and the text behind a row."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.dashboards import dashboard, empty, hostile
from ui.panels.causes.view import causes_view, trend_of
from ui.panels.values import Phase


def test_new_ones_come_first_with_badge_and_colour() -> None:
    view = causes_view(dashboard(), {"c0": 0, "c1": 1}, "UTC")
    first, second = view.rows[:2]
    assert (first.badge, first.role) == ("◇ NEW", "series 0")
    assert (second.badge, second.role) == ("", "series 1")
    assert view.sentence == "7 causes, 1 new."


@pytest.mark.parametrize(
    ("spark", "trend"),
    [
        ([0, 0, 0, 1, 5, 9], 1),
        ([9, 5, 1, 0, 0, 0], -1),
        ([3, 3, 3, 3, 3, 3], 0),
        ([0, 0, 0, 0, 0, 1], 0),
        ([np.nan, np.nan, np.nan, 0, 0, 9], 1),
        ([np.nan, np.nan], 0),
        ([], 0),
    ],
)
def test_a_trend_needs_twice_as_many_and_more_than_chance(spark: list[float], trend: int) -> None:
    assert trend_of(np.array(spark, dtype=float)) == trend


def test_columns_sort_by_native_values() -> None:
    row = causes_view(dashboard(), {}, "UTC").rows[0]
    assert row.texts[1] == f"{row.sort[1]:,}"
    assert row.texts[3] == "41 min ago"
    assert isinstance(row.sort[3], int)


def test_the_detail_has_template_exception_frame_and_examples() -> None:
    detail = causes_view(dashboard(), {}, "UTC").rows[0].detail
    assert detail.startswith("SocketTimeout in PaymentClient.charge after <NUM> ms")
    assert "Innermost exception: java.net.SocketTimeoutException" in detail
    assert "First frame of the application: com.shop.payment.PaymentClient.charge" in detail
    assert "── 10:30 on shop-app-2, log app ──" in detail
    assert "Caused by: java.net.SocketTimeoutException: Read timed out" in detail


def test_states_of_a_cause_have_their_badge() -> None:
    full = dashboard()
    line = full.cause_lines[1]
    states = ("regressed", "muted", "known", "resolved", "rising")
    lines = tuple(
        replace(line, row=replace(line.row, state=state, note="PRB-17")) for state in states
    )
    view = causes_view(replace(full, cause_lines=lines), {}, "UTC")
    badges = [row.badge for row in view.rows]
    assert badges == ["↩ BACK", "∅ MUTED", "≡ KNOWN", "✓ RESOLVED", "↗ RISING"]
    assert "A known error: PRB-17" in view.rows[2].tip
    assert [row.quiet for row in view.rows] == [False, True, False, False, False]


def test_no_causes_in_an_observed_range_is_empty_with_its_coverage() -> None:
    view = causes_view(replace(dashboard(), cause_lines=()), {}, "UTC")
    assert view.phase is Phase.EMPTY
    assert "(98 % of it observed)" in view.reason


def test_no_causes_in_an_unobserved_range_is_unknown() -> None:
    assert causes_view(empty(), {}, "UTC").phase is Phase.UNKNOWN


def test_foreign_text_is_kept_as_it_is_for_the_plain_sinks() -> None:
    assert causes_view(hostile(), {}, "UTC").rows[0].texts[0].startswith("<b>bold</b>")
