"""Text of strangers appears letter by letter, capped, with nothing invisible in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.plain import PlainLabel, escaped, plain, tooltip

HOSTILE = "<b>bold</b><img src=x onerror=y>&amp;"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ordinary text, ÄÖÜ ✓", "ordinary text, ÄÖÜ ✓"),
        (HOSTILE, HOSTILE),
        ("\x1b[31mred", "‹ESC›[31mred"),
        ("nul\0byte", "nul‹NUL›byte"),
        ("rubout\x7f", "rubout‹DEL›"),
        ("two\nlines", "two↵lines"),
        ("a\tb", "a b"),
        ("evil\u202etxt.exe", "evil‹U+202E›txt.exe"),
        ("zero\u200bwidth", "zero‹U+200B›width"),
        ("\x9bcsi", "‹U+009B›csi"),
        ("line\u2028sep", "line‹U+2028›sep"),
        ("wide\u3000space", "wide space"),
    ],
)
def test_invisible_characters_are_made_visible(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_long_text_is_cut_and_says_by_how_much() -> None:
    assert plain("x" * 3000, 10) == "x" * 10 + "… (2,990 more characters)"


def test_newlines_stay_where_lines_are_wanted() -> None:
    assert plain("a\n\tb\x07", lines=True) == "a\n    b‹BEL›"


@given(st.text(max_size=200))
def test_whatever_comes_in_is_printable_when_it_goes_out(text: str) -> None:
    assert plain(text).isprintable()


@given(st.text(max_size=80))
def test_escaped_text_holds_no_markup_of_the_text(text: str) -> None:
    inner = escaped(text).removeprefix("<p style='white-space:pre-wrap'>").removesuffix("</p>")
    assert "<" not in inner
    assert ">" not in inner


def test_a_label_shows_markup_as_letters(qtbot: QtBot) -> None:
    label = PlainLabel(HOSTILE)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == HOSTILE
    assert label.accessibleName() == HOSTILE
    plainly = PlainLabel("x" * len(HOSTILE))
    qtbot.addWidget(plainly)
    assert label.sizeHint().width() > plainly.sizeHint().width() / 2  # as wide as its letters


def test_a_label_cuts_at_the_end_when_it_is_narrow(qtbot: QtBot) -> None:
    label = PlainLabel("a sentence that is longer than the room it has")
    qtbot.addWidget(label)
    label.resize(80, 20)
    with qtbot.waitExposed(label):
        label.show()
    label.grab()
    assert label.is_elided
    label.resize(900, 20)
    label.grab()
    assert not label.is_elided


def test_a_tooltip_escapes(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    tooltip(widget, HOSTILE)
    assert "&lt;b&gt;bold&lt;/b&gt;" in widget.toolTip()
    tooltip(widget, "")
    assert widget.toolTip() == ""
