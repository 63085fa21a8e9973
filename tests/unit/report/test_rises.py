"""Errors that rise in the first hours of watching: from the rows of a store to every reader."""

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from psbuddy.model.application import AppDef
from psbuddy.model.causes import Decision, Deed
from psbuddy.model.observation import CauseCount, Gap, LevelCount
from psbuddy.model.status import AppStatus
from psbuddy.model.terms import Level, State
from psbuddy.report.dashboard import load_dashboard
from psbuddy.report.html import dashboard_html
from psbuddy.report.status import refresh_status
from psbuddy.store import connect_readonly, open_store
from psbuddy.store.read.fleet import app_statuses
from psbuddy.store.store import Store
from tests.support.fleet_store import DAY, HOUR, LONDON, MINUTE, at, cause
from tests.support.visits import log, visit
from ui.pages.fleet.view import fleet_view
from ui.tray import notification, told_states

NOW = at("2026-11-24 14:30")
SHOP = AppDef("shop", "Web shop", "shop-team", "", ("h1",), 60, ("app",))
CAUSE = "Timeout in Pay.charge"
Errors = Sequence[tuple[int, int]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path / 'fleet.db'}") as opened:
        opened.write_catalogue((SHOP,), NOW - 40 * DAY)
        yield opened


def evenly(since: int, until: int, every: int, records: int = 1) -> list[tuple[int, int]]:
    return [(minute, records) for minute in range(since, until, every)]


def read(
    store: Store,
    errors: Errors,
    *,
    since: int,
    now: int = NOW,
    host: str = "h1",
    gaps: tuple[Gap, ...] = (),
) -> None:
    """One visit at `now` that reads a log which begins at `since`."""
    levels = [LevelCount(since, Level.INFO, 1)]
    levels += [LevelCount(minute, Level.ERROR, records) for minute, records in errors]
    causes: tuple[CauseCount, ...] = (cause("c" * 40, CAUSE, errors),) if errors else ()
    found = log("shop", "app", read_until=now, levels=tuple(levels), causes=causes, gaps=gaps)
    store.commit([visit(found, host=host, at=now - 5, apps=(("shop", 60),))], now)


def judge(store: Store, now: int = NOW) -> AppStatus:
    (line,) = refresh_status(store, now, zone=LONDON)
    return line


def rising(now: int = NOW) -> list[tuple[int, int]]:
    """An error every ten minutes for two hours, then twelve a minute for twenty minutes."""
    return [*evenly(now - 140 * MINUTE, now - 20 * MINUTE, 600), *evenly(now - 1_200, now, 60, 12)]


def test_a_rise_in_the_first_hours_is_on_watch_and_says_what_it_rests_on(store: Store) -> None:
    read(store, rising(), since=NOW - 140 * MINUTE)
    line = judge(store)
    assert (line.state, line.since) == (State.WATCH, NOW - 1_200)
    assert line.headline == (
        f"Errors rose at 14:10: 240 in 20 min, 12 in the 2 h before, mostly {CAUSE}"
    )
    assert line.sentence.startswith(
        "Errors rose at 14:10: 240 in 20 min, 12 in the 2 h before. No normal is known yet: "
    )
    assert f'Cause "{CAUSE}" makes up 100 %.' in line.sentence


def test_every_reader_of_the_line_sees_it(store: Store) -> None:
    read(store, rising()[:12], since=NOW - 140 * MINUTE, now=NOW - 1_200)
    _, known = told_states({}, [judge(store, NOW - 1_200)])
    assert known == {"shop": State.UP}
    read(store, rising()[12:], since=NOW - 1_200)
    judge(store)
    with closing(connect_readonly(store.url)) as conn:
        (line,) = app_statuses(conn)
        shown = load_dashboard(conn, "shop", NOW - 4 * HOUR, NOW, NOW, zone=LONDON)
    tile = fleet_view([line], NOW, zone=LONDON)
    assert (tile.worst, tile.lines[0].state) == (State.WATCH, State.WATCH)
    assert tile.lines[0].first.startswith("Errors rose at 14:10: 240 in 20 min")
    assert "since 14:10" in tile.lines[0].spoken
    changed, _ = told_states(known, [line])
    assert notification(changed)[0] == "Web shop: watch"
    assert notification(changed)[1].startswith("Errors rose at 14:10: 240 in 20 min")
    assert shown.status.state is State.WATCH
    assert 'class="watch"' in dashboard_html(shown, zone=LONDON)
    assert "<strong>Errors rose at 14:10: 240 in 20 min" in dashboard_html(shown, zone=LONDON)


def test_a_steady_application_without_history_stays_as_it_is(store: Store) -> None:
    read(store, evenly(NOW - 8 * HOUR, NOW, 60, 4), since=NOW - 8 * HOUR)
    line = judge(store)
    assert (line.state, line.headline) == (State.UP, "No normal known yet")


def test_an_outage_that_was_there_first_has_nothing_to_be_held_against(store: Store) -> None:
    read(store, evenly(NOW - 3 * HOUR, NOW, 60, 12), since=NOW - 3 * HOUR)
    line = judge(store)
    assert (line.state, line.headline) == (State.UP, "No normal known yet")
    assert "12 errors a minute" in line.sentence


def test_back_to_what_it_was_the_watch_ends_and_is_told_for_a_while(store: Store) -> None:
    read(store, rising(), since=NOW - 140 * MINUTE)
    later = NOW + 2 * HOUR
    read(store, evenly(NOW + 300, later, 600), since=NOW, now=later)
    line = judge(store, later)
    assert line.state is State.UP
    assert "Errors rose at 14:10: 240 in 20 min, 12 in the 2 h before; that is over." in (
        line.sentence
    )
    assert "Errors rose" not in judge_read_to(store, NOW + 7 * HOUR).sentence


def judge_read_to(store: Store, now: int) -> AppStatus:
    read(store, (), since=now, now=now)
    return judge(store, now)


def test_a_gap_is_no_quiet_to_rise_from(store: Store) -> None:
    lost = Gap(NOW - 4 * HOUR, NOW - 1_200, "rotated away", 0)
    loud = evenly(NOW - 1_200, NOW, 60, 12)
    read(store, loud, since=NOW - 5 * HOUR, gaps=(lost,))
    assert judge(store).state is State.UP  # an hour was observed before it, not five


def test_a_rise_after_a_gap_is_told_between_two_clocks(store: Store) -> None:
    lost = Gap(NOW - 4 * HOUR, NOW - 1_200, "rotated away", 0)
    loud = evenly(NOW - 1_200, NOW, 60, 12)
    read(store, loud, since=NOW - 7 * HOUR, gaps=(lost,))
    line = judge(store)
    assert line.state is State.WATCH
    assert line.headline.startswith(
        "Errors rose out of sight between 10:30 and 14:10: 240 in 20 min, none in the 3 h before"
    )


def test_a_second_host_that_comes_into_sight_is_no_rise(store: Store) -> None:
    both = dataclasses.replace(SHOP, hosts=("h1", "h2"))
    store.write_catalogue((both,), NOW - DAY)
    read(store, (), since=NOW - 6 * HOUR)
    read(store, evenly(NOW - HOUR, NOW, 60, 5), since=NOW - HOUR, host="h2")
    assert judge(store).state is State.UP


def test_muted_causes_raise_nothing(store: Store) -> None:
    read(store, rising(), since=NOW - 140 * MINUTE)
    judge(store)
    store.decide(Decision("shop", Deed.MUTE, ("c" * 40,)), NOW)
    assert judge(store).state is State.UP


def test_a_first_weekend_is_held_against_the_hours_before_it(store: Store) -> None:
    saturday = at("2026-11-28 11:00")
    weekdays = evenly(at("2026-11-24 00:00"), saturday - 1_200, 600)
    loud = evenly(saturday - 1_200, saturday, 60, 12)
    read(store, weekdays, since=at("2026-11-24 00:00"), now=saturday - 1_200)
    quiet = judge(store, saturday - 1_200)
    assert quiet.state is State.UP
    assert "no Saturday morning has been observed before" in quiet.sentence
    read(store, loud, since=saturday - 1_200, now=saturday)
    line = judge(store, saturday)
    assert line.state is State.WATCH
    assert line.headline.startswith("Errors rose at 10:40: 240 in 20 min, ")
    assert "No normal is known yet: no Saturday morning has been observed before." in line.sentence


def test_what_is_normal_on_friday_evening_is_no_rise_on_saturday(store: Store) -> None:
    begin, saturday = at("2026-11-23 00:00"), at("2026-11-28 00:40")
    errors = [
        (minute, 12 if (minute - begin) % DAY >= 22 * HOUR else 1)
        for minute in range(begin, saturday - 2_400, 600)
    ]
    errors += evenly(saturday - 2_400, saturday, 600, 12)
    read(store, errors, since=begin, now=saturday)
    assert judge(store, saturday).state is State.UP


def test_an_episode_of_friday_goes_on_into_a_saturday_without_a_normal(store: Store) -> None:
    begin, saturday = at("2026-11-23 00:00"), at("2026-11-28 09:00")
    errors = evenly(begin, at("2026-11-27 23:00"), 600)
    errors += evenly(at("2026-11-27 23:00"), saturday, 60, 12)
    read(store, errors, since=begin, now=saturday)
    line = judge(store, saturday)
    assert line.state is State.WATCH
    assert line.since == at("2026-11-27 23:00")
    assert line.headline.startswith("Errors rose Fri 23:00: ")


def test_where_a_normal_is_known_it_judges(store: Store) -> None:
    begin = NOW - 10 * DAY
    read(store, [*evenly(begin, NOW - 1_200, 600), *evenly(NOW - 1_200, NOW, 60, 12)], since=begin)
    line = judge(store)
    assert line.state is State.DOWN
    assert "times normal since 14:1" in line.headline


def test_hours_and_share_observed_are_one_measure(store: Store) -> None:
    begun = NOW - 10 * HOUR - 19 * MINUTE
    read(store, evenly(begun, NOW, 60, 2), since=begun)
    line = judge(store)
    assert line.coverage == pytest.approx((10 + 19 / 60) / 24)
    assert line.sentence == (
        "No normal known yet. 2 errors a minute (10 h 19 observed so far, a normal takes 24 h). "
        "43 % of the last 24 h observed."
    )


def test_a_normal_is_known_as_soon_as_a_day_was_observed(store: Store) -> None:
    read(store, evenly(NOW - 24 * HOUR, NOW, 60, 2), since=NOW - 24 * HOUR)
    line = judge(store)
    assert line.normal_per_minute == pytest.approx(2, rel=0.1)
    assert line.sentence == "All quiet. 2 errors a minute, normal for a Tuesday afternoon."


def test_a_short_while_long_ago_counts_towards_a_normal_and_not_for_the_last_day(
    store: Store,
) -> None:
    lost = Gap(NOW - 5 * DAY + 6 * HOUR, NOW - 2 * HOUR, "rotated away", 0)
    read(store, evenly(NOW - 2 * HOUR, NOW, 60, 2), since=NOW - 5 * DAY, gaps=(lost,))
    line = judge(store)
    assert "(8 h observed so far, a normal takes 24 h)" in line.sentence
    assert "8.3 % of the last 24 h observed." in line.sentence


def test_records_without_any_level_tell_of_no_errors_and_not_of_none(store: Store) -> None:
    levels = tuple(LevelCount(NOW - n * MINUTE, Level.NONE, 100) for n in range(1, 300))
    found = log("shop", "app", read_until=NOW, levels=levels)
    store.commit([visit(found, at=NOW - 5, apps=(("shop", 60),))], NOW)
    line = judge(store)
    assert (line.errors_per_minute, line.headline) == (None, "No log tells of errors")
    assert fleet_view([line], NOW, zone=LONDON).lines[0].errors == "—"
    levels = (LevelCount(NOW - 2 * DAY, Level.INFO, 1),)  # one ever is enough
    store.commit([visit(log("shop", "app", read_until=NOW, levels=levels), at=NOW)], NOW)
    assert judge(store).errors_per_minute == 0.0


def test_a_log_without_a_record_is_not_quiet_before_time_has_passed(store: Store) -> None:
    store.commit([visit(log("shop", "app", read_until=NOW), at=NOW - 5)], NOW)
    line = judge(store)
    assert (line.errors_per_minute, line.headline) == (None, "Errors not observed just now")


@pytest.mark.parametrize("ago", [5, 8, 12, 20])
def test_what_goes_on_since_the_first_hours_does_not_become_normal_after_a_day(
    store: Store, ago: int
) -> None:
    begin, worse = NOW - 24 * HOUR - 1_800, NOW - ago * HOUR
    errors = [*evenly(begin, worse, 60, 1), *evenly(worse, NOW, 60, 5)]
    read(store, errors, since=begin)
    line = judge(store)
    assert line.state in (State.WATCH, State.DOWN)
    assert line.headline.startswith("Errors ")


def test_a_peak_of_the_first_night_is_none_of_the_second(store: Store) -> None:
    begin = at("2026-11-23 09:00")
    now = at("2026-11-24 22:40")
    nights = [(at(f"2026-11-{day} 22:00"), at(f"2026-11-{day} 23:59")) for day in (23, 24)]
    loud = [part for since, until in nights for part in evenly(since, min(until, now), 60, 12)]
    read(store, sorted([*evenly(begin, now, 600), *loud]), since=begin, now=now)
    assert judge(store, now).state is State.UP
