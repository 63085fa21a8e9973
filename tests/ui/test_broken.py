"""Every broken state has a title, a sentence and one button that does something."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from psbuddy.store import errors
from ui.pages.broken.page import BrokenPage
from ui.pages.broken.view import OPEN_OTHER, RETRY, store_view
from ui.theme import LIGHT


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (errors.StoreNewer("x"), OPEN_OTHER),
        (errors.StoreNotOurs("x"), OPEN_OTHER),
        (errors.StoreDamaged("x"), OPEN_OTHER),
        (errors.StoreUrlError("x"), OPEN_OTHER),
        (errors.StoreOlder("x"), RETRY),
        (errors.StoreBusy("x"), RETRY),
        (errors.StoreNotWritable("x"), RETRY),
        (OSError("x"), RETRY),
    ],
)
def test_every_error_of_the_store_has_its_words(error: Exception, action: str) -> None:
    view = store_view(error)
    assert view.sentence == "x"
    assert view.action == action
    assert view.title
    assert view.button


def test_the_button_tells_its_action(qtbot: QtBot) -> None:
    page = BrokenPage(LIGHT)
    qtbot.addWidget(page)
    page.show_view(store_view(errors.StoreDamaged("<b>Page 7</b> is broken")))
    buttons = page.findChildren(QPushButton)
    assert len(buttons) == 1
    with qtbot.waitSignal(page.pressed) as pressed:
        QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert pressed.args == [OPEN_OTHER]
    assert "<b>Page 7</b>" in page.accessibleName()
