"""Top causes: a table, below it what is behind the chosen one, and what can be decided."""

from collections.abc import Mapping

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from psbuddy.report.story import CauseStory
from ui.panels.causes.detail import CauseDetail
from ui.panels.causes.menu import DecisionMenu
from ui.panels.causes.story_view import story_text
from ui.panels.causes.table import WIDTHS, CausesModel, CausesPaint
from ui.panels.causes.view import CauseRowView, CausesView
from ui.panels.lines import AT, LINES, LINES_KEY, is_answer, lines_text
from ui.panels.rows import RowsTable
from ui.panels.values import Phase
from ui.plain import PlainLabel, plain
from ui.theme import GAP, Size, Theme


class CausesPanel(QWidget):
    """`cause_chosen`: fingerprint of the current row, "" when none is."""

    cause_chosen = Signal(str)
    story_wanted = Signal(str)  # fingerprint: the answer goes to `show_story`
    lines_wanted = Signal(object)  # dict: host, log, time, text of the newest example
    decision_wanted = Signal(object)  # Decision, without its application

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = CausesView(Phase.WAITING, "", "", ())
        self.model = CausesModel(self)
        self.table = self._table(theme)
        self.detail = CauseDetail(theme, self)
        self.detail.hide()
        self.decisions = DecisionMenu(self.table, self._selected_rows)
        self.decisions.decided.connect(self.decision_wanted)
        self.decisions.lines_wanted.connect(self._ask_lines)
        self._title = PlainLabel("Top causes", size=Size.BODY, weight=QFont.Weight.DemiBold)
        self._message = PlainLabel("", wrap=True)
        self._message.set_color(theme.muted)
        self.around = QPushButton(LINES)
        self.around.setToolTip(f"What stands around its newest record ({LINES_KEY})")
        self.around.clicked.connect(self._press_lines)
        self.decide = QPushButton("Decide…")
        self.decide.setToolTip("Merge, split, rename, mute, mark as known or resolved")
        self.decide.clicked.connect(self._open_menu)
        self._lay_out()
        self._chosen = self._lines = self._asked = ""
        self._where: Mapping[str, object] = {}  # what the engine was asked last
        self._story: CauseStory | None = None

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(GAP // 2)
        for part in (self._title, self._message, self.table):
            box.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        for button in (self.around, self.decide):
            button.hide()
            buttons.addWidget(button)
        buttons.addStretch(1)
        box.addLayout(buttons)  # above the details: below them they are off most screens
        box.addWidget(self.detail)
        box.addStretch(1)

    def _table(self, theme: Theme) -> RowsTable:
        table = RowsTable(self.model, CausesPaint(theme), WIDTHS, "Top causes", self)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._open_menu_at)
        table.selectionModel().selectionChanged.connect(self._selected)
        return table

    # -- rows --------------------------------------------------------------------------

    def show_view(self, view: CausesView) -> None:
        self._view = view
        self.decisions.now, self.decisions.zone = view.now, view.zone
        ready = view.phase is Phase.READY
        self._message.setText("" if ready else view.reason)
        self._message.setVisible(not ready and bool(view.reason))
        self.table.setVisible(ready)
        self.table.setAccessibleDescription(view.sentence)
        chosen, many = self._chosen, [row.cause for row in self._selected_rows()]
        self.model.set_rows(view.rows)
        self.table.fit(len(view.rows))
        self.choose(chosen)
        self._select_again(many)
        if self._chosen:
            self.story_wanted.emit(self._chosen)  # new records change it too

    def _select_again(self, causes: list[str]) -> None:
        """New data does not undo what is being chosen for a merge."""
        rows = [self.model.row_of(cause) for cause in causes[1:]]
        for row in rows if self._chosen else ():
            if row >= 0:
                flags = QItemSelectionModel.SelectionFlag
                self.table.selectionModel().select(
                    self.model.index(row, 0), flags.Select | flags.Rows
                )

    def choose(self, cause: str) -> None:
        """Select the row of a cause, as if it had been clicked; "" selects none."""
        row = self.model.row_of(cause)
        selected = [index.row() for index in self.table.selectionModel().selectedRows()]
        if row < 0:
            self.table.clearSelection()
        elif row not in selected:
            self.table.selectRow(row)
        self._show_chosen(row)

    def _selected(self, selected: QItemSelection, _: QItemSelection) -> None:
        rows = self._selected_rows()
        self._show_chosen(self.model.row_of(rows[0].cause) if rows else -1)
        self.cause_chosen.emit(self._chosen)

    def _selected_rows(self) -> list[CauseRowView]:
        """Chosen rows, the current one first: it is the one a merge keeps."""
        numbers = [index.row() for index in self.table.selectionModel().selectedRows()]
        current = self.table.currentIndex().row()
        numbers.sort(key=lambda number: (number != current, number))
        rows = [self.model.row(number) for number in numbers]
        return [row for row in rows if row is not None]

    # -- what is behind the chosen one -------------------------------------------------

    def show_story(self, story: CauseStory | None) -> None:
        """What was read of the chosen cause; of another one it is left out."""
        known = story is not None and self._chosen in {a.fingerprint for a in story.aliases}
        if story is None or not known:
            return
        self._story = story
        self.decisions.story = story
        self._show_chosen(self.model.row_of(self._chosen))

    def _show_chosen(self, number: int) -> None:
        row = self.model.row(number)
        cause = row.cause if row else ""
        if cause != self._chosen:
            self._chosen, self._lines, self._story = cause, "", None
            self.decisions.story = None
            self.detail.to_head()
            self._offer_lines()
            if cause:
                self.story_wanted.emit(cause)
        if row is not None:
            self._show_text(row)
        self.detail.setVisible(row is not None)
        self.decide.setVisible(row is not None)
        self.decisions.has_lines = self._example() is not None
        self.around.setVisible(self.decisions.has_lines)

    def _show_text(self, row: CauseRowView) -> None:
        if self._lines:
            self.detail.show_text(self._lines)
        elif self._story is not None:
            self.detail.show_story(story_text(self._story, self._view.now, self._view.zone))
        else:
            self.detail.show_text(row.detail)

    # -- decisions ---------------------------------------------------------------------

    def _open_menu(self) -> None:
        self.decisions.open(self.decide.mapToGlobal(QPoint(0, self.decide.height())))

    def _open_menu_at(self, place: QPoint) -> None:
        if self._selected_rows():
            self.decisions.open(self.table.viewport().mapToGlobal(place))

    # -- lines around the record -------------------------------------------------------

    def _example(self) -> Mapping[str, object] | None:
        """Where the newest record of the chosen cause stands, as the engine is asked."""
        row = self.model.row(self.model.row_of(self._chosen))
        told = self._story.examples if self._story is not None else ()
        found = next((e for e in told if e.host and e.log), None) or (row.example if row else None)
        if found is None:
            return None
        return {"host": found.host, "log": found.log, "time": found.time, "text": found.text}

    def _offer_lines(self, word: str = "") -> None:
        self.around.setEnabled(not word)
        self.around.setText(word or LINES)

    def _press_lines(self) -> None:
        if not self._lines:
            self._ask_lines()
            return
        self._lines = ""
        self._offer_lines()
        self.detail.to_head()
        self.choose(self._chosen)

    def _ask_lines(self) -> None:
        example = self._example()
        if example is not None and self.around.isEnabled():
            self._asked, self._where = self._chosen, example
            self._offer_lines(f"reading on {plain(str(example['host']), 60)}…")
            self.lines_wanted.emit(dict(example))

    def is_mine(self, where: Mapping[str, object]) -> bool:
        """Whether an answer to `where` is one to what was asked here last."""
        return is_answer(self._where, where)

    def show_lines(self, answer: Mapping[str, object]) -> None:
        """What the engine answered, in place of the example; the button leads back to it."""
        if not self._chosen or self._chosen != self._asked:
            return  # another cause has been chosen since
        self._lines = lines_text(answer)
        self._offer_lines()
        self.around.setText("Show the example again")
        self.choose(self._chosen)
        found = self.detail.document().find(AT)
        if not found.isNull():
            self.detail.setTextCursor(found)
            self.detail.centerCursor()
