"""What the marks mean: only those that are drawn."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.panels.columns import paint_run_mark
from ui.panels.ink import ink
from ui.panels.run_times.drawing import MARKS
from ui.plain import draw_text
from ui.theme import Size, Theme, font

_HEIGHT, _GAP = 18, 16


class MarkLegend(QWidget):
    """Mark and word, one after the other; gone when all runs are normal."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kinds: tuple[str, ...] = ()
        self.setFixedHeight(_HEIGHT)
        self.setFont(font(Size.SMALL))
        self.hide()

    def show_kinds(self, kinds: Sequence[str]) -> None:
        self._kinds = tuple(kind for kind in MARKS if kind in kinds)
        self.setVisible(any(kind != "normal" for kind in self._kinds))
        self.setAccessibleName(", ".join(MARKS[kind][2] for kind in self._kinds))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        ground, x = QColor(self._theme.surface), 2
        for kind in self._kinds:
            shape, role, words = MARKS[kind]
            side = 5 if kind == "normal" else 8
            box = QRectF(x, (_HEIGHT - side) / 2 + 2, side, side)
            painter.save()
            paint_run_mark(painter, box, shape, QColor(ink(self._theme, role)), ground)
            painter.restore()
            width = painter.fontMetrics().horizontalAdvance(words) + 4
            if x + side + 6 + width > self.width():
                break
            painter.setPen(QColor(self._theme.muted))
            draw_text(painter, QRect(x + side + 6, 2, width, _HEIGHT - 2), words)
            x += side + 6 + width + _GAP
        painter.end()
