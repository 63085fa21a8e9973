"""Scatter of volume, or of transactions meanwhile, against run time, its fit and its sentence."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from psbuddy import words
from ui.charts.xychart import XYChart
from ui.panels.relation.view import RelationView
from ui.panels.values import AxisLabel, Phase
from ui.plain import PlainLabel, plain
from ui.theme import GAP, Size, Theme


class RelationPanel(QWidget):
    """`job_chosen`: the user asked for another job."""

    job_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = XYChart(theme)
        self._jobs: tuple[str, ...] = ()
        self._choice = QComboBox()
        self._choice.setAccessibleName("Job whose volume and run time are compared")
        self._choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._choice.activated.connect(lambda n: self.job_chosen.emit(self._jobs[n]))
        self.title = PlainLabel("Volume against run time", weight=QFont.Weight.DemiBold)
        self.sentence = PlainLabel("", size=Size.BODY, wrap=True)
        self.unit = PlainLabel("", size=Size.SMALL)
        self.unit.set_color(theme.muted)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self._choice, 0, Qt.AlignmentFlag.AlignRight)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(GAP // 2)
        box.addLayout(head)
        for part in (self.sentence, self.chart, self.unit):
            box.addWidget(part)
        box.addStretch(1)
        self._theme = theme

    def show_view(self, view: RelationView) -> None:
        ready = view.phase is Phase.READY
        self.title.setText(view.title)
        self.unit.setText(view.unit)
        self.chart.setAccessibleName(view.title)
        self.sentence.setText(view.sentence if ready else view.reason)
        self.sentence.set_color(self._theme.text if ready else self._theme.muted)
        self.sentence.setVisible(bool(self.sentence.text()))
        self.chart.setVisible(ready)
        self.unit.setVisible(ready)
        self.chart.setAccessibleDescription(view.sentence)
        self._show_jobs(view)
        self.chart.show_points((view.x, view.y), (view.fit_x, view.fit_y))
        self.chart.set_axes(_pairs(view.bottom), _pairs(view.left))

    def _show_jobs(self, view: RelationView) -> None:
        if view.jobs != self._jobs:
            self._jobs = view.jobs
            self._choice.clear()
            self._choice.addItems([plain(words.job_name(job), 60) for job in view.jobs])
        if view.job in self._jobs:
            self._choice.setCurrentIndex(self._jobs.index(view.job))
        self._choice.setVisible(len(self._jobs) > 1)


def _pairs(labels: tuple[AxisLabel, ...]) -> list[tuple[float, str]]:
    return [(label.height, label.text) for label in labels]
