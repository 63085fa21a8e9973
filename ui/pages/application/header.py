"""State, name, facts, range picker, and the verdict: the loudest words of the page."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from psbuddy.model.terms import State
from ui.icons import STATE_WORDS, paint_state
from ui.pages.application.header_view import MOST_PROBLEMS, HeaderView
from ui.pages.application.picker import RangePicker
from ui.pages.application.sentence import Sentence
from ui.plain import PlainLabel, tooltip
from ui.theme import GAP, WIDE, Size, Theme

#: A name may be cut only beyond this many pixels.
_NAME_ROOM = 300


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

    retry_asked = Signal()
    save_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picker = RangePicker()
        self.save = QPushButton("Save …")
        self.save.setFlat(True)
        self.save.setAccessibleName("Save snapshot")
        self.save.setToolTip("Save snapshot … (Ctrl+S): a picture, a page or the figures")
        self.save.clicked.connect(self.save_asked)
        self._shape = StateShape(theme)
        self._name = PlainLabel("", size=Size.HEAD, weight=QFont.Weight.DemiBold, limit=120)
        self._facts = PlainLabel("", limit=300)
        self._facts.set_color(theme.muted)
        self._runbook = QPushButton("runbook")
        self._runbook.setFlat(True)
        self._runbook.setStyleSheet(f"color: {theme.accent}; padding: 2px 6px;")
        self._runbook.setAccessibleName("Open the runbook in the browser")
        self._runbook.clicked.connect(self._open_runbook)
        bold = QFont.Weight.DemiBold
        self.headline = Sentence(Size.TITLE, theme.text, weight=bold, lines=2)
        self.rest = Sentence(Size.HEAD, theme.text, lines=4)
        self.problems = tuple(
            Sentence(Size.BODY, theme.state_watch, lines=2) for _ in range(MOST_PROBLEMS + 1)
        )
        self.retry = QPushButton("Try again")
        self.retry.clicked.connect(self.retry_asked)
        self.retry.hide()
        self._address = ""
        self._lay_out()

    def _lay_out(self) -> None:
        facts = QHBoxLayout()
        facts.setSpacing(GAP)
        for part in (self._shape, self._name, self._facts, self._runbook):
            facts.addWidget(part)
        facts.addStretch(1)
        facts.addWidget(self.picker)
        facts.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, GAP, WIDE, GAP)
        column.setSpacing(4)
        column.addLayout(facts)
        for label in (self.headline, self.rest, *self.problems):
            column.addWidget(label)
        column.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def facts(self) -> str:
        """The quiet words beside the name."""
        return self._facts.text()

    def show_view(self, view: HeaderView) -> None:
        self.retry.hide()
        self._shape.show_state(view.state)
        self._name.setText(view.name)
        hint = self._name.sizeHint().width()
        self._name.setMinimumWidth(min(hint, _NAME_ROOM))
        tooltip(self._name, view.name)
        self._facts.setText(view.facts)
        tooltip(self._facts, view.facts)
        self._address = view.runbook
        self._runbook.setVisible(bool(view.runbook))
        tooltip(self._runbook, view.runbook)
        self.headline.set_text(view.headline)
        self.rest.set_text(view.rest)
        self._show_problems(view.problems)

    def show_waiting(self, name: str) -> None:
        """Before anything is known of an application: its name and one quiet word."""
        self.show_view(HeaderView(State.UNKNOWN, name, "reading…", "", "", "", (), ""))

    def show_failed(self, name: str, message: str) -> None:
        """Nothing could be read: what happened, and the way to try once more."""
        headline = "This application could not be read."
        self.show_view(HeaderView(State.UNKNOWN, name, "", "", headline, message, (), ""))
        self.retry.show()

    def show_trouble(self, words: str) -> None:
        """The last read failed, what is shown is older: said below the verdict."""
        self._show_problems((words,))
        self.retry.show()

    def _show_problems(self, problems: Sequence[str]) -> None:
        for index, label in enumerate(self.problems):
            label.set_text(problems[index] if index < len(problems) else "")

    def _open_runbook(self) -> None:
        if self._address:
            QDesktopServices.openUrl(QUrl(self._address))
