"""The hosts page: hosts on the left, on the right what is known of one and what we did there."""

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

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
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QListView,
    QPushButton,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTabBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from psbuddy.model.observation import Committed
from psbuddy.model.status import HostLine
from psbuddy.model.terms import State
from ui.icons import paint_state
from ui.pages.host.bars import StageBars
from ui.pages.host.models import HOST_ROLE, NOTE_ROLE, STATE_ROLE, HostsModel, RowsModel
from ui.pages.host.view import (
    DAY_HEADINGS,
    HEADINGS,
    PROMISE,
    HostKnown,
    host_text,
    host_view,
    natural,
    program_words,
)
from ui.plain import PlainLabel, draw_text, plain
from ui.reading import Reader
from ui.theme import GAP, WIDE, Size, Theme, font

COPIED = 100_000  # characters
LIST_WIDTH, ROW_HEIGHT = 272, 48
COLUMN_WIDTHS = (128, 120, 80, 88, 88, 80, 80)
Index = QModelIndex | QPersistentModelIndex
DAY_WIDTHS = (104, 64, 64, 64, 92, 92, 84, 80, 112)


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
        self._visits = RowsModel(theme, HEADINGS, self, numbers_from=2, text_from=len(HEADINGS) - 1)
        self._days = RowsModel(theme, DAY_HEADINGS, self)
        self._table = self._make_table(
            self._visits, COLUMN_WIDTHS, "Visits to this host, newest first"
        )
        self._by_day = self._make_table(self._days, DAY_WIDTHS, "What we did here, by day")
        self._bars = StageBars(theme, self)
        self._tabs = QTabBar(self)
        self._tabs.addTab("Visits")
        self._tabs.addTab("By day")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._table)
        self._stack.addWidget(self._by_day)
        self._tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self._title = PlainLabel(size=Size.TITLE, weight=QFont.Weight.DemiBold)
        self._headline = PlainLabel(size=Size.HEAD, wrap=True)
        self._deeds = PlainLabel(wrap=True)
        self._connection = PlainLabel(wrap=True)
        self._notes = PlainLabel(wrap=True, size=Size.BODY)
        self._stages = PlainLabel(wrap=True, size=Size.SMALL)
        self._promise = PlainLabel(PROMISE, wrap=True)
        self._program = PlainLabel("", size=Size.SMALL, wrap=True, mono=True)
        self._program.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = QPushButton("Copy as text", self)
        self._copy.setEnabled(False)
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._told))
        self._save = QPushButton("Save as text …", self)
        self._save.setEnabled(False)
        self._save.clicked.connect(self._save_text)
        self._wanting: Mapping[str, str] = {}
        self._login = QPushButton("Log in", self)
        self._login.clicked.connect(self._log_in)
        self._login.hide()
        self._lay_out()
        self.set_theme(theme)
        self._clear()

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

    def _make_table(self, model: RowsModel, widths: Sequence[int], name: str) -> QTableView:
        table = QTableView(self)
        table.setModel(model)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setFont(font(Size.BODY))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = table.horizontalHeader()
        for column, width in enumerate(widths):
            header.resizeSection(column, width)
        if len(widths) < model.columnCount():
            header.setSectionResizeMode(len(widths), QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        table.setAccessibleName(name)
        return table

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(WIDE, WIDE, WIDE, 0)
        right.setSpacing(GAP)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._login)
        top.addWidget(self._copy)
        top.addWidget(self._save)
        right.addLayout(top)
        parts: tuple[QWidget, ...] = (
            *(self._headline, self._deeds, self._connection, self._notes),
            *(self._program, self._promise, self._bars, self._stages),
        )
        for part in parts:
            right.addWidget(part)
        right.addWidget(self._tabs)
        right.addWidget(self._stack, 1)
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
        self._visits.theme = self._days.theme = self._bars.theme = theme
        colors = self._edge.palette()
        colors.setColor(self._edge.backgroundRole(), QColor(theme.line))
        self._edge.setPalette(colors)
        self._promise.set_color(theme.muted)
        self._program.set_color(theme.muted)
        self._deeds.set_color(theme.text)
        self._connection.set_color(theme.text)
        self._notes.set_color(theme.text)
        self._stages.set_color(theme.muted)
        self._bars.update()
        self._tabs.setStyleSheet(
            f"QTabBar::tab {{ border: none; background: transparent; color: {theme.muted};"
            f" padding: 4px 2px; margin-right: {WIDE}px; }}"
            f"QTabBar::tab:selected {{ color: {theme.text};"
            f" border-bottom: 2px solid {theme.accent}; }}"
            f"QTabBar::tab:focus {{ color: {theme.accent}; }}"
        )
        self._by_day.viewport().update()
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
            self._clear()
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
                self._clear()
                self._title.setText(line.host)
                self._headline.setText("Reading …")
            self._ask()

    def _clear(self) -> None:
        self._visits.show_rows()
        self._days.show_rows()
        for label in (self._deeds, self._connection, self._notes, self._program, self._stages):
            label.setText("")
        self._bars.show_bars(())
        for part in (self._notes, self._connection, self._deeds, self._program, self._tabs):
            part.hide()
        self._stages.hide()
        self._copy.setEnabled(False)
        self._save.setEnabled(False)

    def _ask(self) -> None:
        line = self._line
        if line is None:
            return

        def read(connection: sqlite3.Connection) -> HostKnown:
            from ui.pages.host.known import host_known  # noqa: PLC0415 - in the worker

            return host_known(connection, line.host)

        self._reader.ask("host visits", read, self._show, self._headline.setText, owner=self)

    def _show(self, known: HostKnown) -> None:
        if self._line is None:
            return
        visits = known.visits
        view = host_view(self._line, known, int(self._clock()))
        self._headline.setText(f"{view.headline} {view.reason}".strip())
        self._deeds.setText(view.deeds)
        self._program.setText(program_words(visits))
        self._connection.setText(view.connection)
        self._connection.setVisible(bool(view.connection))
        self._notes.setText("\n".join(plain(note, 400) for note in view.notes))
        self._notes.setVisible(bool(view.notes))
        self._bars.show_bars(view.bars)
        self._stages.setText(view.stages)
        for part in (self._deeds, self._program, self._stages, self._tabs):
            part.show()
        self._visits.show_rows(view.rows, view.failed)
        self._days.show_rows(view.days)
        self._told = plain(host_text(view, visits), COPIED, lines=True)
        self._copy.setEnabled(True)
        self._save.setEnabled(True)

    def show_days(self) -> None:
        """Turn to the table by day."""
        self._tabs.setCurrentIndex(self._stack.indexOf(self._by_day))

    def _save_text(self) -> None:
        """Ask for a place and write the page there, for whoever asks what we do on the host."""
        host = self._line.host if self._line else "host"
        name = "".join(c if c.isalnum() or c in "._-" else "_" for c in host)
        path, _ = QFileDialog.getSaveFileName(
            self, "Save what we do on this host", f"psbuddy-{name}.txt", "Text (*.txt)"
        )
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write the page as text; says so when that cannot be done."""
        try:
            path.write_text(self._told + "\n", encoding="utf-8")
        except OSError as error:
            self._headline.setText(
                f"{plain(str(path), 200)} could not be written: {error.strerror}."
            )
