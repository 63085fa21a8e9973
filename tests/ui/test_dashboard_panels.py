"""The parts of a dashboard one by one: what is painted, chosen and said."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.support import dashboards
from ui.charts.axisstrip import AxisStrip
from ui.charts.items import Bars, BarsItem, Frame, span_rects
from ui.charts.link import SHORTEST, TimeLink
from ui.charts.timechart import TimeChart
from ui.pages.application.page import ApplicationPage
from ui.pages.application.sentence import Sentence
from ui.panels.base import TimePanel
from ui.panels.causes.table import RECORDS, TITLE, CausesModel
from ui.panels.causes.view import causes_view
from ui.panels.causes.widget import CausesPanel
from ui.panels.changes.view import changes_view
from ui.panels.changes.widget import ChangesPanel
from ui.panels.columns import LABEL_WIDTH, ReadoutColumn
from ui.panels.errors.view import errors_view, waiting
from ui.panels.errors.widget import ErrorsPanel
from ui.panels.ink import blend, ink
from ui.panels.relation.view import relation_view
from ui.panels.relation.widget import RelationPanel
from ui.panels.run_times.drawing import MARKS
from ui.panels.run_times.view import run_times_view
from ui.panels.run_times.widget import RunTimesPanel
from ui.panels.transactions.view import transactions_view
from ui.panels.transactions.widget import TransactionsPanel
from ui.panels.uptime.view import uptime_view
from ui.panels.uptime.widget import ROW_HEIGHT, UptimePanel
from ui.panels.values import Line, Phase, Reading
from ui.render import dashboard_widget, settle
from ui.theme import DARK, LIGHT, Size

SINCE, UNTIL = dashboards.NOW - dashboards.DAY, dashboards.NOW
PLACES = {f"c{number}": number for number in range(7)}


@pytest.fixture
def link() -> TimeLink:
    return TimeLink(SINCE, UNTIL)


def shown(qtbot: QtBot, widget: QWidget, width: int = 900) -> QWidget:
    qtbot.addWidget(widget)
    widget.resize(width, max(80, widget.sizeHint().height()))
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def pixels(widget: QWidget) -> Iterator[str]:
    image: QImage = widget.grab().toImage()
    for y in range(image.height()):
        for x in range(image.width()):
            yield image.pixelColor(x, y).name().upper()


# -- one axis ------------------------------------------------------------------------------


def test_a_link_never_zooms_below_the_grain(link: TimeLink) -> None:
    link.zoom(1e-9)
    assert link.span == pytest.approx(SHORTEST)


def test_a_zoom_holds_the_moment_under_the_pointer(link: TimeLink) -> None:
    held = SINCE + 0.25 * dashboards.DAY
    link.zoom(0.5, held)
    assert (held - link.since) / link.span == pytest.approx(0.25)


def test_the_crosshair_stays_inside_the_range(link: TimeLink) -> None:
    link.point(UNTIL + 5_000)
    assert link.cursor == UNTIL
    link.step(-1e9)
    assert link.cursor == SINCE


def test_showing_a_range_asks_nobody_to_read(link: TimeLink, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(link.chosen):
        link.show(SINCE - 60, UNTIL)
    with qtbot.waitSignal(link.chosen):
        link.pan(-0.5)


def test_the_axis_names_the_moment_under_the_crosshair(link: TimeLink, qtbot: QtBot) -> None:
    axis = shown(qtbot, AxisStrip(LIGHT, link, "UTC"), 800)
    assert QColor(LIGHT.text).name().upper() in set(pixels(axis))
    before = sum(color == LIGHT.text for color in pixels(axis))
    link.point(SINCE + 40_000)
    assert sum(color == LIGHT.text for color in pixels(axis)) > before + 500


# -- painting ------------------------------------------------------------------------------


def test_moments_and_heights_become_pixels() -> None:
    frame = Frame(0, 100, 200, 114, pad=7)
    assert frame.x([0, 50, 100]).tolist() == [0, 100, 200]
    assert frame.y([0, 0.5, 1]).tolist() == [107, 57, 7]


def test_a_stretch_shorter_than_a_pixel_is_still_seen() -> None:
    rects = span_rects([(50.0, 50.001)], Frame(0, 1_000_000, 200, 100), 0, 1)
    assert [rect.width() for rect in rects] == [1.0]


def test_stretches_out_of_view_are_not_drawn() -> None:
    assert span_rects([(200.0, 300.0)], Frame(0, 100, 200, 100), 0, 1) == []
    assert span_rects(np.empty((0, 2)), Frame(0, 100, 200, 100), 0, 1) == []


def test_bars_are_painted_in_their_colour_and_gaps_are_not(link: TimeLink, qtbot: QtBot) -> None:
    chart = TimeChart(LIGHT, link, 60)
    item = chart.add(BarsItem(chart.box, link))
    shown(qtbot, chart, 400)
    start = np.array([SINCE, SINCE + 43_200.0])
    top = np.array([1.0, np.nan])
    item.set_bars([Bars(start, start + 43_200, np.zeros(2), top, "#FF00FF", spaced=False)])
    image = chart.grab().toImage()
    assert image.pixelColor(50, 30).name() == "#ff00ff"
    assert image.pixelColor(350, 30).name().upper() == LIGHT.surface


def test_roles_have_a_colour_in_both_themes() -> None:
    roles = ["", "other", "warning", "failed", "late", "band", "text", "area", "series 6"]
    roles += [role for _, role, _ in MARKS.values()]
    for theme in (LIGHT, DARK):
        assert all(QColor(ink(theme, role)).isValid() for role in roles)
    with pytest.raises(KeyError):
        ink(LIGHT, "pink")
    assert blend("#FFFFFF", "#000000", 0.5) == "#808080"


# -- panels --------------------------------------------------------------------------------


def test_the_errors_panel_paints_hatching_and_causes(link: TimeLink, qtbot: QtBot) -> None:
    panel = ErrorsPanel(LIGHT, link)
    shown(qtbot, panel, 1200)
    panel.show_view(errors_view(dashboards.partly_unobserved(), PLACES))
    found = set(pixels(panel.frame.chart))
    assert {LIGHT.gap, LIGHT.gap_line, LIGHT.series[1], LIGHT.band} <= found


def test_a_waiting_panel_says_so_and_draws_nothing(link: TimeLink, qtbot: QtBot) -> None:
    panel = ErrorsPanel(LIGHT, link)
    shown(qtbot, panel, 1200)
    panel.show_view(errors_view(dashboards.dashboard(), PLACES))
    panel.show_view(waiting(Phase.FAILED, "could not be read"))
    assert panel.frame.message == "could not be read"
    assert LIGHT.series[1] not in set(pixels(panel.frame.chart))


def test_a_click_on_a_bar_chooses_its_cause(link: TimeLink, qtbot: QtBot) -> None:
    panel = ErrorsPanel(LIGHT, link)
    shown(qtbot, panel, 1200)
    panel.show_view(errors_view(dashboards.dashboard(), PLACES))
    chart = panel.frame.chart
    with qtbot.waitSignal(panel.cause_chosen) as caught:
        place = QPoint(chart.width() - 6, chart.height() - 20)
        qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert caught.args == ["c0"]


def test_a_highlighted_cause_keeps_its_colour_and_the_others_fade(
    link: TimeLink, qtbot: QtBot
) -> None:
    panel = ErrorsPanel(LIGHT, link)
    shown(qtbot, panel, 1200)
    panel.show_view(errors_view(dashboards.dashboard(), PLACES))
    panel.set_highlight("c0")
    found = set(pixels(panel.frame.chart))
    assert LIGHT.series[0] in found
    assert LIGHT.series[2] not in found


def test_the_log_switch_is_there_only_where_it_helps(link: TimeLink, qtbot: QtBot) -> None:
    panel = ErrorsPanel(LIGHT, link)
    shown(qtbot, panel, 1200)
    panel.show_view(errors_view(dashboards.quiet(), PLACES))
    button = panel.frame.findChild(QPushButton)
    assert not button.isVisible()
    panel.show_view(errors_view(dashboards.dashboard(7 * dashboards.DAY), PLACES))
    assert button.isVisible()
    with qtbot.waitSignal(panel.frame.log_toggled) as caught:
        button.click()
    assert caught.args == [True]


def test_status_rows_line_up_with_their_names(link: TimeLink, qtbot: QtBot) -> None:
    panel = UptimePanel(LIGHT, link)
    shown(qtbot, panel, 1200)
    view = uptime_view(dashboards.dashboard())
    panel.show_view(view)
    assert panel.frame.chart.height() == ROW_HEIGHT * len(view.rows)
    assert panel.frame.labels.width() == LABEL_WIDTH
    assert LIGHT.state_down in set(pixels(panel.frame.chart))


def test_each_run_is_a_point_and_a_click_gives_its_id(link: TimeLink, qtbot: QtBot) -> None:
    panel = RunTimesPanel(LIGHT, link)
    shown(qtbot, panel, 1200)
    view = run_times_view(dashboards.dashboard(), "UTC")
    panel.show_view(view)
    assert panel.point_count() == sum(len(row.runs) for row in view.rows)
    chart, row = panel.frame.chart, view.rows[1]
    share = (row.starts[4] - SINCE) / dashboards.DAY
    with qtbot.waitSignal(panel.run_chosen) as caught:
        place = QPoint(round(share * chart.width()), chart.height() - 12)
        qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert caught.args == [row.runs[4].run_id]


def test_marks_and_their_words(link: TimeLink, qtbot: QtBot) -> None:
    panel = ChangesPanel(LIGHT, link)
    shown(qtbot, panel, 1200)
    panel.show_view(changes_view(dashboards.dashboard(), "UTC"))
    assert LIGHT.accent in set(pixels(panel.frame.chart))
    link.point(dashboards.NOW - 41 * 60)
    assert panel.frame.readout.reading.lines[0].label.startswith("new SocketTimeout")


def test_transactions_show_failures_in_the_colour_of_down(link: TimeLink, qtbot: QtBot) -> None:
    panel = TransactionsPanel(LIGHT, link)
    shown(qtbot, panel, 1200)
    panel.show_view(transactions_view(dashboards.dashboard()))
    assert LIGHT.state_down in set(pixels(panel.frame.chart))
    panel.show_view(transactions_view(dashboards.empty()))
    assert panel.frame.message == ""  # the errors say so for all
    assert panel.frame.chart.accessibleDescription() == "Not observed in this range."


def test_another_job_can_be_chosen_for_the_scatter(qtbot: QtBot) -> None:
    panel = RelationPanel(LIGHT)
    shown(qtbot, panel, 500)
    full = dashboards.dashboard()
    panel.show_view(relation_view(full))
    assert panel.sentence.text() == "10 % more records take 8 % longer."
    assert LIGHT.accent in set(pixels(panel.chart))
    panel.show_view(relation_view(dashboards.empty()))
    assert "(?P<volume>" in panel.sentence.text()
    assert not panel.chart.isVisible()


# -- the table -----------------------------------------------------------------------------


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


# -- words ---------------------------------------------------------------------------------


def test_a_legend_line_can_be_chosen_by_keyboard(qtbot: QtBot) -> None:
    column = ReadoutColumn(LIGHT)
    shown(qtbot, column)
    lines = (
        Line("first", "1", "series 0", "box", "a"),
        Line("second", "2", "series 1", "box", "b"),
    )
    column.show_reading(Reading("a minute", lines))
    assert column.accessibleDescription() == "a minute: first 1; second 2"
    qtbot.keyClick(column, Qt.Key.Key_Down)
    qtbot.keyClick(column, Qt.Key.Key_Down)
    with qtbot.waitSignal(column.chosen) as caught:
        qtbot.keyClick(column, Qt.Key.Key_Return)
    assert caught.args == ["b"]


def test_a_long_word_wraps_and_the_rest_is_in_the_tooltip(qtbot: QtBot) -> None:
    label = Sentence(Size.HEAD, LIGHT.text, lines=2)
    qtbot.addWidget(label)
    label.resize(300, 20)
    label.set_text("A" * 400)
    with qtbot.waitExposed(label):
        label.show()
    assert label.width() == 300
    assert label.height() == 2 * label.fontMetrics().lineSpacing()
    assert "AAAA" in label.toolTip()
    label.set_text("short")
    assert label.toolTip() == ""
    label.set_text("")
    assert label.isHidden()


def test_a_host_is_reached_by_its_name_with_mouse_and_keys(link: TimeLink, qtbot: QtBot) -> None:
    panel = UptimePanel(LIGHT, link)
    shown(qtbot, panel, 1200)
    panel.show_view(uptime_view(dashboards.dashboard()))
    names = panel.frame.labels
    with qtbot.waitSignal(panel.host_chosen) as caught:
        QTest.mouseClick(
            names, Qt.MouseButton.LeftButton, pos=QPoint(LABEL_WIDTH - 20, names.height() * 3 // 8)
        )
    assert caught.args == ["shop-app-2"]
    QTest.keyClick(names, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.host_chosen) as caught:
        QTest.keyClick(names, Qt.Key.Key_Return)
    assert caught.args == ["shop-app-3"]


def test_enter_tells_the_story_of_a_run_and_of_the_next_row(link: TimeLink, qtbot: QtBot) -> None:
    panel = RunTimesPanel(LIGHT, link)
    shown(qtbot, panel, 1200)
    panel.show_view(run_times_view(dashboards.dashboard(), "UTC"))
    with qtbot.waitSignal(panel.run_chosen):
        QTest.keyClick(panel.frame.chart, Qt.Key.Key_Return)
    said = panel.told.story.text()
    assert said.startswith("Settle payments: started Mon 22:04, ended 22:41, 38 min, ")
    assert "on shop-app-1" in said
    QTest.keyClick(panel.frame.chart, Qt.Key.Key_Return)
    assert panel.told.story.text().startswith("Import orders: started 10:10, running for 22 min")
    assert panel.told.isVisible()


def test_the_lines_of_a_run_are_asked_for_by_key_menu_and_button(
    link: TimeLink, qtbot: QtBot
) -> None:
    panel = RunTimesPanel(LIGHT, link)
    shown(qtbot, panel, 1200)
    view = run_times_view(dashboards.dashboard(), "UTC")
    panel.show_view(view)
    chart = panel.frame.chart
    assert panel.told.around.isHidden() and not panel.menu().actions()[0].isEnabled()
    QTest.keyClick(chart, Qt.Key.Key_Return)
    run = view.run_near(0, panel.link.until)
    assert run is not None
    with qtbot.waitSignal(panel.lines_wanted) as caught:
        QTest.keyClick(chart, Qt.Key.Key_L)
    where = caught.args[0]
    assert where == {"host": run.host, "log": view.rows[0].log, "time": run.ended, "text": ""}
    assert not panel.told.around.isEnabled() and not panel.menu().actions()[0].isEnabled()
    assert panel.told.show_lines({"lines": ["before", "it"], "at": 1}, where)
    assert panel.told.lines.isVisible() and panel.told.lines.toPlainText() == "  before\n▶ it"
    panel.show_view(view)
    assert panel.told.lines.isVisible()  # new data closes nothing
    panel.told.around.click()
    assert panel.told.lines.isHidden()
    with qtbot.waitSignal(panel.lines_wanted):
        panel.menu().actions()[0].trigger()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_right_click_on_a_run_chooses_it_and_offers_its_lines(
    link: TimeLink, qtbot: QtBot
) -> None:
    panel = RunTimesPanel(LIGHT, link)
    shown(qtbot, panel, 1200)
    view = run_times_view(dashboards.dashboard(), "UTC")
    panel.show_view(view)
    port, row = panel.frame.chart.viewport(), view.rows[1]
    share = (row.starts[4] - SINCE) / dashboards.DAY
    place = QPoint(round(share * port.width()), port.height() - 12)
    for _ in range(2):  # a second one does not take the choice back
        qtbot.mouseClick(port, Qt.MouseButton.RightButton, pos=place)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, port.mapToGlobal(place))
        QApplication.sendEvent(port, event)
        opened = [menu for menu in panel.findChildren(QMenu) if menu.isVisible()]
        assert [menu.actions()[0].text() for menu in opened] == ["Lines on the host\tL"]
        assert panel.told.story.text() == view.story(1, row.runs[4])
        opened[0].close()
        qtbot.waitUntil(lambda: not panel.findChildren(QMenu))


def test_choosing_a_run_moves_nothing_below(qtbot: QtBot) -> None:
    page = dashboard_widget(dashboards.dashboard(), zone="UTC")
    page.body.build_all()
    shown(qtbot, page, 1440)
    page.resize(1440, 900)
    settle()
    runs, causes = page.body.panels["run_times"], page.body.panels["causes"]
    assert isinstance(runs, RunTimesPanel)
    before = causes.y()
    for row in range(2):
        QTest.keyClick(runs.frame.chart, Qt.Key.Key_Return)
        settle()
        assert runs.told.has_run and causes.y() == before, row


class Silent:
    """A reader whose answers do not come."""

    def ask(self, *args: object, **kwargs: object) -> None:
        pass


def test_an_answer_goes_to_the_panel_that_asked(qtbot: QtBot) -> None:
    page = ApplicationPage(LIGHT, Silent(), clock=lambda: dashboards.NOW, zone="UTC")
    qtbot.addWidget(page)
    page.show_value(dashboards.dashboard())
    page.body.build_all()
    runs, causes = page.body.panels["run_times"], page.body.panels["causes"]
    assert isinstance(runs, RunTimesPanel) and isinstance(causes, CausesPanel)
    asked: list[dict[str, object]] = []
    page.lines_wanted.connect(asked.append)
    causes.choose("c0")
    causes.around.click()
    runs.frame.chart.entered.emit()
    runs.told.ask()
    runs.frame.chart.entered.emit()  # the next run: nobody waits for the lines of the first
    of_cause, of_run = asked
    page.show_lines({"lines": ["of the run"], "at": 0}, of_run)
    assert "of the run" not in causes.detail.toPlainText() and runs.told.lines.isHidden()
    page.show_lines({"lines": ["of the cause"], "at": 0}, of_cause)
    assert causes.detail.toPlainText() == "▶ of the cause"


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


def test_an_empty_application_says_once_that_nothing_is_known(qtbot: QtBot) -> None:
    page = dashboard_widget(dashboards.empty(), zone="UTC")
    qtbot.addWidget(page)
    page.body.build_all()
    frames = [panel.frame for panel in page.body.panels.values() if isinstance(panel, TimePanel)]
    said = [frame.message for frame in frames if "collected" in frame.message]
    assert said == [
        "Nothing has been collected yet. This page fills with the first good visit; F5 visits now."
    ]
    assert page.body.panels["causes"].isHidden()
    assert page.body.panels["relation"].isHidden()
    page.show_value(dashboards.dashboard())
    assert not page.body.panels["causes"].isHidden()
    assert not page.body.panels["relation"].isHidden()
