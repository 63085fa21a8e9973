"""What is painted inside a chart, in whole pixels: grid, hatching, bands, bars, marks.

pyqtgraph's own items draw in data coordinates, which blurs edges, scales patterns and
costs a path per rectangle. These are children of the view box itself: a value becomes a
pixel in numpy, and all rectangles of one colour go to the painter in one call.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyqtgraph.Qt import internals
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ui.charts.lanes import place
from ui.charts.link import TimeLink
from ui.plain import draw_text

Pixels = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """How moments and heights become pixels, for one painting."""

    since: float
    until: float
    width: float
    height: float
    pad: float = 0.0  # pixels kept free above 1 and below 0, for the labels beside them

    def x(self, times: ArrayLike) -> Pixels:
        array = np.asarray(times, dtype=np.float64)
        return (array - self.since) * (self.width / (self.until - self.since))

    def y(self, units: ArrayLike) -> Pixels:
        inner = self.height - 2 * self.pad
        return self.pad + (1.0 - np.asarray(units, dtype=np.float64)) * inner


class PixelItem(QGraphicsItem):
    """Base: knows its frame, fills the view box, draws in pixels."""

    def __init__(self, box: QGraphicsItem, link: TimeLink, depth: int) -> None:
        super().__init__(box)
        self._link = link
        self._size = (1.0, 1.0)
        self._pad = 0.0
        self.setZValue(depth)

    def resize(self, width: float, height: float, pad: float = 0.0) -> None:
        self.prepareGeometryChange()
        self._size, self._pad = (width, height), pad

    def boundingRect(self) -> QRectF:  # noqa: N802
        return QRectF(0, 0, *self._size)

    def frame(self) -> Frame:
        return Frame(self._link.since, self._link.until, *self._size, self._pad)

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
        for rect in span_rects(self._spans, _unpadded(frame), 0.0, 1.0):
            painter.fillRect(rect, self._ground)
            painter.fillRect(rect, self._brush)


def _unpadded(frame: Frame) -> Frame:
    return replace(frame, pad=0.0)


def span_rects(spans: ArrayLike, frame: Frame, bottom: float, top: float) -> list[QRectF]:
    """Pixel rectangles, at least 1 px wide, of the (n, 2) stretches that are in view."""
    edges = frame.x(spans).reshape(-1, 2)
    left = np.floor(np.clip(edges[:, 0], 0, frame.width))
    right = np.ceil(np.clip(edges[:, 1], 0, frame.width))
    upper, lower = round(float(frame.y(top))), round(float(frame.y(bottom)))
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
    least: float = 1.0  # pixels a bar has at least; 0: one too low to see is not drawn


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
        """A frame around bars wide enough for one; a cap on those that are not."""
        memory = self._rects.ndarray()
        wide = len(memory) > 0 and bool(memory[:, 2].max() >= 5)
        if not wide:
            memory[:, 3] = 1
            painter.setBrush(QColor(color))
            painter.drawRects(*self._rects.drawargs())
            return
        painter.setPen(QPen(QColor(color), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        memory[:, 2:] -= 1  # the pen draws one pixel beyond the rectangle
        painter.drawRects(*self._rects.drawargs())

    def _load(self, bars: Bars, frame: Frame) -> None:
        x0, x1 = frame.x(bars.start), frame.x(bars.end)
        seen = (x1 > 0) & (x0 < frame.width) & np.isfinite(bars.top) & (bars.top > bars.bottom)
        left = np.round(np.clip(x0[seen], -2, frame.width + 2))
        right = np.round(np.clip(x1[seen], -2, frame.width + 2))
        width = np.maximum(1.0, right - left)
        if bars.spaced:
            width = np.where(width >= 4, width - 1, width)
        upper = np.round(frame.y(np.clip(bars.top[seen], 0, 1.2)))
        lower = np.round(frame.y(bars.bottom[seen]))
        self._rects.resize(len(left))
        memory = self._rects.ndarray()
        memory[:, 0], memory[:, 1] = left, upper
        memory[:, 2], memory[:, 3] = width, np.maximum(bars.least, lower - upper)


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape on the time axis with a word beside it."""

    time: float
    shape: str  # deployment, cause, note, restart
    label: str
    color: str


class MarksItem(PixelItem):
    """Marks in two lanes, with labels that nothing touches; one without room has none."""

    LANES = 2

    def __init__(self, box: QGraphicsItem, link: TimeLink, text: str, face: QFont) -> None:
        super().__init__(box, link, 20)
        self._text, self._face = QColor(text), face
        self._marks: Sequence[Mark] = ()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        self._marks = sorted(marks, key=lambda mark: mark.time)
        self.update()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        painter.setFont(self._face)
        metrics = painter.fontMetrics()
        seen = [
            (float(np.clip(x, 6, frame.width - 6)), mark)
            for mark, x in zip(self._marks, frame.x([m.time for m in self._marks]), strict=True)
            if -8 <= x <= frame.width + 8
        ]
        sizes = [(x, metrics.horizontalAdvance(mark.label) + 4.0) for x, mark in seen]
        placed = place(sizes, self.LANES, frame.width)
        lanes = 1 + max((one.lane for one in placed), default=0)
        for one in placed:
            mark = seen[one.number][1]
            middle = frame.height * (2 * one.lane + 1) / (2 * lanes)
            draw_mark(painter, mark.shape, one.x, middle, QColor(mark.color))
            if one.text is not None:
                painter.setPen(self._text)
                room = QRectF(one.text, middle - 8, one.width, 16)
                draw_text(painter, room.toRect(), mark.label)


def draw_mark(painter: QPainter, shape: str, x: float, y: float, color: QColor) -> None:
    """▽ deployment, ◇ new cause, □ restart, a folded page for a note: 9 px wide."""
    shapes: dict[str, list[tuple[float, float]]] = {
        "deployment": [(-4.5, -4), (4.5, -4), (0, 4.5)],
        "cause": [(0, -5), (5, 0), (0, 5), (-5, 0)],
        "note": [(-4, -5), (2, -5), (4, -3), (4, 5), (-4, 5)],
    }
    corners = shapes.get(shape, [(-4, -4), (4, -4), (4, 4), (-4, 4)])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(_polygon(corners, x, y))
    painter.restore()


def _polygon(corners: Sequence[tuple[float, float]], x: float, y: float) -> QPolygonF:
    polygon = QPolygonF()
    for dx, dy in corners:
        polygon.append(QPointF(x + dx, y + dy))
    return polygon


class CursorItem(PixelItem):
    """The crosshair, and the stretch being chosen with the mouse."""

    def __init__(self, box: QGraphicsItem, link: TimeLink, line: str, fill: QColor) -> None:
        super().__init__(box, link, 90)
        self._pen = QPen(QColor(line), 1)
        self._fill = fill
        self.stretch: tuple[float, float] | None = None

    def draw(self, painter: QPainter, frame: Frame) -> None:
        if self.stretch is not None:
            for rect in span_rects([self.stretch], _unpadded(frame), 0.0, 1.0):
                painter.fillRect(rect, self._fill)
        if self._link.cursor is not None:
            x = min(int(frame.x(self._link.cursor)), int(frame.width) - 1)
            painter.setPen(self._pen)
            painter.drawLine(x, 0, x, int(frame.height))
