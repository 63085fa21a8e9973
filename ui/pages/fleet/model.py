"""The lines of the fleet page as a Qt list: looks up, never reads and never decides."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.pages.fleet.view import FleetLine
from ui.plain import escaped, plain

LINE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class FleetModel(QAbstractListModel):
    """One row per line; LINE_ROLE gives the FleetLine."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[FleetLine, ...] = ()

    def set_lines(self, lines: Sequence[FleetLine]) -> None:
        """Show `lines`. Where the keys stay in place, only the rows that differ change."""
        old, new = self._lines, tuple(lines)
        if [line.key for line in old] != [line.key for line in new]:
            self.beginResetModel()
            self._lines = new
            self.endResetModel()
            return
        self._lines = new
        for row, (before, after) in enumerate(zip(old, new, strict=True)):
            if before != after:
                index = self.index(row)
                self.dataChanged.emit(index, index)

    @property
    def lines(self) -> tuple[FleetLine, ...]:
        return self._lines

    def row_of(self, key: str) -> int:
        """Row of the line with `key`, -1 when there is none."""
        return next((row for row, line in enumerate(self._lines) if line.key == key), -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(line.name, 200)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return plain(line.spoken)
        if role == Qt.ItemDataRole.ToolTipRole:
            return escaped(line.details)
        return None
