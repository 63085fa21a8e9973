"""The text behind the chosen cause: its template, with the variable parts marked, and the rest."""

from collections.abc import Sequence

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from ui.panels.causes.story_view import StoryText, marker
from ui.plain import plain
from ui.theme import GAP, Size, Theme, font

HEIGHT = 208
_LIMIT = 20_000


class CauseDetail(QPlainTextEdit):
    """Reads no markup. Variable parts are numbered, in brackets and underlined."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setReadOnly(True)
        self.setFont(font(Size.BODY, mono=True))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Template, values and example records of the chosen cause")
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {theme.raised}; padding: {GAP}px; }}"
            "QAbstractScrollArea::corner { background: transparent; border: 0; }"
        )

    def show_text(self, text: str) -> None:
        """Show foreign text, plain and cut; where it is the same nothing moves."""
        self._put(plain(text, _LIMIT, lines=True), ())

    def to_head(self) -> None:
        """Scroll to the first letter: what is shown next is another text."""
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)

    def show_story(self, story: StoryText) -> None:
        """Show the template with its variable parts marked, and below it the rest."""
        text, marks = plain(story.template[0], _LIMIT), []
        for number, part in enumerate(story.template[1:], 1):
            mark = marker(number)
            marks.append((len(text), len(mark)))
            text += mark + plain(part, _LIMIT)
        self._put(f"{text}\n{plain(story.rest, _LIMIT, lines=True)}", marks)

    def _put(self, text: str, marks: Sequence[tuple[int, int]]) -> None:
        if text != self.toPlainText():
            at = self.verticalScrollBar().value()
            self.setPlainText(text)
            self.verticalScrollBar().setValue(at)
        self.setExtraSelections([self._mark(*mark) for mark in marks])

    def _mark(self, start: int, length: int) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setFontUnderline(True)
        look.setForeground(QColor(self._theme.accent))
        selection.cursor, selection.format = cursor, look
        return selection
