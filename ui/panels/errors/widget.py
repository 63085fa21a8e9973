"""Stacked bars by cause, warnings as a line, the normal band behind."""

import numpy as np
from PySide6.QtCore import Signal

from ui.charts.items import Bars, BarsItem
from ui.charts.link import TimeLink
from ui.panels.base import TimePanel
from ui.panels.errors.view import ErrorsView, Stack
from ui.panels.frame import PanelFrame
from ui.panels.ink import ink
from ui.panels.values import Array, bucket_at, steps
from ui.theme import Theme

HEIGHT = 136


class ErrorsPanel(TimePanel):
    """A click on a bar or on its line in the read-out chooses the cause."""

    cause_chosen = Signal(str)

    def __init__(self, theme: Theme, link: TimeLink) -> None:
        frame = PanelFrame(
            theme, link, title="Errors", unit="records a minute",
            height=HEIGHT,
        )  # fmt: skip
        super().__init__(theme, link, frame)
        chart = frame.chart
        self._shown: ErrorsView | None = None
        self._band = chart.add(BarsItem(chart.box, link, -70))
        self._bars = chart.add(BarsItem(chart.box, link, -50))
        self._warnings = chart.add_line(ink(theme, "quiet warning"), depth=-60)
        frame.readout.chosen.connect(self.cause_chosen)
        chart.clicked.connect(self._clicked)

    def show_view(self, view: ErrorsView) -> None:
        self._view = self._shown = view
        start = view.times.astype(np.float64)
        end = start + view.step
        ink_band = self.theme.band
        self._band.set_bars(
            [Bars(start, end, view.band_low, view.band_high, ink_band, spaced=False)]
            if len(view.band_high) else []
        )  # fmt: skip
        self._bars.set_bars([self._stack(stack, start, end) for stack in view.stacks])
        self._warnings.set(*steps(start, end, view.warning_heights))
        frame = self.frame
        frame.chart.hatch.set_spans(view.gaps)
        frame.chart.grid.set_heights([tick.height for tick in view.left])
        frame.labels.set_ticks(view.left)
        frame.axis.set_ticks(view.right)
        frame.labels.set_unit("records a minute" + (",\nwarnings at right" if view.right else ""))
        frame.set_height(max(HEIGHT, frame.readout.height_of(view.rest)))
        frame.offer_log(view.log_offered)
        frame.show_words(view.phase, view.reason, view.sentence)
        self._read()

    def set_highlight(self, cause: str) -> None:
        """Keep one cause in colour, fade the others; "" shows all."""
        self.highlight = cause
        if self._shown is not None:
            self.show_view(self._shown)

    def _stack(self, stack: Stack, start: Array, end: Array) -> Bars:
        faded = bool(self.highlight) and stack.key != self.highlight
        color = self.theme.line if faded else ink(self.theme, stack.role)
        outline = self.theme.text if stack.is_new and not faded else ""
        return Bars(start, end, stack.bottom, stack.top, color, outline)

    def _clicked(self, moment: float, height: float) -> None:
        view = self._shown
        index = bucket_at(view.times, view.step, moment) if view else None
        if view is None or index is None:
            return
        for stack in view.stacks:
            if stack.key and stack.bottom[index] <= height < stack.top[index]:
                self.cause_chosen.emit(stack.key)
                return
        self.cause_chosen.emit("")
