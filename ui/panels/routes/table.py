"""The routes as a table model and the painting of its cells."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.panels.routes.view import RouteRowView
from ui.plain import draw_text, escaped, plain
from ui.theme import GAP, Size, Theme, font

HEADINGS = ("Route", "Transactions", "Failed", "Median", "95 % within", "Longest")
ROUTE, COUNT, FAILED, MEDIAN, HIGH, LONGEST = range(6)
ROW_HEIGHT = 24
ROW_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class RoutesModel(QAbstractTableModel):
    """Rows as values; the model only looks up."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._given: tuple[RouteRowView, ...] = ()
        self._rows: tuple[RouteRowView, ...] = ()
        self._order: tuple[int, Qt.SortOrder] | None = None

    def set_rows(self, rows: Sequence[RouteRowView]) -> None:
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

    def row(self, number: int) -> RouteRowView:
        return self._rows[number]

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
            return _LEFT if section == ROUTE else _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return plain(row.texts[index.column()], 300)
        if role == Qt.ItemDataRole.ToolTipRole:
            return escaped(row.tip)
        return row if role == ROW_ROLE else None


class RoutesDelegate(QStyledItemDelegate):
    """Paints a cell from the row's value."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        return QSize(40, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, column, rect = index.data(ROW_ROLE), index.column(), option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(self._theme.selected))
        painter.setFont(font(Size.BODY))
        painter.setPen(QColor(self._color(row, column)))
        text = plain(row.texts[column], 300)
        draw_text(painter, rect.adjusted(GAP, 0, -GAP, 0), text, _RIGHT if column else _LEFT)
        painter.restore()

    def _color(self, row: RouteRowView, column: int) -> str:
        if column == FAILED and row.failing:
            return self._theme.state_down
        muted = row.quiet or (column == FAILED and row.texts[FAILED] == "0")
        return self._theme.muted if muted else self._theme.text
