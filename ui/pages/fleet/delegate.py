"""Paints one line of the fleet page: state, name, sentence, figures, sparkline."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from psbuddy.model.terms import State
from ui.icons import paint_gap, paint_state
from ui.pages.fleet.columns import RIGHT_ALIGNED, Column, columns
from ui.pages.fleet.model import LINE_ROLE
from ui.pages.fleet.view import FleetLine
from ui.plain import draw_text, plain, wrapped
from ui.theme import Size, Theme, font

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
GLYPH = 14
#: Heights of a line: four rows of text (narrow windows), three, one, one among many.
TALL, ROOMY, ONE, DENSE = 94, 76, 40, 32
#: Where rows of text begin in a roomy line, and their height.
TOP, TEXT = 10, 18
Index = QModelIndex | QPersistentModelIndex


class FleetDelegate(QStyledItemDelegate):
    """Fonts and columns are worked out once per width, not once per row."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.row_height = ONE
        self.jobs = True  # whether any line names a job
        # Told by the page: reading them from `option` would build QStyle's enums, 9 ms.
        self.current = self.hovered = -1
        self._laid_out: tuple[int, bool, bool] | None = None
        self._columns: tuple[Column, ...] = ()
        self._body = font(Size.BODY)
        self._strong = font(Size.BODY, QFont.Weight.DemiBold)
        self._head = font(Size.SMALL, QFont.Weight.DemiBold)
        self._name = font(Size.HEAD, QFont.Weight.DemiBold)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        return QSize(200, self.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LINE_ROLE)
        if not isinstance(line, FleetLine):
            return
        rect: QRect = option.rect
        painter.save()
        self._ground(painter, rect, index.row())
        if line.app:
            self._line(painter, rect, line)
        else:
            self._heading(painter, rect, line)
        painter.restore()

    def _ground(self, painter: QPainter, rect: QRect, row: int) -> None:
        theme = self.theme
        if row == self.current:
            painter.fillRect(rect, QColor(theme.selected))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(theme.accent))
        elif row == self.hovered:
            painter.fillRect(rect, QColor(theme.hover))
        painter.setPen(QColor(theme.grid))
        painter.drawLine(rect.left() + 16, rect.bottom(), rect.right() - 16, rect.bottom())

    def _heading(self, painter: QPainter, rect: QRect, line: FleetLine) -> None:
        painter.setFont(self._head)
        painter.setPen(QColor(self.theme.muted))
        inner = rect.adjusted(16, 8, -16, 0)
        draw_text(painter, inner, f"{line.name}   {line.headline}", LEFT)

    @property
    def roomy(self) -> bool:
        return self.row_height >= ROOMY

    def columns(self, width: int) -> tuple[Column, ...]:
        """Columns of a line `width` pixels wide, for lines and captions alike."""
        wanted = (width, self.roomy, self.jobs)
        if wanted != self._laid_out:
            self._laid_out = wanted
            self._columns = columns(width, roomy=self.roomy, jobs=self.jobs)
        return self._columns

    def _line(self, painter: QPainter, rect: QRect, line: FleetLine) -> None:
        for column in self.columns(rect.width()):
            cell = QRect(rect.left() + column.x, rect.top(), column.width, rect.height() - 1)
            if column.name == "spark":
                self._spark(painter, cell, line)
                continue
            if self.roomy and column.name == "name":
                self._roomy_name(painter, cell, line)
                continue
            if self.roomy and column.name == "headline":
                self._roomy_sentence(painter, cell, line)
                continue
            if self.roomy:
                cell = QRect(cell.left(), cell.top() + TOP, cell.width(), TEXT + 2)
            if column.name == "state":
                glyph = QRectF(0, 0, GLYPH, GLYPH)
                glyph.moveCenter(QRectF(cell).center())
                paint_state(painter, glyph, line.state, self.theme)
            else:
                self._text(painter, cell, column.name, line)

    def _roomy_name(self, painter: QPainter, cell: QRect, line: FleetLine) -> None:
        painter.setFont(self._name)
        painter.setPen(QColor(self.theme.text))
        place = QRect(cell.left(), cell.top() + TOP, cell.width(), TEXT + 2)
        draw_text(painter, place, plain(line.name, 400))
        painter.setFont(self._body)
        painter.setPen(QColor(self.theme.muted))
        draw_text(painter, place.translated(0, TEXT + 2), line.since)

    def _roomy_sentence(self, painter: QPainter, cell: QRect, line: FleetLine) -> None:
        """What is wrong on top, the rest of the sentence below, in as many rows as there are."""
        rows = (self.row_height - 2 * TOP) // TEXT
        loud = line.state in (State.DOWN, State.WATCH) and not line.stale
        face = self._strong if loud else self._body
        first = wrapped(plain(line.first), QFontMetrics(face), cell.width(), 2)
        rest = wrapped(plain(line.rest), QFontMetrics(self._body), cell.width(), rows - len(first))
        place = QRect(cell.left(), cell.top() + TOP + 1, cell.width(), TEXT)
        for number, text in enumerate((*first, *rest)):
            strong = loud and number < len(first)
            painter.setFont(face if number < len(first) else self._body)
            painter.setPen(QColor(self.theme.text if strong else self.theme.muted))
            draw_text(painter, place.translated(0, number * TEXT), text)

    def _text(self, painter: QPainter, cell: QRect, name: str, line: FleetLine) -> None:
        theme, loud = self.theme, line.state in (State.DOWN, State.WATCH)
        strong = name == "name" or (name == "errors" and loud and "×" in line.errors)
        color = theme.text if name == "name" or (name == "headline" and loud) else theme.muted
        if line.stale and name != "name":
            color = theme.muted
        if strong and name == "errors":
            color = theme.text
        if name == "age" and line.stale:
            color = theme.state_watch
        painter.setFont(self._strong if strong else self._body)
        painter.setPen(QColor(color))
        text = plain(getattr(line, name), 400)
        draw_text(painter, cell, text, RIGHT if name in RIGHT_ALIGNED else LEFT)

    def _spark(self, painter: QPainter, cell: QRect, line: FleetLine) -> None:
        air = TOP + 4 if self.roomy else 9 if cell.height() > 34 else 6
        area = QRectF(cell.adjusted(0, air, 0, -air))
        loud = self.theme.state(line.state)
        quiet = self.theme.ink
        limit = line.spark_limit if line.state in (State.DOWN, State.WATCH) else None
        bars = spark_bars(line.spark, area.width(), area.height(), line.spark_limit or 0.0)
        for left, right, top, value in bars:
            bar = QRectF(area.left() + left, area.top() + top, right - left, area.height() - top)
            if value is None:
                paint_gap(painter, bar, self.theme)
            else:
                hot = limit is not None and value > limit
                painter.fillRect(bar, QColor(loud if hot else quiet))


def spark_bars(
    values: Sequence[float | None], width: float, height: float, limit: float = 0.0
) -> list[tuple[float, float, float, float | None]]:
    """Bars as (left, right, top, value) on whole pixels; an unobserved value fills its column.

    The scale ends at the highest value, but not below `limit` and 10: one error is no
    mountain, and a normal day looks like one.
    """
    if not values:
        return []
    peak = max(10.0, limit, *(value for value in values if value is not None))
    step = width / len(values)
    bars: list[tuple[float, float, float, float | None]] = []
    for number, value in enumerate(values):
        left, right = round(number * step), round((number + 1) * step)
        if value is None:
            bars.append((left, right, 0.0, None))  # gaps touch: one hatched stretch
            continue
        tall = max(1.0, round(value / peak * height)) if value > 0 else 1.0
        bars.append((left, max(right - 1, left + 1), height - tall, value))
    return bars
