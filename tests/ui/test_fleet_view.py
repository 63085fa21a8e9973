"""Every sentence, order and number of the fleet page, without a window."""

import itertools
from dataclasses import replace

import pytest

from psbuddy.model.terms import State
from tests.ui.samples import NOW, fleet, hosts, loud, status
from ui.pages.fleet.columns import columns
from ui.pages.fleet.delegate import spark_bars
from ui.pages.fleet.view import (
    FleetFilter,
    errors_words,
    fleet_view,
    hosts_words,
    is_stale,
    known_words,
    sentence_parts,
    worst_state,
)

UTC = "UTC"


def names(view: object) -> list[str]:
    return [line.name for line in view.lines]


def test_most_urgent_first_and_the_freshest_trouble_on_top() -> None:
    view = fleet_view(fleet(8), NOW, zone=UTC)
    assert names(view)[:4] == ["Web shop", "General Ledger", "Order queue", "Merchandising"]
    assert names(view)[4:] == sorted(names(view)[4:])


def test_the_header_counts_in_words() -> None:
    view = fleet_view(fleet(40), NOW, zone=UTC)
    assert [text for _, _, text in view.counts] == ["2 need you", "1 watch", "36 fine", "1 unknown"]
    one = fleet_view(loud()[:1], NOW, zone=UTC)
    assert [text for _, _, text in one.counts] == ["1 needs you"]


def test_the_line_of_the_wireframe() -> None:
    line = fleet_view(loud(), NOW, zone=UTC).lines[1]
    assert (line.headline, line.since) == (
        "Month close for 2026-11 was started twice",
        "since 23:31",
    )
    assert (line.job, line.availability, line.age) == ("", "99.98 %", "12 s ago")  # said already
    assert line.spoken.startswith("General Ledger, needs you, Month close")


def test_the_sentence_in_two_parts_says_everything_once() -> None:
    shop, ledger = fleet_view(loud(), NOW, zone=UTC).lines[:2]
    assert shop.first == "Errors 3.2 times normal since 09:51"
    assert shop.rest.startswith("New cause “SocketTimeout")
    assert ledger.first == "Month close for 2026-11 was started twice"
    assert ledger.rest.startswith("(22:04 and 23:31, second by hand")
    assert sentence_parts("Quiet", "Something else") == ("Quiet", "Something else")


def test_a_job_is_named_with_its_note() -> None:
    told = status("a", "A", State.WATCH, worst_job="month-close", worst_job_note="started twice")
    assert fleet_view([told], NOW, zone=UTC).lines[0].job == "month close: started twice"


def test_one_error_in_a_quiet_hour_is_not_loud() -> None:
    quiet = status("a", "A", State.WATCH, normal_per_minute=0.0)
    assert fleet_view([quiet], NOW, zone=UTC).lines[0].spark_limit == 5.0


def test_a_busy_noon_is_not_loud_in_a_quiet_evening() -> None:
    calm = status("a", "A", State.DOWN, errors_per_minute=0.05, normal_per_minute=0.06)
    assert fleet_view([calm], NOW, zone=UTC).lines[0].spark_limit is None


def test_what_was_available_until_it_went_out_of_sight_is_not_told_as_of_now() -> None:
    lost = status("a", "A", State.UNKNOWN, availability=1.0)
    line = fleet_view([lost], NOW, zone=UTC).lines[0]
    assert line.availability == "—"
    assert "available" not in line.spoken


@pytest.mark.parametrize("age", [0, 4, 5, 27, 59, 60, 600, 3_500])
def test_a_line_and_the_bar_say_the_same_age(age: int) -> None:
    seen = status("a", "A", State.UP, last_collection=NOW - age)
    line = fleet_view([seen], NOW, zone=UTC).lines[0]
    assert hosts_words(hosts(1, 1), NOW, NOW - age) == f"1 of 1 host · {line.age}"


def test_unknown_has_no_numbers_and_is_not_fine() -> None:
    line = fleet_view(loud(), NOW, zone=UTC).lines[3]
    assert line.state is State.UNKNOWN
    assert (line.errors, line.availability, line.age) == ("—", "—", "13 h 50 ago")
    assert line.stale
    assert "known at 02:10, 13 h 50 ago" in line.spoken


@pytest.mark.parametrize(
    ("rate", "normal", "text"),
    [
        (None, 4.0, "—"),
        (12.8, 4.0, "3.2 × normal"),
        (4.2, 4.0, "4.2 a minute"),
        (0.0, 0.0, "none"),
        (0.0, None, "none"),
        (9000.0, 0.001, "over 1,000 × normal"),
        (1 / 60, 3.3 / 1440, "1 an hour, normal 0.1"),  # 7.3 times, and no evidence
        (0.0, 5.0, "none, normal 5 a minute"),
    ],
)
def test_errors_against_normal(rate: float | None, normal: float | None, text: str) -> None:
    assert errors_words(rate, normal) == text


def test_filters_narrow_the_list_and_leave_the_counts() -> None:
    view = fleet_view(fleet(40), NOW, FleetFilter(states=frozenset({State.DOWN})), zone=UTC)
    assert names(view) == ["Web shop", "General Ledger"]
    assert view.counts[2][1] == 36
    own = fleet_view(fleet(40), NOW, FleetFilter(owner="shop-team"), zone=UTC)
    assert own.counts[0][1] == 1
    assert own.owners == fleet_view(fleet(40), NOW, zone=UTC).owners


def test_a_held_order_does_not_move_and_new_ones_come_last() -> None:
    before = fleet_view(fleet(6), NOW, zone=UTC)
    changed = [replace(s, state=State.DOWN) if s.app == "app-1" else s for s in fleet(6)]
    changed.append(status("new", "A new one", State.DOWN))
    held = fleet_view(changed, NOW, held=before.order, zone=UTC)
    assert held.order[:6] == before.order
    assert held.lines[6].name == "A new one"
    assert fleet_view(changed, NOW, zone=UTC).order != before.order


def test_old_data_says_so_in_one_sentence_and_hatches_what_it_did_not_see() -> None:
    old = tuple(
        replace(s, last_collection=s.last_collection - 7 * 3600, as_of=s.as_of - 7 * 3600)
        for s in loud()[:3]
    )
    view = fleet_view(old, NOW, zone=UTC)
    assert view.stale == "Known at 08:59, 7 h ago. What happened since is not known yet."
    assert view.lines[0].spark[-7:] == (None,) * 7
    assert view.lines[0].spark[-8] is not None
    assert len(view.lines[0].spark) == 24


def test_one_fresh_application_is_enough_to_drop_the_sentence() -> None:
    assert fleet_view(loud(), NOW, zone=UTC).stale == ""
    assert fleet_view((), NOW, zone=UTC).stale == ""


def test_never_collected_is_no_age() -> None:
    line = fleet_view([status("a", "A", State.UNKNOWN, last_collection=0)], NOW, zone=UTC)
    assert line.lines[0].age == "never"
    assert line.stale == (
        "Nothing was collected yet: all states are unknown until the first visit ends."
    )


def test_staleness_follows_the_rhythm_of_the_application() -> None:
    slow = status("a", "A", State.UP, interval=3600, last_collection=NOW - 7000)
    assert not is_stale(slow, NOW)
    assert is_stale(replace(slow, interval=60), NOW)
    assert not is_stale(replace(slow, state=State.PAUSED, interval=60), NOW)


def test_known_words_name_the_day_when_it_is_not_tonight() -> None:
    assert known_words(NOW - 7 * 3600, NOW, UTC) == "known at 09:00, 7 h ago"
    assert known_words(NOW - 3 * 86_400, NOW, UTC) == "known Sat 16:00, 3 d ago"


def test_hosts_and_the_age_of_what_is_seen() -> None:
    assert hosts_words(hosts(38, 40), NOW, NOW - 12) == "38 of 40 hosts · 12 s ago"
    assert hosts_words(hosts(1, 1), NOW, 0) == "1 of 1 host · nothing collected yet"
    assert hosts_words(hosts(1, 1), NOW, 0, 9) == "1 of 9 hosts · first visits under way"


def test_removed_hosts_do_not_count_and_one_missed_visit_hides_none() -> None:
    seen, removed, missed = hosts(3, 3)
    removed = replace(removed, state=State.PAUSED)
    missed = replace(missed, state=State.UNKNOWN, last_good=NOW - 70, last_try=NOW - 10, failures=1)
    told = [seen, removed, missed]
    assert hosts_words(told, NOW, NOW - 12) == "2 of 2 hosts · 12 s ago"
    assert hosts_words(told, NOW + 100, NOW - 12) == "1 of 2 hosts · 2 min ago"


def test_many_applications_come_in_groups_that_fold() -> None:
    view = fleet_view(fleet(100), NOW, zone=UTC)
    heads = [line.name for line in view.lines if not line.app]
    assert heads == ["2 need you", "1 watch", "1 unknown", "96 fine"]
    folded = fleet_view(fleet(100), NOW, FleetFilter(collapsed=frozenset({State.UP})), zone=UTC)
    assert len(folded.lines) == 4 + 4
    assert folded.lines[-1].headline == "show"


def test_groups_hold_still_too() -> None:
    folded = FleetFilter(collapsed=frozenset({State.UNKNOWN}))
    before = fleet_view(fleet(100), NOW, folded, zone=UTC)
    changed = [replace(s, state=State.DOWN) if s.app == "app-50" else s for s in fleet(100)]
    held = fleet_view(changed, NOW, folded, held=before.order, zone=UTC)
    assert held.order == before.order
    assert held.lines[0].name == "3 need you"
    assert fleet_view(changed, NOW, folded, zone=UTC).order != before.order


def test_the_worst_state_of_nothing_is_unknown() -> None:
    assert worst_state([]) is State.UNKNOWN
    assert worst_state([State.UP, State.UNKNOWN, State.WATCH]) is State.WATCH


def test_bars_never_turn_a_gap_into_a_zero() -> None:
    bars = spark_bars((0.0, None, 20.0), 30, 20)
    assert [value for *_, value in bars] == [0.0, None, 20.0]
    assert bars[0][2] == 19.0  # zero: one pixel of ink
    assert bars[1][2] == 0.0  # a gap: the whole height
    assert bars[2][2] == 0.0
    assert spark_bars((), 30, 20) == []


@pytest.mark.parametrize("width", [720, 900, 1100, 1440, 2560])
def test_columns_fit_and_the_sentence_never_leaves(width: int) -> None:
    found = columns(width)
    assert found[-1].x + found[-1].width <= width
    assert {"state", "name", "headline"} <= {column.name for column in found}
    assert all(a.x + a.width < b.x for a, b in itertools.pairwise(found))


def test_a_wide_window_shows_every_column_a_narrow_one_the_needful() -> None:
    assert len(columns(1440)) == 9
    assert "job" not in {column.name for column in columns(1100)}
    assert "age" in {column.name for column in columns(1100)}
