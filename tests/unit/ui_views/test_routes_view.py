"""The table of routes: numbers in words, and why there is none."""

from dataclasses import replace

from tests.support.dashboards import dashboard, empty
from ui.panels.routes.view import routes_view
from ui.panels.values import Phase


def test_rows_in_words() -> None:
    view = routes_view(dashboard())
    assert view.phase is Phase.READY
    first = view.rows[0]
    assert first.texts == (
        "POST /checkout/{id}/pay",
        "20,412",
        "2,242 = 11 %",
        "212 ms",
        "2.4 s",
        "9.1 s",
    )
    assert first.failing
    assert "99 % within 5 s" in first.tip
    assert view.rows[1].texts[2] == "212 = 0.31 %" and not view.rows[1].failing
    last = view.rows[-1]
    assert (last.texts[0], last.quiet) == ("all other routes", True)


def test_routes_without_durations_leave_the_cells_empty() -> None:
    full = dashboard()
    bare = replace(full.routes[0], p50_ms=None, p95_ms=None, p99_ms=None, max_ms=None)
    (row,) = routes_view(replace(full, routes=(bare,))).rows
    assert row.texts[3:] == ("", "", "")
    assert row.tip.count("\n") == 1


def test_an_empty_table_says_why() -> None:
    full = replace(dashboard(), routes=())
    assert routes_view(full).reason == "None of the transactions in this range named a route."
    never = routes_view(replace(full, routes_named=False))
    assert never.phase is Phase.EMPTY
    assert never.reason.startswith("The logs with these transactions name no route.")


def test_without_transactions_another_panel_says_why() -> None:
    full = replace(dashboard(), routes=())
    nothing = replace(full.transactions, count=full.transactions.count * 0)
    assert routes_view(replace(full, transactions=nothing)).reason == ""
    assert routes_view(empty()).phase is Phase.UNKNOWN
