"""Every key is told in the window and in the documentation alike, and does something."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.pages.fleet.data import Fleet
from ui.shortcuts import SHORTCUTS
from ui.theme import LIGHT
from ui.window import MainWindow

DOCUMENT = Path(__file__).parents[2] / "docs" / "window.md"


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    window = MainWindow(LIGHT)
    qtbot.addWidget(window)
    window.show_fleet(Fleet())
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.close()


def test_the_documentation_holds_the_same_list() -> None:
    rows = [line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| ")]
    told = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows]
    assert told[0] == ("Where", "Keys", "What they do")
    assert tuple(told[1:]) == SHORTCUTS


def test_every_key_of_the_window_is_in_the_list(window: MainWindow) -> None:
    bound = {s.key().toString() for s in window.findChildren(QShortcut)}
    told = {
        QKeySequence(key).toString()
        for place, keys, _ in SHORTCUTS
        if place == "Everywhere"
        for key in keys.split(" or ")
    }
    assert bound == told


def test_f1_and_the_question_mark_show_it_and_take_it_away(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    panel = window._keys
    assert panel is not None
    assert panel.isVisible()
    assert window.rect().contains(panel.geometry())
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert not panel.isVisible()
    QTest.keyClick(window, "?")
    assert panel.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not panel.isVisible()
