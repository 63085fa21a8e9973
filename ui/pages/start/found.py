"""The list of logs that were found: tick, path, size, what was understood."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ui.pages.start.view import FoundLog
from ui.plain import escaped, plain
from ui.theme import Theme

HEADINGS = ("Log", "Size", "", "Understood, counts of a sample")
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
Role = Qt.ItemDataRole


class FoundModel(QAbstractTableModel):
    """Rows of FoundLog; the first column carries the tick."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._logs: tuple[FoundLog, ...] = ()
        self._ticked: set[str] = set()

    def set_logs(self, logs: Sequence[FoundLog]) -> None:
        self.beginResetModel()
        self._logs = tuple(logs)
        self._ticked = {log.path for log in logs if log.ticked}
        self.endResetModel()

    @property
    def ticked(self) -> tuple[str, ...]:
        """Paths the user wants to watch, in the order on screen."""
        return tuple(log.path for log in self._logs if log.path in self._ticked)

    def log(self, row: int) -> FoundLog | None:
        return self._logs[row] if 0 <= row < len(self._logs) else None

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._logs)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = int(Role.DisplayRole)
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return HEADINGS[section]
        return _side(section) if role == Role.TextAlignmentRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        log = self.log(index.row())
        if index.column() == 0 and log is not None and log.readable:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        log = self.log(index.row())
        if log is None:
            return None
        column = index.column()
        if role == Role.DisplayRole:
            growing = "grows" if log.growing else ""
            return plain((log.path, log.size, growing, log.understood)[column], 300)
        if role == Role.CheckStateRole and column == 0 and log.readable:
            on = log.path in self._ticked
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        if role == Role.ForegroundRole and (column or not log.readable):
            return QColor(self.theme.muted)
        if role == Role.TextAlignmentRole:
            return _side(column)
        if role == Role.ToolTipRole:
            return escaped(log.path)
        return None

    def setData(self, index: Index, value: Any, role: int = int(Role.EditRole)) -> bool:  # noqa: N802
        log = self.log(index.row())
        if log is None or role != Role.CheckStateRole or not log.readable:
            return False
        if Qt.CheckState(value) is Qt.CheckState.Checked:
            self._ticked.add(log.path)
        else:
            self._ticked.discard(log.path)
        self.dataChanged.emit(index, index)
        return True


def _side(column: int) -> int:
    side = Qt.AlignmentFlag.AlignRight if column == 1 else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
