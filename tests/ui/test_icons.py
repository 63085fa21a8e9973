"""States are told by shape as well as by colour; a gap is never blank."""

import itertools

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from psbuddy.model.terms import State
from ui.icons import STATE_WORDS, app_icon, paint_gap, state_icon, state_pixmap
from ui.theme import DARK, LIGHT, Theme


def silhouette(state: State) -> list[bool]:
    """Which pixels are inked, whatever the colour."""
    image = state_pixmap(state, LIGHT, 24).toImage()
    return [image.pixelColor(x, y).alpha() > 127 for x in range(24) for y in range(24)]


def test_no_two_states_have_the_same_shape(styled: QApplication) -> None:
    shapes = {state: silhouette(state) for state in State}
    for one, other in itertools.combinations(State, 2):
        differing = sum(a != b for a, b in zip(shapes[one], shapes[other], strict=True))
        assert differing > 40, (one, other)


def test_unknown_is_hollow_and_fine_is_not(styled: QApplication) -> None:
    centre = 12 * 24 + 12
    assert not silhouette(State.UNKNOWN)[centre]
    assert silhouette(State.UP)[centre]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_gap_is_hatched(theme: Theme, styled: QApplication) -> None:
    image = QImage(32, 32, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint_gap(painter, QRectF(0, 0, 32, 32), theme)
    painter.end()
    colors = {image.pixelColor(x, y).name() for x in range(32) for y in range(32)}
    assert {QColor(theme.gap).name(), QColor(theme.gap_line).name()} <= colors


def test_every_state_has_a_word_and_an_icon(styled: QApplication) -> None:
    assert set(STATE_WORDS) == set(State)
    assert len(set(STATE_WORDS.values())) == len(State)
    for state in State:
        assert not state_icon(state, DARK).isNull()
    assert not app_icon().isNull()
