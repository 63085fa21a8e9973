"""Transactions: rates, failures, latency; none is said, not drawn as zero."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.dashboards import dashboard, empty, partly_unobserved
from ui.panels.transactions.view import latency_text, transactions_view
from ui.panels.values import Phase


def test_failures_lie_on_top_of_the_good_ones() -> None:
    shown = dashboard()
    view = transactions_view(shown)
    seen = np.isfinite(view.count)
    assert (view.failed_top[seen] >= view.good_top[seen]).all()
    assert view.count[seen] == pytest.approx(shown.transactions.count[seen] * 60 / shown.step)


def test_the_reading_at_the_crosshair_has_share_and_latency() -> None:
    shown = dashboard(3_600)
    lines = {line.label: line.value for line in transactions_view(shown).at(shown.until - 30).lines}
    count, failed = shown.transactions.count[-1], shown.transactions.failed[-1]
    assert lines["transactions"] == f"{count:.0f}"
    assert lines["failed"].startswith(f"{failed:.0f} = ")
    assert lines["95 % within"].endswith(" s")


def test_the_reading_in_a_gap_says_not_observed() -> None:
    shown = partly_unobserved()
    reading = transactions_view(shown).at(shown.until - 600)
    assert [line.value for line in reading.lines] == ["not observed"]


def test_no_transactions_says_where_they_would_come_from() -> None:
    full = dashboard()
    nothing = replace(full.transactions, count=full.transactions.count * 0)
    view = transactions_view(replace(full, transactions=nothing))
    assert view.phase is Phase.EMPTY
    assert view.reason.startswith("No transactions in this range.")


def test_nothing_observed_is_unknown() -> None:
    assert transactions_view(empty()).phase is Phase.UNKNOWN


def test_a_minute_without_latency_is_not_zero_milliseconds() -> None:
    assert latency_text(float("nan")) == "not measured"
    assert latency_text(450.0) == "450 ms"
    assert latency_text(2_400.0) == "2.4 s"


def test_the_right_axis_speaks_in_time() -> None:
    texts = [label.text for label in transactions_view(dashboard()).right]
    assert texts == ["0 s", "1 s", "2 s", "3 s"]


def test_the_sentence_counts() -> None:
    full = dashboard()
    view = transactions_view(full)
    assert view.sentence.startswith(f"{int(np.nansum(full.transactions.count)):,} transactions, ")
    assert view.sentence.endswith(" failed.")


def test_the_worst_routes_in_one_line() -> None:
    assert transactions_view(dashboard()).worst == (
        "POST /checkout/{id}/pay fails most: 2,242 of 20,412 (11 %). "
        "GET /report/{id}.pdf is slowest: 95 % within 8.9 s."
    )
    assert transactions_view(replace(dashboard(), routes=())).worst == ""
