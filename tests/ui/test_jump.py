"""A few letters find the application that was meant."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.samples import fleet, hosts
from ui.fuzzy import best, score
from ui.jump import JumpPanel
from ui.pages.fleet.view import jump_order
from ui.theme import LIGHT


@pytest.mark.parametrize(
    ("query", "first"),
    [("gen", "General Ledger"), ("gl", "General Ledger"), ("ledg", "General Ledger"),
     ("wbshp", "Web shop"), ("", "General Ledger")],
)  # fmt: skip
def test_what_a_few_letters_mean(query: str, first: str) -> None:
    names = ["General Ledger", "Web shop", "Order queue"]
    assert best(query, names, lambda name: (name,))[0] == first


def test_letters_that_are_not_there_find_nothing() -> None:
    assert best("xyz", ["General Ledger"], lambda name: (name,)) == []
    assert score("ledgers", "ledger") == 0


def test_a_beginning_beats_a_middle_beats_scattered_letters() -> None:
    scores = [score("led", name) for name in ("ledger", "the ledger", "pedled", "lxexd")]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[JumpPanel]:
    window = QWidget()
    window.resize(1000, 700)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    panel = JumpPanel(LIGHT, window)
    panel.place(window.width(), 40)
    panel.open(jump_order(fleet(40)))
    yield panel


def test_it_offers_the_most_urgent_first(panel: JumpPanel) -> None:
    assert panel.found[:3] == ["shop", "ledger", "queue"]


def test_typing_narrows_arrows_move_and_enter_chooses(panel: JumpPanel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel._field, "order")
    assert panel.found[0] == "queue"
    QTest.keyClick(panel._field, Qt.Key.Key_Down)
    QTest.keyClick(panel._field, Qt.Key.Key_Up)
    with qtbot.waitSignal(panel.chosen) as chosen:
        QTest.keyClick(panel._field, Qt.Key.Key_Return)
    assert chosen.args == ["queue"]
    assert panel.isHidden()


def test_a_host_is_found_by_its_name_and_applications_come_first(
    panel: JumpPanel, qtbot: QtBot
) -> None:
    named = replace(hosts()[0], host="order-db-7.example.org")
    panel.open(jump_order(fleet(40)), (named, *hosts()[1:]))
    assert "order-db-7.example.org" not in panel.found  # the first ten are applications
    QTest.keyClicks(panel._field, "order")
    assert panel.found.index("queue") < panel.found.index("order-db-7.example.org")
    panel._field.clear()
    QTest.keyClicks(panel._field, "db-7")
    assert panel.found[0] == "order-db-7.example.org"
    with qtbot.assertNotEmitted(panel.chosen), qtbot.waitSignal(panel.host_chosen) as chosen:
        QTest.keyClick(panel._field, Qt.Key.Key_Return)
    assert chosen.args == ["order-db-7.example.org"]


def test_escape_closes_it_without_a_choice(panel: JumpPanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.chosen), qtbot.waitSignal(panel.closed):
        QTest.keyClick(panel._field, Qt.Key.Key_Escape)
    assert panel.isHidden()


def test_enter_on_nothing_does_nothing(panel: JumpPanel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel._field, "zzzz")
    assert panel.found == []
    assert panel._nothing.isVisible()
    assert panel._nothing.text() == "No application and no host is called 'zzzz'"
    with qtbot.assertNotEmitted(panel.chosen):
        QTest.keyClick(panel._field, Qt.Key.Key_Return)
    panel.dismiss()
