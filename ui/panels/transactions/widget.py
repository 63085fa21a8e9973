"""Transactions as an area, failures on top, latency on the right axis."""

import numpy as np

from ui.charts.items import Bars, BarsItem
from ui.charts.link import TimeLink
from ui.panels.base import TimePanel
from ui.panels.frame import PanelFrame
from ui.panels.ink import ink
from ui.panels.transactions.view import TransactionsView
from ui.plain import PlainLabel
from ui.theme import Size, Theme

HEIGHT = 88


class TransactionsPanel(TimePanel):
    def __init__(self, theme: Theme, link: TimeLink) -> None:
        frame = PanelFrame(
            theme, link, title="Transactions", unit="a minute,\ntimes at right",
            height=HEIGHT, right_role="accent",
        )  # fmt: skip
        super().__init__(theme, link, frame)
        chart = frame.chart
        self._area = chart.add(BarsItem(chart.box, link, -60))
        self._latency = chart.add_line(theme.accent)
        self.worst = PlainLabel("", size=Size.SMALL, wrap=True)
        self.worst.set_color(theme.muted)
        self.worst.hide()
        frame.add_below(self.worst)

    def show_view(self, view: TransactionsView) -> None:
        self._view = view
        start = view.times.astype(np.float64)
        end = start + view.step
        ground, zero = ink(self.theme, "area"), np.zeros(len(start))
        failed = self.theme.state_down
        self._area.set_bars(
            [
                Bars(start, end, zero, view.good_top, ground, spaced=False),
                Bars(start, end, view.good_top, view.failed_top, failed, spaced=False, least=0),
            ]
        )
        self._latency.set(start + view.step / 2, view.latency)
        frame = self.frame
        frame.chart.hatch.set_spans(view.gaps)
        frame.chart.grid.set_heights([tick.height for tick in view.left])
        frame.labels.set_ticks(view.left)
        frame.axis.set_ticks(view.right)
        frame.offer_log(view.log_offered)
        self.worst.setText(view.worst)
        self.worst.setVisible(bool(view.worst))
        frame.show_words(view.phase, view.reason, view.sentence)
        self._read()
