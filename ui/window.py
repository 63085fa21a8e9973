"""The main window: lays out the pages and routes between them, nothing else."""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from psbuddy.insight.contact import as_seen
from psbuddy.model.fleet import AppStatus, HostLine
from ui.pages.fleet.beginning import Watched, beginning_words
from ui.pages.fleet.data import Fleet
from ui.pages.fleet.page import FleetPage
from ui.pages.fleet.view import hosts_words, jump_order, newest_collection
from ui.theme import Theme
from ui.topbar import HEIGHT, Notice, TopBar

if TYPE_CHECKING:
    from ui.jump import JumpPanel
    from ui.shortcuts import ShortcutsPanel

TABS = ("fleet", "hosts")
#: All ages on screen are told anew at once, so that no two of them disagree; a thousand lines
#: take 40 ms.
TICK_MS = 5000


class MainWindow(QMainWindow):
    """Top bar, a notice, and one page at a time."""

    first_painted = Signal()
    closed = Signal()
    page_wanted = Signal(str)
    app_wanted = Signal(str)
    host_wanted = Signal(str)
    refresh_wanted = Signal()
    notice_pressed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._painted = False
        self._fleet_data = Fleet()
        self._watched = Watched()
        self._pages: dict[str, QWidget] = {}
        self.setWindowTitle("PS Buddy")
        self.resize(1440, 900)
        self.setMinimumSize(720, 480)
        self.bar = TopBar(TABS, theme, self)
        self.notice = Notice(theme, self)
        self.stack = QStackedWidget(self)
        self.fleet = FleetPage(theme)
        self.add_page("fleet", self.fleet)
        self._lay_out()
        self._jump: JumpPanel | None = None
        self._keys: ShortcutsPanel | None = None
        self._connect()
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()

    def _lay_out(self) -> None:
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.notice)
        column.addWidget(self.stack, 1)
        self.setCentralWidget(middle)

    def _connect(self) -> None:
        self.bar.page_wanted.connect(self.page_wanted)
        self.bar.search_wanted.connect(self.open_jump)
        self.bar.add_wanted.connect(self._add)
        self.notice.pressed.connect(self.notice_pressed)
        self.fleet.app_chosen.connect(self.app_wanted)

    def _shortcuts(self) -> None:
        """Once the window is up: a key cannot be pressed before, and they take 3 ms."""
        from PySide6.QtGui import QKeySequence, QShortcut  # noqa: PLC0415

        def on(keys: str, slot: Callable[[], object]) -> None:
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

        on("Ctrl+K", self.open_jump)
        on("Ctrl+N", self._add)
        for keys in ("F1", "?"):
            on(keys, self.toggle_keys)
        on("F5", self.refresh_wanted.emit)
        on("Esc", self.go_back)
        on("Ctrl+Q", self.close)
        for number, name in enumerate(TABS, 1):
            on(f"Ctrl+{number}", partial(self.page_wanted.emit, name))

    # -- pages -----------------------------------------------------------------------------

    def add_page(self, name: str, page: QWidget) -> None:
        """Make a page known; it is not shown yet."""
        self._pages[name] = page
        self.stack.addWidget(page)

    def has_page(self, name: str) -> bool:
        return name in self._pages

    def show_page(self, name: str) -> None:
        """Show a page that was added."""
        self.stack.setCurrentWidget(self._pages[name])
        self.tell_ages()
        self.bar.set_page(name)
        self._focus_page()

    @property
    def page(self) -> str:
        """Name of the page on screen."""
        shown = self.stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is shown), "")

    def go_back(self) -> None:
        """Esc: first what the page itself can undo, then back to the fleet."""
        if self._jump is not None and self._jump.isVisible():
            self._jump.dismiss()
            return
        if self._keys is not None and self._keys.isVisible():
            self._keys.dismiss()
            return
        undo: Callable[[], bool] | None = getattr(self.stack.currentWidget(), "escape", None)
        if undo is not None and undo():
            return
        if self.page not in ("fleet", "broken"):
            self.page_wanted.emit("fleet")

    @property
    def jump(self) -> "JumpPanel":
        """The jump list, made when first wanted."""
        if self._jump is None:
            from ui.jump import JumpPanel  # noqa: PLC0415 - not for the first paint

            self._jump = JumpPanel(self.theme, self)
            self._jump.chosen.connect(self.app_wanted)
            self._jump.host_chosen.connect(self.host_wanted)
            self._jump.closed.connect(self._focus_page)
        return self._jump

    def open_jump(self) -> None:
        """Ctrl+K."""
        self.jump.place(self.width(), HEIGHT + 24)
        hosts = [as_seen(line, self._now()) for line in self.hosts]
        self.jump.open(jump_order(self.statuses), hosts)

    def toggle_keys(self) -> None:
        """F1 and ?: the list of keys, and away with it again."""
        if self._keys is None:
            from ui.shortcuts import ShortcutsPanel  # noqa: PLC0415 - not for the first paint

            self._keys = ShortcutsPanel(self.theme, self)
            self._keys.closed.connect(self._focus_page)
        if self._keys.isVisible():
            self._keys.dismiss()
        else:
            self._keys.open(self.width(), HEIGHT + 24)

    def _add(self) -> None:
        self.page_wanted.emit("start")

    def _focus_page(self) -> None:
        page = self.stack.currentWidget()
        if page is not None:
            page.setFocus()

    # -- what is shown ---------------------------------------------------------------------

    def show_fleet(self, fleet: Fleet) -> None:
        self._fleet_data = fleet
        now = self._now()
        self.fleet.show_data(fleet.statuses, now)
        self._show_age(now)
        if self.page != "fleet":
            self._tick_page(now)

    def show_watched(self, watched: Watched, *, collecting: bool) -> None:
        """What is to be visited: the first thing that can be said of a new catalogue."""
        self._watched = watched
        if not self.statuses:
            self.fleet.beginning.show_words(*beginning_words(watched, collecting=collecting))
        self._show_age(self._now())

    def show_progress(self, sentence: str) -> None:
        """What is being read just now, "" for nothing."""
        self.bar.progress.setText(sentence)
        if not self.statuses:
            self.fleet.beginning.progress.setText(sentence or " ")

    @property
    def hosts(self) -> tuple[HostLine, ...]:
        return self._fleet_data.hosts

    @property
    def statuses(self) -> tuple[AppStatus, ...]:
        return self._fleet_data.statuses

    def set_theme(self, theme: Theme) -> None:
        """Switch every page, live."""
        self.theme = theme
        over = [panel for panel in (self._jump, self._keys) if panel is not None]
        for part in (self.bar, self.notice, *over, *self._pages.values()):
            switch: Callable[[Theme], None] = part.set_theme  # type: ignore[attr-defined]
            switch(theme)

    def _tick(self) -> None:
        if self.isVisible():
            self.tell_ages()

    def tell_ages(self) -> None:
        """One clock for every age on screen."""
        now = self._now()
        self._show_age(now)
        self._tick_page(now)

    def _tick_page(self, now: int) -> None:
        shown = self.stack.currentWidget()
        tick: Callable[[int], None] | None = getattr(shown, "tick", None)
        if tick is not None:
            tick(now)

    def _show_age(self, now: int) -> None:
        data = self._fleet_data
        newest = newest_collection(data.statuses)
        known = data.hosts or data.statuses or self._watched.hosts
        told = hosts_words(data.hosts, now, newest, self._watched.hosts)
        self.bar.hosts.setText(told if known else "")

    def _now(self) -> int:
        return int(time.time())

    # -- events ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            # Children paint in this same turn; what follows begins in the next one.
            QTimer.singleShot(0, self, self.first_painted.emit)
            QTimer.singleShot(0, self, self._shortcuts)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if self._jump is not None and self._jump.isVisible():
            self._jump.place(self.width(), HEIGHT + 24)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange and not self.isMinimized():
            self.tell_ages()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self._clock.stop()
        super().closeEvent(event)
        self.closed.emit()
