"""The probe sees a slow turn of the loop and nothing that runs outside it."""

import time

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from ui.probe import TurnProbe


def burn(milliseconds: float) -> None:
    end = time.thread_time() + milliseconds / 1000
    while time.thread_time() < end:
        pass


def test_a_slow_slot_is_a_slow_turn(qtbot: QtBot) -> None:
    probe = TurnProbe(limit_ms=20)
    done: list[bool] = []
    QTimer.singleShot(5, lambda: (burn(30), done.append(True)))
    qtbot.waitUntil(lambda: bool(done))
    probe.stop()
    assert len(probe.slow) == 1
    assert probe.worst.cpu_ms >= 30
    assert probe.turns > 1


def test_what_the_test_itself_burns_does_not_count(qtbot: QtBot) -> None:
    probe = TurnProbe(limit_ms=20)
    for _ in range(2):
        burn(40)
        turns = probe.turns
        qtbot.waitUntil(lambda turns=turns: probe.turns > turns)
    probe.stop()
    assert probe.slow == []


def test_sleeping_costs_no_cpu(qtbot: QtBot) -> None:
    probe = TurnProbe(limit_ms=20)
    qtbot.waitUntil(lambda: probe.turns > 3)
    probe.stop()
    assert probe.turns > 0
    assert probe.slow == []


def test_a_stopped_probe_hears_nothing_more(qtbot: QtBot) -> None:
    probe = TurnProbe(limit_ms=20)
    probe.stop()
    probe.stop()
    burnt: list[bool] = []
    QTimer.singleShot(0, lambda: burnt.append(burn(30) is None))
    qtbot.waitUntil(lambda: bool(burnt))
    assert probe.turns == 0
