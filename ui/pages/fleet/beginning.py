"""The fleet page before its first line: something is watched, nothing of it is known yet."""

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from psbuddy import words
from ui.plain import PlainLabel
from ui.theme import GAP, Size, Theme


class Watched(NamedTuple):
    """What the engine says the catalogue names. `known`: it has said so."""

    apps: int = 0
    hosts: int = 0
    faulty: bool = False  # the catalogue has a mistake
    known: bool = False


def beginning_words(watched: Watched, *, collecting: bool) -> tuple[str, str]:
    """Title and sentence of a page that has no line yet."""
    if not collecting:
        return (
            "Nothing was collected yet",
            "This window was opened without collection. Start psbuddy to visit the hosts.",
        )
    if watched.faulty and not watched.apps:
        return (
            "The catalogue has a mistake",
            "Nothing can be visited before it is mended; then the visits begin by themselves.",
        )
    if not watched.apps:
        return "First visit under way", "The catalogue is being read."
    apps = words.quantity(watched.apps, "application")
    hosts = words.quantity(watched.hosts, "host")
    return "First visit under way", f"{apps} on {hosts}. Each appears here once it was read."


class Beginning(QWidget):
    """Quiet words in the middle of the page: what is going on, and what is read just now."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = PlainLabel(size=Size.TITLE, weight=QFont.Weight.DemiBold)
        self.sentence = PlainLabel(size=Size.HEAD, wrap=True)
        self.progress = PlainLabel(" ", limit=200)
        column = QVBoxLayout(self)
        column.setSpacing(GAP)
        column.addStretch(2)
        for label in (self.title, self.sentence, self.progress):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(3)
        self.set_theme(theme)

    def show_words(self, title: str, sentence: str) -> None:
        self.title.setText(title)
        self.sentence.setText(sentence)

    def set_theme(self, theme: Theme) -> None:
        self.sentence.set_color(theme.muted)
        self.progress.set_color(theme.muted)
