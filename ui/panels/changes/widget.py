"""Marks on the time axis."""

from ui.charts.items import Mark, MarksItem
from ui.charts.link import TimeLink
from ui.panels.base import TimePanel
from ui.panels.changes.view import ChangesView
from ui.panels.frame import PanelFrame
from ui.panels.ink import ink
from ui.plain import plain
from ui.theme import Size, Theme, font

HEIGHT = 36


class ChangesPanel(TimePanel):
    """Deployments, births of causes and notes, each by its own shape."""

    def __init__(self, theme: Theme, link: TimeLink) -> None:
        frame = PanelFrame(theme, link, title="What changed", unit="", height=HEIGHT, rows=True)
        super().__init__(theme, link, frame)
        chart = frame.chart
        self._marks = chart.add(MarksItem(chart.box, link, theme.text, font(Size.SMALL)))

    def show_view(self, view: ChangesView) -> None:
        self._view = view
        self._marks.set_marks(
            [
                Mark(m.time, m.shape, plain(m.label, 120), ink(self.theme, m.role))
                for m in view.marks
            ]
        )
        self.frame.chart.hatch.set_spans(view.gaps)
        self.frame.show_words(view.phase, view.reason, view.sentence)
        self._read()
