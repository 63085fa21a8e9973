"""What a server wants to be told before it lets us in: who asks, what, and how it is kept."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ui.engine_events import SecretQuestion
from ui.facts import facts_grid
from ui.plain import PlainLabel, plain
from ui.theme import GAP, WIDE, Size, Theme

TITLES = {
    "passphrase": "A key needs its passphrase",
    "password": "A password is wanted",
    "answers": "The server asks",
}
PROMISES = {
    "passphrase": "It opens the key on this computer and is not sent to anybody.",
    "password": "Sent once, to the server with this fingerprint. A wrong one is not repeated.",
    "answers": "Sent once, to the server with this fingerprint, and not kept.",
}
KEEPS = {
    "no": "Ask again next time",
    "session": "Remember it until PS Buddy closes",
    "keyring": "Keep it in this computer's keyring",
}
_LONGEST = 4096


class LoginDialog(QDialog):
    """`answered` tells what was typed, None when nothing was, and how long it may be kept."""

    answered = Signal(object, object, str)  # SecretQuestion, list of str or None, keep

    def __init__(self, question: SecretQuestion, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.question = question
        self._told = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(TITLES.get(question.kind, TITLES["answers"]))
        self.setMinimumWidth(600)
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE * 2, WIDE * 2, WIDE * 2, WIDE)
        column.setSpacing(GAP)
        head = f"Log in to {question.host}"
        column.addWidget(PlainLabel(head, size=Size.TITLE, weight=QFont.Weight.DemiBold))
        promise = PlainLabel(PROMISES.get(question.kind, PROMISES["answers"]), wrap=True)
        promise.set_color(theme.muted)
        column.addWidget(promise)
        column.addSpacing(GAP)
        column.addLayout(self._facts(theme))
        column.addSpacing(GAP)
        if question.heading:
            column.addWidget(PlainLabel(question.heading, wrap=True, limit=1000))
        self._fields = [self._field(column, text, echo) for text, echo in question.prompts]
        column.addSpacing(GAP)
        self._keeps = self._choices(column)
        column.addSpacing(WIDE)
        self._log_in = QPushButton("Log in")
        self._cancel = QPushButton("Cancel")
        self._buttons(column)
        if self._fields:
            self._fields[0].setFocus()

    def _facts(self, theme: Theme) -> QGridLayout:
        q = self.question
        rows = (
            ("Asked by", q.place, False),
            ("As", q.user, False),
            ("Its key", q.fingerprint, True),
        )
        return facts_grid(theme, rows, limit=400)

    def _field(self, column: QVBoxLayout, text: str, echo: bool) -> QLineEdit:
        label = PlainLabel(text.strip().rstrip(":") or "Answer", wrap=True, limit=500)
        field = QLineEdit(self)
        field.setMaxLength(_LONGEST)
        field.setAccessibleName(plain(text, 200) or "Answer")
        field.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        if not echo:
            field.setEchoMode(QLineEdit.EchoMode.Password)
        field.textChanged.connect(self._look)
        column.addWidget(label)
        column.addWidget(field)
        return field

    def _choices(self, column: QVBoxLayout) -> dict[str, QRadioButton]:
        found: dict[str, QRadioButton] = {}
        for keep in (each for each in KEEPS if each in self.question.keeps):
            found[keep] = QRadioButton(KEEPS[keep])
            found[keep].setChecked(keep == "session")
            column.addWidget(found[keep])
        return found

    def _buttons(self, column: QVBoxLayout) -> None:
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._cancel)
        row.addWidget(self._log_in)
        self._log_in.setDefault(True)
        self._log_in.clicked.connect(self.accept)
        self._cancel.setAutoDefault(False)
        self._cancel.clicked.connect(self.reject)
        column.addLayout(row)
        self.finished.connect(self._tell)
        self._look()

    def _look(self) -> None:
        """Nothing is sent before everything is typed."""
        self._log_in.setEnabled(all(field.text() for field in self._fields))

    def withdraw(self) -> None:
        """Nobody wants the answer any more."""
        self._told = True
        self.reject()

    def _tell(self, result: int) -> None:
        complete = result == int(QDialog.DialogCode.Accepted) and self._log_in.isEnabled()
        values = [field.text() for field in self._fields] if complete else None
        keep = next((keep for keep, button in self._keeps.items() if button.isChecked()), "no")
        for field in self._fields:
            field.clear()
        if not self._told:
            self._told = True
            self.answered.emit(self.question, values, keep)
