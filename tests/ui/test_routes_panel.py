"""The panel of routes as it is painted, sorted and read out."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.support import dashboards
from ui.charts.link import TimeLink
from ui.pages.application.body import Body
from ui.panels.routes.table import FAILED, HIGH, ROUTE, RoutesModel
from ui.panels.routes.view import routes_view
from ui.panels.routes.widget import RoutesPanel
from ui.render import dashboard_widget
from ui.theme import DARK, LIGHT, Theme


def colours(widget: QWidget) -> Iterator[str]:
    image: QImage = widget.grab().toImage()
    for y in range(image.height()):
        for x in range(image.width()):
            yield image.pixelColor(x, y).name().upper()


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def panel(request: pytest.FixtureRequest, qtbot: QtBot) -> RoutesPanel:
    made = RoutesPanel(request.param)
    qtbot.addWidget(made)
    made.resize(760, 260)
    made.show_view(routes_view(dashboards.dashboard()))
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_failures_are_seen_in_the_colour_of_down(panel: RoutesPanel) -> None:
    theme: Theme = panel.table.itemDelegate().theme
    assert theme.state_down.upper() in set(colours(panel.table.viewport()))
    calm = replace(dashboards.dashboard(), routes=dashboards.ROUTES[1:])
    panel.show_view(routes_view(calm))
    assert theme.state_down.upper() not in set(colours(panel.table.viewport()))


def test_a_click_on_a_heading_sorts_by_value() -> None:
    model = RoutesModel()
    model.set_rows(routes_view(dashboards.dashboard()).rows)
    assert model.index(0, ROUTE).data() == "POST /checkout/{id}/pay"
    model.sort(HIGH, Qt.SortOrder.DescendingOrder)
    assert model.index(0, ROUTE).data() == "GET /report/{id}.pdf"
    model.sort(FAILED, Qt.SortOrder.AscendingOrder)
    assert model.index(0, FAILED).data() == "0"
    model.sort(-1)
    assert model.index(0, ROUTE).data() == "POST /checkout/{id}/pay"


def test_the_same_rows_reset_nothing(qtbot: QtBot) -> None:
    model = RoutesModel()
    model.set_rows(routes_view(dashboards.dashboard()).rows)
    with qtbot.assertNotEmitted(model.modelReset):
        model.set_rows(routes_view(dashboards.dashboard()).rows)


def test_hostile_names_are_shown_as_text(panel: RoutesPanel) -> None:
    hostile = replace(dashboards.ROUTES[0], route="GET /<b>\u202ex</b>")
    panel.show_view(routes_view(replace(dashboards.dashboard(), routes=(hostile,))))
    shown = panel.model.index(0, ROUTE)
    assert "\u202e" not in shown.data()
    assert "&lt;b&gt;" in shown.data(Qt.ItemDataRole.ToolTipRole)


def test_no_route_is_said_in_words(panel: RoutesPanel) -> None:
    without = replace(dashboards.dashboard(), routes=(), routes_named=False)
    panel.show_view(routes_view(without))
    assert not panel.table.isVisible()
    assert panel.message.text().startswith("The logs with these transactions name no route.")
    panel.show_view(routes_view(dashboards.empty()))
    assert panel.isHidden()


def test_the_page_shows_the_table_and_the_line_below_the_chart(qtbot: QtBot) -> None:
    page = dashboard_widget(dashboards.dashboard(), zone="UTC")
    qtbot.addWidget(page)
    body = page.body
    assert isinstance(body, Body)
    body.build_all()
    routes = body.panels["routes"]
    assert isinstance(routes, RoutesPanel)
    assert routes.model.rowCount() == len(dashboards.ROUTES)
    assert "fails most" in body.panels["transactions"].worst.text()
    assert isinstance(body.link, TimeLink)
