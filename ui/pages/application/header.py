"""State, name, facts, range picker, and the verdict: the loudest words of the page."""

from PySide6.QtCore import QRectF, QUrl
from PySide6.QtGui import QDesktopServices, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from psbuddy.model.terms import State
from ui.icons import STATE_WORDS, paint_state
from ui.pages.application.header_view import HeaderView
from ui.pages.application.picker import RangePicker
from ui.plain import PlainLabel, tooltip
from ui.theme import GAP, WIDE, Size, Theme


class StateShape(QWidget):
    """The shape of a state in its colour."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._state = theme, State.UNKNOWN
        self.setFixedSize(18, 18)

    def show_state(self, state: State) -> None:
        self._state = state
        self.setAccessibleName(STATE_WORDS[state])
        self.setToolTip(STATE_WORDS[state])
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        paint_state(painter, QRectF(2, 2, 14, 14), self._state, self._theme)
        painter.end()


class AppHeader(QWidget):
    """Two lines of facts and the verdict sentence below."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picker = RangePicker()
        self._shape = StateShape(theme)
        self._name = PlainLabel("", size=Size.HEAD, weight=QFont.Weight.DemiBold, limit=120)
        self._facts = PlainLabel("", limit=300)
        self._facts.set_color(theme.muted)
        self._runbook = QPushButton("runbook")
        self._runbook.setFlat(True)
        self._runbook.setStyleSheet(f"color: {theme.accent}; padding: 2px 6px;")
        self._runbook.setAccessibleName("Open the runbook in the browser")
        self._runbook.clicked.connect(self._open_runbook)
        self._age = PlainLabel("", size=Size.SMALL)
        self._age.set_color(theme.muted)
        self._headline = PlainLabel("", size=Size.TITLE, weight=QFont.Weight.DemiBold, wrap=True)
        self._rest = PlainLabel("", size=Size.HEAD, wrap=True)
        self._problems = PlainLabel("", wrap=True)
        self._problems.set_color(theme.state_watch)
        self._address = ""
        self._lay_out()

    def _lay_out(self) -> None:
        facts = QHBoxLayout()
        facts.setSpacing(GAP)
        for part in (self._shape, self._name, self._facts, self._runbook):
            facts.addWidget(part)
        facts.addStretch(1)
        facts.addWidget(self._age)
        facts.addSpacing(GAP)
        facts.addWidget(self.picker)
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, GAP, WIDE, GAP)
        column.setSpacing(4)
        column.addLayout(facts)
        for label in (self._headline, self._rest, self._problems):
            column.addWidget(label)

    def show_view(self, view: HeaderView) -> None:
        self._shape.show_state(view.state)
        self._name.setText(view.name)
        tooltip(self._name, view.name)
        self._facts.setText(view.facts)
        tooltip(self._facts, view.facts)
        self._age.setText(view.age)
        self._address = view.runbook
        self._runbook.setVisible(bool(view.runbook))
        tooltip(self._runbook, view.runbook)
        self._headline.setText(view.headline)
        self._rest.setText(view.rest)
        self._rest.setVisible(bool(view.rest))
        self._problems.setText("\n".join(view.problems))
        self._problems.setVisible(bool(view.problems))

    def show_waiting(self, name: str, words: str) -> None:
        """Before anything is known of an application: its name and one quiet sentence."""
        self.show_view(HeaderView(State.UNKNOWN, name, "", "", words, "", (), ""))

    def show_trouble(self, words: str) -> None:
        """The last read failed, what is shown is older: said beside the age."""
        self._problems.setText(words)
        self._problems.setVisible(bool(words))

    def _open_runbook(self) -> None:
        if self._address:
            QDesktopServices.openUrl(QUrl(self._address))
