"""The worst state beside the clock, one quiet notification when an application changes state."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from psbuddy.model.status import AppStatus
from psbuddy.model.terms import State
from ui.icons import STATE_WORDS, state_icon
from ui.pages.fleet.view import fleet_view
from ui.paths import PathNews
from ui.plain import plain
from ui.theme import Theme

MAX_NAMED = 3


def state_changes(before: Mapping[str, State], statuses: Sequence[AppStatus]) -> list[AppStatus]:
    """Applications whose state is another than `before`, the last one that was told.

    An application seen for the first time is no news.
    """
    return [s for s in statuses if s.app in before and before[s.app] is not s.state]


def told_states(
    before: Mapping[str, State], statuses: Sequence[AppStatus]
) -> tuple[list[AppStatus], dict[str, State]]:
    """What to tell now, and the states to compare with next time.

    Out of sight and back in the same state is told neither way round: while an application
    is unknown its last known state is kept, so that only another one is news.
    """
    known = dict(before)
    seen = [s for s in statuses if s.state is not State.UNKNOWN]
    changed = state_changes(before, seen)
    known.update((s.app, s.state) for s in seen)
    return changed, known


def notification(changed: Sequence[AppStatus]) -> tuple[str, str]:
    """Title and text of one notification for all of `changed`."""
    if len(changed) == 1:
        status = changed[0]
        return plain(f"{status.name}: {STATE_WORDS[status.state]}", 120), plain(
            status.headline, 300
        )
    lines = [f"{s.name}: {STATE_WORDS[s.state]}" for s in changed[:MAX_NAMED]]
    if len(changed) > MAX_NAMED:
        lines.append(f"and {len(changed) - MAX_NAMED} more")
    return f"{len(changed)} applications changed", plain("\n".join(lines), 400, lines=True)


class Tray(QObject):
    """Exists only where the desktop has a tray."""

    activated = Signal()
    quit_wanted = Signal()

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        self._states: dict[str, State] = {}
        self._worst: State | None = None
        self._menu = QMenu()
        self._menu.addAction("Show PS Buddy").triggered.connect(self.activated)
        self._menu.addAction("Quit").triggered.connect(self.quit_wanted)
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._clicked)
        self._icon.messageClicked.connect(self.activated)

    @staticmethod
    def available() -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show_data(self, statuses: Sequence[AppStatus], now: int) -> list[AppStatus]:
        """Take the worst state and tell of changes; returns the ones it told of."""
        view = fleet_view(statuses, now)
        if view.worst is not self._worst:
            self._worst = view.worst
            self._icon.setIcon(state_icon(view.worst, self.theme))
        # Tooltips of the tray are plain text on every desktop; the door is used all the same.
        counts = ", ".join(text for _, _, text in view.counts)
        self._icon.setToolTip(plain(f"PS Buddy: {counts or 'nothing watched'}", 200))
        self._icon.show()
        changed, self._states = told_states(self._states, statuses)
        if changed and QSystemTrayIcon.supportsMessages():
            title, text = notification(changed)
            self._icon.showMessage(title, text, state_icon(changed[0].state, self.theme), 10_000)
        return changed

    def tell_path(self, news: PathNews) -> None:
        """One notification for all hosts behind a way that went down, or came back."""
        if QSystemTrayIcon.supportsMessages():
            icon = state_icon(State.UP if news.over else State.UNKNOWN, self.theme)
            self._icon.showMessage(news.title, plain(news.message, 400), icon, 10_000)

    def close(self) -> None:
        self._icon.hide()
        self._menu.deleteLater()

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.activated.emit()
