"""What all time panels share: the frame, the link, and the read-out that follows it."""

from typing import Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.charts.link import TimeLink
from ui.panels.frame import PanelFrame
from ui.panels.values import Reading
from ui.theme import Theme


class Readable(Protocol):
    """A view-model that can say what is under the crosshair."""

    def at(self, moment: float | None) -> Reading: ...


class TimePanel(QWidget):
    """Base of the panels on the time axis. Subclasses set `_view` in `show_view`."""

    def __init__(self, theme: Theme, link: TimeLink, frame: PanelFrame) -> None:
        super().__init__()
        self.theme, self.link, self.frame = theme, link, frame
        self.highlight = ""
        self._view: Readable | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(frame)
        link.pointed.connect(self._read)

    def _read(self, _: object = None) -> None:
        if self._view is not None:
            self.frame.show_reading(self._view.at(self.link.cursor), self.highlight)
