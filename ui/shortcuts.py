"""F1 or ?: every key of the window in one plain table. docs/window.md holds the same list."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from ui.plain import PlainLabel
from ui.theme import GAP, WIDE, Size, Theme

#: Where, keys, what they do. A place is told once.
SHORTCUTS: tuple[tuple[str, str, str], ...] = (
    ("Everywhere", "Ctrl+K", "Search: go to an application or a host by a few letters"),
    ("Everywhere", "Ctrl+1", "Fleet"),
    ("Everywhere", "Ctrl+2", "Hosts"),
    ("Everywhere", "Ctrl+N", "Add a host or an application"),
    ("Everywhere", "F5", "Collect now"),
    ("Everywhere", "Esc", "Back: drop a filter, close a list, leave the page"),
    ("Everywhere", "F1 or ?", "This list"),
    ("Everywhere", "Ctrl+Q", "Quit"),
    ("Fleet", "Up, Down", "Choose a line"),
    ("Fleet", "Enter", "Open its dashboard"),
    ("Dashboard", "Left, Right", "Move the cursor by one step, with Shift by ten"),
    ("Dashboard", "Ctrl+Left, Ctrl+Right", "Move the range by half of itself"),
    ("Dashboard", "+, -", "Zoom in and out around the cursor"),
    ("Dashboard", "Up, Down, Page Up, Page Down", "Scroll"),
    ("Dashboard", "Home", "Show the last 24 hours"),
    ("Dashboard", "Ctrl+S", "Save snapshot: a picture, a page or the figures"),
    ("Run times", "Enter", "The story of a run, one row further each time"),
    ("Run times", "L, Menu, right click", "The lines around its end, read on the host"),
    ("Causes", "Shift+Up, Shift+Down, Ctrl+click", "Choose several"),
    ("Causes", "Menu, right click", "The lines on the host, and what can be decided"),
    ("Causes", "L", "The lines around its newest record, read on the host"),
    ("Causes", "M", "Make one cause of the chosen ones"),
    ("Causes", "S", "Split: take fingerprints out of the cause"),
    ("Causes", "F2", "Rename"),
    ("Causes", "U", "Mute, or no longer"),
    ("Causes", "K", "Mark as a known error, with its reference"),
    ("Causes", "V", "Mark as resolved, or no longer"),
)


class ShortcutsPanel(QFrame):
    """Lies over the window; Esc, F1 or a click closes it."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._muted: list[PlainLabel] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(WIDE * 2, WIDE, WIDE * 2, WIDE)
        grid.setHorizontalSpacing(WIDE * 2)
        grid.setVerticalSpacing(GAP // 2)
        head = PlainLabel("Keys", self, size=Size.HEAD, weight=QFont.Weight.DemiBold)
        grid.addWidget(head, 0, 0, 1, 3)
        before = ""
        for row, (place, keys, deed) in enumerate(SHORTCUTS, 1):
            where = PlainLabel(place if place != before else "", self)
            self._muted.append(where)
            grid.addWidget(where, row, 0)
            grid.addWidget(PlainLabel(keys, self, weight=QFont.Weight.DemiBold), row, 1)
            grid.addWidget(PlainLabel(deed, self), row, 2)
            before = place
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("; ".join(f"{keys}: {deed}" for _, keys, deed in SHORTCUTS))
        self.set_theme(theme)
        self.hide()

    def open(self, width: int, top: int) -> None:
        """Show in the middle of a window `width` wide."""
        self.adjustSize()
        self.move(max(0, (width - self.width()) // 2), top)
        self.show()
        self.raise_()
        self.setFocus()

    def dismiss(self) -> None:
        """Close it."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def set_theme(self, theme: Theme) -> None:
        self._edge = theme.line
        for label in self._muted:
            label.set_color(theme.muted)
        colors = self.palette()
        colors.setColor(self.backgroundRole(), theme.color(theme.surface))
        self.setPalette(colors)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.dismiss()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setPen(QColor(self._edge))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
