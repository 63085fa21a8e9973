"""The line at the top: pages, how much of the fleet is seen and how old that is, search."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QWidget

from ui.plain import PlainLabel
from ui.theme import GAP, WIDE, Size, Theme, font

HEIGHT = 48


class Tab(QAbstractButton):
    """A page's name; the one on screen is underlined."""

    def __init__(self, text: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setText(text)
        self.setCheckable(True)
        self.setFont(font(Size.BODY))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 24, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        theme, painter = self.theme, QPainter(self)
        if self.hasFocus() or self.underMouse():
            painter.fillRect(self.rect().adjusted(0, 10, 0, -10), QColor(theme.hover))
        painter.setPen(QColor(theme.text if self.isChecked() else theme.muted))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        if self.isChecked():
            painter.fillRect(12, HEIGHT - 2, self.width() - 24, 2, QColor(theme.accent))
        painter.end()


class TopBar(QWidget):
    """Lays out and tells; knows nothing of pages but their names."""

    page_wanted = Signal(str)
    search_wanted = Signal()
    add_wanted = Signal()

    def __init__(self, pages: tuple[str, ...], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(WIDE, 0, GAP, 0)
        row.setSpacing(0)
        row.addWidget(PlainLabel("PS Buddy", self, size=Size.HEAD, weight=QFont.Weight.DemiBold))
        row.addSpacing(WIDE)
        self._tabs: dict[str, Tab] = {}
        for number, name in enumerate(pages, 1):
            tab = Tab(name.capitalize(), theme, self)
            tab.setToolTip(f"Ctrl+{number}")
            tab.clicked.connect(partial(self._wanted, name))
            self._tabs[name] = tab
            row.addWidget(tab)
        row.addStretch(1)
        self.progress = PlainLabel("", self, limit=120)
        self.hosts = PlainLabel("", self, limit=120)
        self._search = QPushButton(self)  # a text here would build the enums of QIcon, 2 ms
        self._search.setText("Search   Ctrl+K")
        self._search.setFlat(True)
        self._search.clicked.connect(self.search_wanted)
        self._add = QPushButton(self)
        self._add.setText("Add   Ctrl+N")
        self._add.setFlat(True)
        self._add.setToolTip("Watch another host or application")
        self._add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._add.clicked.connect(self.add_wanted)
        row.addWidget(self.progress)
        row.addSpacing(WIDE)
        row.addWidget(self.hosts)
        row.addSpacing(WIDE)
        row.addWidget(self._add)
        row.addWidget(self._search)
        self._search.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_theme(theme)

    def _wanted(self, name: str, _checked: bool = False) -> None:
        self.set_page(name)
        self.page_wanted.emit(name)

    def set_page(self, name: str) -> None:
        """Mark the page that is shown; a page without a tab marks none."""
        for each, tab in self._tabs.items():
            tab.setChecked(each == name)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for tab in self._tabs.values():
            tab.theme = theme
        self.progress.set_color(theme.muted)
        self.hosts.set_color(theme.muted)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(self._theme.line))
        painter.end()


class Notice(QWidget):
    """One line under the bar: what is not as it should be, with one button, or what was done."""

    pressed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = ""
        self._is_news = False
        self._theme = theme
        self._label = PlainLabel("", self, wrap=True, limit=600)
        self._button = QPushButton(self)
        self._button.clicked.connect(lambda: self.pressed.emit(self._action))
        self._close = QPushButton(self)
        self._close.setText("Dismiss")
        self._close.setFlat(True)
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(WIDE, GAP, GAP, GAP)
        row.addWidget(self._label, 1)
        row.addWidget(self._button)
        row.addWidget(self._close)
        self.hide()
        self.set_theme(theme)

    @property
    def text(self) -> str:
        """What it says; "" when it is not shown."""
        return "" if self.isHidden() else self._label.text()

    def tell(self, sentence: str, button: str = "", action: str = "") -> None:
        """Show one sentence, and one button when there is something to do."""
        self._put(sentence, button, action, is_news=False)

    def tell_news(self, sentence: str) -> None:
        """Show what went as it was asked: without the colour of a warning."""
        self._put(sentence, "", "", is_news=True)

    def _put(self, sentence: str, button: str, action: str, *, is_news: bool) -> None:
        self._label.setText(sentence)
        self._action, self._is_news = action, is_news
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.setVisible(bool(sentence))
        self.update()

    def clear(self, action: str = "") -> None:
        """Hide it; with `action` only the one that offers it."""
        if not action or action == self._action:
            self.hide()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._label.set_color(theme.text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.raised))
        edge = self._theme.accent if self._is_news else self._theme.state_watch
        painter.fillRect(0, 0, 3, self.height(), QColor(edge))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(self._theme.line))
        painter.end()
