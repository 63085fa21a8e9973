"""The window on real stores: what it shows first, where keys lead, what it says when broken."""

import time
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from psbuddy.model.terms import State
from psbuddy.store import open_store
from tests.ui.rooms import Rooms
from tests.ui.samples import fleet, key_question, shifted, status
from tests.ui.stores import make_store, rewrite
from ui.engine_desk import EngineDesk
from ui.hostkey import HostKeyDialog
from ui.pages.fleet.data import Fleet
from ui.paths import PathNews
from ui.routing import Routing
from ui.theme import DARK, LIGHT


def test_what_the_store_knows_is_there_at_once(rooms: Rooms, fleet_store: str) -> None:
    window = rooms.open(fleet_store).window
    assert window.page == "fleet"
    assert len(window.fleet.view.lines) == 40
    assert window.bar.hosts.text().startswith("3 of 3 hosts · ")


def test_a_commit_of_another_process_appears_by_itself(rooms: Rooms, fleet_store: str) -> None:
    window = rooms.open(fleet_store).window
    changed = [
        replace(s, state=State.DOWN, headline="Broken now") if s.app == "app-5" else s
        for s in shifted(fleet(40), int(time.time()))
    ]
    rewrite(fleet_store, changed)
    rooms.qtbot.waitUntil(
        lambda: any(line.headline == "Broken now" for line in window.fleet.view.lines)
    )
    assert window.fleet.view.counts[0][2] == "3 need you"


def test_enter_opens_the_dashboard_and_escape_leads_back(rooms: Rooms, fleet_store: str) -> None:
    window = rooms.wait_for_pages(rooms.open(fleet_store)).window
    window.fleet.select("ledger")
    QTest.keyClick(window.fleet._list, Qt.Key.Key_Return)
    assert window.page == "application"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.page == "fleet"
    assert window.fleet.selected == "ledger"


def test_search_leads_to_the_page_of_a_host(rooms: Rooms, fleet_store: str) -> None:
    window = rooms.open(fleet_store).window
    rooms.qtbot.waitUntil(lambda: rooms.opened[0].reader is not None)
    host = window.hosts[1].host
    window.open_jump()
    QTest.keyClicks(window.jump._field, host)
    QTest.keyClick(window.jump._field, Qt.Key.Key_Return)
    assert window.page == "hosts"
    page = rooms.opened[0]._hosts
    assert page is not None and page._line is not None and page._line.host == host


def test_all_ages_on_screen_are_told_at_one_moment(rooms: Rooms, fleet_store: str) -> None:
    routing = rooms.wait_for_pages(rooms.open(fleet_store))
    window = routing.window
    window._clock.stop()
    newest = max(status.last_collection for status in window.statuses)
    window._now = lambda: newest + 27
    window._tick()
    assert window.bar.hosts.text().endswith(" · 27 s ago")
    ages = {line.app: line.age for line in window.fleet.view.lines}
    fresh = [s.app for s in window.statuses if s.last_collection == newest]
    assert {ages[app] for app in fresh} == {"27 s ago"}
    routing.open_app(fresh[0])
    page = routing._application
    assert page is not None
    with rooms.qtbot.waitSignal(page.loaded):
        page.refresh()
    shown = page._dashboard
    assert shown is not None
    window._now = lambda: shown.last_collection + 40
    window._tick()
    assert page.body._age.text() == "data from 40 s ago"


def test_an_application_wanted_too_early_opens_when_the_charts_are_there(
    rooms: Rooms, fleet_store: str
) -> None:
    routing = rooms.open(fleet_store, start_app="shop")
    rooms.qtbot.waitUntil(lambda: routing.window.page == "application", timeout=20_000)
    assert routing._application is not None
    assert routing._application.app == "shop"


def test_keys_lead_to_pages_and_to_the_jump_list(rooms: Rooms, fleet_store: str) -> None:
    window = rooms.open(fleet_store).window
    rooms.qtbot.waitUntil(lambda: rooms.opened[0].reader is not None)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.page == "hosts"
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.page == "fleet"
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.jump.isVisible()
    QTest.keyClick(window.jump._field, Qt.Key.Key_Escape)
    assert window.jump.isHidden()


def test_no_store_is_the_start_page_with_three_ways_in(rooms: Rooms, tmp_path: Path) -> None:
    window = rooms.open(str(tmp_path / "none.db")).window
    assert window.page == "start"
    words = [b.text() for b in window.stack.currentWidget().findChildren(QPushButton)]
    assert words == ["Watch this machine", "Look at this host", "Try the demo"]


def test_the_first_lines_take_the_keyboard(rooms: Rooms, tmp_path: Path) -> None:
    rooms.folder.mkdir()
    (rooms.folder / "shop.yaml").write_text("read by the engine alone")
    window = rooms.open(str(tmp_path / "none.db")).window
    window.activateWindow()
    window.bar.setFocus()
    window.show_fleet(Fleet((status("shop", "Web shop", State.UP),)))
    assert window.fleet._list.hasFocus() or window.focusWidget() is window.fleet._list


def test_a_catalogue_before_its_first_visit_is_no_empty_state(rooms: Rooms, tmp_path: Path) -> None:
    rooms.folder.mkdir()
    (rooms.folder / "shop.yaml").write_text("read by the engine alone: [")
    routing = rooms.open(str(tmp_path / "none.db"), engine=True, command=["/nowhere"])
    window = routing.window
    assert window.page == "fleet"
    assert window.fleet.beginning.isVisible()
    assert window.fleet.beginning.title.text() == "First visit under way"
    rooms.qtbot.waitUntil(lambda: routing._desk is not None)
    assert routing._desk is not None
    engine = routing._desk.engine
    engine.happened.emit({"event": "catalogue", "apps": ["a", "b"], "hosts": ["h"] * 9})
    engine.progress.emit("reading led-app-1 · 43 %")
    assert window.fleet.beginning.sentence.text().startswith("2 applications on 9 hosts.")
    assert window.fleet.beginning.progress.text() == "reading led-app-1 · 43 %"
    assert window.bar.hosts.text() == "0 of 9 hosts · first visits under way"
    engine.happened.emit({"event": "catalogue", "apps": [], "hosts": [], "problems": []})
    assert window.page == "start"  # nothing is watched after all


def test_more_can_be_watched_and_escape_leads_back(rooms: Rooms, fleet_store: str) -> None:
    routing = rooms.open(fleet_store)
    window = routing.window
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.page == "start"
    routing._show_fleet(window._fleet_data)  # what comes in takes nobody off the page
    assert window.page == "start"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.page == "fleet"
    window.bar._add.click()
    (back,) = [b for b in window.findChildren(QPushButton) if b.text() == "Back to the fleet"]
    back.click()
    assert window.page == "fleet"


def test_the_first_watch_leads_to_the_first_visit(rooms: Rooms, tmp_path: Path) -> None:
    routing = rooms.open(str(tmp_path / "none.db"))
    assert routing.window.page == "start"
    rooms.folder.mkdir()
    (rooms.folder / "shop.yaml").write_text("applications: {}")
    routing._watched("shop")
    assert routing.window.page == "fleet"
    assert routing.window.fleet.beginning.isVisible()


def test_a_host_chosen_in_a_dashboard_opens_its_page(rooms: Rooms, fleet_store: str) -> None:
    routing = rooms.wait_for_pages(rooms.open(fleet_store))
    assert routing._application is not None
    routing._application.host_chosen.emit("led-app-2")
    assert routing.window.page == "hosts"
    assert routing._hosts is not None
    assert routing._hosts._title.text() == "led-app-2"
    rooms.qtbot.waitUntil(lambda: routing.reader is not None and not routing.reader.busy)


def test_control_q_closes_the_window(rooms: Rooms, fleet_store: str) -> None:
    window = rooms.open(fleet_store).window
    with rooms.qtbot.waitSignal(window.closed):
        QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not window.isVisible()


def test_an_empty_store_becomes_a_fleet_when_something_is_watched(
    rooms: Rooms, tmp_path: Path
) -> None:
    db = make_store(tmp_path / "empty.db", (), now=int(time.time()))
    window = rooms.open(db).window
    assert window.page == "start"
    make_store(Path(db), shifted(fleet(4), int(time.time())), now=int(time.time()))
    rooms.qtbot.waitUntil(lambda: window.page == "fleet")


def test_a_file_that_is_no_store_is_told_with_one_button(rooms: Rooms, tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    bad.write_text("not a store at all")
    routing = rooms.open(str(bad))
    assert routing.window.page == "broken"
    assert routing._broken is not None
    assert "is not a store of PS Buddy" in routing._broken.accessibleName()
    assert routing.reader is None  # nothing was started upon it
    assert bad.read_text() == "not a store at all"


def test_nothing_hides_a_broken_store(rooms: Rooms, tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    bad.write_text("not a store at all")
    window = rooms.open(str(bad)).window
    for key in (Qt.Key.Key_1, Qt.Key.Key_2):
        QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert window.page == "broken"


def test_a_store_that_goes_away_leaves_what_was_known_and_says_so(
    rooms: Rooms, fleet_store: str
) -> None:
    routing = rooms.open(fleet_store)
    rooms.qtbot.waitUntil(lambda: routing.reader is not None and not routing.reader.busy)
    routing._not_read("There is no store any more.")
    assert routing.window.notice.text.startswith("Not refreshed, what you see is older.")
    assert len(routing.window.fleet.view.lines) == 40
    routing.collect_now()
    rooms.qtbot.waitUntil(lambda: routing.window.notice.text == "")


def test_a_store_of_a_newer_version_is_left_alone(rooms: Rooms, fleet_store: str) -> None:
    import sqlite3

    connection = sqlite3.connect(fleet_store)
    connection.execute("PRAGMA user_version = 9999")
    connection.commit()
    connection.close()
    routing = rooms.open(fleet_store)
    assert routing.window.page == "broken"
    assert routing._broken is not None
    assert "newer PS Buddy" in routing._broken.accessibleName()


def test_try_again_opens_the_store_that_is_whole_by_then(rooms: Rooms, tmp_path: Path) -> None:
    path = tmp_path / "psbuddy.db"
    path.write_text("half a copy")
    routing = rooms.open(str(path))
    path.unlink()
    make_store(path, shifted(fleet(4), int(time.time())), now=int(time.time()))
    routing._act("retry")
    assert routing.window.page == "fleet"
    rooms.qtbot.waitUntil(lambda: routing.reader is not None)


def test_light_and_dark_switch_live(
    rooms: Rooms, fleet_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    routing = rooms.wait_for_pages(rooms.open(fleet_store))
    routing.show_page("hosts")
    monkeypatch.setenv("PSBUDDY_THEME", "dark")
    rooms.watch.refresh()
    assert routing.window.theme is DARK
    routing.show_page("fleet")
    image = routing.window.grab().toImage()
    assert image.pixelColor(600, 860).name().upper() in {DARK.surface, DARK.grid}
    monkeypatch.setenv("PSBUDDY_THEME", "light")
    rooms.watch.refresh()
    assert routing.window.theme is LIGHT


def test_a_changed_host_key_is_a_notice_and_both_keys_can_be_seen(
    rooms: Rooms, fleet_store: str
) -> None:
    routing = rooms.open(fleet_store)
    desk = a_desk(routing)
    desk.host_key(key_question(changed=True, known="SHA256:old"))
    assert routing.window.notice.text.startswith("Host key changed: led-app-1 is refused")
    desk.act("hostkey:led-app-1")
    dialog = routing.window.findChild(HostKeyDialog)
    assert dialog is not None
    assert not dialog._trust.isVisible()
    dialog.reject()


def test_a_revoked_host_key_is_a_notice_of_its_own(rooms: Rooms, fleet_store: str) -> None:
    routing = rooms.open(fleet_store)
    desk, notice = a_desk(routing), routing.window.notice
    desk.host_key(key_question(host="led-app-1", changed=True, known=""))
    assert notice.text.startswith("Host key revoked: led-app-1 is refused")
    desk.host_key(key_question(host="led-app-2", changed=True, known="SHA256:old"))
    assert notice.text.startswith("Host key changed or revoked: 2 hosts are refused")


def test_the_notice_of_changed_keys_names_all_hosts_and_is_withdrawn(
    rooms: Rooms, fleet_store: str
) -> None:
    routing = rooms.open(fleet_store)
    desk, notice = a_desk(routing), routing.window.notice
    for host in ("led-app-1", "led-app-2", "led-app-3"):
        desk.host_key(key_question(host=host, changed=True, known="SHA256:old"))
    assert notice.text.endswith("in between: led-app-1, led-app-2 and led-app-3.")
    for host in ("led-app-1", "led-app-2"):
        desk.act(notice._action)
        dialog = routing.window.findChildren(HostKeyDialog)[-1]
        assert dialog.question.host == host
        dialog.reject()
    desk.engine.happened.emit({"event": "collected", "host": "led-app-2", "outcome": "ok"})
    desk.engine.happened.emit({"event": "collected", "host": "led-app-3", "outcome": "ok"})
    assert "led-app-2" not in notice.text
    assert "led-app-1 is refused" in notice.text
    desk.host_key(key_question(host="led-app-1"))  # the old line is gone: it is a question now
    assert notice.text == ""
    routing.window.findChildren(HostKeyDialog)[-1].reject()


def test_the_same_question_is_asked_once(rooms: Rooms, fleet_store: str) -> None:
    routing = rooms.open(fleet_store)
    desk = a_desk(routing)
    desk.host_key(key_question())
    desk.host_key(key_question())
    dialogs = routing.window.findChildren(HostKeyDialog)
    assert len(dialogs) == 1
    dialogs[0].reject()


def test_a_mistake_in_the_catalogue_is_told_until_it_is_mended(
    rooms: Rooms, fleet_store: str
) -> None:
    routing = rooms.open(fleet_store)
    desk = a_desk(routing)
    desk.catalogue_read(("shop.yaml:3: 'hots' is no key, did you mean 'hosts'?", "x"))
    assert "last good one stays in force. shop.yaml:3" in routing.window.notice.text
    desk.catalogue_read(())
    assert routing.window.notice.text == ""


def test_nothing_of_a_closed_window_is_kept(
    styled: QApplication, qtbot: QtBot, fleet_store: str, tmp_path: Path
) -> None:
    rooms = Rooms(styled, qtbot, tmp_path)
    routing = rooms.wait_for_pages(rooms.open(fleet_store))
    gone = weakref.ref(routing.window.fleet)
    del routing
    rooms.close()
    styled.processEvents()
    qtbot.waitUntil(lambda: _collected(gone))


def _collected(reference: "weakref.ref[object]") -> bool:
    import gc

    gc.unfreeze()  # what was up was told to stay up
    gc.collect()
    return reference() is None


def test_a_locked_store_is_still_read(rooms: Rooms, fleet_store: str) -> None:
    with open_store(fleet_store):  # the one writer is at work
        assert rooms.open(fleet_store).window.page == "fleet"


def a_desk(routing: Routing) -> EngineDesk:
    """What stands between engine and window, without an engine."""
    return EngineDesk(["/nowhere"], routing.window, Path("/nowhere"), routing)


def path_event(state: str, **fields: object) -> dict[str, object]:
    message = {
        "down": "Path down: nothing behind edge-1 is reached. 34 hosts cannot be seen.",
        "back": "Path back: hosts behind edge-1 are reached again.",
        "over": "",
    }[state]
    known = {"event": "path", "kind": "jump host", "name": "edge-1", "hosts": 34}
    return {**known, "state": state, "message": message, **fields}


def test_a_path_that_is_down_is_one_notice_and_one_notification(
    rooms: Rooms, fleet_store: str
) -> None:
    routing = rooms.open(fleet_store)
    desk, notice = a_desk(routing), routing.window.notice
    news: list[PathNews] = []
    desk.path_news.connect(news.append)
    desk.engine.happened.emit(path_event("down", first=True))
    desk.engine.happened.emit(path_event("down", first=False))
    assert notice.text.startswith("Path down: nothing behind edge-1 is reached.")
    desk.engine.happened.emit(path_event("down", first=True, kind="network", name="10.1.0.0/16"))
    assert notice.text.endswith("1 more path is down.")
    desk.engine.happened.emit(path_event("over", kind="network", name="10.1.0.0/16"))
    assert not notice.text.endswith("1 more path is down.")
    desk.engine.happened.emit(path_event("back"))
    assert notice.text == "Path back. Hosts behind edge-1 are reached again."
    assert [each.title for each in news] == ["Path down", "Path down", "Path back"]
    assert news[0].message == "Nothing behind edge-1 is reached. 34 hosts cannot be seen."
    desk._back_was_read()
    assert notice.text == ""


def test_an_engine_that_begins_anew_tells_of_paths_anew(rooms: Rooms, fleet_store: str) -> None:
    routing = rooms.open(fleet_store)
    desk = a_desk(routing)
    desk.engine.happened.emit(path_event("down", first=True))
    desk.engine.happened.emit({"event": "ready"})
    assert routing.window.notice.text == ""
    desk.engine.happened.emit(path_event("back"))
    assert routing.window.notice.text == ""
