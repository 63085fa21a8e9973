"""One calm message in the middle of an empty page: title, sentence, note, one button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QPushButton, QWidget

from ui.pages.broken.view import BrokenView
from ui.pages.middle import middle_column
from ui.plain import PlainLabel
from ui.theme import GAP, WIDE, Size, Theme

WIDTH = 560


class BrokenPage(QWidget):
    """Shows one BrokenView; `pressed` carries its action."""

    pressed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = ""
        self._title = PlainLabel(size=Size.TITLE, weight=QFont.Weight.DemiBold, wrap=True)
        self._sentence = PlainLabel(size=Size.HEAD, wrap=True)
        self._note = PlainLabel(wrap=True)
        for label in (self._sentence, self._note):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QPushButton(self)
        self._button.setDefault(True)
        self._button.clicked.connect(lambda: self.pressed.emit(self._action))
        self.setFocusProxy(self._button)
        self._lay_out()
        self.set_theme(theme)

    def _lay_out(self) -> None:
        column = middle_column(self, WIDTH, GAP)
        for label in (self._title, self._sentence, self._note):
            column.addWidget(label)
        column.addSpacing(WIDE)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_view(self, view: BrokenView) -> None:
        self._action = view.action
        self._title.setText(view.title)
        self._sentence.setText(view.sentence)
        self._note.setText(view.note)
        self._note.setVisible(bool(view.note))
        self._button.setText(view.button)
        self.setAccessibleName(f"{view.title}. {view.sentence}")

    def set_theme(self, theme: Theme) -> None:
        self._note.set_color(theme.muted)
