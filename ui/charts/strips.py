"""Rows of coloured stretches of time: uptime strips."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem

from ui.charts.items import Frame, PixelItem, span_rects
from ui.charts.link import TimeLink

#: Of a row's height, the free space at each side of the strip.
_MARGIN = 0.2
#: (colour or "" for hatched, (n, 2) stretches in epoch seconds)
Painted = tuple[str, NDArray[np.float64]]


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
            top = 1 - (index + _MARGIN) / count
            bottom = 1 - (index + 1 - _MARGIN) / count
            for color, spans in row:
                self._paint(painter, color, spans, frame, bottom, top)

    def _paint(
        self,
        painter: QPainter,
        color: str,
        spans: NDArray[np.float64],
        frame: Frame,
        bottom: float,
        top: float,
    ) -> None:
        for rect in span_rects(list(spans), frame, bottom, top):
            painter.fillRect(rect, QColor(color) if color else self._ground)
            if not color:
                painter.fillRect(rect, self._hatch)
