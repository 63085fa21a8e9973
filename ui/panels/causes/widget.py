"""Top causes: a table, and below it the records behind the chosen one."""

from collections.abc import Mapping

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.panels.causes.table import HEADINGS, ROW_HEIGHT, CausesDelegate, CausesModel
from ui.panels.causes.view import CausesView, lines_text
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
    lines_wanted = Signal(object)  # dict: host, log, time, text of the newest example

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
        self.around = QPushButton("Show the lines around it")
        self.around.clicked.connect(self._ask_lines)
        self.around.hide()
        for part in (self._title, self._message, self.table, self.detail):
            box.addWidget(part)
        box.addWidget(self.around, 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch(1)
        self._chosen = self._lines = self._asked = ""

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
        self._message.setVisible(not ready and bool(view.reason))
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
        if (row.cause if row else "") != self._chosen:
            self._lines = ""
            self._offer_lines()
        self._chosen = row.cause if row else ""
        text = plain(self._lines or row.detail, _DETAIL_LIMIT, lines=True) if row else ""
        if text != self.detail.toPlainText():
            self.detail.setPlainText(text)
        self.detail.setVisible(row is not None)
        self.around.setVisible(row is not None and row.example is not None)

    # -- lines around the record -------------------------------------------------------

    def _offer_lines(self, word: str = "") -> None:
        self.around.setEnabled(not word)
        self.around.setText(word or "Show the lines around it")

    def _ask_lines(self) -> None:
        row = self.model.row(self.model.row_of(self._chosen))
        if self._lines:
            self._lines = ""
            self._offer_lines()
            self.choose(self._chosen)
        elif row is not None and row.example is not None:
            example = row.example
            self._asked = row.cause
            self._offer_lines(f"reading on {plain(example.host, 60)}…")
            self.lines_wanted.emit(
                {
                    "host": example.host,
                    "log": example.log,
                    "time": example.time,
                    "text": example.text,
                }
            )

    def show_lines(self, answer: Mapping[str, object]) -> None:
        """What the engine answered, in place of the example; the button leads back to it."""
        if not self._chosen or self._chosen != self._asked:
            return  # another cause has been chosen since
        self._lines = lines_text(answer)
        self._offer_lines()
        self.around.setText("Show the example again")
        self.choose(self._chosen)
        found = self.detail.document().find("▶")
        if not found.isNull():
            self.detail.setTextCursor(found)
            self.detail.centerCursor()
