"""Rows of coloured stretches of time: uptime strips."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem

from ui.charts.items import Frame, PixelItem, span_rects
from ui.charts.link import TimeLink


@dataclass(frozen=True, slots=True)
class Painted:
    """Stretches of one state."""

    color: str  # "" for hatched
    spans: NDArray[np.float64]  # (n, 2) epoch seconds
    share: float  # of the row's height


class StripsItem(PixelItem):
    """Equal rows from top to bottom; short stretches stay visible: at least one pixel."""

    def __init__(self, box: QGraphicsItem, link: TimeLink, ground: str, line: str) -> None:
        super().__init__(box, link, -40)
        self._ground = QColor(ground)
        self._hatch = QBrush(QColor(line), Qt.BrushStyle.BDiagPattern)
        self._rows: Sequence[Sequence[Painted]] = ()

    def set_rows(self, rows: Sequence[Sequence[Painted]]) -> None:
        self._rows = rows
        self.update()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        count = max(1, len(self._rows))
        for index, row in enumerate(self._rows):
            middle = 1 - (index + 0.5) / count
            for painted in row:
                self._paint(painter, painted, frame, (middle, painted.share / count / 2))

    def _paint(
        self, painter: QPainter, painted: Painted, frame: Frame, place: tuple[float, float]
    ) -> None:
        middle, half = place
        for rect in span_rects(painted.spans, frame, middle - half, middle + half):
            painter.fillRect(rect, QColor(painted.color) if painted.color else self._ground)
            if not painted.color:
                painter.fillRect(rect, self._hatch)
