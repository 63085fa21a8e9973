"""What is asked before a decision: a title, the reference of a known error, what to split off."""

from collections.abc import Sequence

from PySide6.QtCore import QDate, QDateTime, Qt, QTime, QTimeZone
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from psbuddy.model.causes import CauseAlias
from ui.panels.causes.story_view import alias_line, marked
from ui.plain import PlainLabel, plain
from ui.theme import GAP, WIDE, Size

_LONGEST = 200
_MOST_LISTED = 500
_NAME = Qt.ItemDataRole.UserRole


class _Asking(QDialog):
    """A heading, a sentence, what is asked, and OK or Cancel."""

    def __init__(self, title: str, sentence: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(520)
        buttons = QDialogButtonBox.StandardButton
        self.box = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.box.accepted.connect(self.accept)
        self.box.rejected.connect(self.reject)
        self.column = QVBoxLayout()
        self.column.setSpacing(GAP)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        whole.setSpacing(WIDE)
        whole.addWidget(PlainLabel(title, size=Size.HEAD, weight=QFont.Weight.DemiBold))
        whole.addWidget(PlainLabel(sentence, wrap=True, limit=400))
        whole.addLayout(self.column)
        whole.addWidget(self.box)

    def ok(self, text: str) -> None:
        """The word on the button that does it."""
        self.box.button(QDialogButtonBox.StandardButton.Ok).setText(text)


class RenameDialog(_Asking):
    """A title in the user's words; an empty one gives the old one back."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        sentence = "Everyone who opens this store sees the title. Empty: the one it had."
        super().__init__("Rename the cause", sentence, parent)
        self.edit = _line(plain(title, _LONGEST), "Title of the cause")
        self.edit.selectAll()
        self.column.addWidget(self.edit)
        self.ok("Rename")

    def text(self) -> str:
        return self.edit.text().strip()


class KnownDialog(_Asking):
    """Where a known error is dealt with, and when it should be gone."""

    def __init__(
        self, note: str, until: int, now: int, zone: str = "", parent: QWidget | None = None
    ) -> None:
        sentence = "It stays counted and shown. Seen after the day it should be gone, it is back."
        super().__init__("Known error", sentence, parent)
        self._zone = QTimeZone(zone.encode()) if zone else QTimeZone.systemTimeZone()
        self.edit = _line(plain(note, _LONGEST), "Reference")
        self.edit.setPlaceholderText("PRB-17, fixed in 4.19")
        self.gone = QCheckBox("It should be gone from")
        self.gone.setChecked(until > 0)
        day = QDateTime.fromSecsSinceEpoch(until or now + 7 * 86_400, self._zone).date()
        self.day = QDateEdit(day)
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("d MMM yyyy")
        self.day.setMinimumDate(QDateTime.fromSecsSinceEpoch(now, self._zone).date().addDays(1))
        self.day.setAccessibleName("Day from which it should be gone")
        self.day.setEnabled(until > 0)
        self.gone.toggled.connect(self.day.setEnabled)
        row = QHBoxLayout()
        row.addWidget(self.gone)
        row.addWidget(self.day)
        row.addStretch(1)
        self.column.addWidget(self.edit)
        self.column.addLayout(row)
        self.ok("Mark as known")

    def text(self) -> str:
        return self.edit.text().strip()

    def until(self) -> int:
        """Epoch seconds at which the chosen day begins; 0 for no day."""
        if not self.gone.isChecked():
            return 0
        day: QDate = self.day.date()
        return int(QDateTime(day, QTime(0, 0), self._zone).toSecsSinceEpoch())


class SplitDialog(_Asking):
    """The fingerprints of a cause with an example each; the ticked ones leave it."""

    def __init__(
        self,
        aliases: Sequence[CauseAlias],
        now: int,
        zone: str = "",
        parent: QWidget | None = None,
    ) -> None:
        sentence = (
            "Each ticked one becomes a cause of its own, with its counts, and learning leaves it "
            "alone. What a person merged leaves as it had come."
        )
        super().__init__("Split the cause", sentence, parent)
        self.setMinimumSize(720, 420)
        shown = aliases[:_MOST_LISTED]
        self.list = _table(len(shown))
        for row, alias in enumerate(shown):
            self.list.setItem(row, 0, _item(alias, now, zone))
        self.list.resizeRowsToContents()
        for row in range(len(shown)):
            self.list.setRowHeight(row, self.list.rowHeight(row) + GAP)
        self.list.itemChanged.connect(self._check)
        self.list.setCurrentCell(0, 0)
        self.column.addWidget(self.list)
        self.ok("Split off")
        self._check()

    def chosen(self) -> tuple[str, ...]:
        """Fingerprints that are ticked."""
        items = [self.list.item(row, 0) for row in range(self.list.rowCount())]
        return tuple(
            str(item.data(_NAME))
            for item in items
            if item is not None and item.checkState() is Qt.CheckState.Checked
        )

    def _check(self) -> None:
        number = len(self.chosen())
        good = 0 < number < self.list.rowCount()
        self.box.button(QDialogButtonBox.StandardButton.Ok).setEnabled(good)


def _line(text: str, name: str) -> QLineEdit:
    edit = QLineEdit(text)
    edit.setMaxLength(_LONGEST)
    edit.setAccessibleName(name)
    return edit


def _table(rows: int) -> QTableWidget:
    table = QTableWidget(rows, 1)
    table.setAccessibleName("Fingerprints of the cause")
    table.horizontalHeader().hide()
    table.horizontalHeader().setStretchLastSection(True)
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setVerticalScrollMode(QTableWidget.ScrollMode.ScrollPerPixel)
    table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
    return table


def _item(alias: CauseAlias, now: int, zone: str) -> QTableWidgetItem:
    example = alias.example.partition("\n")[0]
    lines = [alias_line(alias, now, zone), marked(alias.template)]
    if example:
        lines.append(f"for example: {example}")
    item = QTableWidgetItem("\n".join(plain(line, 240) for line in lines))
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Unchecked)
    item.setData(_NAME, alias.fingerprint)
    return item
