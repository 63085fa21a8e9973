"""Deciding about causes in the real page: keys and menu, a real store, a real event loop."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextFormat
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QMenu
from pytestqt.qtbot import QtBot

from psbuddy.model.causes import Decision, Deed
from psbuddy.model.observation import Example
from psbuddy.store import connect_readonly, deciding, open_store
from psbuddy.store.read.causes import cause_rows
from psbuddy.store.sqlite import DRIVER
from tests.support import fleet_store as fleet
from tests.support.visits import cause, log, visit
from ui.decisions import DecisionDesk
from ui.pages.application.page import ApplicationPage
from ui.panels.causes.deeds import KEYS, offers
from ui.panels.causes.dialogs import KnownDialog, RenameDialog, SplitDialog
from ui.panels.causes.widget import CausesPanel
from ui.reading import Reader
from ui.shortcuts import SHORTCUTS
from ui.theme import LIGHT
from ui.worker import Worker

OLD, NEW, LOGIN = "a" * 40, "b" * 40, "c" * 40
EVIL = "<b>Pay & host</b>\u202e"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fleet")
    store = fleet.build(folder)
    examples = tuple(
        Example(fleet.NOW - 600 + n, f"2026 ERROR login of u{n % 2} from 10.0.0.{n} refused")
        for n in range(4)
    )
    fact = cause(LOGIN, ((fleet.NOW - 600, 4),), template="login of <*> from <*> refused",
                 title="login of <*> from <*> refused", exception="", frame="",
                 examples=examples)  # fmt: skip
    store.commit(
        [visit(log("shop", causes=(fact,), read_until=fleet.NOW), at=fleet.NOW)], fleet.NOW
    )
    store.close()
    return folder / "fleet.db"


@pytest.fixture
def db(built: Path, tmp_path: Path) -> str:
    return str(shutil.copy(built, tmp_path / "own.db"))


@pytest.fixture
def desk(db: str) -> Iterator[DecisionDesk]:
    worker = Worker("decisions")
    made = DecisionDesk(db, worker)
    yield made
    worker.close()


@pytest.fixture
def page(qtbot: QtBot, db: str, desk: DecisionDesk) -> Iterator[ApplicationPage]:
    reader = Reader(db)
    made = ApplicationPage(LIGHT, reader, clock=lambda: fleet.NOW, zone=fleet.LONDON)
    qtbot.addWidget(made)
    made.decision_wanted.connect(desk.decide)
    desk.written.connect(made.refresh)
    made.resize(1440, 900)
    with qtbot.waitSignal(made.built):
        made.show()
    with qtbot.waitSignal(made.painted):
        made.open_app("shop", "Web shop")
    yield made
    reader.close()


@pytest.fixture
def panel(page: ApplicationPage) -> CausesPanel:
    found = page.body.panels["causes"]
    assert isinstance(found, CausesPanel)
    return found


def choose(panel: CausesPanel, qtbot: QtBot, *causes: str) -> None:
    """Click the rows, the first one last: it is the one a merge keeps."""
    first, *others = causes
    panel.choose(others[0] if others else first)
    for name in (*others[1:], first):
        index = panel.model.index(panel.model.row_of(name), 0)
        place = panel.table.visualRect(index).center()
        keys = Qt.KeyboardModifier.ControlModifier if others else Qt.KeyboardModifier.NoModifier
        qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, keys, place)
    qtbot.waitUntil(lambda: panel.decisions.story is not None)


def decide(page: ApplicationPage, qtbot: QtBot, act: Callable[[], object]) -> None:
    """Act, and wait until the page shows what the store holds then."""
    with qtbot.waitSignal(page.loaded):
        act()


def press(panel: CausesPanel, qtbot: QtBot, key: Qt.Key) -> None:
    panel.table.setFocus()
    qtbot.keyClick(panel.table, key)


def rows(panel: CausesPanel) -> dict[str, tuple[str, int]]:
    """Badge and records of every row."""
    found = [panel.model.row(number) for number in range(panel.model.rowCount())]
    return {row.cause: (row.badge, int(row.sort[1])) for row in found if row is not None}


def test_what_is_behind_a_cause_is_read_and_its_variable_parts_are_marked(
    panel: CausesPanel, qtbot: QtBot
) -> None:
    choose(panel, qtbot, LOGIN)
    text = panel.detail.toPlainText()
    assert text.splitlines()[:4] == [
        "login of ‹1› from ‹2› refused",
        "‹1› u0 2×, u1 2×",
        "‹2› 10.0.0.0 1×, 10.0.0.1 1×, 10.0.0.2 1×, 10.0.0.3 1×",
        "Of the 4 messages kept.",
    ]
    assert "after deployment 4.18.2" in text
    marks = panel.detail.extraSelections()
    assert [mark.cursor.selectedText() for mark in marks] == ["‹1›", "‹2›"]
    assert all(
        mark.format.boolProperty(QTextFormat.Property.FontUnderline) or mark.format.fontUnderline()
        for mark in marks
    )
    row = panel.model.row(panel.model.row_of(LOGIN))
    assert row is not None and row.texts[0] == "login of … from … refused"


def test_chosen_ones_are_merged_by_a_key_and_split_by_the_dialog(
    page: ApplicationPage, panel: CausesPanel, qtbot: QtBot
) -> None:
    before = rows(panel)
    choose(panel, qtbot, OLD, NEW)
    decide(page, qtbot, lambda: press(panel, qtbot, Qt.Key.Key_M))
    merged = rows(panel)
    assert set(merged) == {OLD, LOGIN}
    assert merged[OLD][1] == before[OLD][1] + before[NEW][1]
    qtbot.waitUntil(lambda: "merged by a person" in panel.detail.toPlainText())
    press(panel, qtbot, Qt.Key.Key_S)
    (dialog,) = page.window().findChildren(SplitDialog)
    ok = dialog.box.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()  # nothing is ticked
    items = [dialog.list.item(row, 0) for row in range(dialog.list.rowCount())]
    assert "(56 records): merged by a person" in items[1].text()
    items[0].setCheckState(Qt.CheckState.Checked)
    items[1].setCheckState(Qt.CheckState.Checked)
    assert not ok.isEnabled()  # nothing would be left
    items[0].setCheckState(Qt.CheckState.Unchecked)
    decide(page, qtbot, ok.click)
    assert {name: count for name, (_, count) in rows(panel).items()} == {
        name: count for name, (_, count) in before.items()
    }


def test_mute_is_taken_back_by_the_same_key_and_greys_the_row(
    page: ApplicationPage, panel: CausesPanel, qtbot: QtBot
) -> None:
    choose(panel, qtbot, NEW)
    assert page.header.headline.text.startswith("Errors ")
    decide(page, qtbot, lambda: press(panel, qtbot, Qt.Key.Key_U))
    assert rows(panel)[NEW] == ("∅ MUTED", 56)
    row = panel.model.row(panel.model.row_of(NEW))
    assert row is not None and row.quiet
    assert not page.header.headline.text.startswith("Errors ")  # it alarms no more
    texts = [action.text() for action in panel.decisions.menu().actions()]
    assert "No longer muted\tU" in texts
    decide(page, qtbot, lambda: press(panel, qtbot, Qt.Key.Key_U))
    assert rows(panel)[NEW] == ("◇ NEW", 56)


def test_a_new_title_is_shown_letter_by_letter(
    page: ApplicationPage, panel: CausesPanel, qtbot: QtBot
) -> None:
    choose(panel, qtbot, OLD)
    press(panel, qtbot, Qt.Key.Key_F2)
    (dialog,) = page.window().findChildren(RenameDialog)
    assert dialog.edit.text() == fleet.OLD
    assert all(
        label.textFormat() is Qt.TextFormat.PlainText for label in dialog.findChildren(QLabel)
    )
    dialog.edit.setText(EVIL)
    decide(page, qtbot, dialog.accept)
    row = panel.model.row(panel.model.row_of(OLD))
    assert row is not None and row.texts[0] == EVIL
    shown = panel.model.data(panel.model.index(panel.model.row_of(OLD), 0))
    assert shown.startswith("<b>Pay & host</b>") and "\u202e" not in shown


def test_a_known_error_has_its_reference_and_its_day(
    page: ApplicationPage, panel: CausesPanel, qtbot: QtBot
) -> None:
    choose(panel, qtbot, NEW)
    press(panel, qtbot, Qt.Key.Key_K)
    (dialog,) = page.window().findChildren(KnownDialog)
    qtbot.keyClicks(dialog.edit, "PRB-17")
    assert dialog.until() == 0
    dialog.gone.setChecked(True)
    assert dialog.until() == fleet.at("2026-12-08 00:00")
    decide(page, qtbot, dialog.accept)
    assert rows(panel)[NEW][0] == "≡ KNOWN"
    qtbot.waitUntil(lambda: "Known error: PRB-17" in panel.detail.toPlainText())
    row = panel.model.row(panel.model.row_of(NEW))
    assert row is not None
    texts = [offer.text for offer in offers([row])]
    assert "No longer a known error" in texts


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_opens_by_key_by_button_and_by_mouse(panel: CausesPanel, qtbot: QtBot) -> None:
    def opened() -> QMenu:
        menus = [menu for menu in panel.table.findChildren(QMenu) if menu.isVisible()]
        assert len(menus) == 1
        return menus[0]

    choose(panel, qtbot, OLD)
    for way in (
        panel.decide.click,
        lambda: panel.table.customContextMenuRequested.emit(QPoint(40, 40)),
    ):
        way()
        menu = opened()
        labels = [action.text() for action in menu.actions()]
        assert labels[:3] == ["Lines on the host\tL", "", "Merge: choose two or more first\tM"]
        assert not menu.actions()[2].isEnabled() and menu.actions()[4].isEnabled()
        menu.close()
        qtbot.waitUntil(lambda: not panel.table.findChildren(QMenu))
    panel.choose("")
    panel.table.customContextMenuRequested.emit(QPoint(40, 40))
    assert not panel.table.findChildren(QMenu)


def test_the_lines_on_the_host_are_asked_for_by_key_and_first_in_the_menu(
    page: ApplicationPage, panel: CausesPanel, qtbot: QtBot
) -> None:
    choose(panel, qtbot, LOGIN)
    with qtbot.waitSignal(page.lines_wanted) as pressed:
        press(panel, qtbot, Qt.Key.Key_L)
    asked = pressed.args[0]
    assert (asked["app"], asked["log"]) == ("shop", "app")
    assert asked["text"].startswith("2026 ERROR login of ")
    panel.show_lines({"lines": ["before", "it"], "at": 1})
    assert panel.detail.toPlainText() == "  before\n▶ it"
    with qtbot.waitSignal(page.lines_wanted) as chosen:
        panel.decisions.menu().actions()[0].trigger()
    assert chosen.args[0] == asked  # the menu always reads anew, only the button leads back


def test_the_button_to_the_lines_stands_between_table_and_details(
    panel: CausesPanel, qtbot: QtBot
) -> None:
    choose(panel, qtbot, LOGIN)
    qtbot.waitUntil(panel.around.isVisible)
    assert panel.around.text() == "Lines on the host"
    assert panel.table.geometry().bottom() < panel.around.y() < panel.detail.y()


def test_what_is_being_chosen_survives_new_data(
    page: ApplicationPage, panel: CausesPanel, qtbot: QtBot, db: str
) -> None:
    choose(panel, qtbot, OLD, NEW)
    with open_store(db) as store:
        fact = cause(OLD, ((fleet.NOW - 60, 7),))
        store.commit([visit(log("shop", causes=(fact,)), at=fleet.NOW)], fleet.NOW)
    before = rows(panel)[OLD][1]
    decide(page, qtbot, page.refresh)
    assert rows(panel)[OLD][1] == before + 7
    chosen = panel.table.selectionModel().selectedRows()
    assert {panel.model.row(index.row()).cause for index in chosen} == {OLD, NEW}


def test_a_store_that_is_held_is_told_and_nothing_is_lost(
    panel: CausesPanel, qtbot: QtBot, db: str, desk: DecisionDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "BUSY_SECONDS", 0.05)
    choose(panel, qtbot, NEW)
    with closing(DRIVER.connect(db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with qtbot.waitSignal(desk.failed) as caught:
            press(panel, qtbot, Qt.Key.Key_U)
        assert "is locked by another program" in caught.args[0]
        other.execute("ROLLBACK")
    with qtbot.waitSignal(desk.written):
        press(panel, qtbot, Qt.Key.Key_U)
    with closing(connect_readonly(db)) as conn:
        states = {row.cause: row.state for row in cause_rows(conn, "shop", 0, fleet.NOW)}
    assert states[NEW] == "muted"


def test_decisions_are_written_in_the_order_they_were_made(
    qtbot: QtBot, desk: DecisionDesk, db: str
) -> None:
    for deed in (Deed.MUTE, Deed.UNMARK, Deed.KNOWN):
        desk.decide(Decision("shop", deed, (OLD,)))
    with qtbot.waitSignal(desk.written, check_params_cb=lambda done: done.deed is Deed.KNOWN):
        pass
    with closing(connect_readonly(db)) as conn:
        states = {row.cause: row.state for row in cause_rows(conn, "shop", 0, fleet.NOW)}
    assert states[OLD] == "known"


def test_every_key_of_the_menu_is_in_the_list_of_keys() -> None:
    told = {(keys, deed) for place, keys, deed in SHORTCUTS if place == "Causes"}
    assert set(KEYS) <= told
