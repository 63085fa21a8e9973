"""Who is due when. No clock: time is handed in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.clock import JumpWatch
from collectors.schedule import Schedule


@pytest.fixture
def schedule() -> Schedule:
    made = Schedule(seed=1)
    made.plan({"a": {"shop": 60}, "b": {"shop": 60, "slow": 3600}}, now=100.0)
    return made


def test_what_is_new_is_due_at_once(schedule: Schedule) -> None:
    assert schedule.due(100.0) == ("a", "b")


def test_the_interval_begins_at_the_end_of_a_visit(schedule: Schedule) -> None:
    assert schedule.begin("a", 100.0) == ("shop",)
    schedule.succeeded("a", 103.0)
    assert "a" not in schedule.due(162.9)
    assert "a" in schedule.due(163.0)


def test_applications_keep_their_own_intervals(schedule: Schedule) -> None:
    assert schedule.begin("b", 100.0) == ("shop", "slow")
    schedule.succeeded("b", 100.0)
    assert schedule.begin("b", 160.0) == ("shop",)
    schedule.succeeded("b", 160.0)
    assert schedule.interval("b") == 60


def test_a_backlog_is_read_on_at_once(schedule: Schedule) -> None:
    schedule.begin("a", 100.0)
    schedule.succeeded("a", 101.0, again_in=0.0)
    assert "a" in schedule.due(101.0)


def test_the_longest_overdue_goes_first(schedule: Schedule) -> None:
    schedule.begin("a", 100.0)
    schedule.succeeded("a", 101.0, again_in=0.0)
    assert schedule.due(102.0) == ("b", "a")


def test_failures_back_off_up_to_a_quarter_hour(schedule: Schedule) -> None:
    waits = []
    now = 100.0
    for _ in range(8):
        schedule.begin("a", now)
        waits.append(schedule.failed("a", now))
        assert "a" not in schedule.due(now + waits[-1] - 0.1)
        now += waits[-1]
        assert "a" in schedule.due(now + 0.001)
    expected = [10, 60, 120, 240, 480, 900, 900, 900]
    assert all(0.8 * e <= w <= 1.2 * e for w, e in zip(waits, expected, strict=True))
    schedule.begin("a", now)
    schedule.succeeded("a", now)
    assert schedule.failing() == ()


def test_who_waits_for_a_person_is_left_alone_until_wanted(schedule: Schedule) -> None:
    schedule.begin("a", 100.0)
    schedule.failed("a", 100.0, needs_person=True)
    schedule.want_all(1e6)
    assert schedule.due(2e6) == ("b",)
    assert schedule.waiting_for_person() == ("a",)
    assert schedule.want("a", 2e6)
    assert "a" in schedule.due(2e6)
    assert not schedule.want("nobody", 2e6)


def test_a_changed_catalogue_releases_who_waits(schedule: Schedule) -> None:
    schedule.begin("a", 100.0)
    schedule.failed("a", 100.0, needs_person=True)
    schedule.plan({"a": {"shop": 60}}, now=200.0)
    assert schedule.hosts == ("a",)
    assert schedule.due(200.0) == ("a",)


def test_a_shorter_interval_takes_effect_now(schedule: Schedule) -> None:
    schedule.plan({"a": {"shop": 3600}}, now=100.0)
    schedule.begin("a", 100.0)
    schedule.succeeded("a", 100.0)
    schedule.plan({"a": {"shop": 10}}, now=200.0)
    assert schedule.due(210.0) == ("a",)


def test_after_sleep_everything_is_due_but_not_at_one_moment(schedule: Schedule) -> None:
    schedule.plan({f"h{n}": {"shop": 60} for n in range(50)}, now=0.0)
    schedule.want_all(1000.0, spread=3.0)
    assert 0 < len(schedule.due(1001.0)) < 50
    assert len(schedule.due(1003.0)) == 50


def test_a_host_that_left_the_catalogue_during_its_visit(schedule: Schedule) -> None:
    schedule.begin("b", 100.0)
    schedule.plan({"a": {"shop": 60}}, now=101.0)
    schedule.succeeded("b", 102.0)
    assert schedule.failed("b", 102.0) == 0.0
    assert schedule.hosts == ("a",)


@given(st.lists(st.floats(0.1, 15.0), min_size=1, max_size=50))
def test_ordinary_ticks_are_no_jump(steps: list[float]) -> None:
    wall, mono = 1e9, 50.0
    watch = JumpWatch(wall, mono)
    for step in steps:
        wall, mono = wall + step, mono + step
        assert watch.observe(wall, mono) == 0.0


@pytest.mark.parametrize(("wall", "mono"), [(3600.0, 1.0), (-3600.0, 1.0), (3600.0, 3600.0)])
def test_sleep_and_set_clocks_are_noticed_once(wall: float, mono: float) -> None:
    watch = JumpWatch(1e9, 50.0)
    assert abs(watch.observe(1e9 + wall, 50.0 + mono)) > 3000
    assert watch.observe(1e9 + wall + 1, 50.0 + mono + 1) == 0.0
