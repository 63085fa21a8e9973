"""The time axis of a page: ticks, and the moment under the crosshair. Painted by hand."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from psbuddy import words
from ui.charts.link import TimeLink
from ui.charts.ticks import time_ticks
from ui.plain import draw_text
from ui.theme import Size, Theme, font

HEIGHT = 24
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


class AxisStrip(QWidget):
    """Shares the range of its link; the crosshair's time stands on it."""

    def __init__(
        self, theme: Theme, link: TimeLink, zone: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._link, self._zone = theme, link, zone
        self.setFixedHeight(HEIGHT)
        link.moved.connect(self.update)
        link.pointed.connect(lambda _: self.update())

    def _x(self, time: float) -> float:
        return (time - self._link.since) / self._link.span * self.width()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        cursor = self._cursor_rect(painter)
        for tick in time_ticks(self._link.since, self._link.until, self.width(), self._zone):
            x = round(self._x(tick.time))
            painter.setPen(QColor(self._theme.muted))
            painter.drawLine(x, HEIGHT - 5, x, HEIGHT - 1)
            weight = QFont.Weight.DemiBold if tick.strong else QFont.Weight.Normal
            painter.setFont(font(Size.SMALL, weight))
            painter.setPen(QColor(self._theme.text if tick.strong else self._theme.muted))
            width = painter.fontMetrics().horizontalAdvance(tick.label) + 4
            left = x - width // 2
            place = QRect(left, 0, width, HEIGHT - 6)
            inside = left >= 0 and left + width <= self.width()
            if inside and (cursor is None or not cursor.intersects(place)):
                draw_text(painter, place, tick.label, _CENTRE)
        painter.setPen(QColor(self._theme.line))
        painter.drawLine(0, HEIGHT - 1, self.width(), HEIGHT - 1)
        if cursor is not None:
            self._paint_cursor(painter, cursor)
        painter.end()

    def _cursor_text(self) -> str:
        moment = words.local(self._link.cursor or 0.0, self._zone)
        if self._link.span > 60 * 86_400:
            return f"{moment:%a} {moment.day} {moment:%b %Y}"
        return f"{moment:%a} {moment.day} {moment:%b %H:%M}"

    def _cursor_rect(self, painter: QPainter) -> QRect | None:
        if self._link.cursor is None:
            return None
        painter.setFont(font(Size.SMALL, QFont.Weight.DemiBold))
        width = painter.fontMetrics().horizontalAdvance(self._cursor_text()) + 12
        left = round(self._x(self._link.cursor) - width / 2)
        return QRect(min(max(left, 0), self.width() - width), 1, width, HEIGHT - 7)

    def _paint_cursor(self, painter: QPainter, place: QRect) -> None:
        painter.fillRect(place, QColor(self._theme.text))
        painter.setFont(font(Size.SMALL, QFont.Weight.DemiBold))
        painter.setPen(QColor(self._theme.surface))
        draw_text(painter, place, self._cursor_text(), _CENTRE)
