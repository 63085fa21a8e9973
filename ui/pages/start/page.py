"""The empty state: what this page would show, why it does not, three ways to change that."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.pages.middle import middle_column
from ui.plain import PlainLabel
from ui.theme import GAP, WIDE, Size, Theme

WIDTH = 680
TITLE = "Nothing is watched yet"
SENTENCE = (
    "This page shows every application on one line: whether it needs you, since when, and why. "
    "It fills as soon as PS Buddy knows a log to read."
)
LOCAL = "Finds the logs that grow on this computer. No network, no account, nothing installed."
SSH = (
    "An alias from your ~/.ssh/config, or user@host. Read-only over your own SSH login: nothing is "
    "installed there, nothing is written, no root."
)
DEMO = "A small company in a box: a ledger, a web shop, an order queue, an incident. Made-up data."
MORE_TITLE = "Watch more"
MORE_SENTENCE = (
    "Another host, or further logs of one you watch already. Esc leads back to the fleet."
)


class _Way(QWidget):
    """One way in: a heading, a sentence, and at the right what starts it."""

    def __init__(self, title: str, sentence: str, *controls: QWidget) -> None:
        super().__init__()
        text = QVBoxLayout()
        text.setSpacing(4)
        text.addWidget(PlainLabel(title, size=Size.HEAD, weight=QFont.Weight.DemiBold))
        self.sentence = PlainLabel(sentence, wrap=True)
        text.addWidget(self.sentence)
        text.addStretch(1)
        side = QVBoxLayout()
        side.setSpacing(GAP)
        for control in controls:
            control.setFixedWidth(184)
            side.addWidget(control)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, WIDE, 0, WIDE)
        row.setSpacing(WIDE * 2)
        row.addLayout(text, 1)
        row.addLayout(side)
        row.setAlignment(side, Qt.AlignmentFlag.AlignVCenter)


class StartPage(QWidget):
    """Three ways in; which one is told by signals."""

    watch_local = Signal()
    add_host = Signal(str)  # alias
    try_demo = Signal()
    back = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.local_button = QPushButton("Watch this machine")
        self.alias = QLineEdit()
        self.alias.setPlaceholderText("led-app-1")
        self.alias.setMaxLength(255)
        self.alias.setAccessibleName("Alias of the SSH host")
        self.host_button = QPushButton("Look at this host")
        self.host_button.setEnabled(False)
        self.demo_button = QPushButton("Try the demo")
        self._ways = (
            _Way("Watch this machine", LOCAL, self.local_button),
            _Way("Add an SSH host", SSH, self.alias, self.host_button),
            _Way("Try the demo", DEMO, self.demo_button),
        )
        self._note = PlainLabel("", wrap=True)
        self._note.hide()
        self._back: QPushButton | None = None
        self._lines: list[QFrame] = []
        self._lay_out()
        self._connect()
        self.set_theme(theme)

    def _lay_out(self) -> None:
        column = middle_column(self, WIDTH, 0)
        self._title = PlainLabel(TITLE, size=Size.TITLE, weight=QFont.Weight.DemiBold)
        column.addWidget(self._title)
        column.addSpacing(GAP)
        self._sentence = PlainLabel(SENTENCE, size=Size.HEAD, wrap=True)
        column.addWidget(self._sentence)
        column.addSpacing(WIDE)
        for way in self._ways:
            line = QFrame()
            line.setFixedHeight(1)
            line.setAutoFillBackground(True)
            self._lines.append(line)
            column.addWidget(line)
            column.addWidget(way)
        column.addWidget(self._note)
        self._column = column

    def _connect(self) -> None:
        self.local_button.clicked.connect(self.watch_local)
        self.demo_button.clicked.connect(self.try_demo)
        self.host_button.clicked.connect(self._go)
        self.alias.returnPressed.connect(self._go)
        self.alias.textChanged.connect(lambda text: self.host_button.setEnabled(bool(text.strip())))
        self.setFocusProxy(self.alias)

    def _go(self) -> None:
        alias = self.alias.text().strip()
        if alias:
            self.add_host.emit(alias)

    def show_more(self, watching: bool) -> None:
        """`watching`: something is watched already, so there is a page to go back to."""
        self._title.setText(MORE_TITLE if watching else TITLE)
        self._sentence.setText(MORE_SENTENCE if watching else SENTENCE)
        if watching and self._back is None:
            self._back = QPushButton("Back to the fleet")
            self._back.clicked.connect(self.back)
            self._column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        if self._back is not None:
            self._back.setVisible(watching)
        self.show_note("")

    def show_note(self, sentence: str) -> None:
        """One line under the ways: what just went wrong or is under way."""
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))

    def set_theme(self, theme: Theme) -> None:
        self._sentence.set_color(theme.muted)
        self._note.set_color(theme.state_watch)
        for way in self._ways:
            way.sentence.set_color(theme.muted)
        for line in self._lines:
            colors = line.palette()
            colors.setColor(line.backgroundRole(), theme.color(theme.line))
            line.setPalette(colors)
