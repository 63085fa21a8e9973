"""The menu of decisions: by mouse, by the menu key, and by keys of the table itself."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QMenu, QWidget

from psbuddy.model.causes import Decision, Deed
from psbuddy.report.story import CauseStory
from ui.panels.causes.deeds import KEYS, Offer, offers
from ui.panels.causes.dialogs import KnownDialog, RenameDialog, SplitDialog
from ui.panels.causes.view import CauseRowView
from ui.panels.lines import LINES, LINES_KEY
from ui.plain import plain

Rows = Callable[[], Sequence[CauseRowView]]


class DecisionMenu(QObject):
    """`rows`: the chosen rows at any moment. `story`: what is read of the chosen cause."""

    decided = Signal(object)  # Decision, without its application
    lines_wanted = Signal()  # of the chosen cause

    def __init__(self, table: QWidget, rows: Rows) -> None:
        super().__init__(table)
        self._table, self._rows = table, rows
        self.story: CauseStory | None = None
        self.has_lines = False  # whether a record of the chosen cause can be looked up
        self.now, self.zone = 0, ""
        for key, _ in KEYS:
            shortcut = QShortcut(QKeySequence(key), table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(partial(self._press, key))

    def menu(self) -> QMenu:
        """The menu for what is chosen now; it deletes itself when it closes."""
        menu = QMenu(self._table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows = self._rows()
        look = menu.addAction(f"{LINES}\t{LINES_KEY}")
        look.setEnabled(self.has_lines)
        look.triggered.connect(self.lines_wanted)
        menu.addSeparator()
        for offer in offers(rows):
            # A title is foreign: its ampersands are letters, and no keys of the menu.
            text = plain(offer.text, 120).replace("&", "&&")
            action = menu.addAction(f"{text}\t{offer.key}" if offer.key else text)
            action.setEnabled(offer.enabled and not self._waits(offer))
            action.triggered.connect(partial(self._do, offer, tuple(rows)))
        return menu

    def open(self, place: QPoint) -> None:
        """Show the menu at a place of the screen."""
        self.menu().popup(place)

    def _waits(self, offer: Offer) -> bool:
        return offer.asks == "split" and self.story is None

    def _press(self, key: str) -> None:
        if key == LINES_KEY and self.has_lines:
            self.lines_wanted.emit()
        rows = tuple(self._rows())
        for offer in offers(rows):
            if offer.key == key and offer.enabled and not self._waits(offer):
                self._do(offer, rows)
                return

    def _do(self, offer: Offer, rows: Sequence[CauseRowView], *_: object) -> None:
        asking = self._asking(offer, rows[0])
        if asking is not None:
            asking.open()
            return
        self.decided.emit(Decision("", offer.deed, tuple(row.cause for row in rows)))

    def _asking(self, offer: Offer, row: CauseRowView) -> QDialog | None:
        """The dialog that comes before a decision, which follows when it is accepted."""
        window = self._table.window()
        if offer.asks == "title":
            rename = RenameDialog(row.texts[0], window)
            rename.accepted.connect(lambda: self._decide(row, Deed.RENAME, rename.text()))
            return rename
        if offer.asks == "known":
            known = KnownDialog(row.note, row.until, self.now, self.zone, window)
            known.accepted.connect(
                lambda: self._decide(row, Deed.KNOWN, known.text(), known.until())
            )
            return known
        if offer.asks == "split" and self.story is not None:
            split = SplitDialog(self.story.aliases, self.now, self.zone, window)
            split.accepted.connect(
                lambda: self.decided.emit(Decision("", Deed.SPLIT, split.chosen()))
            )
            return split
        return None

    def _decide(self, row: CauseRowView, deed: Deed, text: str, until: int = 0) -> None:
        self.decided.emit(Decision("", deed, (row.cause,), text, until))
