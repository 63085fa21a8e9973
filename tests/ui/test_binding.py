"""The Qt binding itself: a release that loses references to None aborts after some 5,000 calls."""

import sys

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot


def test_void_calls_leave_the_references_to_none_alone(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    label.setText("warm up")
    before = sys.getrefcount(None)
    for number in range(1_000):
        label.setText(str(number))
    lost = before - sys.getrefcount(None)
    assert lost < 100, f"{lost} references to None were lost in 1,000 calls"
