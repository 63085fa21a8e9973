"""The application page: which application, which range, when to read again. Draws nothing."""

import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QAbstractSlider, QDialog, QVBoxLayout, QWidget

from psbuddy.model.causes import Decision
from psbuddy.model.observation import Committed
from psbuddy.report.story import CauseStory, load_story
from psbuddy.report.values import Dashboard
from ui.charts.colours import CauseColours
from ui.charts.link import TimeLink
from ui.pages.application import ranges
from ui.pages.application.body import Body
from ui.pages.application.calendar import RangeDialog
from ui.pages.application.header import AppHeader
from ui.pages.application.header_view import age_words, header_view, is_old
from ui.pages.application.ranges import Range
from ui.panels.values import Phase
from ui.snapshots import Wanted
from ui.theme import DARK, Theme

Load = Callable[[sqlite3.Connection, str, int, int, int], Dashboard]
#: Wheel and drag ask for many ranges; the store is asked once they rest this long.
SETTLE_MS = 60
_KEY, _STORY = "dashboard", "story"
_HISTORY = 50
_SCROLLS = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
}


class Reads(Protocol):
    """What the page needs of `ui.reading.Reader`."""

    def ask(
        self,
        key: str,
        function: Callable[[sqlite3.Connection], Any],
        done: Callable[[Any], None],
        failed: Callable[[str], None],
        *,
        owner: QObject | None = None,
    ) -> None: ...


class ApplicationPage(QWidget):
    """Reads through the one reader and shows what comes back, if it is still wanted."""

    loaded = Signal(object)  # Dashboard: now shown
    painted = Signal()  # and on screen
    built = Signal()  # all panels are there
    back_requested = Signal()  # Esc with nothing left to undo
    host_chosen = Signal(str)  # a host's name was clicked or entered
    #: The lines around a record are wanted: a dict of host, app, log, time, text as the
    #: engine's request `lines` takes it. The answer goes to `show_lines`, with that dict.
    lines_wanted = Signal(object)
    snapshot_wanted = Signal(object)  # ui.snapshots.Wanted: what is on screen
    decision_wanted = Signal(object)  # Decision about causes; `refresh` when it is written

    def __init__(
        self,
        theme: Theme,
        reader: Reads,
        parent: QWidget | None = None,
        *,
        load: Load | None = None,
        clock: Callable[[], float] = time.time,
        zone: str = "",
    ) -> None:
        super().__init__(parent)
        self._theme, self._reader, self._clock, self._zone = theme, reader, clock, zone
        self._load = load or partial(_load, zone=zone)
        self._app = self._name = ""
        self._range = ranges.preset(ranges.DEFAULT, int(clock()))
        self._history: list[Range] = []
        self._dashboard: Dashboard | None = None
        self._stale = self._paint_due = False
        self._colours = CauseColours()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        save = QShortcut(QKeySequence("Ctrl+S"), self)
        save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        save.activated.connect(self.save_snapshot)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._make()

    def _make(self) -> None:
        """Header and body in the theme in force."""
        self.link = TimeLink(self._range.since, self._range.until, self)
        self.link.chosen.connect(self._zoomed)
        self.link.back.connect(self.escape)
        self.header = AppHeader(self._theme)
        self.body = Body(self._theme, self.link, self._colours, self._zone)
        self.body.built.connect(self.built)
        self.body.cause_chosen.connect(self._highlight)
        self.body.host_chosen.connect(self.host_chosen)
        self.body.lines_wanted.connect(self._ask_lines)
        self.body.story_wanted.connect(self._ask_story)
        self.body.decision_wanted.connect(self._decide)
        self.header.retry_asked.connect(self.refresh)
        self.header.save_asked.connect(self.save_snapshot)
        picker = self.header.picker
        picker.preset_chosen.connect(self.choose_preset)
        picker.custom_asked.connect(self.ask_range)
        picker.earlier_asked.connect(lambda: self._choose(ranges.earlier(self._range)))
        picker.later_asked.connect(lambda: self._choose(ranges.later(self._range, self._now())))
        picker.show_range(self._range)
        self._column.addWidget(self.header)
        self._column.addWidget(self.body, 1)
        self.body.build()

    # -- from the window ---------------------------------------------------------------

    @property
    def app(self) -> str:
        """The application on screen, "" before the first."""
        return self._app

    @property
    def theme(self) -> Theme:
        return self._theme

    @property
    def shown_range(self) -> Range:
        return self._range

    def open_app(self, app: str, name: str = "") -> None:
        """Show another application, or the same one anew, at the range in force."""
        if app != self._app:
            self._app, self._name, self._dashboard = app, name or app, None
            self._range = ranges.follow(self._unzoomed(), self._now())
            self._history.clear()
            self.link.point(None)
            self.body.set_highlight("")
            self.header.show_waiting(self._name)
            self.body.show_words(Phase.WAITING, "")
        self.refresh()

    def _unzoomed(self) -> ranges.Range:
        """The range that was zoomed from: a zoom belongs to what was looked at."""
        return self._history[0] if self._history else self._range

    def concerns(self, change: Committed) -> bool:
        """Whether a commit can change what is on screen."""
        mine = self._app in change.apps
        return mine and ranges.touches(self._range, change.since, change.until)

    def on_committed(self, change: Committed) -> None:
        """Read again if the commit touches this page: now, or when it is next shown."""
        if not self._app or not self.concerns(change):
            return
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True

    def refresh(self) -> None:
        """Ask the store for the range in force; a newer question makes this one void."""
        if not self._app:
            return
        self._stale = False
        self._settle.stop()
        now = self._now()
        self._range = ranges.follow(self._range, now)
        since, until = self._range.since, self._range.until
        load, app = self._load, self._app

        def question(connection: sqlite3.Connection) -> Dashboard:
            return load(connection, app, since, until, now)

        self._reader.ask(_KEY, question, self._answered, self.show_failure, owner=self)

    def tick(self, now: int | None = None) -> None:
        """Let the age of the data grow; nothing is read."""
        known, now = self._dashboard, self._now() if now is None else now
        if known is not None:
            self.body.show_age(age_words(known, now, self._zone), old=is_old(known, now))

    def set_theme(self, theme: Theme) -> None:
        """Build the page anew in another theme; range, choice and crosshair's range stay."""
        if theme is self._theme:
            return
        self._theme = theme
        highlight = self.body.highlight
        for part in (self.header, self.body):
            self._column.removeWidget(part)
            part.deleteLater()
        self.link.deleteLater()
        self._make()
        self.body.set_highlight(highlight)
        if self._dashboard is not None:
            self.show_dashboard(self._dashboard)

    def show_value(self, dashboard: Dashboard) -> None:
        """Show a dashboard that was not read by this page, with its range."""
        self._app = dashboard.app.app
        self._range = ranges.named(dashboard.since, dashboard.until, dashboard.now)
        self.show_dashboard(dashboard)

    def whole_height(self) -> int:
        """Height at which nothing has to be scrolled."""
        return self.header.height() + self.body.whole_height()

    def escape(self) -> bool:
        """Undo one step: the highlight, then the last zoom. False when nothing is left."""
        if self.body.highlight:
            self._highlight("")
            return True
        if not self._history:
            return False
        self._choose(ranges.follow(self._history.pop(), self._now()), remember=False)
        return True

    def show_dashboard(self, dashboard: Dashboard) -> None:
        """Put a value on screen; the axis moves unless the user is moving it just now."""
        self._dashboard = dashboard
        if not self._settle.isActive():
            self.link.show(dashboard.since, dashboard.until)
        words = header_view(dashboard, self._zone)
        self.header.show_view(words)
        self.body.show_age(words.age, old=words.old)
        self.header.picker.show_range(self._range)
        self.body.show_dashboard(dashboard)
        self._paint_due = True
        self.update()
        self.loaded.emit(dashboard)

    # -- range -------------------------------------------------------------------------

    def choose_preset(self, name: str) -> None:
        """Show the last hour, day, ..., following the clock from then on."""
        self._history.clear()
        self._choose(ranges.preset(name, self._now()), remember=False)

    def choose_range(self, since: float, until: float) -> None:
        """Show a stretch that stays where it is."""
        self._choose(ranges.custom(since, until, self._now()))

    def ask_range(self) -> None:
        """Open the dialog for a custom range."""
        self.header.picker.show_range(self._range)
        dialog = RangeDialog(self._range, self._now(), self._zone, self)
        dialog.accepted.connect(lambda: self.choose_range(*dialog.chosen()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def open_dialog(self) -> QDialog | None:
        """The range dialog while it is open."""
        return self.findChild(RangeDialog)

    def _choose(self, wanted: Range, *, remember: bool = True) -> None:
        self._adopt(wanted, remember=remember)
        self.link.show(wanted.since, wanted.until)
        self.refresh()

    def _zoomed(self, since: float, until: float) -> None:
        """Mouse or keys have moved the axis already: read once they rest."""
        resting = not self._settle.isActive()
        self._adopt(ranges.custom(since, until, self._now()), remember=resting)
        self._settle.start()

    def _adopt(self, wanted: Range, *, remember: bool) -> None:
        if remember and wanted != self._range:
            self._history = [*self._history[-_HISTORY:], self._range]
        self._range = wanted
        self.header.picker.show_range(wanted)

    # -- answers -----------------------------------------------------------------------

    def _now(self) -> int:
        return int(self._clock())

    def _answered(self, dashboard: Dashboard) -> None:
        if dashboard.app.app == self._app:
            self.show_dashboard(dashboard)

    def show_failure(self, message: str) -> None:
        """The store did not answer: say so, keep what is already shown."""
        if self._dashboard is not None:
            self.header.show_trouble(f"Not refreshed, what you see is older: {message}")
            return
        self.header.show_failed(self._name, message)
        self.body.show_words(Phase.FAILED, "")

    def show_lines(self, answer: Mapping[str, object], where: Mapping[str, object]) -> None:
        """Show what the engine answered to `lines_wanted`: `lines` and `at`, or `message`."""
        self.body.show_lines(answer, where)

    def _ask_lines(self, where: dict[str, object]) -> None:
        self.lines_wanted.emit({**where, "app": self._app})

    def _ask_story(self, cause: str) -> None:
        """Read what is behind a cause; a newer question makes this one void."""
        app = self._app

        def question(connection: sqlite3.Connection) -> tuple[str, CauseStory | None]:
            return app, load_story(connection, app, cause)

        self._reader.ask(_STORY, question, self._told, self.header.show_trouble, owner=self)

    def _told(self, answer: tuple[str, CauseStory | None]) -> None:
        if answer[0] == self._app:
            self.body.show_story(answer[1])

    def _decide(self, decision: Decision) -> None:
        self.decision_wanted.emit(replace(decision, app=self._app))

    def save_snapshot(self) -> None:
        """Ctrl+S and the button: what is on screen, as a file."""
        known = self._dashboard
        if known is not None:
            theme = "dark" if self._theme is DARK else "light"
            self.snapshot_wanted.emit(Wanted(self._app, known.since, known.until, theme))

    def _highlight(self, cause: str) -> None:
        if cause != self.body.highlight:
            self.body.set_highlight(cause)

    # -- events ------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if self._paint_due:
            self._paint_due = False
            QTimer.singleShot(0, self, self.painted.emit)  # children paint in this same turn

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self.link.point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if not self._handle_key(event):
            event.ignore()

    def _handle_key(self, event: QKeyEvent) -> bool:
        key, keys = event.key(), event.modifiers()
        step = self._dashboard.step if self._dashboard else self.link.span / 200
        step *= 10 if keys & Qt.KeyboardModifier.ShiftModifier else 1
        pan = bool(keys & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            way = -1 if key == Qt.Key.Key_Left else 1
            if pan:
                self.link.pan(0.5 * way)
            else:
                self.link.step(step * way)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.link.zoom(0.5, self.link.cursor)
        elif key == Qt.Key.Key_Minus:
            self.link.zoom(2.0, self.link.cursor)
        elif key in _SCROLLS:
            self.body.move_by(_SCROLLS[Qt.Key(key)])
        elif key == Qt.Key.Key_Home:
            self.choose_preset(ranges.DEFAULT)
        elif key == Qt.Key.Key_Escape:
            if not self.escape():
                self.back_requested.emit()
        else:
            return False
        return True


def _load(
    connection: sqlite3.Connection, app: str, since: int, until: int, now: int, *, zone: str
) -> Dashboard:
    from psbuddy.report.dashboard import load_dashboard  # noqa: PLC0415

    return load_dashboard(connection, app, since, until, now, zone=zone)
