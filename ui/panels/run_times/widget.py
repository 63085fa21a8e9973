"""One row per batch job: points, normal band, deadline ticks, marks by shape and colour."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QToolTip

from ui.charts.items import Bars, BarsItem, GridItem
from ui.charts.link import TimeLink
from ui.panels.base import TimePanel
from ui.panels.frame import PanelFrame
from ui.panels.ink import ink
from ui.panels.lines import LINES, LINES_KEY
from ui.panels.run_times.drawing import MARKS, Boxes
from ui.panels.run_times.legend import MarkLegend
from ui.panels.run_times.told import RunTold
from ui.panels.run_times.view import RunTimesView
from ui.plain import escaped
from ui.theme import Theme

ROW_HEIGHT = 36


class RunTimesPanel(TimePanel):
    """Click a point, or Enter at the crosshair: its story, and `run_chosen` with its id."""

    run_chosen = Signal(int)
    lines_wanted = Signal(object)  # dict: host, log, time, text of the chosen run

    def __init__(self, theme: Theme, link: TimeLink) -> None:
        frame = PanelFrame(
            theme, link, title="Batch\nrun times", unit="one row a job",
            height=ROW_HEIGHT * 2, rows=True,
        )  # fmt: skip
        super().__init__(theme, link, frame)
        chart = frame.chart
        self._shown: RunTimesView | None = None
        self._band = chart.add(BarsItem(chart.box, link, -70))
        self._ranges = chart.add(BarsItem(chart.box, link, -55))
        self._deadlines = chart.add(BarsItem(chart.box, link, -60))
        self._base = chart.add(GridItem(chart.box, link, theme.line))
        self._points = {
            kind: chart.add_points(
                "o" if shape.startswith("ring") else shape,
                ink(theme, role),
                size=5 if kind == "normal" else 9,
                hollow=shape.startswith("ring"),
            )
            for kind, (shape, role, _) in MARKS.items()
        }
        self._legend = MarkLegend(theme)
        self.told = RunTold(theme)
        self.told.hide()
        self.told.lines_wanted.connect(self.lines_wanted)
        self._current = (-1, -1)  # row and run whose story is told
        frame.add_below(self._legend)
        frame.add_below(self.told)
        chart.entered.connect(self._entered)
        chart.clicked.connect(self._clicked)
        for watched in (chart, chart.viewport()):
            watched.installEventFilter(self)
        key = QShortcut(QKeySequence(LINES_KEY), chart)
        key.setContext(Qt.ShortcutContext.WidgetShortcut)
        key.activated.connect(self.told.ask)

    def show_view(self, view: RunTimesView) -> None:
        self._view = self._shown = view
        self.frame.set_height(max(56, len(view.rows) * ROW_HEIGHT))
        self.frame.labels.set_rows([(row.name, row.note) for row in view.rows])
        self._band.set_bars([_bars(view.bands, self.theme.band)])
        self._ranges.set_bars([_bars(view.ranges, self.theme.ink)])
        self._deadlines.set_bars([_bars(view.deadlines, self.theme.muted)])
        self._base.set_heights(view.base_lines)
        self.frame.axis.set_ticks(view.axis)
        shown = {marks.kind: marks for marks in view.marks}
        for kind, points in self._points.items():
            marks = shown.get(kind)
            points.set(marks.times if marks else [], marks.heights if marks else [])
        self._legend.show_kinds([marks.kind for marks in view.marks if len(marks.times)])
        self.frame.chart.hatch.set_spans(view.gaps)
        self._tell()
        self.frame.show_words(view.phase, view.reason, view.sentence)
        self._read()

    def point_count(self) -> int:
        """How many runs are drawn."""
        return sum(len(points) for points in self._points.values())

    def _row_at(self, y: float) -> int:
        count = len(self._shown.rows) if self._shown else 0
        return int(y / max(1, self.frame.chart.height()) * count)

    def _clicked(self, moment: float, height: float) -> None:
        if self._shown is None:
            return
        row = int((1 - height) * len(self._shown.rows))
        run = self._shown.run_near(row, moment)
        if run is not None and self._current == (row, run.run_id):
            self._current = (-1, -1)
            self._tell()
            self.run_chosen.emit(run.run_id)
        else:
            self._choose(row, moment)

    def _choose(self, row: int, moment: float) -> None:
        run = self._shown.run_near(row, moment) if self._shown else None
        if run is not None:
            self._current = (row, run.run_id)
            self._tell()
            self.run_chosen.emit(run.run_id)

    def _entered(self) -> None:
        """Enter: the run nearest to the crosshair, one row further each time."""
        count = len(self._shown.rows) if self._shown else 0
        if count:
            row = (self._current[0] + 1) % count
            moment = self.link.until if self.link.cursor is None else self.link.cursor
            self._clicked(moment, 1 - (row + 0.5) / count)

    def _tell(self) -> None:
        """The story of the chosen run, as long as it is on screen."""
        row, chosen = self._current
        rows = self._shown.rows if self._shown else ()
        runs = rows[row].runs if 0 <= row < len(rows) else ()
        run = next((run for run in runs if run.run_id == chosen), None)
        if self._shown and run:
            self.told.show_run(self._shown.story(row, run), self._shown.place(row, run))
        else:
            self.told.show_run("", {})
        self.told.setVisible(any(each.runs for each in rows))

    def menu(self) -> QMenu:
        """What can be done with the chosen run; it deletes itself when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        look = menu.addAction(f"{LINES}\t{LINES_KEY}")
        look.setEnabled(self.told.can_ask)
        look.triggered.connect(self.told.ask)
        return menu

    def _open_menu(self, event: QContextMenuEvent) -> None:
        chart, place = self.frame.chart, event.globalPos()
        if event.reason() is not QContextMenuEvent.Reason.Keyboard:
            at = chart.viewport().mapFromGlobal(place)
            self._choose(self._row_at(at.y()), chart.time_at(at.x()))
        elif self._current[0] < 0:
            self._entered()
        if self._current[0] >= 0:
            self.menu().popup(place if not place.isNull() else chart.mapToGlobal(QPoint(0, 0)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QContextMenuEvent):
            self._open_menu(event)
            return True
        if isinstance(event, QHelpEvent) and self._shown is not None:
            chart, row = self.frame.chart, self._row_at(event.pos().y())
            run = self._shown.run_near(row, chart.time_at(event.pos().x()))
            if run is not None:
                said = f"{self._shown.rows[row].name}: {self._shown.tell(row, run)}"
                QToolTip.showText(event.globalPos(), escaped(said), chart)
                return True
        return False


def _bars(boxes: Boxes, color: str) -> Bars:
    return Bars(boxes.start, boxes.end, boxes.low, boxes.high, color, spaced=False)
