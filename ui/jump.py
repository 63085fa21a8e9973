"""Ctrl+K: type a few letters, Enter opens the application or the host."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from psbuddy.model.fleet import AppStatus, HostLine
from psbuddy.model.terms import State
from ui.fuzzy import best
from ui.icons import STATE_WORDS, paint_state
from ui.plain import PlainLabel, draw_text, plain
from ui.theme import GAP, Size, Theme, font

WIDTH, ROW_HEIGHT, SHOWN = 560, 36, 10
#: Where the second column begins; a host has a long name and little to say.
_WORDS_AT, _HOST_WORDS_AT = 228, 340
ENTRY_ROLE = int(Qt.ItemDataRole.UserRole) + 1
PLACEHOLDER = "Application or host"
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Entry(NamedTuple):
    """One thing to go to."""

    key: str  # id of the application, or name of the host
    is_host: bool
    name: str
    owner: str
    state: State
    words: str  # what is to be said of it, behind its name


def entries(statuses: Sequence[AppStatus], hosts: Sequence[HostLine]) -> list[Entry]:
    """All applications in their order, then all hosts by name."""
    apps = [Entry(s.app, False, s.name, s.owner, s.state, s.headline) for s in statuses]
    lines = sorted(hosts, key=lambda line: line.host)
    return apps + [
        Entry(line.host, True, line.host, "", line.state, f"host, {STATE_WORDS[line.state]}")
        for line in lines
    ]


class _Matches(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: list[Entry] = []

    def show(self, found: list[Entry]) -> None:
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not 0 <= index.row() < len(self.found):
            return None
        entry = self.found[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(entry.name, 200)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = "" if entry.is_host else f"{STATE_WORDS[entry.state]}, "
            return plain(f"{entry.name}, {state}{entry.words}")
        return None


class _MatchDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        return QSize(WIDTH, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(ENTRY_ROLE)
        if not isinstance(entry, Entry):
            return
        second = _HOST_WORDS_AT if entry.is_host else _WORDS_AT
        rect: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(self.theme.selected))
        glyph = QRectF(rect.left() + 12, rect.center().y() - 6, 13, 13)
        paint_state(painter, glyph, entry.state, self.theme)
        painter.setFont(font(Size.BODY, QFont.Weight.DemiBold))
        painter.setPen(QColor(self.theme.text))
        draw_text(
            painter, rect.adjusted(36, 0, -rect.width() + second - 12, 0), plain(entry.name, 200)
        )
        painter.setFont(font(Size.BODY))
        painter.setPen(QColor(self.theme.muted))
        draw_text(painter, rect.adjusted(second, 0, -12, 0), plain(entry.words, 200))
        painter.restore()


class JumpPanel(QFrame):
    """Lies over the window while it is needed; Esc or a click elsewhere closes it."""

    chosen = Signal(str)  # id of an application
    host_chosen = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._entries: Sequence[Entry] = ()
        self._field = QLineEdit(self)
        self._field.setPlaceholderText(PLACEHOLDER)
        self._field.setMaxLength(100)
        self._field.setFont(font(Size.HEAD))
        self._field.setAccessibleName(PLACEHOLDER)
        self._matches = _Matches(self)
        self._delegate = _MatchDelegate(theme, self)
        self._list = QListView(self)
        self._list.setModel(self._matches)
        self._list.setItemDelegate(self._delegate)
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._nothing = PlainLabel("", self, limit=160)
        self._nothing.setFixedHeight(ROW_HEIGHT)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addWidget(self._field)
        column.addWidget(self._list)
        column.addWidget(self._nothing)
        self.setAutoFillBackground(True)
        self._field.textChanged.connect(self._search)
        self._field.installEventFilter(self)
        self._list.clicked.connect(self._choose)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self._delegate.theme = theme
        self._edge = theme.line
        self._nothing.set_color(theme.muted)
        colors = self.palette()
        colors.setColor(self.backgroundRole(), theme.color(theme.surface))
        self.setPalette(colors)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setPen(QColor(self._edge))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def open(self, statuses: Sequence[AppStatus], hosts: Sequence[HostLine] = ()) -> None:
        """Show with all of `statuses`, in their order, and all of `hosts`."""
        self._entries = entries(statuses, hosts)
        self._field.clear()
        self._search("")
        self.show()
        self.raise_()
        self._field.setFocus()

    def place(self, width: int, top: int) -> None:
        """Sit in the middle of a window `width` wide."""
        wide = min(WIDTH, width - 32)
        self.setFixedWidth(wide)
        self.move((width - wide) // 2, top)

    @property
    def found(self) -> list[str]:
        """Ids of applications and names of hosts as offered now."""
        return [entry.key for entry in self._matches.found]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.FocusOut and self.isVisible():
            self.dismiss()
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._key(event.key())
        return super().eventFilter(watched, event)

    def _key(self, key: int) -> bool:
        row, last = self._list.currentIndex().row(), self._matches.rowCount() - 1
        match key:
            case Qt.Key.Key_Down:
                self._list.setCurrentIndex(self._matches.index(min(row + 1, last)))
            case Qt.Key.Key_Up:
                self._list.setCurrentIndex(self._matches.index(max(row - 1, 0)))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._choose(self._list.currentIndex())
            case Qt.Key.Key_Escape:
                self.dismiss()
            case _:
                return False
        return True

    def _search(self, text: str) -> None:
        found = best(text, self._entries, lambda e: (e.name, e.key, e.owner), SHOWN)
        self._matches.show(found)
        self._list.setCurrentIndex(self._matches.index(0))
        self._list.setFixedHeight(len(found) * ROW_HEIGHT)
        self._list.setVisible(bool(found))
        told = f"No application and no host is called '{text}'"
        told = told if text else "No application is watched yet"
        self._nothing.setText(told)
        self._nothing.setVisible(not found)
        self.adjustSize()

    def _choose(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY_ROLE)
        if isinstance(entry, Entry):
            self.dismiss()
            (self.host_chosen if entry.is_host else self.chosen).emit(entry.key)

    def dismiss(self) -> None:
        """Close without a choice."""
        if self.isVisible():
            self.hide()
            self.closed.emit()
