"""From an alias to watched logs: look, tick, name, watch. The YAML is written for the user."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.engine_client import EngineClient
from ui.pages.start.found import FoundModel
from ui.pages.start.view import (
    FoundLog,
    app_id,
    default_name,
    folders_of,
    found_logs,
    found_words,
    within,
)
from ui.plain import PlainLabel, plain
from ui.theme import GAP, WIDE, Size, Theme, font
from ui.worker import TellUser, Worker

LOCAL = "local"
_SAMPLE_HEIGHT = 168


class WizardPage(QWidget):
    """Asks the engine what is on a host and writes what the user ticked into the catalogue."""

    watched = Signal(str)  # application id: the catalogue now names it
    cancelled = Signal()

    def __init__(
        self,
        theme: Theme,
        engine: EngineClient,
        worker: Worker,
        catalogue: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._worker = worker
        self._catalogue = catalogue
        self._host = self._place = ""
        self._turned_away = False  # the last look failed
        self._title = PlainLabel(size=Size.TITLE, weight=QFont.Weight.DemiBold)
        self._status = PlainLabel(size=Size.HEAD, wrap=True)
        self._model = FoundModel(theme, self)
        self._table = self._make_table()
        self._caption = PlainLabel("", size=Size.SMALL)
        self._sample = QPlainTextEdit(self)
        self._sample.setReadOnly(True)
        self._sample.setFont(font(Size.SMALL, mono=True))
        self._sample.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._sample.setAccessibleName("The last lines of the chosen log")
        self._sample.setFixedHeight(_SAMPLE_HEIGHT)
        self._name = QLineEdit(self)
        self._name.setMaxLength(80)
        self._name.setFixedWidth(280)
        self._name.setAccessibleName("Name of the application")
        self._where = QLineEdit(self)
        self._where.setMaxLength(1000)
        self._where.setPlaceholderText("/opt/ledger/logs")
        self._where.setAccessibleName("Folder or file to look at")
        self._look = QPushButton("Look there", self)
        self._look.setEnabled(False)
        self._back = QPushButton("Back", self)
        self._again = QPushButton("Look again", self)
        self._watch = QPushButton("Watch", self)
        self._watch.setDefault(True)
        self._lay_out()
        self._connect()
        self.set_theme(theme)

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self._model)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(28)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setWordWrap(False)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for column, width in enumerate((440, 80, 72)):
            header.resizeSection(column, width)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        table.setAccessibleName("Logs that were found; space ticks")
        return table

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE * 2, WIDE * 2, WIDE * 2, WIDE)
        column.setSpacing(GAP)
        column.addWidget(self._title)
        column.addWidget(self._status)
        elsewhere = QHBoxLayout()
        elsewhere.setSpacing(GAP)
        elsewhere.addWidget(PlainLabel("Folder or file"))
        elsewhere.addWidget(self._where, 1)
        elsewhere.addWidget(self._look)
        column.addLayout(elsewhere)
        column.addSpacing(GAP)
        column.addWidget(self._table, 1)
        self._air = QWidget(self)  # takes the room of the table while there is none
        column.addWidget(self._air, 1)
        column.addWidget(self._caption)
        column.addWidget(self._sample)
        self._form = QWidget(self)
        row = QHBoxLayout(self._form)
        row.setContentsMargins(0, GAP, 0, GAP)
        row.setSpacing(GAP)
        row.addWidget(PlainLabel("Watch them as the application"))
        row.addWidget(self._name)
        row.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._back)
        buttons.addWidget(self._again)
        buttons.addStretch(1)
        buttons.addWidget(self._watch)
        column.addWidget(self._form)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self._back.clicked.connect(self.cancelled)
        self._again.clicked.connect(lambda: self.look_at(self._host, self._place))
        self._look.clicked.connect(self._look_there)
        self._where.returnPressed.connect(self._look_there)
        self._where.textChanged.connect(lambda text: self._look.setEnabled(bool(text.strip())))
        self._watch.clicked.connect(self._write)
        self._name.textChanged.connect(self._may_watch)
        self._model.dataChanged.connect(self._may_watch)
        self._table.selectionModel().currentRowChanged.connect(self._preview)

    def set_theme(self, theme: Theme) -> None:
        self._model.theme = theme
        self._status.set_color(theme.muted)
        self._caption.set_color(theme.muted)

    def _look_there(self) -> None:
        place = self._where.text().strip()
        if not place.startswith("/"):
            if place:
                self._status.setText("A place begins with /: it is a path on the host.")
            return
        self.look_at(self._host, place)

    def look_at(self, host: str, place: str = "") -> None:
        """Ask the engine which logs there are on `host`: at `place`, "": in the usual folders."""
        self._host, self._place = host, place
        self._turned_away = False
        self._where.setText(place)
        self._title.setText("This machine" if host == LOCAL else host)
        self._name.setText(default_name(host))
        self._model.set_logs(())
        self._show_found(False)
        folders = folders_of(place) if place else ()
        self._status.setText(f"Looking for logs that grow in {place or 'the usual folders'} …")
        self._again.setEnabled(False)
        asked = partial(self._found, place)
        if not self._engine.discover(host, asked, folders):
            self._failed(
                "The part that talks to hosts is not running. "
                "It is started again by itself; then press Look again."
            )

    def _found(self, place: str, reply: Mapping[str, Any]) -> None:
        if reply.get("host", self._host) != self._host or place != self._place:
            return
        self._again.setEnabled(True)
        problem = reply.get("message") or reply.get("detail")
        if isinstance(problem, str) and problem and not isinstance(reply.get("logs"), list):
            self._turned_away = True
            self._failed(problem)
            return
        logs = within(found_logs(reply), place) if place else found_logs(reply)
        where = "this machine" if self._host == LOCAL else self._host
        self._status.setText(found_words(logs, where, place))
        self._model.set_logs(logs)
        self._show_found(bool(logs))
        if logs:
            self._table.selectRow(0)
            self._table.setFocus()
        self._may_watch()

    def hear(self, event: Mapping[str, Any]) -> None:
        """Of the engine. A login after one that failed: what the look was refused for is over."""
        let_in = event["event"] == "login" and event.get("ok") is True
        if let_in and self._turned_away and event.get("host") == self._host:
            self.look_at(self._host, self._place)

    def _failed(self, sentence: str) -> None:
        self._again.setEnabled(True)
        self._status.setText(sentence)

    def _show_found(self, shown: bool) -> None:
        for widget in (self._table, self._caption, self._sample, self._form, self._watch):
            widget.setVisible(shown)
        self._air.setVisible(not shown)

    def _preview(self, current: QModelIndex) -> None:
        log: FoundLog | None = self._model.log(current.row())
        lines = log.sample if log else ()
        self._caption.setText(f"The last lines of {log.path}" if log else "")
        self._sample.setPlainText("\n".join(plain(line, 500) for line in lines))
        high = (len(lines) + 2) * self._sample.fontMetrics().lineSpacing() + GAP
        self._sample.setFixedHeight(min(high, _SAMPLE_HEIGHT))  # what is left is the table's

    def _may_watch(self) -> None:
        number = len(self._model.ticked)
        self._watch.setEnabled(bool(number and self._name.text().strip()))
        self._watch.setText(f"Watch {number} logs" if number != 1 else "Watch 1 log")

    def _write(self) -> None:
        name, host, paths = self._name.text().strip(), self._host, self._model.ticked
        wanted = app_id(name)
        self._watch.setEnabled(False)

        def write() -> str:
            # Brings pydantic and ruamel.yaml: not before somebody writes.
            from psbuddy.catalogue import CatalogueError, watch_logs  # noqa: PLC0415

            try:
                watch_logs(self._catalogue, host=host, app_id=wanted, app_name=name, paths=paths)
            except CatalogueError as error:
                raise TellUser(str(error)) from error
            return wanted

        self._worker.ask("watch logs", write, self.watched.emit, self._not_written, owner=self)

    def _not_written(self, sentence: str) -> None:
        self._failed(f"The catalogue was not changed. {sentence}")
        self._may_watch()
