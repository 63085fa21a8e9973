"""The causes as a table model and the painting of its cells."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.charts.spark import paint_spark
from ui.panels.causes.view import CauseRowView
from ui.panels.ink import ink
from ui.plain import draw_text, escaped, plain
from ui.theme import GAP, Size, Theme, font

HEADINGS = ("Cause", "Records", "Trend", "First seen", "Last seen")
TITLE, RECORDS, TREND, FIRST, LAST = range(5)
ROW_HEIGHT = 24
#: Roles of our own: the whole row, and the native value for ordering.
ROW_ROLE = Qt.ItemDataRole.UserRole
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CausesModel(QAbstractTableModel):
    """Rows as values; the model only looks up."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[CauseRowView, ...] = ()
        self._order: tuple[int, Qt.SortOrder] | None = None
        self._given: tuple[CauseRowView, ...] = ()

    def set_rows(self, rows: Sequence[CauseRowView]) -> None:
        self._given = tuple(rows)
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by the native value of a column; -1 is the order of the dashboard."""
        self._order = (column, order) if column >= 0 else None
        self._arrange()

    def _arrange(self) -> None:
        rows = self._given
        if self._order is not None:
            column, order = self._order
            back = order is Qt.SortOrder.DescendingOrder
            rows = tuple(sorted(rows, key=lambda row: row.sort[column], reverse=back))
        if rows == self._rows:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_of(self, cause: str) -> int:
        """Row number of a cause, -1 when it is not in the table."""
        return next((n for n, row in enumerate(self._rows) if row.cause == cause), -1)

    def row(self, number: int) -> CauseRowView | None:
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section in (TITLE, TREND) else _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(row.texts[index.column()], 300)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == TITLE:
            return escaped(row.tip)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            word = row.badge.partition(" ")[2].capitalize()
            badge = f"{word}: " if word and index.column() == TITLE else ""
            return plain(badge + row.texts[index.column()], 300)
        if role == ROW_ROLE:
            return row
        return row.sort[index.column()] if role == SORT_ROLE else None


class CausesDelegate(QStyledItemDelegate):
    """Paints a cell from the row's value: swatch, badge, text or trend bars."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        return QSize(40, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        rect = option.rect
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(self._theme.selected))
        inner = rect.adjusted(GAP, 0, -GAP, 0)
        painter.setFont(font(Size.BODY))
        painter.setPen(QColor(self._theme.text))
        column = index.column()
        if column == TITLE:
            self._paint_title(painter, inner, row)
        elif column == TREND:
            box = QRectF(inner.left(), rect.top() + 6, inner.width(), rect.height() - 12)
            paint_spark(painter, box, row.spark, ink(self._theme, row.role), self._theme)
        else:
            muted = row.quiet or column in (FIRST, LAST)
            painter.setPen(QColor(self._theme.muted if muted else self._theme.text))
            draw_text(painter, inner, plain(row.texts[column], 300), _RIGHT)
        painter.restore()

    def _paint_title(self, painter: QPainter, inner: Any, row: CauseRowView) -> None:
        swatch = QRectF(inner.left(), inner.center().y() - 4, 9, 9)
        painter.fillRect(swatch, QColor(ink(self._theme, row.role)))
        text = inner.adjusted(17, 0, 0, 0)
        if row.badge:
            painter.setFont(font(Size.SMALL, QFont.Weight.Bold))
            painter.setPen(QColor(self._badge_color(row.state)))
            draw_text(painter, text, row.badge, _LEFT)
            text = text.adjusted(painter.fontMetrics().horizontalAdvance(row.badge) + GAP, 0, 0, 0)
            painter.setFont(font(Size.BODY))
            painter.setPen(QColor(self._theme.muted if row.quiet else self._theme.text))
        draw_text(painter, text, plain(row.texts[TITLE], 300), _LEFT)

    def _badge_color(self, state: str) -> str:
        if state in ("new", "regressed"):
            return self._theme.state_down
        return self._theme.state_watch if state == "rising" else self._theme.muted
