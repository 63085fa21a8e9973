"""The axis that all charts share, and what their items paint."""

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tests.support import dashboards
from tests.ui.rooms import pixels, shown
from ui.charts.axisstrip import AxisStrip
from ui.charts.items import Bars, BarsItem, Frame, span_rects
from ui.charts.link import SHORTEST, TimeLink
from ui.charts.timechart import TimeChart
from ui.panels.ink import blend, ink
from ui.panels.run_times.drawing import MARKS
from ui.theme import DARK, LIGHT

SINCE, UNTIL = dashboards.NOW - dashboards.DAY, dashboards.NOW


@pytest.fixture
def link() -> TimeLink:
    return TimeLink(SINCE, UNTIL)


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
