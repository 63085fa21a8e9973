"""The fleet page: puts header, captions and list together; values come in by show_data."""

import time
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QVBoxLayout,
    QWidget,
)

from psbuddy.model.fleet import AppStatus
from psbuddy.model.terms import State
from ui.pages.fleet.beginning import Beginning
from ui.pages.fleet.columns import CAPTIONS, RIGHT_ALIGNED
from ui.pages.fleet.delegate import DENSE, LEFT, ONE, RIGHT, ROOMY, TALL, FleetDelegate
from ui.pages.fleet.header import FleetHeader
from ui.pages.fleet.model import LINE_ROLE, FleetModel
from ui.pages.fleet.view import FleetFilter, FleetLine, FleetView, fleet_view
from ui.plain import PlainLabel, draw_text
from ui.theme import WIDE, Size, Theme, font

#: Up to this many lines may be high ones, where they fit.
ROOMY_UP_TO = 13
DENSE_ABOVE = 16
#: Below this width a sentence may need a row of text more.
NARROW = 1280
MOVED = "The order has changed; the list sorts itself when you leave it."
#: Width of the scroll bar by our stylesheet.
SCROLL_BAR = 10


class FleetList(QListView):
    """Enter opens. Whoever points at a line or walks the lines by key holds their order."""

    released = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rests_at: QPoint | None = None  # where the pointer was when it came, or came to be
        self._pointing = self._walking = False

    @property
    def held(self) -> bool:
        """Whether a person is about to choose a line. A pointer that only happens to lie
        where the list appeared, or on free space, is no person."""
        return self._pointing or self._walking

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.activated.emit(self.currentIndex())
            return
        super().keyPressEvent(event)
        self._walking = self.currentIndex().isValid()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self._walking = False
        self._release()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseMoveEvent(event)
        place = event.globalPosition().toPoint()
        moved = self._rests_at is not None and place != self._rests_at
        self._rests_at = place
        before = self._pointing
        over = self.indexAt(event.position().toPoint()).isValid()
        self._pointing = over and (moved or before)
        if before and not self._pointing:
            self._release()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        super().leaveEvent(event)
        self._rests_at = None
        self._pointing = False
        self._release()

    def let_go(self) -> bool:
        """Esc: end the walk by key. False when there was none."""
        walked, self._walking = self._walking, False
        return walked

    def _release(self) -> None:
        if not self.held:
            self.released.emit()

    def lines_width(self) -> int:
        """Width of a line. By arithmetic: asking the viewport builds 64 enums, 14 ms."""
        rows = self.model().rowCount()
        high = rows * self.sizeHintForRow(0) > self.height() if rows else False
        return self.width() - (SCROLL_BAR if high else 0)


class Captions(QWidget):
    """Quiet words above the columns of figures."""

    def __init__(
        self, theme: Theme, view: FleetList, delegate: FleetDelegate, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.note = ""  # stands above the sentences
        self._view = view
        self._delegate = delegate
        self.setFixedHeight(20)
        self.setFont(font(Size.SMALL))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setPen(QColor(self.theme.muted))
        for column in self._delegate.columns(self._view.lines_width()):
            cell = QRect(column.x, 0, column.width, self.height())
            side = RIGHT if column.name in RIGHT_ALIGNED else LEFT
            text = self.note if column.name == "headline" else CAPTIONS.get(column.name, "")
            draw_text(painter, cell, text, side)
        painter.end()


class FleetPage(QWidget):
    """One line per application, most urgent first."""

    app_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._statuses: tuple[AppStatus, ...] = ()
        self._now = 0
        self._wanted = FleetFilter()
        self._view = FleetView()
        self._header = FleetHeader(theme, self)
        self._banner = PlainLabel("", self, size=Size.BODY, wrap=True)
        self._banner.setContentsMargins(WIDE, 8, WIDE, 8)
        self._banner.hide()
        self._model = FleetModel(self)
        self._delegate = FleetDelegate(theme, self)
        self._list = self._make_list()
        self._captions = Captions(theme, self._list, self._delegate, self)
        self._nothing = PlainLabel("", self, wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.hide()
        self._beginning: Beginning | None = None
        self._lay_out()
        self._header.filter_changed.connect(self._filter)
        self.set_theme(theme)

    def _make_list(self) -> FleetList:
        view = FleetList(self)
        view.setModel(self._model)
        view.setItemDelegate(self._delegate)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setAccessibleName("Applications, most urgent first")
        view.entered.connect(lambda index: self._hover(index.row()))
        view.viewportEntered.connect(lambda: self._hover(-1))
        view.selectionModel().currentChanged.connect(self._current)
        view.activated.connect(self._open)
        view.clicked.connect(self._open)
        view.released.connect(self._settle)
        self.setFocusProxy(view)
        return view

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._header, self._banner, self._captions, self._nothing):
            column.addWidget(part)
        column.addWidget(self._list, 1)
        self._column = column

    @property
    def beginning(self) -> Beginning:
        """What stands here before the first line; made when it is first wanted."""
        if self._beginning is None:
            self._beginning = Beginning(self._delegate.theme, self)
            self._column.addWidget(self._beginning, 1)
        return self._beginning

    def show_data(self, statuses: Sequence[AppStatus], now: int | None = None) -> None:
        """Show what the store says. The order holds while a person points at a line."""
        appeared = bool(statuses) and not self._statuses
        self._statuses = tuple(statuses)
        for part in (self._list, self._header, self._captions):
            part.setVisible(bool(self._statuses))
        if self._beginning is not None or not self._statuses:
            self.beginning.setVisible(not self._statuses)
        if appeared and self.isVisible() and not _is_typing():
            self.setFocus()  # hidden, the list could not hold it: keys went to the tabs
        self.tick(now)

    def tick(self, now: int | None = None) -> None:
        """Let the ages on screen grow; nothing moves."""
        self._now = int(time.time()) if now is None else now
        self._render(self._view.order if self._list.held else ())

    def set_theme(self, theme: Theme) -> None:
        self._delegate.theme = theme
        self._captions.theme = theme
        self._header.set_theme(theme)
        if self._beginning is not None:
            self._beginning.set_theme(theme)
        self._banner.set_color(theme.state_watch)
        self._nothing.set_color(theme.muted)
        self._list.scheduleDelayedItemsLayout()  # repaints all lines
        self._captions.update()

    def escape(self) -> bool:
        """Esc: drop filters, and let the order go. False when there was nothing to drop."""
        walked = self._list.let_go()
        if self._header.clear():
            return True
        if walked:
            self._settle()
        return walked

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._choose_height()

    @property
    def view(self) -> FleetView:
        """What is on screen."""
        return self._view

    @property
    def selected(self) -> str:
        """The application of the current line, "" for none."""
        line = self._list.currentIndex().data(LINE_ROLE)
        return line.app if isinstance(line, FleetLine) else ""

    def select(self, app: str) -> None:
        """Make `app` the current line."""
        self._select_key(f"app:{app}")

    def _render(self, held: Sequence[str]) -> None:
        view = fleet_view(self._statuses, self._now, self._wanted, held=held)
        self._note_order(view, held)
        if view == self._view:
            return
        kept, top = self._current_key(), self._list.verticalScrollBar().value()
        self._view = view
        self._delegate.jobs = any(line.job for line in view.lines)
        self._model.set_lines(view.lines)
        self._delegate.current = self._list.currentIndex().row()
        self._header.show_view(view)
        self._banner.setText(view.stale)
        self._banner.setVisible(bool(view.stale))
        nothing = "" if view.lines else "No application matches. Esc shows all of them."
        self._nothing.setText(nothing)
        self._nothing.setVisible(bool(nothing) and bool(self._statuses))
        self._captions.setVisible(bool(view.lines))
        self._captions.update()
        self._choose_height()
        self._select_key(kept)
        self._list.verticalScrollBar().setValue(top)

    def _note_order(self, view: FleetView, held: Sequence[str]) -> None:
        """Say quietly that the lines would stand in another order by now."""
        free = fleet_view(self._statuses, self._now, self._wanted).order if held else view.order
        note = "" if free == view.order else MOVED
        if note != self._captions.note:
            self._captions.note = note
            self._captions.update()

    def _choose_height(self) -> None:
        """High lines with the whole sentence where all of them fit, one-line ones elsewhere."""
        number = len(self._view.lines)
        space = self._list.height() if number <= ROOMY_UP_TO else 0
        height = DENSE if number > DENSE_ABOVE else ONE
        if number * ROOMY <= space:
            narrow = self._list.width() < NARROW
            height = TALL if narrow and number * TALL <= space else ROOMY
        if self._delegate.row_height != height:
            self._delegate.row_height = height
            self._list.scheduleDelayedItemsLayout()
            self._captions.update()

    def _current_key(self) -> str:
        line = self._list.currentIndex().data(LINE_ROLE)
        return line.key if isinstance(line, FleetLine) else ""

    def _select_key(self, key: str) -> None:
        row = self._model.row_of(key)
        if row >= 0 and self._list.currentIndex().row() != row:
            self._list.selectionModel().setCurrentIndex(
                self._model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def _filter(self, states: frozenset[State], owner: str) -> None:
        self._wanted = self._wanted._replace(states=states, owner=owner)
        self._render(())

    def _settle(self) -> None:
        self._hover(-1)
        self._render(())

    def _hover(self, row: int) -> None:
        before, self._delegate.hovered = self._delegate.hovered, row
        self._repaint(before, row)

    def _current(self, index: QModelIndex) -> None:
        before, self._delegate.current = self._delegate.current, index.row()
        self._repaint(before, index.row())

    def _repaint(self, *rows: int) -> None:
        for row in rows:
            self._list.update(self._model.index(row))

    def _open(self, index: QModelIndex) -> None:
        line = index.data(LINE_ROLE)
        if not isinstance(line, FleetLine):
            return
        if line.app:
            self.app_chosen.emit(line.app)
            return
        collapsed = self._wanted.collapsed ^ {line.state}
        self._wanted = self._wanted._replace(collapsed=collapsed)
        self._render(())


def _is_typing() -> bool:
    """Whether the keyboard is in a field of text."""
    from PySide6.QtWidgets import QLineEdit  # noqa: PLC0415 - not asked before the first paint

    return isinstance(QApplication.focusWidget(), QLineEdit)
