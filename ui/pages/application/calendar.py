"""Dialog for a range of the user's choice."""

from PySide6.QtCore import QDateTime, QTimeZone
from PySide6.QtWidgets import (
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from ui.pages.application.ranges import Range
from ui.plain import PlainLabel
from ui.theme import WIDE


class RangeDialog(QDialog):
    """From and until, each with a calendar; OK only while they make sense."""

    def __init__(
        self, shown: Range, now: int, zone: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Choose a range")
        self._zone = QTimeZone(zone.encode()) if zone else QTimeZone.systemTimeZone()
        self._latest = now
        self.since = self._edit(shown.since, "From")
        self.until = self._edit(shown.until, "Until")
        self._words = PlainLabel("", wrap=True)
        buttons = QDialogButtonBox.StandardButton
        self._box = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self._box.accepted.connect(self.accept)
        self._box.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow("From", self.since)
        form.addRow("Until", self.until)
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        column.setSpacing(WIDE)
        column.addLayout(form)
        column.addWidget(self._words)
        column.addWidget(self._box)
        self._check()

    def _edit(self, time: int, name: str) -> QDateTimeEdit:
        edit = QDateTimeEdit(QDateTime.fromSecsSinceEpoch(time, self._zone))
        edit.setTimeZone(self._zone)
        edit.setCalendarPopup(True)
        edit.setDisplayFormat("d MMM yyyy  HH:mm")
        edit.setAccessibleName(name)
        edit.dateTimeChanged.connect(self._check)
        return edit

    def chosen(self) -> tuple[int, int]:
        """(since, until) in epoch seconds."""
        return self.since.dateTime().toSecsSinceEpoch(), self.until.dateTime().toSecsSinceEpoch()

    def _check(self) -> None:
        if not hasattr(self, "_box"):
            return
        since, until = self.chosen()
        said = ""
        if until - since < 60:
            said = "“From” has to lie before “Until”."
        elif since >= self._latest:
            said = "That lies in the future: nothing can have been seen yet."
        self._words.setText(said)
        self._words.setVisible(bool(said))
        self._box.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not said)
