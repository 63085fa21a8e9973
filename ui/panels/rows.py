"""A table of rows that any column orders: its values, the ground of its cells, its frame.

A panel brings the headings, the widths and the paint of one cell.
"""

from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.plain import escaped, plain
from ui.theme import GAP, Size, Theme, font

#: Rows in view before the table scrolls.
VISIBLE_ROWS = 8
ROW_HEIGHT = 24
HEADER_HEIGHT = 28
ROW_ROLE = Qt.ItemDataRole.UserRole  # the whole row
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex


class RowView(Protocol):
    """`sort`: native values of the columns, for ordering; `texts`: the same as words."""

    @property
    def texts(self) -> Sequence[str]: ...
    @property
    def sort(self) -> Sequence[Any]: ...
    @property
    def tip(self) -> str: ...


Row = TypeVar("Row", bound=RowView)


class SortedRows(QAbstractTableModel, Generic[Row]):
    """Rows as values; the model only looks up. Numbers stand at the right, `left` columns not."""

    def __init__(
        self, headings: Sequence[str], parent: QObject | None = None, *, left: Sequence[int] = (0,)
    ) -> None:
        super().__init__(parent)
        self._headings, self._left = tuple(headings), frozenset(left)
        self._given: tuple[Row, ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._order: tuple[int, Qt.SortOrder] | None = None

    def set_rows(self, rows: Sequence[Row]) -> None:
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

    @property
    def rows(self) -> tuple[Row, ...]:
        """As they stand on screen."""
        return self._rows

    def row(self, number: int) -> Row | None:
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self._headings)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return LEFT if section in self._left else RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(row.texts[column], 300)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return plain(self.spoken(row, column), 300)
        if role == Qt.ItemDataRole.ToolTipRole and self.has_tip(column):
            return escaped(row.tip)
        return row if role == ROW_ROLE else None

    def spoken(self, row: Row, column: int) -> str:
        """A cell as a screen reader says it."""
        return row.texts[column]

    def has_tip(self, column: int) -> bool:
        """Whether resting on a cell of this column tells the tip of its row."""
        return True


class CellPaint(QStyledItemDelegate):
    """The ground of a cell; `paint_cell` adds what stands on it."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        return QSize(40, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(self.theme.selected))
        painter.setFont(font(Size.BODY))
        inner = option.rect.adjusted(GAP, 0, -GAP, 0)
        self.paint_cell(painter, inner, index.data(ROW_ROLE), index.column())
        painter.restore()

    def paint_cell(self, painter: QPainter, inner: QRect, row: Any, column: int) -> None:
        raise NotImplementedError


class RowsTable(QTableView):
    """As tall as its rows up to a limit; a click on a heading orders, a third one no longer."""

    def __init__(
        self,
        model: QAbstractTableModel,
        paint: CellPaint,
        widths: Sequence[int],
        name: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setModel(model)
        paint.setParent(self)
        self.setItemDelegate(paint)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._set_up_header(widths)
        self.setAccessibleName(name)

    def _set_up_header(self, widths: Sequence[int]) -> None:
        """Widths are those after the first column, which takes the rest."""
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setFixedHeight(HEADER_HEIGHT)
        header.setFont(font(Size.SMALL))
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate(widths, 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)
        header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)

    def fit(self, rows: int) -> None:
        """Take the height of so many rows, at most of those in view."""
        self.setFixedHeight(min(max(rows, 1), VISIBLE_ROWS) * ROW_HEIGHT + HEADER_HEIGHT + 2)
