"""The hosts page: hosts on the left, on the right what is known of one and what we did there."""

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from psbuddy.model.observation import Committed
from psbuddy.model.status import HostLine, Visit
from psbuddy.model.terms import State
from ui.icons import paint_state
from ui.pages.host.models import HOST_ROLE, NOTE_ROLE, STATE_ROLE, HostsModel, VisitsModel
from ui.pages.host.view import HEADINGS, PROMISE, host_text, host_view, natural, program_words
from ui.plain import PlainLabel, draw_text, plain
from ui.reading import Reader
from ui.theme import GAP, WIDE, Size, Theme, font

VISITS_SHOWN = 200
COPIED = 100_000  # characters
LIST_WIDTH, ROW_HEIGHT = 272, 48
COLUMN_WIDTHS = (128, 120, 80, 88, 88, 80, 80)
Index = QModelIndex | QPersistentModelIndex
#: Visits, first good one of the present state, boot time.
Known = tuple[tuple[Visit, ...], int, int]


class _HostDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        return QSize(160, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(HOST_ROLE)
        if not isinstance(line, HostLine):
            return
        theme, rect = self.theme, QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.selected))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(theme.hover))
        mark = QRectF(rect.left() + 16, rect.top() + 9, 13, 13)
        paint_state(painter, mark, State(index.data(STATE_ROLE)), theme)  # Qt keeps its text only
        painter.setFont(font(Size.BODY, QFont.Weight.DemiBold))
        painter.setPen(QColor(theme.text))
        draw_text(painter, QRect(rect.left() + 40, rect.top() + 6, 220, 20), plain(line.host, 200))
        painter.setFont(font(Size.SMALL))
        painter.setPen(QColor(theme.muted))
        note = str(index.data(NOTE_ROLE))
        draw_text(painter, QRect(rect.left() + 40, rect.top() + 25, 220, 16), note)
        painter.restore()


class HostPage(QWidget):
    """Reads the visits of the chosen host through the reader it was given."""

    login_wanted = Signal(str)  # host

    def __init__(
        self,
        theme: Theme,
        reader: Reader,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self._clock = clock
        self._told = ""  # what "Copy as text" copies
        self._line: HostLine | None = None
        self._hosts = HostsModel(self)
        self._delegate = _HostDelegate(theme, self)
        self._list = self._make_list()
        self._visits = VisitsModel(theme, self)
        self._table = self._make_table()
        self._title = PlainLabel(size=Size.TITLE, weight=QFont.Weight.DemiBold)
        self._headline = PlainLabel(size=Size.HEAD, wrap=True)
        self._deeds = PlainLabel(wrap=True)
        self._promise = PlainLabel(PROMISE, wrap=True)
        self._program = PlainLabel("", size=Size.SMALL, wrap=True, mono=True)
        self._program.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = QPushButton("Copy as text", self)
        self._copy.setEnabled(False)
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._told))
        self._wanting: Mapping[str, str] = {}
        self._login = QPushButton("Log in", self)
        self._login.clicked.connect(self._log_in)
        self._login.hide()
        self._lay_out()
        self.set_theme(theme)

    def _make_list(self) -> QListView:
        view = QListView(self)
        view.setModel(self._hosts)
        view.setItemDelegate(self._delegate)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setFixedWidth(LIST_WIDTH)
        view.setViewportMargins(0, GAP, 0, GAP)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName("Hosts")
        view.selectionModel().currentChanged.connect(self._chosen)
        self.setFocusProxy(view)
        return view

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self._visits)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setFont(font(Size.BODY))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = table.horizontalHeader()
        for column, width in enumerate(COLUMN_WIDTHS):
            header.resizeSection(column, width)
        header.setSectionResizeMode(len(HEADINGS) - 1, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        table.setAccessibleName("Visits to this host, newest first")
        return table

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(WIDE, WIDE, WIDE, 0)
        right.setSpacing(GAP)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._login)
        top.addWidget(self._copy)
        right.addLayout(top)
        for part in (self._headline, self._deeds, self._program, self._promise):
            right.addWidget(part)
        right.addSpacing(GAP)
        right.addWidget(self._table, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._list)
        self._edge = QWidget(self)
        self._edge.setFixedWidth(1)
        self._edge.setAutoFillBackground(True)
        row.addWidget(self._edge)
        row.addLayout(right, 1)

    def set_theme(self, theme: Theme) -> None:
        self._delegate.theme = theme
        self._visits.theme = theme
        colors = self._edge.palette()
        colors.setColor(self._edge.backgroundRole(), QColor(theme.line))
        self._edge.setPalette(colors)
        self._promise.set_color(theme.muted)
        self._program.set_color(theme.muted)
        self._deeds.set_color(theme.text)
        self._list.viewport().update()
        self._table.viewport().update()

    def show_hosts(self, hosts: Sequence[HostLine], now: int | None = None) -> None:
        """Take the list of hosts; the chosen one stays chosen."""
        chosen = self._line.host if self._line else ""
        ordered = sorted(hosts, key=lambda line: natural(line.host))
        self._hosts.set_hosts(ordered, int(self._clock()) if now is None else now)
        row = self._hosts.row_of(chosen)
        if hosts:
            self._choose_row(max(row, 0))
        else:
            self._line = None
            self._title.setText("No host was visited yet")
            self._headline.setText("Hosts appear here with their first visit.")

    def show_host(self, host: str) -> None:
        """Choose `host`."""
        row = self._hosts.row_of(host)
        if row >= 0:
            self._choose_row(row)

    def set_wanting(self, wanting: Mapping[str, str]) -> None:
        """What hosts want of whoever logs in, in words."""
        self._wanting = wanting
        self._hosts.set_wanting(wanting)
        self._show_login()

    def _show_login(self) -> None:
        self._login.setVisible(self._line is not None and self._line.host in self._wanting)

    def _log_in(self) -> None:
        if self._line is not None and self._line.host in self._wanting:
            self.login_wanted.emit(self._line.host)

    def concerns(self, change: Committed) -> None:
        """Read again when the host on screen was visited."""
        if self._line is not None and self._line.host in change.hosts and self.isVisible():
            self._ask()

    def _choose_row(self, row: int) -> None:
        index = self._hosts.index(row)
        if self._list.currentIndex() != index:
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self._list.selectionModel().setCurrentIndex(index, flag)
        else:
            self._chosen(index)

    def _chosen(self, index: QModelIndex) -> None:
        line = index.data(HOST_ROLE)
        if isinstance(line, HostLine):
            changed = self._line is None or self._line.host != line.host
            self._line = line
            self._show_login()
            if changed:
                self._visits.show_view(None)
                self._title.setText(line.host)
                self._headline.setText("Reading …")
                self._deeds.setText("")
                self._program.setText("")
                self._copy.setEnabled(False)
            self._ask()

    def _ask(self) -> None:
        line = self._line
        if line is None:
            return

        def read(connection: sqlite3.Connection) -> Known:
            from psbuddy.store.read.collections import (  # noqa: PLC0415 - in the worker
                collections,
                met_and_booted,
            )

            visits = collections(connection, line.host, VISITS_SHOWN)
            return visits, *met_and_booted(connection, line.host)

        self._reader.ask("host visits", read, self._show, self._headline.setText, owner=self)

    def _show(self, known: Known) -> None:
        visits, met, boot = known
        if self._line is None:
            return
        view = host_view(self._line, visits, int(self._clock()), met=met, boot=boot)
        self._headline.setText(f"{view.headline} {view.reason}".strip())
        self._deeds.setText(view.deeds)
        self._program.setText(program_words(visits))
        self._visits.show_view(view)
        self._told = plain(host_text(view, visits), COPIED, lines=True)
        self._copy.setEnabled(True)
