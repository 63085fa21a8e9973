"""How far each visit came: one bar a visit, whole when it came to the end, short where it ended."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Theme

HEIGHT = 28
_WIDEST, _SPACE = 8.0, 1.0


class StageBars(QWidget):
    """Bars from 0 to 1, the newest at the right edge."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._bars: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("How far the last visits came")
        self.setToolTip("One bar a visit, the newest at the right; a short one ended early.")
        self.hide()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(200, HEIGHT)

    def show_bars(self, bars: tuple[float, ...]) -> None:
        self._bars = bars
        self.setVisible(bool(bars))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        step = min(_WIDEST, self.width() / max(len(self._bars), 1))
        width = max(step - _SPACE, 1.0)
        for number, reached in enumerate(reversed(self._bars)):
            height = max(2.0, reached * self.height())
            left = self.width() - (number + 1) * step
            color = self.theme.ink if reached >= 1.0 else self.theme.state_down
            painter.fillRect(QRectF(left, self.height() - height, width, height), QColor(color))
        painter.end()
