"""Small bars for table cells: values oldest first, what was not observed is hatched."""

import math
from collections.abc import Iterable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from ui.icons import paint_gap
from ui.theme import Theme


def paint_spark(
    painter: QPainter, rect: QRectF, values: Iterable[float | None], color: str, theme: Theme
) -> None:
    """Bars from 0 to the largest value, whole pixels wide; None and NaN are unobserved."""
    shown = [None if value is None or math.isnan(value) else float(value) for value in values]
    if not shown:
        return
    top = max((value for value in shown if value is not None), default=0.0) or 1.0
    step = max(2, int(rect.width() // len(shown)))
    left = rect.right() - step * len(shown)
    base = round(rect.bottom())
    for index, value in enumerate(shown):
        x = left + index * step
        if value is None:
            paint_gap(painter, QRectF(x, rect.top(), step, rect.height()), theme)
            continue
        height = max(1, round(value / top * rect.height()))
        painter.fillRect(
            QRectF(x, base - height, step - 1, height),
            QColor(color if value else theme.grid),
        )
