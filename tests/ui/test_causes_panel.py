"""The table of causes and what is behind the chosen one."""

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.support import dashboards
from tests.ui.rooms import Silent, shown
from ui.pages.application.page import ApplicationPage
from ui.panels.causes.table import RECORDS, TITLE, CausesModel
from ui.panels.causes.view import causes_view
from ui.panels.causes.widget import CausesPanel
from ui.render import settle
from ui.theme import LIGHT

PLACES = {f"c{number}": number for number in range(7)}


def test_the_model_sorts_by_value_and_keeps_the_order_for_new_rows() -> None:
    view = causes_view(dashboards.dashboard(), PLACES, "UTC")
    model = CausesModel()
    model.set_rows(view.rows)
    assert model.row(0).badge == "◇ NEW"
    model.sort(RECORDS, Qt.SortOrder.DescendingOrder)
    values = [row.sort[RECORDS] for row in model.rows]
    assert values == sorted(values, reverse=True)
    model.set_rows(view.rows[:3])
    fewer = sorted((row.sort[1] for row in view.rows[:3]), reverse=True)
    assert [model.row(n).sort[1] for n in range(3)] == fewer
    model.sort(-1)
    assert model.row(0).badge == "◇ NEW"


def test_the_same_rows_reset_nothing(qtbot: QtBot) -> None:
    model = CausesModel()
    model.set_rows(causes_view(dashboards.dashboard(), PLACES, "UTC").rows)
    with qtbot.assertNotEmitted(model.modelReset):
        model.set_rows(causes_view(dashboards.dashboard(), PLACES, "UTC").rows)


def test_a_screen_reader_hears_the_badge() -> None:
    model = CausesModel()
    model.set_rows(causes_view(dashboards.dashboard(), PLACES, "UTC").rows)
    said = model.index(0, TITLE).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "New: SocketTimeout in PaymentClient.charge"


def test_an_empty_table_gives_way_to_words(qtbot: QtBot) -> None:
    panel = CausesPanel(LIGHT)
    shown(qtbot, panel, 700)
    panel.show_view(causes_view(dashboards.empty(), {}, "UTC"))
    assert not panel.table.isVisible()


def test_all_lines_around_a_record_come_into_view(qtbot: QtBot) -> None:
    page = ApplicationPage(LIGHT, Silent(), clock=lambda: dashboards.NOW, zone="UTC")
    qtbot.addWidget(page)
    page.resize(1100, 560)
    page.show()
    page.show_value(dashboards.dashboard())
    page.body.build_all()
    causes, area = page.body.panels["causes"], page.body.area
    assert isinstance(causes, CausesPanel)
    asked: list[dict[str, object]] = []
    page.lines_wanted.connect(asked.append)
    causes.choose("c0")
    causes.around.click()

    def is_seen() -> bool:
        top = causes.detail.mapTo(area.viewport(), QPoint(0, 0)).y()
        return top >= 0 and top + causes.detail.height() <= area.viewport().height()

    qtbot.waitUntil(lambda: not is_seen())
    page.show_lines({"lines": [f"line {n}" for n in range(41)], "at": 1}, asked[0])
    qtbot.waitUntil(is_seen)


def test_the_lines_around_a_record_are_asked_for_and_shown(qtbot: QtBot) -> None:
    panel = CausesPanel(LIGHT)
    shown(qtbot, panel, 900)
    view = causes_view(dashboards.dashboard(), {}, "UTC")
    panel.show_view(view)
    assert not panel.around.isVisible()
    panel.choose("c0")
    with qtbot.waitSignal(panel.lines_wanted) as caught:
        panel.around.click()
    assert caught.args[0]["host"] == "shop-app-2"
    assert caught.args[0]["text"] == dashboards.TRACE
    assert not panel.around.isEnabled()
    panel.show_lines({"lines": ["before <b>", "it", "after"], "at": 1})
    panel.show_view(view)
    assert panel.detail.toPlainText() == "  before <b>\n▶ it\n  after"
    panel.around.click()
    assert "SocketTimeoutException" in panel.detail.toPlainText()


def test_a_cause_opens_at_its_head_and_new_data_does_not_scroll(qtbot: QtBot) -> None:
    panel = CausesPanel(LIGHT)
    shown(qtbot, panel, 900)
    view = causes_view(dashboards.dashboard(), {}, "UTC")
    panel.show_view(view)
    panel.choose("c0")
    settle()
    bar = panel.detail.verticalScrollBar()
    assert bar.maximum() > 2
    bar.setValue(2)
    panel.show_view(view)
    assert bar.value() == 2
    panel.choose("")
    panel.choose("c0")
    assert bar.value() == 0


def test_lines_that_come_for_an_earlier_choice_are_dropped(qtbot: QtBot) -> None:
    panel = CausesPanel(LIGHT)
    shown(qtbot, panel, 900)
    panel.show_view(causes_view(dashboards.dashboard(), {}, "UTC"))
    panel.choose("c0")
    panel.around.click()
    panel.choose("c1")
    panel.show_lines({"lines": ["of another cause"], "at": 0})
    assert "of another cause" not in panel.detail.toPlainText()
    assert panel.around.isEnabled()
