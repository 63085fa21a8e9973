"""Status strips: up, down, unknown, in shapes and words."""

from dataclasses import replace

import pytest

from psbuddy.model.series import Interval, Strip
from psbuddy.model.terms import State
from psbuddy.report.values import CheckStrip
from tests.support.dashboards import dashboard, empty, partly_unobserved
from ui.panels.uptime.view import MOST_ROWS, short_names, uptime_view
from ui.panels.values import Phase


def test_hosts_come_first_then_checks() -> None:
    names = [row.name for row in uptime_view(dashboard()).rows]
    assert names == ["shop-app-1", "shop-app-2", "shop-app-3", "shop-app-4", "web"]


def test_at_rest_a_row_says_its_share_and_how_much_was_seen() -> None:
    lines = uptime_view(dashboard()).at(None).lines
    assert (lines[0].label, lines[0].value) == ("98 % observed", "100 %")
    assert lines[1].value == "97 %"


def test_at_the_crosshair_a_row_says_state_and_reason() -> None:
    shown = dashboard()
    moment = shown.since + 0.62 * (shown.until - shown.since)
    line = uptime_view(shown).at(moment).lines[1]
    assert line.label == "down: port 8080 refused"
    assert line.role == "state down"


def test_a_host_that_cannot_be_seen_is_unknown_not_down() -> None:
    shown = partly_unobserved()
    line = uptime_view(shown).at(shown.until - 60).lines[0]
    assert line.label == "unknown: bastion-1 does not answer"
    assert line.value == "100 %"


def test_a_new_store_shows_no_share_at_all() -> None:
    view = uptime_view(empty())
    assert {(line.label, line.value) for line in view.at(None).lines} == {("not observed", "—")}
    assert view.sentence == "4 hosts, none was seen down. Nothing is known of 4."


def test_the_tooltip_tells_the_whole_stretch() -> None:
    shown = dashboard()
    moment = shown.since + 0.53 * (shown.until - shown.since)
    said = uptime_view(shown).reason_at(0, moment)
    assert said == "shop-app-1: unknown for 29 min. bastion-1 did not answer"
    assert uptime_view(shown).reason_at(99, moment) == ""


def test_no_hosts_is_said() -> None:
    assert uptime_view(replace(dashboard(), strips=())).phase is Phase.EMPTY


def test_more_rows_than_fit_are_counted() -> None:
    full = dashboard()
    strips = tuple(replace(full.strips[0], host=f"h{n}") for n in range(MOST_ROWS + 3))
    view = uptime_view(replace(full, strips=strips, checks=()))
    assert len(view.rows) == MOST_ROWS
    assert view.sentence.endswith("3 more rows are not drawn.")


def test_a_check_on_several_hosts_names_its_host_and_trouble_comes_first() -> None:
    full = dashboard()
    up = Strip("shop-app-1", (Interval(full.since, full.until, State.UP),), 1.0, 1.0)
    down = Strip("shop-app-2", (Interval(full.since, full.until, State.DOWN),), 0.0, 1.0)
    checks = (CheckStrip("web", up), CheckStrip("web", down))
    names = [row.name for row in uptime_view(replace(full, checks=checks)).rows[4:]]
    assert names == ["web shop-app-2", "web shop-app-1"]


@pytest.mark.parametrize(
    ("hosts", "short"),
    [
        (["a.dc.example", "b.dc.example"], ["a", "b"]),
        (["a.dc.example", "b.other"], ["a.dc.example", "b.other"]),
        (["a.dc.example"], ["a.dc.example"]),
        (["a", "b"], ["a", "b"]),
        ([], []),
    ],
)
def test_a_common_domain_is_left_out(hosts: list[str], short: list[str]) -> None:
    assert short_names(hosts) == short
