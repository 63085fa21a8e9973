"""The columns of the routes and the painting of their cells."""

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QColor, QPainter

from ui.panels.routes.view import RouteRowView
from ui.panels.rows import LEFT, RIGHT, CellPaint, SortedRows
from ui.plain import draw_text, plain

HEADINGS = ("Route", "Transactions", "Failed", "Median", "95 % within", "Longest")
ROUTE, COUNT, FAILED, MEDIAN, HIGH, LONGEST = range(6)
WIDTHS = (104, 116, 84, 96, 84)  # of all but the first


class RoutesModel(SortedRows[RouteRowView]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(HEADINGS, parent)


class RoutesPaint(CellPaint):
    """Paints a cell from the row's value."""

    def paint_cell(self, painter: QPainter, inner: QRect, row: RouteRowView, column: int) -> None:
        painter.setPen(QColor(self._color(row, column)))
        draw_text(painter, inner, plain(row.texts[column], 300), RIGHT if column else LEFT)

    def _color(self, row: RouteRowView, column: int) -> str:
        if column == FAILED and row.failing:
            return self.theme.state_down
        muted = row.quiet or (column == FAILED and row.texts[FAILED] == "0")
        return self.theme.muted if muted else self.theme.text
