"""One row per batch job: points, normal band, deadline ticks, marks by shape and colour."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from ui.charts.items import Bars, BarsItem, GridItem
from ui.charts.link import TimeLink
from ui.panels.base import TimePanel
from ui.panels.frame import PanelFrame
from ui.panels.ink import ink
from ui.panels.run_times.drawing import MARKS, Boxes
from ui.panels.run_times.legend import MarkLegend
from ui.panels.run_times.view import RunTimesView
from ui.plain import PlainLabel, escaped
from ui.theme import Size, Theme

ROW_HEIGHT = 36


class RunTimesPanel(TimePanel):
    """Click a point, or Enter at the crosshair: its story, and `run_chosen` with its id."""

    run_chosen = Signal(int)

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
        self.story = PlainLabel("", size=Size.SMALL, wrap=True)
        self.story.hide()
        self._current = (-1, -1)  # row and run whose story is told
        frame.add_below(self._legend)
        frame.add_below(self.story)
        chart.entered.connect(self._entered)
        chart.clicked.connect(self._clicked)
        chart.viewport().installEventFilter(self)

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
        if run is not None:
            same = self._current == (row, run.run_id)
            self._current = (-1, -1) if same else (row, run.run_id)
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
        self.story.setText(self._shown.story(row, run) if self._shown and run else "")
        self.story.setVisible(run is not None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
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
