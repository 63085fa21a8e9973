"""Routes in a table: what fails, what is slow."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from ui.panels.routes.table import HEADINGS, ROW_HEIGHT, RoutesDelegate, RoutesModel
from ui.panels.routes.view import RoutesView
from ui.panels.values import Phase
from ui.plain import PlainLabel
from ui.theme import GAP, Size, Theme, font

#: Rows in view before the table scrolls.
VISIBLE_ROWS = 8
HEADER_HEIGHT = 28
_WIDTHS = {1: 104, 2: 116, 3: 84, 4: 96, 5: 84}


class RoutesPanel(QWidget):
    """Quiet where there is nothing to say; the words say why no route is known."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RoutesModel(self)
        self.table = self._table(theme)
        self._title = PlainLabel(
            "Routes, failing and slowest first", size=Size.BODY, weight=QFont.Weight.DemiBold
        )
        self.message = PlainLabel("", wrap=True)
        self.message.set_color(theme.muted)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(GAP // 2)
        for part in (self._title, self.message, self.table):
            box.addWidget(part)
        box.addStretch(1)

    def _table(self, theme: Theme) -> QTableView:
        table = QTableView(self)
        table.setModel(self.model)
        table.setItemDelegate(RoutesDelegate(theme, table))
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
        table.setAccessibleName("Routes")
        return table

    def show_view(self, view: RoutesView) -> None:
        ready = view.phase is Phase.READY
        self.message.setText("" if ready else view.reason)
        self.message.setVisible(not ready)
        self.table.setVisible(ready)
        self.table.setAccessibleDescription(view.sentence)
        self.model.set_rows(view.rows)
        shown = min(max(len(view.rows), 1), VISIBLE_ROWS)
        self.table.setFixedHeight(shown * ROW_HEIGHT + HEADER_HEIGHT + 2)
        self.setVisible(ready or bool(view.reason))
