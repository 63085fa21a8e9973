"""The panels of a dashboard one by one: what is painted, chosen and said."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tests.support import dashboards
from tests.ui.rooms import Silent, pixels, shown
from ui.charts.link import TimeLink
from ui.pages.application.page import ApplicationPage
from ui.pages.application.sentence import Sentence
from ui.panels.base import TimePanel
from ui.panels.causes.widget import CausesPanel
from ui.panels.changes.view import changes_view
from ui.panels.changes.widget import ChangesPanel
from ui.panels.columns import LABEL_WIDTH, ReadoutColumn
from ui.panels.errors.view import errors_view, waiting
from ui.panels.errors.widget import ErrorsPanel
from ui.panels.relation.view import relation_view
from ui.panels.relation.widget import RelationPanel
from ui.panels.run_times.view import run_times_view
from ui.panels.run_times.widget import RunTimesPanel
from ui.panels.transactions.view import transactions_view
from ui.panels.transactions.widget import TransactionsPanel
from ui.panels.uptime.view import uptime_view
from ui.panels.uptime.widget import ROW_HEIGHT, UptimePanel
from ui.panels.values import Line, Phase, Reading
from ui.render import dashboard_widget, settle
from ui.theme import LIGHT, Size

SINCE, UNTIL = dashboards.NOW - dashboards.DAY, dashboards.NOW
PLACES = {f"c{number}": number for number in range(7)}


@pytest.fixture
def link() -> TimeLink:
    return TimeLink(SINCE, UNTIL)


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
