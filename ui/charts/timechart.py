"""A chart on the shared time axis: the only class that speaks to pyqtgraph's view box.

Vertical view is always 0..1 (see `ui.charts.scale`). The mouse: moving points the
crosshair, dragging chooses a stretch, Shift or the middle button drags the axis along,
Ctrl and the wheel zoom, Shift and the wheel pan, the plain wheel scrolls the page.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from ui.charts.items import CursorItem, GridItem, HatchItem, PixelItem
from ui.charts.link import TimeLink
from ui.theme import Theme

Array = NDArray[np.float64]
Item = TypeVar("Item", bound=PixelItem)
#: Fewer pixels than this are a click, not a drag.
DRAG_PIXELS = 5
_ZOOM = 1.3


class TimeChart(pg.GraphicsView):  # type: ignore[misc] # pyqtgraph is untyped
    """Empty chart of a fixed height; panels add items made once and set arrays on them."""

    clicked = Signal(float, float)  # moment (epoch seconds), height 0..1
    focused = Signal(bool)
    entered = Signal()  # Enter while the keyboard is here

    def __init__(
        self,
        theme: Theme,
        link: TimeLink,
        height: int,
        parent: QWidget | None = None,
        *,
        pad: int = 0,
    ) -> None:
        super().__init__(parent, background=theme.surface)
        self.link, self.theme, self._pad = link, theme, pad
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        self.setCentralItem(self._box)
        self._items: list[PixelItem] = []
        self.grid = self.add(GridItem(self._box, link, theme.grid))
        self.hatch = self.add(HatchItem(self._box, link, theme.gap, theme.gap_line))
        self._cursor = self.add(
            CursorItem(self._box, link, theme.muted, theme.color(theme.accent, 40))
        )
        self._pressed: tuple[float, bool] | None = None
        self.setFixedHeight(height)
        self.setMinimumWidth(160)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box.sigResized.connect(self._resized)
        link.moved.connect(self._moved)
        link.pointed.connect(self._pointed)
        self._moved()

    # -- items -----------------------------------------------------------------------

    def add(self, item: Item) -> Item:
        """Keep a painted item at the size of the chart."""
        self._items.append(item)
        item.resize(self._box.width(), self._box.height(), self._pad)
        return item

    @property
    def box(self) -> pg.ViewBox:
        """Parent for items of this chart."""
        return self._box

    def add_line(self, color: str, *, dashed: bool = False, depth: int = 0) -> "Line":
        """A line of width 1 that breaks where values are NaN."""
        pen = QPen(QColor(color), 1)
        pen.setCosmetic(True)
        if dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        curve = pg.PlotCurveItem(pen=pen, antialias=True, connect="finite", skipFiniteCheck=False)
        curve.setZValue(depth)
        self._box.addItem(curve, ignoreBounds=True)
        return Line(curve)

    def add_points(
        self, shape: str, color: str, *, size: int = 8, hollow: bool = False
    ) -> "Points":
        """Points of one shape and colour: o, d, x, t, t1, s as pyqtgraph names them."""
        pen = QPen(QColor(color), 1.5)
        pen.setCosmetic(True)
        brush = QColor(self.theme.surface) if hollow else QColor(color)
        scatter = pg.ScatterPlotItem(symbol=shape, size=size, pen=pen, brush=brush)
        scatter.setZValue(5)
        self._box.addItem(scatter, ignoreBounds=True)
        return Points(scatter)

    # -- where things are ------------------------------------------------------------

    def time_at(self, x: float) -> float:
        width = max(1.0, float(self.viewport().width()))
        return self.link.since + x / width * self.link.span

    def _moved(self) -> None:
        inner = max(1.0, self.height() - 2.0 * self._pad)
        beyond = self._pad / inner
        self._box.setRange(
            xRange=(self.link.since, self.link.until), yRange=(-beyond, 1 + beyond), padding=0
        )
        for item in self._items:
            item.update()

    def _resized(self) -> None:
        for item in self._items:
            item.resize(self._box.width(), self._box.height(), self._pad)
        self._moved()

    def _pointed(self, _: object) -> None:
        self._cursor.update()

    # -- mouse -----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        pan = event.button() is Qt.MouseButton.MiddleButton or bool(
            event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        )
        self._pressed = (event.position().x(), pan)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        x = event.position().x()
        if self._pressed is not None and event.buttons() != Qt.MouseButton.NoButton:
            self._drag(x)
        self.link.point(self.time_at(x))
        event.accept()

    def _drag(self, x: float) -> None:
        if self._pressed is None:
            return
        start, pan = self._pressed
        if pan:
            self.link.pan((start - x) / max(1, self.viewport().width()))
            self._pressed = (x, pan)
        elif abs(x - start) >= DRAG_PIXELS:
            ends = sorted((self.time_at(start), self.time_at(x)))
            self._cursor.stretch = (ends[0], ends[1])
            self._cursor.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        pressed, self._pressed = self._pressed, None
        stretch, self._cursor.stretch = self._cursor.stretch, None
        self._cursor.update()
        if stretch is not None:
            self.link.choose(*stretch)
        elif pressed is not None and not pressed[1] and event.button() is Qt.MouseButton.LeftButton:
            inner = max(1.0, self.viewport().height() - 2.0 * self._pad)
            place = event.position()
            height = 1 - (place.y() - self._pad) / inner
            self.clicked.emit(self.time_at(place.x()), height)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._pressed = None
        self.link.back.emit()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self.link.point(None)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        keys, turn = event.modifiers(), event.angleDelta()
        if keys & Qt.KeyboardModifier.ControlModifier and turn.y():
            factor = 1 / _ZOOM if turn.y() > 0 else _ZOOM
            self.link.zoom(factor, self.time_at(event.position().x()))
            event.accept()
        elif keys & Qt.KeyboardModifier.ShiftModifier or abs(turn.x()) > abs(turn.y()):
            self.link.pan(-(turn.x() or turn.y()) / 1200)
            event.accept()
        else:
            event.ignore()  # the page scrolls

    # -- keyboard: arrows, + and -, Home and Esc belong to the page -------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self.focused.emit(False)


class Line:
    """A polyline made once. `set` takes moments and heights of one length."""

    def __init__(self, curve: pg.PlotCurveItem) -> None:
        self._curve = curve

    def set(self, times: Array, heights: Array) -> None:
        self._curve.setData(np.asarray(times, dtype=np.float64), heights)


class Points:
    """A cloud of points of one look, made once."""

    def __init__(self, scatter: pg.ScatterPlotItem) -> None:
        self._scatter = scatter

    def set(self, times: Sequence[float] | Array, heights: Sequence[float] | Array) -> None:
        self._scatter.setData(
            np.asarray(times, dtype=np.float64), np.asarray(heights, dtype=np.float64)
        )

    def __len__(self) -> int:
        return len(self._scatter.data)
