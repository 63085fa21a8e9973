"""A chart of one figure against another: points and a line, axes painted by hand."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.plain import draw_text
from ui.theme import Size, Theme, font

_LEFT, _BOTTOM, _TOP, _RIGHT = 64, 22, 10, 16


class XYChart(QWidget):
    """All coordinates are shares 0..1; labels are (share, text)."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bottom: Sequence[tuple[float, str]] = ()
        self._left: Sequence[tuple[float, str]] = ()
        self.view = pg.GraphicsView(self, background=theme.surface)
        self.view.setFrameShape(self.view.Shape.NoFrame)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        self.view.setCentralItem(box)
        box.setRange(xRange=(-0.01, 1.01), yRange=(-0.02, 1.02), padding=0)
        pen = QPen(QColor(theme.accent), 1)
        pen.setCosmetic(True)
        self._fit = pg.PlotCurveItem(pen=pen, antialias=True)
        self._points = pg.ScatterPlotItem(
            symbol="o", size=6, pen=None, brush=theme.color(theme.ink, 150)
        )
        for item in (self._points, self._fit):
            box.addItem(item, ignoreBounds=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(120)

    def show_points(
        self,
        points: tuple[NDArray[np.float64], NDArray[np.float64]],
        fit: tuple[NDArray[np.float64], NDArray[np.float64]],
    ) -> None:
        self._points.setData(*points)
        self._fit.setData(*fit)

    def set_axes(
        self, bottom: Sequence[tuple[float, str]], left: Sequence[tuple[float, str]]
    ) -> None:
        self._bottom, self._left = bottom, left
        self.update()

    def resizeEvent(self, event: object) -> None:  # noqa: N802
        self.view.setGeometry(
            _LEFT, _TOP, self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        if self.hasFocus():
            painter.fillRect(QRect(0, _TOP, 2, self.height() - _TOP), QColor(self._theme.accent))
        painter.setFont(font(Size.SMALL))
        painter.setPen(QColor(self._theme.muted))
        inner = self.view.geometry()
        for share, text in self._left:
            y = inner.top() + round((1 - share) * inner.height()) - 7
            align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            draw_text(painter, QRect(0, y, _LEFT - 8, 14), text, align)
        for share, text in self._bottom:
            x = inner.left() + round(share * inner.width())
            width = painter.fontMetrics().horizontalAdvance(text) + 4
            left = min(max(x - width // 2, 0), self.width() - width)
            centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
            draw_text(painter, QRect(left, inner.bottom() + 4, width, 14), text, centre)
        painter.end()
