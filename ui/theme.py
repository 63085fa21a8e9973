"""Colours, type and spacing, named by meaning. The only file that knows a colour value.

Series follow the Okabe-Ito palette; state colours keep its hues, with the tone moved until
they reach 4.5:1 on the surfaces of their theme (a test computes it, by the WCAG formula).
"""

import os
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

import psbuddy
from psbuddy.model.terms import State


class Size(IntEnum):
    """Font sizes in pixels."""

    TITLE = 22
    HEAD = 15
    BODY = 13
    SMALL = 11


#: Everything sits on a grid of 4 px: GAP inside a panel, WIDE between panels.
GRID, GAP, WIDE = 4, 8, 16


class Theme(NamedTuple):
    """Colours by role, as "#rrggbb" (what QColor and pyqtgraph both take)."""

    name: str
    surface: str  # the page
    raised: str  # bars, fields, alternate rows
    hover: str
    line: str  # separators
    text: str
    muted: str
    accent: str  # selection and links only
    accent_text: str  # text upon accent
    selected: str  # background of the current row
    state_up: str
    state_watch: str
    state_down: str
    state_unknown: str
    state_paused: str
    gap: str  # ground under the hatching of unobserved time
    gap_line: str  # the hatching
    band: str  # the normal band, a soft fill behind
    grid: str  # horizontal grid, faint but opaque
    late: str  # deadline ticks and late runs
    series: tuple[str, ...]  # Okabe-Ito order, seven
    series_other: str
    ink: str  # quiet sparkline bars

    def state(self, state: State) -> str:
        """The colour of a state; never used without its shape (ui.icons)."""
        return {
            State.UP: self.state_up,
            State.WATCH: self.state_watch,
            State.DOWN: self.state_down,
            State.UNKNOWN: self.state_unknown,
            State.PAUSED: self.state_paused,
        }[state]

    def color(self, value: str, alpha: int = 255) -> QColor:
        color = QColor(value)
        color.setAlpha(alpha)
        return color


LIGHT = Theme(
    name="light",
    surface="#FFFFFF",
    raised="#F6F7F9",
    hover="#EFF2F5",
    line="#E1E4E8",
    text="#1A1D21",
    muted="#5F6670",
    accent="#0072B2",
    accent_text="#FFFFFF",
    selected="#EBF4FA",
    state_up="#007A59",
    state_watch="#8A5F00",
    state_down="#B34C00",
    state_unknown="#656B75",
    state_paused="#656B75",
    gap="#F1F3F5",
    gap_line="#B4BAC2",
    band="#E6ECF2",
    grid="#E9ECEF",
    late="#B34C00",
    series=("#E69F00", "#56B4E9", "#009E73", "#B8A800", "#0072B2", "#D55E00", "#CC79A7"),
    series_other="#A7ADB5",
    ink="#AEB6BF",
)

DARK = Theme(
    name="dark",
    surface="#14171A",
    raised="#1B1F24",
    hover="#20252B",
    line="#2B3138",
    text="#E6E8EB",
    muted="#9AA3AD",
    accent="#56B4E9",
    accent_text="#0E1113",
    selected="#1A2E3A",
    state_up="#1FB58A",
    state_watch="#E69F00",
    state_down="#EB7526",
    state_unknown="#9AA0A9",
    state_paused="#9AA0A9",
    gap="#1D2126",
    gap_line="#4C545E",
    band="#232B34",
    grid="#262B31",
    late="#EB7526",
    series=("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#2A8FCB", "#D55E00", "#CC79A7"),
    series_other="#767D87",
    ink="#5C6671",
)


def system_theme(app: QGuiApplication) -> Theme:
    """The theme to use now: PSBUDDY_THEME where it is set, else what the system says."""
    forced = os.environ.get("PSBUDDY_THEME", "").strip().lower()
    if forced in {"light", "dark"}:
        return DARK if forced == "dark" else LIGHT
    return DARK if app.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT


def palette(theme: Theme) -> QPalette:
    """All roles set by hand: the colour-scheme switch of Qt does nothing on a bare desktop."""
    roles = QPalette.ColorRole
    chosen = {
        roles.Window: theme.surface,
        roles.Base: theme.surface,
        roles.AlternateBase: theme.raised,
        roles.Button: theme.raised,
        roles.WindowText: theme.text,
        roles.Text: theme.text,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.state_down,
        roles.Highlight: theme.accent,
        roles.HighlightedText: theme.accent_text,
        roles.Link: theme.accent,
        roles.LinkVisited: theme.accent,
        roles.ToolTipBase: theme.raised,
        roles.ToolTipText: theme.text,
        roles.PlaceholderText: theme.muted,
        roles.Light: theme.raised,
        roles.Midlight: theme.hover,
        roles.Mid: theme.line,
        roles.Dark: theme.line,
        roles.Shadow: theme.line,
        roles.Accent: theme.accent,
    }
    result = QPalette()
    for role, value in chosen.items():
        result.setColor(role, QColor(value))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return result


def font(
    size: Size = Size.BODY, weight: QFont.Weight = QFont.Weight.Normal, *, mono: bool = False
) -> QFont:
    """The system's font at one of the four sizes, with figures of one width."""
    result = QFont("monospace") if mono else QFont(QGuiApplication.font())
    if mono:
        result.setStyleHint(QFont.StyleHint.Monospace)
    result.setPixelSize(int(size))
    result.setWeight(weight)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole application one look; call again to switch it live."""
    app.setPalette(palette(theme))
    app.setStyleSheet(stylesheet(theme))


def stylesheet(theme: Theme) -> str:
    """Flat controls: a hairline, no relief. Only classes of controls, nothing by name."""
    t = theme
    return f"""
QPushButton, QToolButton {{ background: {t.raised}; color: {t.text};
  border: 1px solid {t.line}; border-radius: 4px; padding: 6px 16px; font-size: 13px; }}
QPushButton:hover, QToolButton:hover {{ background: {t.hover}; }}
QPushButton:focus, QToolButton:focus {{ border-color: {t.accent}; }}
QPushButton:default {{ background: {t.accent}; color: {t.accent_text}; border-color: {t.accent}; }}
QPushButton:disabled {{ background: {t.raised}; color: {t.muted}; border-color: {t.line}; }}
QPushButton[flat="true"], QToolButton[flat="true"] {{ background: transparent;
  border: 1px solid transparent; padding: 4px 8px; color: {t.muted}; }}
QPushButton[flat="true"]:hover, QToolButton[flat="true"]:hover {{ color: {t.text};
  background: {t.hover}; }}
QPushButton[flat="true"]:focus {{ border-color: {t.accent}; }}
QPushButton[flat="true"]:checked {{ color: {t.text}; font-weight: 600; }}
QFileDialog QToolButton {{ padding: 4px; }}
QLineEdit {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line};
  border-radius: 4px; padding: 6px 8px; selection-background-color: {t.accent};
  selection-color: {t.accent_text}; }}
QLineEdit:focus {{ border-color: {t.accent}; }}
QCheckBox {{ color: {t.text}; spacing: 8px; font-size: 13px; }}
QCheckBox::indicator, QTableView::indicator {{ width: 12px; height: 12px; border-radius: 3px;
  border: 1px solid {t.muted}; background: {t.surface}; }}
QCheckBox::indicator:focus {{ border-color: {t.accent}; }}
QCheckBox::indicator:checked, QTableView::indicator:checked {{ background: {t.accent};
  border-color: {t.accent}; {_tick(t)} }}
QRadioButton {{ color: {t.text}; spacing: 8px; font-size: 13px; }}
QRadioButton::indicator {{ width: 12px; height: 12px; border-radius: 7px;
  border: 1px solid {t.muted}; background: {t.surface}; }}
QRadioButton::indicator:focus {{ border-color: {t.accent}; }}
QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 4px solid {t.accent}; }}
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; padding: 4px; }}
QMenu {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; }}
QMenu::item:selected {{ background: {t.selected}; color: {t.text}; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {t.line}; border-radius: 4px; min-height: 32px;
  min-width: 32px; margin: 1px; }}
QScrollBar::handle:hover {{ background: {t.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QHeaderView {{ background: {t.surface}; }}
QHeaderView::section {{ background: {t.surface}; color: {t.muted}; border: 0;
  border-bottom: 1px solid {t.line}; padding: 6px 8px; font-size: 11px; }}
QTableView {{ border: 0; background: {t.surface}; gridline-color: {t.line};
  selection-background-color: {t.selected}; selection-color: {t.text}; outline: 0; }}
QTableView::item {{ padding: 0 5px; border: 0; }}
QTableView::item:selected {{ background: {t.selected}; color: {t.text}; }}
QAbstractScrollArea {{ border: 0; background: {t.surface}; }}
"""


def _tick(theme: Theme) -> str:
    """The check mark is a picture, since a stylesheet takes nothing else."""
    picture = _resources() / "icons" / f"tick-{theme.name}.png"
    return f'image: url("{picture.as_posix()}");' if picture.is_file() else ""


def _resources() -> Path:
    """The data folder: packed into the wheel, or beside the source."""
    packed = Path(psbuddy.__file__).parent / "_resources"
    return packed if packed.is_dir() else Path(__file__).resolve().parent.parent / "resources"


class ThemeWatch(QObject):
    """Tells when the system switches between light and dark."""

    changed = Signal(object)  # Theme

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.theme = system_theme(app)
        app.styleHints().colorSchemeChanged.connect(self.refresh)

    def refresh(self) -> None:
        """Ask the system again; tell everyone if the answer differs."""
        theme = system_theme(self._app)
        if theme is not self.theme:
            self.theme = theme
            apply_theme(self._app, theme)
            self.changed.emit(theme)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(value: str) -> float:
    parts = (int(value[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
