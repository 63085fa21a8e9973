"""The frame every time panel sits in: label column, chart, right axis, read-out.

One grid for the whole page: the columns have the same widths in every panel.
"""

import math

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from ui.charts.link import TimeLink
from ui.charts.timechart import TimeChart
from ui.panels.columns import TICK_PAD, AxisColumn, LabelColumn, ReadoutColumn
from ui.panels.values import Phase, Reading
from ui.plain import PlainLabel
from ui.theme import GAP, Size, Theme

#: Below the title and two lines of unit.
_LOG_TOP, _LOG_WIDTH = 50, 68
#: Pixels of a line that is read with ease, and the height from which words may take two.
_READABLE, _ROOMY = 560, 96
_PAD = 12  # at both sides of the words


class PanelFrame(QWidget):
    """Lays a panel out and shows its words when there is nothing to draw."""

    log_toggled = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        link: TimeLink,
        *,
        title: str,
        unit: str,
        height: int,
        rows: bool = False,
        right_role: str = "muted",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.labels = LabelColumn(theme, title, unit)
        self.chart = TimeChart(theme, link, height, pad=0 if rows else TICK_PAD)
        self.axis = AxisColumn(theme, right_role, pad=0 if rows else TICK_PAD)
        self.readout = ReadoutColumn(theme, rows=rows)
        self._height, self._extra = height, 0
        self._name = title.replace("\n", " ")
        self._message = PlainLabel("", self.chart, size=Size.BODY, wrap=True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._message.set_color(theme.muted)
        self._message.setAutoFillBackground(True)
        self._message.setContentsMargins(_PAD, 0, _PAD, 0)
        self._message.hide()
        self._log = self._log_button()
        self._lay_out()
        self.chart.focused.connect(self.labels.set_marked)
        self.chart.setAccessibleName(self._name)
        self.readout.setAccessibleName(f"{self._name}: values")
        self.chart.installEventFilter(self)

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        parts: tuple[QWidget, ...] = (self.labels, self.chart, self.axis, self.readout)
        for column, part in enumerate(parts):
            self._grid.addWidget(part, 0, column)
        self._grid.setColumnStretch(1, 1)

    def add_below(self, part: QWidget) -> None:
        """Put something under the chart, and what is there already, as wide as it."""
        self._grid.addWidget(part, self._grid.rowCount(), 1)

    def _log_button(self) -> QPushButton:
        button = QPushButton("log scale", self.labels)
        button.setFlat(True)
        button.setCheckable(True)
        button.setStyleSheet(self._log_style())
        button.setFixedSize(_LOG_WIDTH, 20)
        button.setAccessibleName(f"{self._name}: logarithmic scale")
        button.toggled.connect(self.log_toggled)
        button.hide()
        return button

    def _log_style(self) -> str:
        """Small and framed, so that it is seen to be a switch; filled while it is on."""
        theme = self.theme
        return (
            f"QPushButton {{ font-size: 11px; padding: 1px 6px; border: 1px solid {theme.line};"
            f" border-radius: 3px; color: {theme.muted}; background: transparent; }}"
            f"QPushButton:hover {{ background: {theme.hover}; }}"
            f"QPushButton:checked {{ color: {theme.text}; background: {theme.selected};"
            f" border-color: {theme.accent}; font-weight: 400; }}"
            f"QPushButton:focus {{ border-color: {theme.accent}; }}"
        )

    def set_height(self, height: int) -> None:
        self._height = height
        self.chart.setFixedHeight(self._height + self._extra)

    def set_extra(self, extra: int) -> None:
        """Make the chart so many pixels higher than it needs."""
        if extra != self._extra:
            self._extra = extra
            self.chart.setFixedHeight(self._height + extra)

    @property
    def extra(self) -> int:
        return self._extra

    def offer_log(self, offered: bool) -> None:
        """The switch is there only where the values range over more than 100 times."""
        self._log.move(GAP, _LOG_TOP)
        self._log.setVisible(offered)

    def show_words(self, phase: Phase, reason: str, sentence: str) -> None:
        """The reason over the chart unless it is ready; the sentence for screen readers."""
        self._message.setText("" if phase is Phase.READY else reason)
        self._message.setVisible(phase is not Phase.READY and bool(reason))
        self._place_message()
        self.chart.setAccessibleDescription(sentence)

    def show_reading(self, reading: Reading, highlight: str = "") -> None:
        self.readout.show_reading(reading, highlight)

    @property
    def message(self) -> str:
        """The words shown in place of data, "" when there is data."""
        return self._message.text() if not self._message.isHidden() else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Resize and watched is self.chart:
            self._place_message()
        return False

    def _place_message(self) -> None:
        room = self.chart.rect().adjusted(GAP, 2, -GAP, -2)
        most = min(room.width(), _READABLE) if room.height() >= _ROOMY else room.width()
        long, pad = self._message.fontMetrics().horizontalAdvance(self.message), 2 * _PAD
        lines = max(1, math.ceil(long / max(1, most - pad)))
        # Lines of about one length: no single word is left over for the last one.
        width = min(most, long + pad + GAP if lines == 1 else round(long / lines * 1.1) + pad)
        height = min(room.height(), self._message.heightForWidth(width) + GAP)
        place = QRect(0, 0, width, height)
        place.moveCenter(room.center())
        self._message.setGeometry(place)

    def set_readout_width(self, width: int) -> None:
        self.readout.setFixedWidth(width)
