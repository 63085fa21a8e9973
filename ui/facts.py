"""Facts that a question is decided on: a name at the left, what was told at its right."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from ui.plain import PlainLabel
from ui.theme import WIDE, Theme


def facts_grid(
    theme: Theme, facts: Iterable[tuple[str, str, bool]], *, limit: int = 1000
) -> QGridLayout:
    """(name, value, whether in letters of one width); at most `limit` characters of a value."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(WIDE)
    grid.setVerticalSpacing(4)
    for row, (name, value, mono) in enumerate(facts):
        caption = PlainLabel(name)
        caption.set_color(theme.muted)
        shown = PlainLabel(value, mono=mono, wrap=True, limit=limit)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(shown, row, 1)
    grid.setColumnStretch(1, 1)
    return grid
