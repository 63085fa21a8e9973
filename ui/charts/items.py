"""What is painted inside a chart, in whole pixels: grid, hatching, bands, bars, marks.

pyqtgraph's own items draw in data coordinates, which blurs edges, scales patterns and
costs a path per rectangle. These are children of the view box itself: a value becomes a
pixel in numpy, and all rectangles of one colour go to the painter in one call.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyqtgraph.Qt import internals
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ui.charts.link import TimeLink

Pixels = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """How moments and heights become pixels, for one painting."""

    since: float
    until: float
    width: float
    height: float

    def x(self, times: ArrayLike) -> Pixels:
        array = np.asarray(times, dtype=np.float64)
        return (array - self.since) * (self.width / (self.until - self.since))

    def y(self, units: ArrayLike) -> Pixels:
        return (1.0 - np.asarray(units, dtype=np.float64)) * self.height


class PixelItem(QGraphicsItem):
    """Base: knows its frame, fills the view box, draws in pixels."""

    def __init__(self, box: QGraphicsItem, link: TimeLink, depth: int) -> None:
        super().__init__(box)
        self._link = link
        self._size = (1.0, 1.0)
        self.setZValue(depth)

    def resize(self, width: float, height: float) -> None:
        self.prepareGeometryChange()
        self._size = (width, height)

    def boundingRect(self) -> QRectF:  # noqa: N802
        return QRectF(0, 0, *self._size)

    def frame(self) -> Frame:
        return Frame(self._link.since, self._link.until, *self._size)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.draw(painter, self.frame())

    def draw(self, painter: QPainter, frame: Frame) -> None:
        raise NotImplementedError


class GridItem(PixelItem):
    """Horizontal lines at the ticks of the left axis, opaque, one pixel."""

    def __init__(self, box: QGraphicsItem, link: TimeLink, color: str) -> None:
        super().__init__(box, link, -90)
        self._pen = QPen(QColor(color), 1)
        self._pen.setCosmetic(True)
        self._heights: tuple[float, ...] = ()

    def set_heights(self, heights: Sequence[float]) -> None:
        self._heights = tuple(heights)
        self.update()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        painter.setPen(self._pen)
        for height in frame.y(self._heights):
            y = min(round(float(height)), int(frame.height) - 1)
            painter.drawLine(0, y, int(frame.width), y)


class HatchItem(PixelItem):
    """Stretches that were not observed: never blank, never zero."""

    def __init__(self, box: QGraphicsItem, link: TimeLink, ground: str, line: str) -> None:
        super().__init__(box, link, -80)
        self._ground = QColor(ground)
        self._brush = QBrush(QColor(line), Qt.BrushStyle.BDiagPattern)
        self._spans: Sequence[tuple[float, float]] = ()

    def set_spans(self, spans: Sequence[tuple[float, float]]) -> None:
        self._spans = spans
        self.update()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        for rect in span_rects(self._spans, frame, 0.0, 1.0):
            painter.fillRect(rect, self._ground)
            painter.fillRect(rect, self._brush)


def span_rects(
    spans: Sequence[tuple[float, float]], frame: Frame, bottom: float, top: float
) -> list[QRectF]:
    """Pixel rectangles, at least 1 px wide, of stretches of time that are in view."""
    if not len(spans):
        return []
    edges = frame.x(np.asarray(spans, dtype=np.float64))
    left = np.floor(np.clip(edges[:, 0], 0, frame.width))
    right = np.ceil(np.clip(edges[:, 1], 0, frame.width))
    upper, lower = float(frame.y(top)), float(frame.y(bottom))
    seen = (edges[:, 1] > 0) & (edges[:, 0] < frame.width)
    return [
        QRectF(x0, upper, max(1.0, x1 - x0), lower - upper)
        for x0, x1 in zip(left[seen], right[seen], strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of one colour. Arrays of one length; heights 0..1, NaN draws nothing."""

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    bottom: NDArray[np.float64]
    top: NDArray[np.float64]
    color: str
    outline: str = ""  # colour of a one-pixel outline, "" for none
    spaced: bool = True  # leave a pixel between neighbours where there is room


class BarsItem(PixelItem):
    """Any number of `Bars`, one drawRects call for each."""

    def __init__(self, box: QGraphicsItem, link: TimeLink, depth: int = -50) -> None:
        super().__init__(box, link, depth)
        self._bars: Sequence[Bars] = ()
        self._rects = internals.PrimitiveArray(QRectF, 4)

    def set_bars(self, bars: Sequence[Bars]) -> None:
        self._bars = bars
        self.update()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        for bars in self._bars:
            self._load(bars, frame)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(bars.color))
            painter.drawRects(*self._rects.drawargs())
            if bars.outline:
                self._outline(painter, bars.outline)

    def _outline(self, painter: QPainter, color: str) -> None:
        painter.setPen(QPen(QColor(color), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        memory = self._rects.ndarray()
        memory[:, 2:] -= 1  # the pen draws one pixel beyond the rectangle
        keep = memory[:, 3] >= 1
        inner = memory[keep]
        self._rects.resize(len(inner))
        self._rects.ndarray()[:] = inner
        painter.drawRects(*self._rects.drawargs())

    def _load(self, bars: Bars, frame: Frame) -> None:
        x0, x1 = frame.x(bars.start), frame.x(bars.end)
        seen = (x1 > 0) & (x0 < frame.width) & np.isfinite(bars.top) & (bars.top > bars.bottom)
        left = np.round(np.clip(x0[seen], -2, frame.width + 2))
        right = np.round(np.clip(x1[seen], -2, frame.width + 2))
        width = np.maximum(1.0, right - left)
        if bars.spaced:
            width = np.where(width >= 4, width - 1, width)
        upper = np.floor(frame.y(np.clip(bars.top[seen], 0, 1.2)))
        lower = np.round(frame.y(bars.bottom[seen]))
        self._rects.resize(len(left))
        memory = self._rects.ndarray()
        memory[:, 0], memory[:, 1] = left, upper
        memory[:, 2], memory[:, 3] = width, np.maximum(1.0, lower - upper)


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape on the time axis with a word beside it."""

    time: float
    shape: str  # deployment, cause, note, restart
    label: str
    color: str


class MarksItem(PixelItem):
    """Marks with labels that never touch: a label without room is left to the read-out."""

    def __init__(self, box: QGraphicsItem, link: TimeLink, text: str) -> None:
        super().__init__(box, link, 20)
        self._text = QColor(text)
        self._marks: Sequence[Mark] = ()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        self._marks = sorted(marks, key=lambda mark: mark.time)
        self.update()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        places = frame.x([mark.time for mark in self._marks])
        metrics = painter.fontMetrics()
        for index, mark in enumerate(self._marks):
            x = float(places[index])
            if not -8 <= x <= frame.width + 8:
                continue
            draw_mark(painter, mark.shape, x, frame.height / 2, QColor(mark.color))
            after = float(places[index + 1]) - 8 if index + 1 < len(places) else frame.width
            room = int(after - x - 14)
            if metrics.horizontalAdvance(mark.label) > room:
                if room < 64:
                    continue
            label = metrics.elidedText(mark.label, Qt.TextElideMode.ElideRight, room)
            painter.setPen(self._text)
            painter.drawText(
                QRectF(x + 9, 0, room + 2, frame.height),
                int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine),
                label,
            )


def draw_mark(painter: QPainter, shape: str, x: float, y: float, color: QColor) -> None:
    """▽ deployment, ◇ new cause, □ restart, a folded page for a note: 9 px wide."""
    corners = {
        "deployment": [(-4.5, -4), (4.5, -4), (0, 4.5)],
        "cause": [(0, -5), (5, 0), (0, 5), (-5, 0)],
        "note": [(-4, -5), (2, -5), (4, -3), (4, 5), (-4, 5)],
    }.get(shape, [(-4, -4), (4, -4), (4, 4), (-4, 4)])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners]))
    painter.restore()


class CursorItem(PixelItem):
    """The crosshair, and the stretch being chosen with the mouse."""

    def __init__(self, box: QGraphicsItem, link: TimeLink, line: str, fill: QColor) -> None:
        super().__init__(box, link, 90)
        self._pen = QPen(QColor(line), 1)
        self._fill = fill
        self.stretch: tuple[float, float] | None = None

    def draw(self, painter: QPainter, frame: Frame) -> None:
        if self.stretch is not None:
            for rect in span_rects([self.stretch], frame, 0.0, 1.0):
                painter.fillRect(rect, self._fill)
        if self._link.cursor is not None:
            x = min(int(frame.x(self._link.cursor)), int(frame.width) - 1)
            painter.setPen(self._pen)
            painter.drawLine(x, 0, x, int(frame.height))
