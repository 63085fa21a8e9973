"""The application page on a real store, a real reader and a real event loop."""

import gc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from psbuddy.model.observation import Committed
from psbuddy.report.dashboard import Dashboard, load_dashboard
from tests.support import dashboards
from tests.support import fleet_store as fleet
from ui.charts.timechart import TimeChart
from ui.pages.application.page import ApplicationPage
from ui.panels.causes.widget import CausesPanel
from ui.panels.errors.widget import ErrorsPanel
from ui.reading import Reader
from ui.theme import DARK, LIGHT


class Clock:
    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> float:
        return float(self.now)


class Counting:
    """The real load, and what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, int]] = []

    def __call__(self, conn: object, app: str, since: int, until: int, now: int) -> Dashboard:
        self.asked.append((app, since, until))
        return load_dashboard(conn, app, since, until, now)


@pytest.fixture(scope="module")
def db_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("fleet")
    store = fleet.build(folder)
    store.close()
    return str(folder / "fleet.db")


@pytest.fixture
def reader(db_url: str, qtbot: QtBot) -> Iterator[Reader]:
    made = Reader(db_url)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def load() -> Counting:
    return Counting()


@pytest.fixture
def clock() -> Clock:
    return Clock(fleet.NOW)


@pytest.fixture
def page(qtbot: QtBot, reader: Reader, load: Counting, clock: Clock) -> ApplicationPage:
    """Built, shown, nothing opened yet."""
    made = ApplicationPage(LIGHT, reader, load=load, clock=clock, zone=fleet.LONDON)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    with qtbot.waitSignal(made.built):
        made.show()
    return made


@pytest.fixture
def shop(page: ApplicationPage, qtbot: QtBot) -> ApplicationPage:
    with qtbot.waitSignal(page.painted):
        page.open_app("shop", "Web shop")
    return page


def committed(app: str, since: int = 0, until: int = 0) -> Committed:
    return Committed(("h",), (app,), ("levels",), since, until)


def charts(page: ApplicationPage) -> list[TimeChart]:
    return page.findChildren(TimeChart)


def after(page: ApplicationPage, qtbot: QtBot, act: Callable[[], object]) -> Dashboard:
    with qtbot.waitSignal(page.loaded) as caught:
        act()
    return caught.args[0]


# -- opening -------------------------------------------------------------------------------


def test_opening_shows_the_verdict_of_the_store(shop: ApplicationPage) -> None:
    assert shop.header.headline.text.startswith("Errors ")
    assert "SocketTimeout in PaymentClient.charge" in shop.header.rest.text
    assert shop.app == "shop"


def test_the_headline_and_the_rest_are_the_whole_sentence(
    shop: ApplicationPage, qtbot: QtBot
) -> None:
    shown = after(shop, qtbot, shop.refresh)
    said = f"{shop.header.headline.text} {shop.header.rest.text}".strip()
    assert said == shown.status.sentence


def test_before_the_answer_nothing_of_the_old_application_is_shown(
    shop: ApplicationPage, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(shop.loaded):
        shop.open_app("ledger", "General Ledger")
        errors = shop.body.panels["errors"]
        assert isinstance(errors, ErrorsPanel)
        assert (errors.frame.message, errors.frame.readout.reading.lines) == ("", ())
        assert (shop.header.headline.text, shop.header.facts) == ("", "reading…")
    assert errors.frame.message == ""


def test_two_quick_choices_show_the_second_only(page: ApplicationPage, qtbot: QtBot) -> None:
    shown: list[str] = []
    page.loaded.connect(lambda dashboard: shown.append(dashboard.app.app))
    with qtbot.waitSignal(page.loaded):
        page.open_app("shop")
        page.open_app("ledger")
    after(page, qtbot, page.refresh)
    assert shown == ["ledger", "ledger"]


def test_an_application_the_store_does_not_know_says_so(
    page: ApplicationPage, qtbot: QtBot
) -> None:
    page.open_app("nosuch", "No such")
    qtbot.waitUntil(lambda: "could not be read" in page.header.headline.text)
    assert "nosuch" in page.header.rest.text
    assert page.header.retry.isVisible()
    with qtbot.waitSignal(page.loaded):
        page.open_app("shop")
    assert not page.header.retry.isVisible()


def test_a_failed_refresh_keeps_what_is_shown_and_says_it_is_older(
    shop: ApplicationPage, qtbot: QtBot, load: Counting
) -> None:
    before = shop.header.headline.text

    def broken(*_: object) -> Dashboard:
        raise OSError("disk I/O error")

    shop._load = broken
    shop.refresh()
    qtbot.waitUntil(lambda: "Not refreshed" in shop.header.problems[0].text)
    assert shop.header.headline.text == before


# -- one time axis -------------------------------------------------------------------------


def test_all_charts_share_one_range(shop: ApplicationPage) -> None:
    shop.link.show(1_000_000, 1_500_000)
    ranges = {tuple(chart.box.viewRange()[0]) for chart in charts(shop)}
    assert len(charts(shop)) == 5
    assert ranges == {(1_000_000, 1_500_000)}


def test_the_crosshair_reads_every_panel(shop: ApplicationPage) -> None:
    errors = shop.body.panels["errors"]
    assert isinstance(errors, ErrorsPanel)
    at_rest = errors.frame.readout.reading
    shop.link.point(fleet.NOW - 600)
    assert errors.frame.readout.reading.heading == "errors a minute"
    assert "errors a minute" in errors.frame.readout.accessibleDescription()
    shop.link.point(None)
    assert errors.frame.readout.reading == at_rest


def test_moving_the_mouse_points_the_crosshair(shop: ApplicationPage, qtbot: QtBot) -> None:
    chart = charts(shop)[2]
    middle = QPointF(chart.width() / 2, 20)
    event = QMouseEvent(
        QEvent.Type.MouseMove, middle, chart.mapToGlobal(middle), Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(chart.viewport(), event)
    assert shop.link.cursor == pytest.approx((shop.link.since + shop.link.until) / 2, rel=1e-6)


def drag(chart: TimeChart, start: float, end: float) -> None:
    """With the left button, between two shares of the width."""
    steps = (
        (QEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton),
        (QEvent.Type.MouseMove, end, Qt.MouseButton.LeftButton),
        (QEvent.Type.MouseButtonRelease, end, Qt.MouseButton.NoButton),
    )
    for kind, share, held in steps:
        place = QPointF(share * chart.viewport().width(), 10)
        event = QMouseEvent(
            kind, place, chart.mapToGlobal(place), Qt.MouseButton.LeftButton, held,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(chart.viewport(), event)


def test_dragging_chooses_a_stretch_and_reads_it(
    shop: ApplicationPage, qtbot: QtBot, load: Counting
) -> None:
    since, span = shop.link.since, shop.link.span
    shown = after(shop, qtbot, lambda: drag(charts(shop)[2], 0.25, 0.5))
    assert shown.since == pytest.approx(since + span * 0.25, abs=span / 200)
    assert shown.until == pytest.approx(since + span * 0.5, abs=span / 200)
    assert not shop.shown_range.live


def test_the_wheel_scrolls_the_page_and_zooms_with_ctrl(
    shop: ApplicationPage, qtbot: QtBot
) -> None:
    chart, span = charts(shop)[2], shop.link.span
    turn(chart, Qt.KeyboardModifier.NoModifier)
    assert shop.link.span == span
    after(shop, qtbot, lambda: turn(chart, Qt.KeyboardModifier.ControlModifier))
    assert shop.link.span < span


def turn(chart: TimeChart, keys: Qt.KeyboardModifier) -> None:
    place = QPointF(chart.width() / 2, 10)
    event = QWheelEvent(
        place, chart.mapToGlobal(place), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
        keys, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(chart.viewport(), event)


# -- ranges --------------------------------------------------------------------------------


def test_a_preset_is_read_and_marked(shop: ApplicationPage, qtbot: QtBot) -> None:
    shown = after(shop, qtbot, lambda: shop.choose_preset("30d"))
    assert shown.until - shown.since == 30 * 86_400
    assert (shop.link.since, shop.link.until) == (shown.since, shown.until)


def test_a_live_range_follows_the_clock(shop: ApplicationPage, qtbot: QtBot, clock: Clock) -> None:
    clock.now += 120
    shown = after(shop, qtbot, lambda: shop.on_committed(committed("shop")))
    assert shown.until == fleet.NOW + 120
    assert shop.link.until == fleet.NOW + 120


def test_a_zoom_is_kept_when_new_data_comes(
    shop: ApplicationPage, qtbot: QtBot, clock: Clock
) -> None:
    after(shop, qtbot, lambda: shop.link.zoom(0.1, fleet.NOW - 3_600))
    kept = shop.link.since, shop.link.until
    clock.now += 600
    touching = committed("shop", int(kept[0]), int(kept[1]))
    after(shop, qtbot, lambda: shop.on_committed(touching))
    assert (shop.link.since, shop.link.until) == pytest.approx(kept, abs=1)


def test_escape_goes_back_step_by_step(shop: ApplicationPage, qtbot: QtBot) -> None:
    after(shop, qtbot, lambda: shop.choose_preset("7d"))
    after(shop, qtbot, lambda: shop.choose_range(fleet.NOW - 9_000, fleet.NOW - 3_000))
    after(shop, qtbot, lambda: shop.choose_range(fleet.NOW - 8_000, fleet.NOW - 4_000))
    after(shop, qtbot, shop.escape)
    assert shop.shown_range.span == 6_000
    after(shop, qtbot, shop.escape)
    assert shop.shown_range.preset == "7d"
    assert shop.escape() is False  # a button's range is where one starts: Esc leaves the page


def test_a_zoom_stays_with_its_application(shop: ApplicationPage, qtbot: QtBot) -> None:
    after(shop, qtbot, lambda: shop.choose_preset("7d"))
    after(shop, qtbot, lambda: shop.choose_range(fleet.NOW - 9_000, fleet.NOW - 3_000))
    after(shop, qtbot, lambda: shop.open_app("ledger", "General Ledger"))
    assert shop.shown_range.preset == "7d"


def test_a_crosshair_out_of_sight_is_gone(shop: ApplicationPage, qtbot: QtBot) -> None:
    shop.link.point(fleet.NOW - 60)
    after(shop, qtbot, lambda: shop.choose_range(fleet.NOW - 9_000, fleet.NOW - 3_000))
    assert shop.link.cursor is None


def test_the_dialog_refuses_what_makes_no_sense_and_takes_the_rest(
    shop: ApplicationPage, qtbot: QtBot
) -> None:
    shop.ask_range()
    dialog = shop.open_dialog()
    ok = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    dialog.until.setDateTime(dialog.since.dateTime())
    assert not ok.isEnabled()
    assert any("has to lie before" in label.text() for label in dialog.findChildren(QLabel))
    dialog.until.setDateTime(dialog.since.dateTime().addSecs(7_200))
    assert ok.isEnabled()
    shown = after(shop, qtbot, lambda: qtbot.mouseClick(ok, Qt.MouseButton.LeftButton))
    assert shown.until - shown.since == 7_200
    qtbot.waitUntil(lambda: shop.open_dialog() is None)


# -- what causes a read --------------------------------------------------------------------


def test_a_commit_of_another_application_reads_nothing(
    shop: ApplicationPage, qtbot: QtBot, load: Counting
) -> None:
    before = len(load.asked)
    shop.on_committed(committed("ledger"))
    after(shop, qtbot, shop.refresh)
    assert len(load.asked) == before + 1


def test_a_commit_outside_a_fixed_range_reads_nothing(
    shop: ApplicationPage, qtbot: QtBot, load: Counting
) -> None:
    after(shop, qtbot, lambda: shop.choose_range(fleet.NOW - 9_000, fleet.NOW - 6_000))
    assert not shop.concerns(committed("shop", fleet.NOW - 60, fleet.NOW))
    assert shop.concerns(committed("shop", fleet.NOW - 7_000, fleet.NOW))


def test_a_hidden_page_reads_when_it_is_shown_again(
    shop: ApplicationPage, qtbot: QtBot, load: Counting
) -> None:
    before = len(load.asked)
    shop.hide()
    shop.on_committed(committed("shop"))
    assert len(load.asked) == before
    after(shop, qtbot, shop.show)
    assert len(load.asked) == before + 1


# -- causes --------------------------------------------------------------------------------


def test_choosing_a_row_shows_template_and_example_and_highlights(
    shop: ApplicationPage,
) -> None:
    causes, errors = shop.body.panels["causes"], shop.body.panels["errors"]
    assert isinstance(causes, CausesPanel)
    assert isinstance(errors, ErrorsPanel)
    causes.table.selectRow(0)
    chosen = causes.model.row(0)
    assert errors.highlight == chosen.cause
    assert causes.detail.isVisible()
    assert causes.detail.toPlainText().startswith(chosen.detail.splitlines()[0])
    assert shop.escape() is True
    assert errors.highlight == ""
    assert not causes.detail.isVisible()


def test_choosing_in_the_legend_selects_the_row(shop: ApplicationPage, qtbot: QtBot) -> None:
    causes, errors = shop.body.panels["causes"], shop.body.panels["errors"]
    key = errors.frame.readout.reading.lines[1].key
    qtbot.mouseClick(errors.frame.readout, Qt.MouseButton.LeftButton, pos=QPoint(40, 38))
    assert errors.highlight == key
    rows = causes.table.selectionModel().selectedRows()
    assert causes.model.row(rows[0].row()).cause == key


def test_a_chosen_row_stays_chosen_when_new_data_comes(shop: ApplicationPage, qtbot: QtBot) -> None:
    causes = shop.body.panels["causes"]
    causes.table.selectRow(1)
    chosen = causes.model.row(1).cause
    after(shop, qtbot, lambda: shop.on_committed(committed("shop")))
    rows = causes.table.selectionModel().selectedRows()
    assert causes.model.row(rows[0].row()).cause == chosen
    assert shop.body.highlight == chosen


# -- keyboard ------------------------------------------------------------------------------


def test_arrows_move_the_crosshair_and_plus_zooms(shop: ApplicationPage, qtbot: QtBot) -> None:
    qtbot.keyClick(shop, Qt.Key.Key_Left)
    assert shop.link.cursor == shop.link.until
    qtbot.keyClick(shop, Qt.Key.Key_Left)
    first = shop.link.until - shop.link.cursor
    qtbot.keyClick(shop, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert shop.link.until - shop.link.cursor == pytest.approx(11 * first)
    span = shop.link.span
    after(shop, qtbot, lambda: qtbot.keyClick(shop, Qt.Key.Key_Plus))
    assert shop.link.span == pytest.approx(span / 2)
    after(shop, qtbot, lambda: qtbot.keyClick(shop, Qt.Key.Key_Home))
    assert shop.shown_range.preset == "24h"


def test_escape_with_nothing_to_undo_asks_to_go_back(shop: ApplicationPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shop.back_requested):
        qtbot.keyClick(shop, Qt.Key.Key_Escape)


def test_tab_reaches_every_chart_table_and_button(shop: ApplicationPage) -> None:
    reached: set[QWidget] = set()
    widget: QWidget = shop
    while widget not in reached:
        reached.add(widget)
        widget = widget.nextInFocusChain()
    wanted = [*charts(shop), shop.body.panels["causes"].table, *shop.header.picker.children()]
    for target in wanted:
        if isinstance(target, QWidget):
            assert target in reached
            assert target.focusPolicy() & Qt.FocusPolicy.TabFocus
            assert target.accessibleName()


def test_keys_pressed_in_a_chart_reach_the_page(shop: ApplicationPage, qtbot: QtBot) -> None:
    qtbot.keyClick(charts(shop)[3], Qt.Key.Key_Left)
    assert shop.link.cursor == shop.link.until


def test_page_down_scrolls_the_panels(shop: ApplicationPage, qtbot: QtBot) -> None:
    shop.resize(1440, 500)
    bar = shop.body.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    qtbot.keyClick(charts(shop)[0], Qt.Key.Key_PageDown)
    assert bar.value() > 0


def test_charts_carry_their_sentence_for_screen_readers(shop: ApplicationPage) -> None:
    said = {chart.accessibleName(): chart.accessibleDescription() for chart in charts(shop)}
    assert said["Errors"].endswith("of the time observed.")
    assert set(said) == {"What changed", "Status", "Errors", "Transactions", "Batch run times"}


# -- robustness ----------------------------------------------------------------------------


def test_hostile_text_is_shown_letter_by_letter_and_bends_nothing(
    page: ApplicationPage, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(page.painted):
        page.show_value(dashboards.hostile())
    assert "<b>bold</b>" in page.header.rest.text
    assert page.width() == 1440
    assert page.minimumSizeHint().width() <= 1100
    for label in page.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    causes = page.body.panels["causes"]
    causes.table.selectRow(0)
    assert "<b>bold</b>" in causes.detail.toPlainText()


@pytest.mark.parametrize("case", sorted(dashboards.CASES))
def test_every_state_can_be_shown_and_painted(
    page: ApplicationPage, qtbot: QtBot, case: str
) -> None:
    shown = dashboards.CASES[case]()
    with qtbot.waitSignal(page.painted):
        page.show_value(shown)
    assert page.header.headline.text
    assert page.link.until == shown.until


def test_the_theme_changes_live_and_keeps_what_is_shown(
    shop: ApplicationPage, qtbot: QtBot
) -> None:
    after(shop, qtbot, lambda: shop.choose_preset("7d"))
    headline = shop.header.headline.text
    with qtbot.waitSignal(shop.built):
        shop.set_theme(DARK)
    assert shop.theme is DARK
    assert shop.header.headline.text == headline
    assert shop.link.until - shop.link.since == 7 * 86_400
    assert len(shop.body.panels) == 8


def test_a_closed_page_leaves_nothing_behind(reader: Reader, qtbot: QtBot) -> None:
    page = ApplicationPage(LIGHT, reader, clock=Clock(fleet.NOW), zone=fleet.LONDON)
    page.resize(1200, 800)
    with qtbot.waitSignal(page.built):
        page.show()
    with qtbot.waitSignal(page.painted):
        page.open_app("shop")
    watched = [weakref.ref(page), weakref.ref(page.body), *map(weakref.ref, charts(page))]
    page.close()
    page.deleteLater()
    del page
    flushed: list[None] = []  # the reader's thread holds its last question until the next one
    reader.ask("flush", lambda conn: None, flushed.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(flushed))
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert [ref() for ref in watched] == [None] * len(watched)
