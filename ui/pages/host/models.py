"""Hosts as a list, visits as a table: look-ups only."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor

from psbuddy.insight.contact import as_seen
from psbuddy.model.status import HostLine
from ui.pages.host.view import STATE_SENTENCES, list_note
from ui.plain import escaped, plain
from ui.theme import Theme

HOST_ROLE = int(Qt.ItemDataRole.UserRole) + 1
NOTE_ROLE = HOST_ROLE + 1
STATE_ROLE = HOST_ROLE + 2  # as it stands now: one missed visit is no silence
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
Role = Qt.ItemDataRole


class HostsModel(QAbstractListModel):
    """One row per host."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hosts: tuple[HostLine, ...] = ()
        self._now = 0
        self._wanting: Mapping[str, str] = {}

    def set_hosts(self, hosts: Sequence[HostLine], now: int) -> None:
        same = [h.host for h in hosts] == [h.host for h in self._hosts]
        if not same:
            self.beginResetModel()
        self._hosts, self._now = tuple(hosts), now
        if not same:
            self.endResetModel()
        elif self._hosts:
            self.dataChanged.emit(self.index(0), self.index(len(self._hosts) - 1))

    def set_wanting(self, wanting: Mapping[str, str]) -> None:
        """What hosts want of whoever logs in."""
        self._wanting = wanting
        if self._hosts:
            self.dataChanged.emit(self.index(0), self.index(len(self._hosts) - 1))

    def row_of(self, host: str) -> int:
        return next((row for row, line in enumerate(self._hosts) if line.host == host), -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._hosts)

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        if not 0 <= index.row() < len(self._hosts):
            return None
        line = self._hosts[index.row()]
        if role == HOST_ROLE:
            return line
        if role == NOTE_ROLE:
            return plain(self._note(line), 200)
        if role == STATE_ROLE:
            return as_seen(line, self._now).state
        if role == Role.DisplayRole:
            return plain(line.host, 200)
        if role == Role.AccessibleTextRole:
            state = STATE_SENTENCES[as_seen(line, self._now).state]
            return plain(f"{line.host}, {state}, {self._note(line)}", 400)
        if role == Role.ToolTipRole:
            return escaped(line.reason)
        return None

    def _note(self, line: HostLine) -> str:
        return list_note(line, self._now, wants=self._wanting.get(line.host, ""))


class RowsModel(QAbstractTableModel):
    """Rows of text under `headings`, numbers at the right; the columns from `text_from` on and
    those before `numbers_from` are text."""

    def __init__(
        self,
        theme: Theme,
        headings: Sequence[str],
        parent: QObject | None = None,
        *,
        numbers_from: int = 1,
        text_from: int = 99,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._headings = tuple(headings)
        self._numbers = range(numbers_from, text_from)
        self._rows: tuple[tuple[str, ...], ...] = ()
        self._failed: tuple[bool, ...] = ()

    def show_rows(
        self, rows: tuple[tuple[str, ...], ...] = (), failed: tuple[bool, ...] = ()
    ) -> None:
        self.beginResetModel()
        self._rows = rows
        self._failed = failed or (False,) * len(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._headings)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = int(Role.DisplayRole)
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return self._headings[section]
        return self._side(section) if role == Role.TextAlignmentRole else None

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        if not 0 <= index.row() < len(self._rows):
            return None
        row, column = index.row(), index.column()
        if role == Role.DisplayRole:
            return plain(self._rows[row][column], 400)
        if role == Role.ToolTipRole and column == len(self._headings) - 1:
            return escaped(self._rows[row][column])
        if role == Role.TextAlignmentRole:
            return self._side(column)
        if role == Role.ForegroundRole:
            if self._failed[row] and column == 1:
                return QColor(self.theme.state_down)
            return QColor(self.theme.text if column in (0, 1) else self.theme.muted)
        return None

    def _side(self, column: int) -> int:
        right = column in self._numbers
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)
