"""What is news and what is not."""

from dataclasses import replace

from psbuddy.model.terms import State
from tests.ui.samples import loud
from ui.tray import notification, told_states


def test_the_first_look_is_no_news() -> None:
    changed, known = told_states({}, loud())
    assert changed == []
    assert known == {"ledger": State.DOWN, "shop": State.DOWN, "queue": State.WATCH}


def test_another_state_is_news_once() -> None:
    queue = loud()[2]
    _, known = told_states({}, [queue])
    worse = [replace(queue, state=State.DOWN)]
    changed, known = told_states(known, worse)
    assert [s.app for s in changed] == ["queue"]
    assert told_states(known, worse)[0] == []


def test_out_of_sight_and_back_the_same_is_no_news() -> None:
    queue = loud()[2]
    _, known = told_states({}, [queue])
    changed, known = told_states(known, [replace(queue, state=State.UNKNOWN)])
    assert changed == []
    assert told_states(known, [queue])[0] == []


def test_out_of_sight_and_back_otherwise_is_news() -> None:
    queue = loud()[2]
    _, known = told_states({}, [queue])
    _, known = told_states(known, [replace(queue, state=State.UNKNOWN)])
    changed, _ = told_states(known, [replace(queue, state=State.UP)])
    assert [s.state for s in changed] == [State.UP]


def test_one_notification_whatever_the_number() -> None:
    title, text = notification(loud()[:1])
    assert title == "General Ledger: needs you"
    assert text == "Month close for 2026-11 was started twice"
    title, text = notification(loud())
    assert title == "4 applications changed"
    assert text.splitlines()[-1] == "and 1 more"


def test_a_hostile_name_stays_plain() -> None:
    title, _ = notification([replace(loud()[0], name="<b>x</b>\x1b")])
    assert title == "<b>x</b>‹ESC›: needs you"
