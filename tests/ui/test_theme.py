"""Both themes can be read, and their roles keep the hues that were agreed."""

import colorsys

import pytest
from PySide6.QtGui import QGuiApplication, QPalette

from psbuddy.model.terms import State
from ui.theme import DARK, LIGHT, Size, Theme, contrast, font, palette, stylesheet, system_theme

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
WRITTEN = ("text", "muted", "accent", "late")
GROUNDS = ("surface", "raised", "hover", "selected")


@BOTH
@pytest.mark.parametrize("role", WRITTEN)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_written_colour_reaches_four_and_a_half_to_one(
    theme: Theme, role: str, ground: str
) -> None:
    assert contrast(getattr(theme, role), getattr(theme, ground)) >= 4.5


@BOTH
@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_state_colour_reaches_four_and_a_half_to_one(
    theme: Theme, state: State, ground: str
) -> None:
    assert contrast(theme.state(state), getattr(theme, ground)) >= 4.5


@BOTH
@pytest.mark.parametrize(
    ("state", "agreed"),
    [(State.UP, "#009E73"), (State.WATCH, "#E69F00"), (State.DOWN, "#D55E00")],
)
def test_tones_move_but_hues_stay(theme: Theme, state: State, agreed: str) -> None:
    assert abs(_hue(theme.state(state)) - _hue(agreed)) < 0.02


@BOTH
def test_text_upon_the_accent_can_be_read(theme: Theme) -> None:
    assert contrast(theme.accent_text, theme.accent) >= 4.5


def test_contrast_is_the_formula_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#777777") == pytest.approx(1.0)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@BOTH
def test_the_palette_sets_disabled_text_too(theme: Theme) -> None:
    colors = palette(theme)
    group = QPalette.ColorGroup.Disabled
    assert colors.color(group, QPalette.ColorRole.Text).name().upper() == theme.muted.upper()
    assert colors.color(QPalette.ColorRole.Window).name().upper() == theme.surface.upper()


@BOTH
def test_seven_series_and_all_differ(theme: Theme) -> None:
    assert len(set(theme.series)) == 7
    assert theme.series_other not in theme.series


@BOTH
def test_the_stylesheet_has_no_hole(theme: Theme) -> None:
    assert "{t." not in stylesheet(theme)
    assert stylesheet(theme).count("{") == stylesheet(theme).count("}")


@pytest.mark.parametrize(("said", "expected"), [("dark", DARK), ("LIGHT", LIGHT), ("", LIGHT)])
def test_the_environment_forces_a_theme(
    said: str, expected: Theme, monkeypatch: pytest.MonkeyPatch, styled: QGuiApplication
) -> None:
    monkeypatch.setenv("PSBUDDY_THEME", said)
    assert system_theme(styled) is expected


def test_fonts_come_in_four_sizes_of_pixels(styled: QGuiApplication) -> None:
    assert [font(size).pixelSize() for size in Size] == [22, 15, 13, 11]


def _hue(value: str) -> float:
    red, green, blue = (int(value[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return colorsys.rgb_to_hls(red, green, blue)[0]
