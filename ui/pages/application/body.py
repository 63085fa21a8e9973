"""All panels of a dashboard on one time axis; built one per turn of the event loop."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from psbuddy.report.story import CauseStory
from psbuddy.report.values import Dashboard
from ui.charts.axisstrip import AxisStrip
from ui.charts.colours import CauseColours
from ui.charts.link import TimeLink
from ui.pages.application.header_view import range_text
from ui.panels.base import TimePanel
from ui.panels.causes.view import causes_view
from ui.panels.causes.view import waiting as causes_waiting
from ui.panels.causes.widget import CausesPanel
from ui.panels.changes.view import changes_view
from ui.panels.changes.view import waiting as changes_waiting
from ui.panels.changes.widget import ChangesPanel
from ui.panels.columns import AXIS_WIDTH, LABEL_WIDTH, READOUT_WIDE, READOUT_WIDTH
from ui.panels.errors.view import errors_view
from ui.panels.errors.view import waiting as errors_waiting
from ui.panels.errors.widget import ErrorsPanel
from ui.panels.nothing import is_blank
from ui.panels.relation.view import relation_view
from ui.panels.relation.view import waiting as relation_waiting
from ui.panels.relation.widget import RelationPanel
from ui.panels.routes.view import routes_view
from ui.panels.routes.view import waiting as routes_waiting
from ui.panels.routes.widget import RoutesPanel
from ui.panels.run_times.view import run_times_view
from ui.panels.run_times.view import waiting as run_times_waiting
from ui.panels.run_times.widget import RunTimesPanel
from ui.panels.transactions.view import transactions_view
from ui.panels.transactions.view import waiting as transactions_waiting
from ui.panels.transactions.widget import TransactionsPanel
from ui.panels.uptime.view import uptime_view
from ui.panels.uptime.view import waiting as uptime_waiting
from ui.panels.uptime.widget import UptimePanel
from ui.panels.values import Phase
from ui.plain import PlainLabel
from ui.theme import GAP, GRID, WIDE, Size, Theme

#: Windows at least this wide get the wide read-out.
_WIDE_FROM = 1320
#: Below this the scatter goes below the table of causes.
_BESIDE_FROM = 1200
#: Panels that share what height is left, and how much each may grow.
_GROWING, _MOST_EXTRA = ("errors", "transactions"), (120, 80)
PANELS = (
    *("changes", "uptime", "errors", "transactions", "run_times", "causes", "relation"),
    "routes",
)


class Body(QWidget):
    """Pinned time axis, and the panels below it in one scroll area."""

    built = Signal()
    cause_chosen = Signal(str)
    host_chosen = Signal(str)
    lines_wanted = Signal(object)
    story_wanted = Signal(str)
    decision_wanted = Signal(object)

    def __init__(self, theme: Theme, link: TimeLink, colours: CauseColours, zone: str = "") -> None:
        super().__init__()
        self._theme, self.link, self._colours, self._zone = theme, link, colours, zone
        self._dashboard: Dashboard | None = None
        self._words: tuple[Phase, str] = (Phase.WAITING, "")
        self._log: dict[str, bool] = {}
        self._relation_job = ""
        self.highlight = ""
        self.panels: dict[str, QWidget] = {}
        self._lay_out()
        link.moved.connect(self._show_range)
        self._show_range()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.build_next)

    def _lay_out(self) -> None:
        self._range = PlainLabel("", size=Size.SMALL)
        self._range.setFixedWidth(LABEL_WIDTH - GAP)
        self._range.set_color(self._theme.muted)
        self.axis = AxisStrip(self._theme, self.link, self._zone)
        self._axis_row = QHBoxLayout()
        self._axis_row.setSpacing(0)
        self._axis_row.setContentsMargins(WIDE, 0, WIDE, 0)
        self._axis_row.addWidget(self._range)
        self._axis_row.addWidget(self.axis, 1)
        self._age = PlainLabel("", size=Size.SMALL)
        self._age.set_color(self._theme.muted)
        self._age.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._axis_row.addSpacing(AXIS_WIDTH)
        self._axis_row.addWidget(self._age)
        self._inner = inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(GAP, GAP, WIDE, GAP)
        self._column.setSpacing(WIDE - GRID)
        self._bottom = QHBoxLayout()
        self._bottom.setContentsMargins(GAP, 0, 0, 0)
        self._bottom.setSpacing(WIDE * 2)
        self._tables = QVBoxLayout()
        self._tables.setSpacing(WIDE)
        self._bottom.addLayout(self._tables, 3)
        self._column.addLayout(self._bottom)
        self._column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidget(inner)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.viewport().installEventFilter(self)
        self.area.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._axis_row)
        column.addWidget(self.area, 1)

    # -- building ----------------------------------------------------------------------

    def build(self) -> None:
        """Build the panels one per turn of the event loop; `built` tells of the end."""
        self._timer.start()

    def build_all(self) -> None:
        """Build what is left now, for pictures."""
        while len(self.panels) < len(PANELS):
            self.build_next()

    def build_next(self) -> None:
        """Build one panel and show what is known in it."""
        name = next((name for name in PANELS if name not in self.panels), "")
        if name:
            self.panels[name] = self._makers()[name]()
            self._place(name)
            self._show(name)
        if len(self.panels) == len(PANELS) and name:
            self._timer.stop()
            self._share_out()
            self.built.emit()

    def _makers(self) -> dict[str, Callable[[], QWidget]]:
        theme, link = self._theme, self.link
        return {
            "changes": lambda: ChangesPanel(theme, link),
            "uptime": lambda: UptimePanel(theme, link),
            "errors": lambda: ErrorsPanel(theme, link),
            "transactions": lambda: TransactionsPanel(theme, link),
            "run_times": lambda: RunTimesPanel(theme, link),
            "causes": lambda: CausesPanel(theme),
            "relation": lambda: RelationPanel(theme),
            "routes": lambda: RoutesPanel(theme),
        }

    def _place(self, name: str) -> None:
        panel = self.panels[name]
        if name in ("causes", "routes"):
            self._tables.addWidget(panel, int(name == "routes"))  # which takes what is left
        elif name == "relation":
            self._bottom.addWidget(panel, 2)
        else:
            self._column.insertWidget(self._column.count() - 2, panel)
        if isinstance(panel, TimePanel):
            panel.frame.set_readout_width(self._readout_width())
        if isinstance(panel, ErrorsPanel | TransactionsPanel):
            panel.frame.log_toggled.connect(lambda on, name=name: self._set_log(name, on))
        if isinstance(panel, ErrorsPanel | CausesPanel):
            panel.cause_chosen.connect(self.cause_chosen)
        if isinstance(panel, RelationPanel):
            panel.job_chosen.connect(self._set_job)
        if isinstance(panel, CausesPanel | RunTimesPanel):
            panel.lines_wanted.connect(self.lines_wanted)
        if isinstance(panel, CausesPanel):
            panel.story_wanted.connect(self.story_wanted)
            panel.decision_wanted.connect(self.decision_wanted)
        if isinstance(panel, UptimePanel):
            panel.host_chosen.connect(self.host_chosen)

    # -- showing -----------------------------------------------------------------------

    def show_dashboard(self, dashboard: Dashboard) -> None:
        """Set the arrays of every panel that is built."""
        self._dashboard = dashboard
        for name in self.panels:
            self._show(name)
        self._show_range()
        self._share_out()

    def show_lines(self, answer: Mapping[str, object], where: Mapping[str, object]) -> None:
        """The lines around a record, in the panel that asked for them last."""
        runs, causes = self.panels.get("run_times"), self.panels.get("causes")
        if isinstance(runs, RunTimesPanel) and runs.told.show_lines(answer, where):
            self._reveal(runs.told.lines)
        elif isinstance(causes, CausesPanel) and causes.is_mine(where):
            causes.show_lines(answer)
            self._reveal(causes.detail)

    def _reveal(self, part: QWidget) -> None:
        """Scroll to what was asked for, once it has its place.

        Not by `ensureWidgetVisible`: of a text it shows no more than the line of the cursor.
        """

        def scroll() -> None:
            top = part.mapTo(self._inner, QPoint(0, 0)).y()
            for y in (top + part.height(), top):  # where it is higher than the area: its head
                self.area.ensureVisible(0, y, 0, GAP)

        QTimer.singleShot(0, part, scroll)

    def hide_offers(self) -> None:
        """For pictures: no words about what can be pressed."""
        runs = self.panels.get("run_times")
        if isinstance(runs, RunTimesPanel):
            runs.told.setVisible(runs.told.has_run)

    def show_story(self, story: CauseStory | None) -> None:
        """What is behind the chosen cause."""
        causes = self.panels.get("causes")
        if isinstance(causes, CausesPanel):
            causes.show_story(story)

    def show_words(self, phase: Phase, reason: str) -> None:
        """Nothing to draw: say so in every panel."""
        self._dashboard, self._words = None, (phase, reason)
        for name in self.panels:
            self._show(name)

    def set_highlight(self, cause: str) -> None:
        """One cause in colour everywhere; "" shows all."""
        self.highlight = cause
        errors, causes = self.panels.get("errors"), self.panels.get("causes")
        if isinstance(errors, ErrorsPanel):
            errors.set_highlight(cause)
        if isinstance(causes, CausesPanel):
            causes.choose(cause)

    def _set_log(self, name: str, on: bool) -> None:
        self._log[name] = on
        self._show(name)

    def _set_job(self, job: str) -> None:
        self._relation_job = job
        self._show("relation")

    def _places(self, dashboard: Dashboard) -> dict[str, int | None]:
        shown = {row.cause for row in dashboard.causes.rows}
        others = [line.row.cause for line in dashboard.cause_lines]
        leading = [cause for cause in others if cause in shown] or list(shown)
        given = self._colours.assign(dashboard.app.app, leading)
        return {cause: given.get(cause) for cause in (*leading, *others)}

    def _show(self, name: str) -> None:
        panel, known = self.panels[name], self._dashboard
        phase, reason = self._words
        if name in ("causes", "relation"):
            panel.setVisible(not self._is_mute(name))
        if isinstance(panel, ChangesPanel):
            panel.show_view(
                changes_view(known, self._zone) if known else changes_waiting(phase, reason)
            )
        elif isinstance(panel, UptimePanel):
            panel.show_view(
                uptime_view(known, self._zone) if known else uptime_waiting(phase, reason)
            )
        elif isinstance(panel, ErrorsPanel):
            log = self._log.get(name, False)
            panel.show_view(
                errors_view(known, self._places(known), log=log, zone=self._zone)
                if known else errors_waiting(phase, reason)
            )  # fmt: skip
        elif isinstance(panel, TransactionsPanel):
            log = self._log.get(name, False)
            panel.show_view(
                transactions_view(known, log=log) if known else transactions_waiting(phase, reason)
            )
        elif isinstance(panel, RunTimesPanel):
            panel.show_view(
                run_times_view(known, self._zone) if known else run_times_waiting(phase, reason)
            )
        elif isinstance(panel, CausesPanel):
            panel.show_view(
                causes_view(known, self._places(known), self._zone)
                if known else causes_waiting(phase, reason)
            )  # fmt: skip
        elif isinstance(panel, RelationPanel):
            panel.show_view(
                relation_view(known, self._relation_job)
                if known
                else relation_waiting(phase, reason)
            )

        elif isinstance(panel, RoutesPanel):
            panel.show_view(routes_view(known) if known else routes_waiting(phase, ""))

    def _is_mute(self, name: str) -> bool:
        """Whether a panel at the bottom could only repeat that nothing was observed."""
        known = self._dashboard
        if known is None or not is_blank(known):
            return False
        return not (known.cause_lines if name == "causes" else known.relations)

    # -- axis --------------------------------------------------------------------------

    def _show_range(self) -> None:
        since, until = int(self.link.since), int(self.link.until)
        now = self._dashboard.now if self._dashboard else until
        self._range.setText(range_text(since, until, now, self._zone))

    def show_age(self, age: str, *, old: bool = False) -> None:
        """How old the newest data is, above the read-out; loud when visits do not explain it."""
        self._age.set_color(self._theme.state_watch if old else self._theme.muted)
        self._age.setText(age)

    def _share_out(self) -> None:
        """Room that nobody needs makes the two large charts higher."""
        panels = [self.panels.get(name) for name in _GROWING]
        large = [panel for panel in panels if isinstance(panel, TimePanel)]
        if self._dashboard is None or len(self.panels) < len(PANELS):
            return
        used = self._column.sizeHint().height() - sum(p.frame.extra for p in large)
        spare = max(0, self.area.height() - used - 2)
        for panel, share, most in zip(large, (0.6, 0.4), _MOST_EXTRA, strict=True):
            panel.frame.set_extra(min(most, int(spare * share) // GRID * GRID))

    def whole_height(self) -> int:
        """Height at which the panels need no scroll bar."""
        width = self.area.viewport().width()
        return self.axis.height() + self._column.totalHeightForWidth(width)

    def _readout_width(self) -> int:
        return READOUT_WIDE if self.width() >= _WIDE_FROM else READOUT_WIDTH

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self._share_out()
        width = self._readout_width()
        self._age.setFixedWidth(width)
        beside = self.width() >= _BESIDE_FROM
        directions = QBoxLayout.Direction
        self._bottom.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        for panel in self.panels.values():
            if isinstance(panel, TimePanel):
                panel.frame.set_readout_width(width)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep the axis above the charts when a scroll bar takes its room; keys go to the page."""
        if event.type() == QEvent.Type.Resize:
            bar = self.area.width() - self.area.viewport().width()
            self._axis_row.setContentsMargins(WIDE, 0, WIDE + bar, 0)
        if watched is self.area and isinstance(event, QKeyEvent):
            event.ignore()  # a scroll area would take the arrows that move the crosshair
            return True
        return False

    def move_by(self, action: QAbstractSlider.SliderAction) -> None:
        """Move the panels up or down by a line or a page."""
        self.area.verticalScrollBar().triggerAction(action)
