"""Below the runs: the story of the chosen one, and the way to its lines on the host."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from ui.panels.causes.detail import CauseDetail
from ui.panels.lines import AT, LINES, LINES_KEY, is_answer, lines_text
from ui.plain import PlainLabel, plain
from ui.theme import GAP, Size, Theme

HINT = "Click a run, or press Enter on the chart, for its story and its lines on the host."
#: Room for a story of two lines: choosing a run moves nothing below.
_HEIGHT = 36


class RunTold(QWidget):
    """`lines_wanted`: host, log, time and text as the engine is asked; the answer comes back."""

    lines_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.has_run = False
        self._place: Mapping[str, object] = {}  # of the chosen run
        self._asked: Mapping[str, object] = {}
        self.story = PlainLabel(HINT, size=Size.SMALL, wrap=True)
        self.story.setMinimumHeight(_HEIGHT)
        self.around = QPushButton(LINES)
        self.around.setToolTip(f"What stands around the end of the run ({LINES_KEY})")
        self.around.clicked.connect(self._press)
        self.around.hide()
        self.lines = CauseDetail(theme)
        self.lines.setAccessibleName("Lines on the host around the end of the chosen run")
        self.lines.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(GAP // 2)
        grid.addWidget(self.story, 0, 0)
        grid.addWidget(self.around, 0, 1)
        grid.addWidget(self.lines, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        self._color()

    def show_run(self, story: str, place: Mapping[str, object]) -> None:
        """The chosen run, or none: "" and {}. New data of the same run leaves its lines."""
        if dict(place) != dict(self._place):
            self._place, self._asked = dict(place), {}
            self.lines.hide()
            self._offer()
        self.has_run = bool(story)
        self.story.setText(story or HINT)
        self._color()
        self.around.setVisible(bool(place))

    @property
    def can_ask(self) -> bool:
        """Whether it is known where the chosen run wrote, and nothing is being read."""
        return bool(self._place) and self.around.isEnabled()

    def ask(self) -> None:
        """Read the lines of the chosen run, anew if they are there."""
        if self.can_ask:
            self._asked = self._place
            self._offer(f"reading on {plain(str(self._place['host']), 60)}…")
            self.lines_wanted.emit(dict(self._place))

    def show_lines(self, answer: Mapping[str, object], where: Mapping[str, object]) -> bool:
        """Show what the engine answered; False when it is no answer to what was asked here."""
        if not is_answer(self._asked, where):
            return False
        self._asked = {}
        self._offer("Hide the lines")
        self.around.setEnabled(True)
        self.lines.show_text(lines_text(answer))
        self.lines.show()
        found = self.lines.document().find(AT)
        if not found.isNull():
            self.lines.setTextCursor(found)
            self.lines.centerCursor()
        return True

    def _press(self) -> None:
        if self.lines.isHidden():
            self.ask()
        else:
            self.lines.hide()
            self._offer()

    def _offer(self, word: str = "") -> None:
        self.around.setEnabled(not word)
        self.around.setText(word or LINES)

    def _color(self) -> None:
        self.story.set_color(self._theme.text if self.has_run else self._theme.muted)
