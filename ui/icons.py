"""Shapes painted as vectors: states (● ▲ ◆ ○ ■), the hatching of unobserved time, the mark.

A font may lack the glyphs or draw them in other sizes, so none of them is text.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap, QPolygonF

from psbuddy.model.terms import State
from ui.theme import LIGHT, Theme

if TYPE_CHECKING:  # the first paint needs no QIcon, whose enums take 2 ms
    from PySide6.QtGui import QIcon

#: The word for the shape, for screen readers and legends.
STATE_WORDS = {
    State.UP: "fine",
    State.WATCH: "watch",
    State.DOWN: "needs you",
    State.UNKNOWN: "unknown",
    State.PAUSED: "paused",
}


def paint_state(painter: QPainter, rect: QRectF, state: State, theme: Theme) -> None:
    """Paint the shape of `state` into the square in the middle of `rect`."""
    side = min(rect.width(), rect.height())
    box = QRectF(0, 0, side, side)
    box.moveCenter(rect.center())
    color = QColor(theme.state(state))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    if state is State.UP:
        painter.drawEllipse(box.adjusted(side * 0.08, side * 0.08, -side * 0.08, -side * 0.08))
    elif state is State.UNKNOWN:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, max(1.5, side * 0.14)))
        painter.drawEllipse(box.adjusted(side * 0.14, side * 0.14, -side * 0.14, -side * 0.14))
    elif state is State.PAUSED:
        painter.drawRect(box.adjusted(side * 0.14, side * 0.14, -side * 0.14, -side * 0.14))
    else:
        painter.drawPolygon(_triangle(box) if state is State.WATCH else _diamond(box))
    painter.restore()


def _triangle(box: QRectF) -> QPolygonF:
    low = box.bottom() - box.height() * 0.06
    return QPolygonF(
        [
            QPointF(box.center().x(), box.top() + box.height() * 0.04),
            QPointF(box.right(), low),
            QPointF(box.left(), low),
        ]
    )


def _diamond(box: QRectF) -> QPolygonF:
    middle = box.center()
    return QPolygonF(
        [
            QPointF(middle.x(), box.top()),
            QPointF(box.right(), middle.y()),
            QPointF(middle.x(), box.bottom()),
            QPointF(box.left(), middle.y()),
        ]
    )


def hatch_brush(theme: Theme) -> QBrush:
    """The hatching of time that was not observed (lay it over a fill of `theme.gap`)."""
    return QBrush(QColor(theme.gap_line), Qt.BrushStyle.BDiagPattern)


def paint_gap(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Unobserved: a ground and hatching, never blank."""
    painter.fillRect(rect, QColor(theme.gap))
    painter.fillRect(rect, hatch_brush(theme))


def state_pixmap(state: State, theme: Theme, size: int, scale: float = 1.0) -> QPixmap:
    pixmap = QPixmap(round(size * scale), round(size * scale))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_state(painter, QRectF(1, 1, size - 2, size - 2), state, theme)
    painter.end()
    return pixmap


def state_icon(state: State, theme: Theme) -> "QIcon":
    """The tray's icon: the shape and colour of the worst state."""
    from PySide6.QtGui import QIcon  # noqa: PLC0415 - see above

    icon = QIcon()
    for size in (16, 22, 32, 64):
        icon.addPixmap(state_pixmap(state, theme, size))
    return icon


def app_icon(theme: Theme = LIGHT) -> "QIcon":
    """The product's mark: four bars, one of them loud."""
    from PySide6.QtGui import QIcon  # noqa: PLC0415 - see above

    icon = QIcon()
    for size in (16, 32, 64, 128):
        icon.addPixmap(_mark(size, theme))
    return icon


def _mark(size: int, theme: Theme) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#1B1F24"))
    painter.drawRoundedRect(QRectF(0, 0, size, size), size * 0.2, size * 0.2)
    unit = size / 16
    for column, (height, color) in enumerate(
        ((3, "#9AA3AD"), (4, "#9AA3AD"), (10, theme.series[5]), (5, "#9AA3AD"))
    ):
        painter.fillRect(
            QRectF((3 + column * 2.7) * unit, (13 - height) * unit, 1.9 * unit, height * unit),
            QColor(color),
        )
    painter.end()
    return pixmap
