"""Wrapped plain text that may contain words of any length: it never widens its window."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFont,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from ui.plain import plain, tooltip
from ui.theme import Size, font

_LIMIT = 1_000


class Sentence(QWidget):
    """Breaks anywhere if a word leaves no choice; beyond `lines` the rest is in the tooltip."""

    def __init__(
        self,
        size: Size,
        color: str,
        *,
        weight: QFont.Weight = QFont.Weight.Normal,
        lines: int = 3,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._color, self._lines = "", color, lines
        self.setFont(font(size, weight))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        """Show `text`, letter by letter; without any the widget is gone."""
        shown = plain(text, _LIMIT)
        if shown != self._text:
            self._text = shown
            self.setAccessibleName(shown)
            self._place()
            self.updateGeometry()
            self.update()
        self.setVisible(bool(shown))

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self._height(width)[0]

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(200, self._height(max(200, self.width()))[0])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self._place()

    def _place(self) -> None:
        height, cut = self._height(max(1, self.width()))
        self.setFixedHeight(max(1, height))
        tooltip(self, self._text if cut else "")

    def _height(self, width: int) -> tuple[int, bool]:
        layout = self._laid_out(width)
        shown = min(layout.lineCount(), self._lines)
        height = self.fontMetrics().lineSpacing() * shown
        return height, layout.lineCount() > self._lines

    def _laid_out(self, width: int) -> QTextLayout:
        layout = QTextLayout(self._text, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            if layout.lineCount() > self._lines:
                break
        layout.endLayout()
        return layout

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setPen(QColor(self._color))
        layout = self._laid_out(self.width())
        metrics = self.fontMetrics()
        for number in range(min(layout.lineCount(), self._lines)):
            line = layout.lineAt(number)
            text = self._text[line.textStart() : line.textStart() + line.textLength()]
            if number == self._lines - 1 and layout.lineCount() > self._lines:
                rest = self._text[line.textStart() :]
                text = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, self.width())
            y = number * metrics.lineSpacing() + metrics.ascent()
            painter.drawText(QPointF(0, y), text.rstrip())
        painter.end()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        menu = QMenu(self)
        copy = QAction("Copy", menu)
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        menu.addAction(copy)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())
