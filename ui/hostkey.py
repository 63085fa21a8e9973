"""A host showed its key: compare, then trust it by an explicit act, or see why it is refused."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from psbuddy.model.command import compare_command
from ui.engine_events import HostKeyQuestion
from ui.facts import facts_grid
from ui.plain import PlainLabel
from ui.theme import GAP, WIDE, Size, Theme

UNKNOWN = "PS Buddy has not met this host before. Is it really the one you mean?"
COMPARE = (
    "Compare the fingerprint with what the host itself says, over a way you already trust "
    "(its console, a colleague who administers it):\n"
)
CHANGED = (
    "The host shows another key than the one on record, so PS Buddy did not log in and sent "
    "nothing. Either the host was reinstalled, or someone may be in between."
)
REVOKED = (
    "The host shows a key that known_hosts marks as revoked, so PS Buddy did not log in and sent "
    "nothing. Whoever answers with a revoked key may not be the host: someone may be in between."
)
CHECK_REVOKED = (
    "Ask whoever administers the host for the key that is valid. Every other host goes on being "
    "collected."
)
CHECK = (
    "Ask whoever administers the host whether its key was changed. If it was, remove the old line "
    "from the known_hosts file named above, collect again (F5) and compare the new fingerprint. "
    "Every other host goes on being collected."
)


class HostKeyDialog(QDialog):
    """`answered` tells whether the user trusts the key. Closing it means no."""

    answered = Signal(object, bool)  # HostKeyQuestion, accepted

    def __init__(self, question: HostKeyQuestion, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.question = question
        changed = question.changed
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        revoked = changed and not question.known
        title = f"The host's key {'is revoked' if revoked else 'has changed'}"
        self.setWindowTitle(title if changed else "A host's key")
        self.setMinimumWidth(600)
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE * 2, WIDE * 2, WIDE * 2, WIDE)
        column.setSpacing(GAP)
        head = f"{question.host} is refused" if changed else f"Is this {question.host}?"
        column.addWidget(PlainLabel(head, size=Size.TITLE, weight=QFont.Weight.DemiBold))
        why = REVOKED if revoked else CHANGED
        column.addWidget(PlainLabel(why if changed else UNKNOWN, wrap=True))
        column.addSpacing(GAP)
        column.addLayout(self._facts(theme))
        column.addSpacing(GAP)
        compare = f"{COMPARE}{compare_command(question.key_type)}"
        check = CHECK_REVOKED if revoked else f"{CHECK}\n{compare}"
        label = PlainLabel(check if changed else compare, wrap=True)
        label.set_color(theme.muted)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(label)
        column.addSpacing(WIDE)
        self._compared = QCheckBox("I compared the fingerprint: it is the same")
        self._trust = QPushButton("Trust this host")
        self._refuse = QPushButton("Close" if changed else "Do not connect")
        self._buttons(column)

    def _facts(self, theme: Theme) -> QGridLayout:
        q = self.question
        rows = [
            ("Host", q.host, False),
            ("Address", f"{q.address}, port {q.port}", False),
            ("Key", q.key_type, False),
            ("It shows" if q.changed else "Fingerprint", q.fingerprint, True),
            ("On record", q.known, True),
            ("Recorded in", q.place, False),
        ]
        return facts_grid(theme, (row for row in rows if row[1]))

    def _buttons(self, column: QVBoxLayout) -> None:
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._refuse)
        self._refuse.setDefault(True)
        self._refuse.clicked.connect(self.reject)
        self._trust.setAutoDefault(False)
        self._trust.setEnabled(False)
        self._trust.clicked.connect(self.accept)
        self._compared.toggled.connect(self._trust.setEnabled)
        if self.question.changed:
            self._compared.hide()
            self._trust.hide()
        else:
            column.addWidget(self._compared)
            row.addWidget(self._trust)
        column.addLayout(row)
        self.finished.connect(self._tell)

    def _tell(self, result: int) -> None:
        accepted = result == int(QDialog.DialogCode.Accepted) and not self.question.changed
        self.answered.emit(self.question, accepted)
