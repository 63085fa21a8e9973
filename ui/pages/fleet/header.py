"""The line above the fleet: counts by state that are filters, and the owner filter."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QWidget

from psbuddy.model.terms import State
from ui.icons import paint_state
from ui.pages.fleet.view import COUNT_ORDER, FleetView
from ui.plain import plain
from ui.theme import GAP, WIDE, Size, Theme, font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu


class CountButton(QAbstractButton):
    """`◆ 2 need you`: shows how many, filters by it when pressed."""

    def __init__(self, state: State, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.theme = theme
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        weight = QFont.Weight.DemiBold if state in (State.DOWN, State.WATCH) else None
        self.setFont(font(Size.HEAD, weight or QFont.Weight.Normal))

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 44, 36)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.theme
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.selected if self.isChecked() else theme.hover))
            painter.drawRoundedRect(self.rect(), 4, 4)
        if self.hasFocus():
            painter.setPen(QColor(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        paint_state(painter, QRectF(10, (self.height() - 14) / 2, 14, 14), self.state, theme)
        loud = self.state in (State.DOWN, State.WATCH) or self.isChecked()
        painter.setPen(QColor(theme.text if loud else theme.muted))
        place = QRect(32, 0, self.width() - 32, self.height())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        painter.end()


class FleetHeader(QWidget):
    """Counts on the left, owners on the right."""

    filter_changed = Signal(object, str)  # frozenset[State], owner

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._owner = ""
        self._buttons = {state: CountButton(state, theme, self) for state in COUNT_ORDER}
        self._owners = QPushButton(self)
        self._owners.setText("All owners  ▾")
        self._owners.setFlat(True)
        self._owners.setAccessibleName("Filter by owner")
        self._menu: QMenu | None = None  # made when first wanted, not for the first paint
        self._names: tuple[str, ...] = ()
        self._owners.clicked.connect(self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, GAP, WIDE, GAP)
        row.setSpacing(GAP)
        for button in self._buttons.values():
            button.hide()
            button.toggled.connect(self._tell)
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._owners)

    def show_view(self, view: FleetView) -> None:
        """Take counts and owners from `view`. A chosen filter stays even at zero."""
        texts = {state: text for state, _, text in view.counts}
        for state, button in self._buttons.items():
            text = texts.get(state, "0 " + state.value if button.isChecked() else "")
            if text != button.text():
                button.setText(text)
                button.setAccessibleName(f"{text}: show only these")
                button.updateGeometry()
            button.setVisible(bool(text))
        self._names = view.owners
        self._owners.setVisible(len(view.owners) > 1 or bool(self._owner))

    def set_theme(self, theme: Theme) -> None:
        for button in self._buttons.values():
            button.theme = theme
            button.update()

    def clear(self) -> bool:
        """Drop every filter. False when there was none."""
        chosen = [button for button in self._buttons.values() if button.isChecked()]
        if not chosen and not self._owner:
            return False
        for button in chosen:
            button.blockSignals(True)
            button.setChecked(False)
            button.blockSignals(False)
            button.update()
        self._choose_owner("")
        return True

    def _open_menu(self) -> None:
        if self._menu is None:
            from PySide6.QtWidgets import QMenu  # noqa: PLC0415

            self._menu = QMenu(self)
        self._menu.clear()
        for name in ("", *self._names):
            # "&" would become a mnemonic; a tab would start the shortcut column
            action = self._menu.addAction(plain(name, 60).replace("&", "&&") or "All owners")
            action.setCheckable(True)
            action.setChecked(name == self._owner)
            action.triggered.connect(lambda _=False, name=name: self._choose_owner(name))
        self._menu.popup(self._owners.mapToGlobal(self._owners.rect().bottomLeft()))

    def _choose_owner(self, name: str) -> None:
        self._owner = name
        shown = plain(name, 40).replace("&", "&&") or "All owners"
        self._owners.setText(f"{shown}  ▾")
        self._tell()

    def _tell(self) -> None:
        states = frozenset(s for s, button in self._buttons.items() if button.isChecked())
        self.filter_changed.emit(states, self._owner)
