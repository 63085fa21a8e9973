"""Routes in a table: what fails, what is slow."""

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.panels.routes.table import WIDTHS, RoutesModel, RoutesPaint
from ui.panels.routes.view import RoutesView
from ui.panels.rows import RowsTable
from ui.panels.values import Phase
from ui.plain import PlainLabel
from ui.theme import GAP, Size, Theme


class RoutesPanel(QWidget):
    """Quiet where there is nothing to say; the words say why no route is known."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RoutesModel(self)
        self.table = RowsTable(self.model, RoutesPaint(theme), WIDTHS, "Routes", self)
        self._title = PlainLabel(
            "Routes, failing and slowest first", size=Size.BODY, weight=QFont.Weight.DemiBold
        )
        self.message = PlainLabel("", wrap=True)
        self.message.set_color(theme.muted)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(GAP // 2)
        for part in (self._title, self.message, self.table):
            box.addWidget(part)
        box.addStretch(1)

    def show_view(self, view: RoutesView) -> None:
        ready = view.phase is Phase.READY
        self.message.setText("" if ready else view.reason)
        self.message.setVisible(not ready)
        self.table.setVisible(ready)
        self.table.setAccessibleDescription(view.sentence)
        self.model.set_rows(view.rows)
        self.table.fit(len(view.rows))
        self.setVisible(ready or bool(view.reason))
