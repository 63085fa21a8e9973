"""The columns of the causes and the painting of their cells."""

from PySide6.QtCore import QObject, QRect, QRectF
from PySide6.QtGui import QColor, QFont, QPainter

from ui.charts.spark import paint_spark
from ui.panels.causes.view import CauseRowView
from ui.panels.ink import ink
from ui.panels.rows import LEFT, RIGHT, CellPaint, SortedRows
from ui.plain import draw_text, plain
from ui.theme import GAP, Size, font

HEADINGS = ("Cause", "Records", "Trend", "First seen", "Last seen")
TITLE, RECORDS, TREND, FIRST, LAST = range(5)
WIDTHS = (72, 92, 108, 108)  # of all but the first


class CausesModel(SortedRows[CauseRowView]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(HEADINGS, parent, left=(TITLE, TREND))

    def row_of(self, cause: str) -> int:
        """Row number of a cause, -1 when it is not in the table."""
        return next((n for n, row in enumerate(self.rows) if row.cause == cause), -1)

    def spoken(self, row: CauseRowView, column: int) -> str:
        word = row.badge.partition(" ")[2].capitalize()
        badge = f"{word}: " if word and column == TITLE else ""
        return badge + row.texts[column]

    def has_tip(self, column: int) -> bool:
        return column == TITLE


class CausesPaint(CellPaint):
    """Paints a cell from the row's value: swatch, badge, text or trend bars."""

    def paint_cell(self, painter: QPainter, inner: QRect, row: CauseRowView, column: int) -> None:
        painter.setPen(QColor(self.theme.text))
        if column == TITLE:
            self._paint_title(painter, inner, row)
        elif column == TREND:
            box = QRectF(inner.adjusted(0, 6, 0, -6))
            paint_spark(painter, box, row.spark, ink(self.theme, row.role), self.theme)
        else:
            muted = row.quiet or column in (FIRST, LAST)
            painter.setPen(QColor(self.theme.muted if muted else self.theme.text))
            draw_text(painter, inner, plain(row.texts[column], 300), RIGHT)

    def _paint_title(self, painter: QPainter, inner: QRect, row: CauseRowView) -> None:
        swatch = QRectF(inner.left(), inner.center().y() - 4, 9, 9)
        painter.fillRect(swatch, QColor(ink(self.theme, row.role)))
        text = inner.adjusted(17, 0, 0, 0)
        if row.badge:
            painter.setFont(font(Size.SMALL, QFont.Weight.Bold))
            painter.setPen(QColor(self._badge_color(row.state)))
            draw_text(painter, text, row.badge, LEFT)
            text = text.adjusted(painter.fontMetrics().horizontalAdvance(row.badge) + GAP, 0, 0, 0)
            painter.setFont(font(Size.BODY))
            painter.setPen(QColor(self.theme.muted if row.quiet else self.theme.text))
        draw_text(painter, text, plain(row.texts[TITLE], 300), LEFT)

    def _badge_color(self, state: str) -> str:
        if state in ("new", "regressed"):
            return self.theme.state_down
        return self.theme.state_watch if state == "rising" else self.theme.muted
