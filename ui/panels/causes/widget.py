"""Top causes: a table, and below it the records behind the chosen one."""

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPlainTextEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.panels.causes.table import HEADINGS, ROW_HEIGHT, CausesDelegate, CausesModel
from ui.panels.causes.view import CausesView
from ui.panels.values import Phase
from ui.plain import PlainLabel, plain
from ui.theme import GAP, Size, Theme, font

#: Rows in view before the table scrolls.
VISIBLE_ROWS = 8
HEADER_HEIGHT = 28
_WIDTHS = {1: 72, 2: 92, 3: 108, 4: 108}
_DETAIL_HEIGHT = 176
_DETAIL_LIMIT = 20_000


class CausesPanel(QWidget):
    """`cause_chosen`: fingerprint of the selected row, "" when none is."""

    cause_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = CausesModel(self)
        self.table = self._table(theme)
        self.detail = self._detail(theme)
        self._title = PlainLabel("Top causes", size=Size.BODY, weight=QFont.Weight.DemiBold)
        self._message = PlainLabel("", wrap=True)
        self._message.set_color(theme.muted)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(GAP // 2)
        for part in (self._title, self._message, self.table, self.detail):
            box.addWidget(part)
        box.addStretch(1)
        self._chosen = ""

    def _table(self, theme: Theme) -> QTableView:
        table = QTableView(self)
        table.setModel(self.model)
        table.setItemDelegate(CausesDelegate(theme, table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setFixedHeight(HEADER_HEIGHT)
        header.setFont(font(Size.SMALL))
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(HEADINGS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, _WIDTHS[column])
        header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        header.setSortIndicatorClearable(True)
        table.setSortingEnabled(True)
        table.setAccessibleName("Top causes")
        table.selectionModel().selectionChanged.connect(self._selected)
        return table

    def _detail(self, theme: Theme) -> QPlainTextEdit:
        detail = QPlainTextEdit(self)
        detail.setReadOnly(True)
        detail.setFont(font(Size.BODY, mono=True))
        detail.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        detail.setTabChangesFocus(True)
        detail.setFixedHeight(_DETAIL_HEIGHT)
        detail.setAccessibleName("Template and example records of the chosen cause")
        detail.setStyleSheet(
            f"QPlainTextEdit {{ background: {theme.raised}; padding: {GAP}px; }}"
            "QAbstractScrollArea::corner { background: transparent; border: 0; }"
        )
        detail.hide()
        return detail

    def show_view(self, view: CausesView) -> None:
        ready = view.phase is Phase.READY
        self._message.setText("" if ready else view.reason)
        self._message.setVisible(not ready)
        self.table.setVisible(ready)
        self.table.setAccessibleDescription(view.sentence)
        chosen = self._chosen
        self.model.set_rows(view.rows)
        self.table.setFixedHeight(
            min(max(len(view.rows), 1), VISIBLE_ROWS) * ROW_HEIGHT + HEADER_HEIGHT + 2
        )  # fmt: skip
        self.choose(chosen)

    def choose(self, cause: str) -> None:
        """Select the row of a cause, as if it had been clicked; "" selects none."""
        row = self.model.row_of(cause)
        if row < 0:
            self.table.clearSelection()
        else:
            self.table.selectRow(row)
        self._show_chosen(row)

    def _selected(self, selected: QItemSelection, _: QItemSelection) -> None:
        rows = self.table.selectionModel().selectedRows()
        row = rows[0].row() if rows else -1
        self._show_chosen(row)
        self.cause_chosen.emit(self._chosen)

    def _show_chosen(self, number: int) -> None:
        row = self.model.row(number)
        self._chosen = row.cause if row else ""
        text = plain(row.detail, _DETAIL_LIMIT, lines=True) if row else ""
        if text != self.detail.toPlainText():
            self.detail.setPlainText(text)
        self.detail.setVisible(row is not None)
