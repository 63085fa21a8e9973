"""The two columns beside a chart: labels at its left, axis and read-out at its right.

Both are painted, so that a tick label sits exactly at its tick and a row's name at its row.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QToolTip, QWidget

from psbuddy.model.terms import State
from ui.charts.items import draw_mark
from ui.icons import paint_state
from ui.panels.ink import ink
from ui.panels.values import AxisLabel, Line, Reading
from ui.plain import draw_text, escaped, plain
from ui.theme import GAP, Size, Theme, font

#: One width for all panels: the title, then names of rows or tick labels.
TITLE_WIDTH, NAME_WIDTH = 116, 124
AXIS_WIDTH = 52
#: Room for the read-out in a narrow and in a wide window.
READOUT_WIDTH, READOUT_WIDE = 216, 284
LABEL_WIDTH = TITLE_WIDTH + NAME_WIDTH
LINE_HEIGHT = 15
#: Pixels above the highest and below the lowest tick of a chart: half a label.
TICK_PAD = 7
#: Rows at least this high have room for the label below the value.
_TWO_LINES = 32
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class LabelColumn(QWidget):
    """Title and unit; beside them tick labels, or the name and note of each row.

    Rows that lead somewhere are chosen with a click, or with the arrows and Enter.
    """

    row_chosen = Signal(int)

    def __init__(self, theme: Theme, title: str, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._title, self._unit = theme, title, unit
        self._ticks: Sequence[AxisLabel] = ()
        self._rows: Sequence[tuple[str, str]] = ()
        self._ways: Sequence[bool] = ()
        self._current = 0
        self._marked = False
        self.setMouseTracking(True)
        self.setFixedWidth(LABEL_WIDTH)

    def set_ticks(self, ticks: Sequence[AxisLabel]) -> None:
        self._ticks, self._rows = ticks, ()
        self.update()

    def set_rows(self, rows: Sequence[tuple[str, str]], ways: Sequence[bool] = ()) -> None:
        """(name, note) from top to bottom, equal heights; `ways`: which lead somewhere."""
        self._rows, self._ticks, self._ways = rows, (), ways
        self._current = min(self._current, max(0, len(rows) - 1))
        focus = Qt.FocusPolicy.StrongFocus if any(ways) else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(focus)
        self.update()

    def set_unit(self, unit: str) -> None:
        if unit != self._unit:
            self._unit = unit
            self.update()

    def set_marked(self, marked: bool) -> None:
        """Show that the keyboard is here."""
        self._marked = marked
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        if self._marked:
            painter.fillRect(QRect(0, 2, 2, self.height() - 4), QColor(self._theme.accent))
        self._paint_title(painter)
        if self._rows:
            self._paint_rows(painter)
        else:
            paint_ticks(painter, self._theme, self._ticks, self.width() - GAP, self.height())
        painter.end()

    def _paint_title(self, painter: QPainter) -> None:
        painter.setFont(font(Size.BODY, QFont.Weight.DemiBold))
        painter.setPen(QColor(self._theme.text))
        y = 0
        for word in self._title.split("\n"):
            draw_text(painter, QRect(GAP, y, TITLE_WIDTH - GAP, 18), word)
            y += 16
        painter.setFont(font(Size.SMALL))
        painter.setPen(QColor(self._theme.muted))
        for word in self._unit.split("\n"):
            draw_text(painter, QRect(GAP, y + 2, TITLE_WIDTH - GAP, 16), word)
            y += 14

    def _paint_rows(self, painter: QPainter) -> None:
        height = self.height() / len(self._rows)
        room = NAME_WIDTH - GAP
        for index, (name, note) in enumerate(self._rows):
            y = round(index * height)
            two = bool(note) and height >= 30
            line = QRect(TITLE_WIDTH, y, room, round(height))
            if self.hasFocus() and index == self._current:
                painter.fillRect(line.adjusted(-4, 0, 4, 0), QColor(self._theme.selected))
            painter.setFont(font(Size.BODY if height >= 30 else Size.SMALL))
            painter.setPen(QColor(self._theme.text))
            if two:
                line = QRect(TITLE_WIDTH, y + round(height / 2) - 16, room, 16)
            middle = Qt.TextElideMode.ElideMiddle  # hosts differ at their ends
            shown = painter.fontMetrics().elidedText(plain(name, 200), middle, room)
            draw_text(painter, line, shown, _RIGHT)
            if two:
                painter.setFont(font(Size.SMALL))
                painter.setPen(QColor(self._theme.muted))
                draw_text(painter, line.translated(0, 15), plain(note, 200), _RIGHT)

    def _row_at(self, y: float) -> int:
        return max(0, min(len(self._rows) - 1, int(y / self.height() * len(self._rows))))

    def _leads(self, index: int) -> bool:
        return index < len(self._ways) and self._ways[index]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        place = event.position()
        way = place.x() >= TITLE_WIDTH and self._leads(self._row_at(place.y()))
        shapes = Qt.CursorShape
        self.setCursor(shapes.PointingHandCursor if way else shapes.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        index = self._row_at(event.position().y())
        if event.position().x() >= TITLE_WIDTH and self._leads(index):
            self._current = index
            self.row_chosen.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in moves:
            moved = self._current + moves[Qt.Key(event.key())]
            self._current = min(max(moved, 0), len(self._rows) - 1)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._leads(self._current):
            self.row_chosen.emit(self._current)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._rows:
            index = self._row_at(event.pos().y())
            said = " ".join(part for part in self._rows[index][:2] if part)
            QToolTip.showText(event.globalPos(), escaped(said), self)
            return True
        return super().event(event)


def paint_ticks(
    painter: QPainter, theme: Theme, ticks: Sequence[AxisLabel], right: int, height: int
) -> None:
    """Tick labels, right-aligned at `right`, half a label inside the height."""
    painter.setFont(font(Size.SMALL))
    painter.setPen(QColor(theme.muted))
    for tick in ticks:
        top = round((1 - tick.height) * (height - 2 * TICK_PAD))
        draw_text(painter, QRect(0, top, right, 14), tick.text, _RIGHT)


class AxisColumn(QWidget):
    """Tick labels of the right axis, in the colour of what they measure."""

    def __init__(
        self, theme: Theme, role: str = "muted", parent: QWidget | None = None, *, pad: int = 0
    ) -> None:
        super().__init__(parent)
        self._theme, self._role, self._pad = theme, role, pad
        self._ticks: Sequence[AxisLabel] = ()
        self.setFixedWidth(AXIS_WIDTH)

    def set_ticks(self, ticks: Sequence[AxisLabel]) -> None:
        self._ticks = ticks
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setFont(font(Size.SMALL))
        painter.setPen(QColor(ink(self._theme, self._role)))
        height = self.height()
        for tick in self._ticks:
            top = round(self._pad + (1 - tick.height) * (height - 2 * self._pad)) - TICK_PAD
            draw_text(painter, QRect(6, top, AXIS_WIDTH - 6, 14), tick.text, _LEFT)
        painter.end()


class ReadoutColumn(QWidget):
    """Values at the crosshair; also the legend. A line with a key can be chosen."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, *, rows: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._spread = theme, rows
        self._reading = Reading("", ())
        self._highlight = ""
        self._current = -1
        self.setFixedWidth(READOUT_WIDTH)
        self.setMouseTracking(True)

    def height_of(self, reading: Reading) -> int:
        """Pixels that the lines of a reading need."""
        return (len(reading.lines) + bool(reading.heading)) * LINE_HEIGHT

    @property
    def reading(self) -> Reading:
        return self._reading

    def show_reading(self, reading: Reading, highlight: str = "") -> None:
        """Show lines; those of another key than `highlight` fade."""
        if (reading, highlight) == (self._reading, self._highlight):
            return
        self._reading, self._highlight = reading, highlight
        can_choose = any(line.key for line in reading.lines) and not self._spread
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if can_choose else Qt.FocusPolicy.NoFocus)
        self.setAccessibleDescription(plain(reading.spoken()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setFont(font(Size.SMALL))
        if self._reading.heading:
            painter.setPen(QColor(self._theme.muted))
            draw_text(
                painter, QRect(0, 0, self.width() - 2, LINE_HEIGHT), self._reading.heading, _RIGHT
            )
        for index, line in enumerate(self._reading.lines):
            self._paint_line(painter, line, self._line_rect(index), index == self._current)
        painter.end()

    def _line_rect(self, index: int) -> QRect:
        if self._spread:
            height = self.height() / max(1, len(self._reading.lines))
            return QRect(0, round(index * height), self.width(), round(height))
        head = LINE_HEIGHT if self._reading.heading else 0
        return QRect(0, head + index * LINE_HEIGHT, self.width(), LINE_HEIGHT)

    def _paint_line(self, painter: QPainter, line: Line, rect: QRect, current: bool) -> None:
        faded = bool(self._highlight and line.key) and line.key != self._highlight
        if current and self.hasFocus():
            painter.fillRect(rect, QColor(self._theme.selected))
        swatch = QRectF(rect.left() + 3, rect.center().y() - 4, 9, 9)
        if line.shape:
            paint_swatch(painter, self._theme, line, swatch, faded)
        if rect.height() >= _TWO_LINES:
            self._paint_two_lines(painter, line, rect)
            return
        metrics = painter.fontMetrics()
        value_width = min(metrics.horizontalAdvance(line.value) + 2, self.width() // 2 + 20)
        value = QRect(rect.right() - value_width - 1, rect.top(), value_width, rect.height())
        text = QRect(rect.left() + 18, rect.top(), value.left() - rect.left() - 24, rect.height())
        painter.setPen(QColor(self._theme.muted if faded else self._theme.text))
        draw_text(painter, value, plain(line.value, 100), _RIGHT)
        painter.setPen(QColor(self._theme.muted))
        draw_text(painter, text, plain(line.label, 200), _LEFT)

    def _paint_two_lines(self, painter: QPainter, line: Line, rect: QRect) -> None:
        top = QRect(rect.left() + 18, rect.center().y() - 15, rect.width() - 20, 15)
        painter.setPen(QColor(self._theme.text))
        draw_text(painter, top, plain(line.value, 100), _LEFT)
        painter.setPen(QColor(self._theme.muted))
        draw_text(painter, top.translated(0, 15), plain(line.label, 200), _LEFT)

    # -- choosing a line ---------------------------------------------------------------

    def _line_at(self, y: float) -> int:
        for index in range(len(self._reading.lines)):
            rect = self._line_rect(index)
            if rect.top() <= y <= rect.bottom():
                return index
        return -1

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self._reading.lines) and self._reading.lines[index].key:
            self._current = index
            self.chosen.emit(self._reading.lines[index].key)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._choose(self._line_at(event.position().y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        index = self._line_at(event.position().y())
        line = self._reading.lines[index] if index >= 0 else Line("", "")
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if line.key else Qt.CursorShape.ArrowCursor
        )
        self.setToolTip(escaped(f"{line.label}\n{line.value}") if line.label else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in moves:
            last = len(self._reading.lines) - 1
            self._current = min(max(self._current + moves[Qt.Key(event.key())], 0), last)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self._current)
        else:
            event.ignore()


def paint_swatch(
    painter: QPainter, theme: Theme, line: Line, box: QRectF, faded: bool = False
) -> None:
    """What stands for a series in its legend: box, line, state or mark."""
    color = QColor(theme.grid if faded else ink(theme, line.role))
    kind, _, rest = line.shape.partition(" ")
    painter.save()
    if kind == "box":
        painter.fillRect(box, color)
    elif kind == "line":
        painter.setPen(QPen(color, 2))
        y = int(box.center().y())  # a whole pixel: between two it is a blur
        painter.drawLine(int(box.left()), y, int(box.right()), y)
    elif kind == "state":
        paint_state(painter, box, State(rest), theme)
    elif kind == "mark":
        paint_run_mark(painter, box, rest, color, QColor(theme.surface))
    else:
        draw_mark(painter, line.shape, box.center().x(), box.center().y(), color)
    painter.restore()


def paint_run_mark(
    painter: QPainter, box: QRectF, shape: str, color: QColor, ground: QColor
) -> None:
    """The symbols of run marks as pyqtgraph draws them, for the legend."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.5))
    painter.setBrush(ground if shape.startswith("ring") else color)
    middle, half = box.center(), box.width() / 2
    shapes: dict[str, list[tuple[float, float]]] = {
        "d": [(0, -1), (1, 0), (0, 1), (-1, 0)],
        "t": [(-1, -1), (1, -1), (0, 1)],
        "t1": [(-1, 1), (1, 1), (0, -1)],
        "t3": [(1, -1), (1, 1), (-1, 0)],
        "s": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    }
    corners = shapes.get(shape)
    if shape == "x":
        for sign in (1, -1):
            reach = QPointF(half * 0.8, half * 0.8 * sign)
            painter.drawLine(middle - reach, middle + reach)
    elif corners:
        polygon = QPolygonF()
        for x, y in corners:
            polygon.append(middle + QPointF(x * half, y * half))
        painter.drawPolygon(polygon)
    else:
        painter.drawEllipse(middle, half * 0.8, half * 0.8)
