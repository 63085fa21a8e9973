"""Ctrl+K: type a few letters, Enter opens the application."""

from collections.abc import Sequence
from typing import Any

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

from psbuddy.model.status import AppStatus
from ui.fuzzy import best
from ui.icons import STATE_WORDS, paint_state
from ui.plain import PlainLabel, draw_text, plain
from ui.theme import GAP, Size, Theme, font

WIDTH, ROW_HEIGHT, SHOWN = 560, 36, 10
STATUS_ROLE = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class _Matches(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: list[AppStatus] = []

    def show(self, found: list[AppStatus]) -> None:
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not 0 <= index.row() < len(self.found):
            return None
        status = self.found[index.row()]
        if role == STATUS_ROLE:
            return status
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(status.name, 200)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return plain(f"{status.name}, {STATE_WORDS[status.state]}, {status.headline}")
        return None


class _MatchDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        return QSize(WIDTH, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        status = index.data(STATUS_ROLE)
        if not isinstance(status, AppStatus):
            return
        rect: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(self.theme.selected))
        glyph = QRectF(rect.left() + 12, rect.center().y() - 6, 13, 13)
        paint_state(painter, glyph, status.state, self.theme)
        painter.setFont(font(Size.BODY, QFont.Weight.DemiBold))
        painter.setPen(QColor(self.theme.text))
        draw_text(painter, rect.adjusted(36, 0, -rect.width() + 216, 0), plain(status.name, 200))
        painter.setFont(font(Size.BODY))
        painter.setPen(QColor(self.theme.muted))
        draw_text(painter, rect.adjusted(228, 0, -12, 0), plain(status.headline, 200))
        painter.restore()


class JumpPanel(QFrame):
    """Lies over the window while it is needed; Esc or a click elsewhere closes it."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._statuses: Sequence[AppStatus] = ()
        self._field = QLineEdit(self)
        self._field.setPlaceholderText("Jump to an application")
        self._field.setMaxLength(100)
        self._field.setFont(font(Size.HEAD))
        self._field.setAccessibleName("Jump to an application")
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

    def open(self, statuses: Sequence[AppStatus]) -> None:
        """Show with all of `statuses`, in their order."""
        self._statuses = statuses
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
        """Application ids as offered now."""
        return [status.app for status in self._matches.found]

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
        found = best(text, self._statuses, lambda s: (s.name, s.app, s.owner), SHOWN)
        self._matches.show(found)
        self._list.setCurrentIndex(self._matches.index(0))
        self._list.setFixedHeight(len(found) * ROW_HEIGHT)
        self._list.setVisible(bool(found))
        told = f"No application is called '{text}'" if text else "No application is watched yet"
        self._nothing.setText(told)
        self._nothing.setVisible(not found)
        self.adjustSize()

    def _choose(self, index: QModelIndex) -> None:
        status = index.data(STATUS_ROLE)
        if isinstance(status, AppStatus):
            self.dismiss()
            self.chosen.emit(status.app)

    def dismiss(self) -> None:
        """Close without a choice."""
        if self.isVisible():
            self.hide()
            self.closed.emit()
