"""Status strips: up, down, unknown, in shapes and words."""

from dataclasses import replace

import pytest

from psbuddy.model.series import Interval, Strip
from psbuddy.model.terms import State
from psbuddy.report.values import CheckStrip
from tests.support.dashboards import dashboard, empty, partly_unobserved
from ui.panels.uptime.view import MOST_ROWS, short_names, uptime_view
from ui.panels.values import Phase


def test_a_check_that_says_what_its_host_says_has_no_row() -> None:
    names = [row.name for row in uptime_view(dashboard()).rows]
    assert names == ["shop-app-1", "shop-app-2", "shop-app-3", "shop-app-4"]


def test_a_folded_check_is_told_at_the_crosshair_and_in_the_tooltip() -> None:
    shown = dashboard()
    early, late = (shown.since + share * (shown.until - shown.since) for share in (0.2, 0.62))
    view = uptime_view(shown)
    assert view.at(early).lines[1].label == "up: web up"
    assert view.at(early).lines[0].label == "up"
    assert view.reason_at(1, late).endswith("port 8080 refused Checks: web down.")


def test_a_check_tied_to_no_host_of_the_application_has_a_row() -> None:
    full = dashboard()
    health = CheckStrip("health", replace(full.strips[0], host="local"))
    assert [row.name for row in uptime_view(replace(full, checks=(health,))).rows][4:] == ["health"]


def test_a_short_history_says_since_when() -> None:
    full = dashboard()
    begun = full.until - 3_600
    parts = (
        Interval(full.since, begun, State.UNKNOWN, "not observed"),
        Interval(begun, full.until, State.UP),
    )
    strip = Strip("shop-app-1", parts, 1.0, 3_600 / (full.until - full.since))
    line = uptime_view(replace(full, strips=(strip,), checks=()), "UTC").at(None).lines[0]
    assert (line.label, line.value) == ("observed since 09:32", "100 %")


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
    assert (line.label, line.value) == ("unknown: bastion-1 does not answer", "—")
    assert uptime_view(shown).at(shown.since + 60).lines[0].value == "100 %"


def test_a_moment_that_no_interval_holds_has_no_share_either() -> None:
    shown = dashboard()
    for moment in (shown.since - 60, shown.until + 60):
        for line in uptime_view(shown).at(moment).lines:
            assert (line.label, line.value) == ("not observed", "—")


def test_a_paused_stretch_has_no_share() -> None:
    full = dashboard()
    paused = Strip("shop-app-1", (Interval(full.since, full.until, State.PAUSED),), None, 0.0)
    line = uptime_view(replace(full, strips=(paused,), checks=())).at(full.since + 60).lines[0]
    assert (line.label, line.value) == ("paused", "—")


def test_the_share_of_a_host_out_of_sight_is_that_of_when_it_was_last_seen() -> None:
    full = dashboard()
    lost = full.until - 3_600
    parts = (
        Interval(full.since, lost, State.UP),
        Interval(lost, full.until, State.UNKNOWN, "no answer"),
    )
    strip = Strip("shop-app-1", parts, 1.0, 1 - 3_600 / (full.until - full.since))
    line = uptime_view(replace(full, strips=(strip,), checks=()), "UTC").at(None).lines[0]
    assert (line.label, line.value) == ("as last seen 09:32", "100 %")


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
    other = replace(down, host="shop-app-3")
    checks = tuple(CheckStrip("web", strip) for strip in (up, other, down))
    names = [row.name for row in uptime_view(replace(full, checks=checks)).rows[4:]]
    assert names == ["web shop-app-2", "web shop-app-3"]


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
