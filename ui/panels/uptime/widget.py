"""One strip per host and check."""

import numpy as np
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from psbuddy.model.terms import State
from ui.charts.link import TimeLink
from ui.charts.strips import Painted, StripsItem
from ui.panels.base import TimePanel
from ui.panels.frame import PanelFrame
from ui.panels.ink import blend, ink
from ui.panels.uptime.view import StripRow, UptimeView
from ui.panels.values import Phase
from ui.plain import escaped
from ui.theme import Theme

ROW_HEIGHT = 16

#: Height of a stretch as a share of its row.
_SHARE = {State.DOWN: 0.9, State.WATCH: 0.7, State.UNKNOWN: 0.6}


def _color(theme: Theme, state: State) -> str:
    if state is State.UNKNOWN:
        return ""
    color = ink(theme, f"state {state}")
    return blend(color, theme.surface, 0.6) if state is State.UP else color


class UptimePanel(TimePanel):
    """Up, watch and down in their colours; unknown is hatched. A host's name is a way to it."""

    host_chosen = Signal(str)

    def __init__(self, theme: Theme, link: TimeLink) -> None:
        frame = PanelFrame(
            theme, link, title="Status", unit="share of time up",
            height=ROW_HEIGHT * 2, rows=True,
        )  # fmt: skip
        super().__init__(theme, link, frame)
        self._shown: UptimeView | None = None
        self._strips = frame.chart.add(StripsItem(frame.chart.box, link, theme.gap, theme.gap_line))
        frame.chart.viewport().installEventFilter(self)
        frame.labels.row_chosen.connect(self._name_chosen)

    def show_view(self, view: UptimeView) -> None:
        self._view = self._shown = view
        self.frame.set_height(max(2, len(view.rows)) * ROW_HEIGHT)
        self.frame.labels.set_rows(
            [(row.name, "") for row in view.rows], [bool(row.host) for row in view.rows]
        )
        self._strips.set_rows([self._painted(row) for row in view.rows])
        self.frame.show_words(view.phase, view.reason, view.sentence)
        self._read()

    def _name_chosen(self, row: int) -> None:
        if self._shown is not None and self._shown.rows[row].host:
            self.host_chosen.emit(self._shown.rows[row].host)

    def _painted(self, row: StripRow) -> list[Painted]:
        """Unknown is hatched; up is quiet and slim, so that down stands out by form too."""
        return [
            Painted(_color(self.theme, state), np.array(spans), _SHARE.get(state, 0.45))
            for state, spans in row.spans
        ]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QHelpEvent) and self._shown and self._shown.phase is Phase.READY:
            chart = self.frame.chart
            row = int(event.pos().y() / max(1, chart.height()) * len(self._shown.rows))
            said = self._shown.reason_at(row, chart.time_at(event.pos().x()))
            QToolTip.showText(event.globalPos(), escaped(said), chart)
            return True
        return False
