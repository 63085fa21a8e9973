"""The gallery: every screen can be made, and the index finds each picture once."""

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog

from tests.gallery.__main__ import shoot
from tests.gallery.screens import Screen, screens
from ui.render import THEMES, settle, styled


@pytest.mark.parametrize("screen", screens(), ids=lambda screen: screen.name)
def test_every_screen_can_be_made(screen: Screen, qapp: QApplication) -> None:
    with styled(screen.make(THEMES["light"]), THEMES["light"]) as page:
        if not isinstance(page, QDialog):
            page.resize(1100, 700)
        settle()
        assert page.size().isValid()


def test_the_index_is_grouped_by_page_and_shows_every_picture_once(
    qapp: QApplication, tmp_path: Path
) -> None:
    wanted = ("fleet", "wizard-found", "wizard-nothing", "start", "host-key")
    *pictures, index = shoot(tmp_path, [s for s in screens() if s.name in wanted])
    text = index.read_text("utf-8")
    assert re.findall('src="([^"]+)"', text) == [picture.name for picture in pictures]
    assert len(pictures) == len(wanted) * 4
    assert re.findall("<h2[^>]*>([^<]+)<", text) == ["Fleet", "First steps", "Host keys"]
    assert set(re.findall('href="#([^"]+)"', text)) == set(re.findall('id="([^"]+)"', text))
