"""Pictures without a screen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from psbuddy.report.dashboard import UnknownApplicationError
from tests.support import dashboards
from tests.support import fleet_store as fleet
from ui.render import dashboard_png, fleet_png, picture_of
from ui.theme import DARK

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def db_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("fleet")
    fleet.build(folder).close()
    return str(folder / "fleet.db")


def image_of(data: bytes) -> QImage:
    image = QImage.fromData(data, "PNG")
    assert not image.isNull()
    return image


def test_the_same_store_gives_the_same_bytes(db_url: str) -> None:
    pictures = [
        dashboard_png(db_url, "shop", fleet.NOW - 86_400, fleet.NOW, zone="UTC") for _ in range(2)
    ]
    assert pictures[0] == pictures[1]
    assert image_of(pictures[0]).width() == 1440


def test_a_picture_grows_until_nothing_is_cut() -> None:
    full = dashboards.dashboard()
    cut = image_of(picture_of(full, size=(1200, 500), whole=False, zone="UTC"))
    whole = image_of(picture_of(full, size=(1200, 500), zone="UTC"))
    assert cut.height() == 500
    assert whole.height() > 800


def test_device_pixels_can_be_more_than_logical_ones() -> None:
    full = dashboards.quiet()
    image = image_of(picture_of(full, size=(900, 600), scale=2.0, whole=False, zone="UTC"))
    assert (image.width(), image.height()) == (1800, 1200)


def test_a_dark_picture_is_dark_and_the_window_keeps_its_own_look(qapp: QApplication) -> None:
    before = qapp.styleSheet()
    image = image_of(picture_of(dashboards.quiet(), theme="dark", zone="UTC"))
    assert image.pixelColor(2, 2).name().upper() == DARK.surface
    assert qapp.styleSheet() == before


def test_an_unknown_application_is_an_error_not_an_empty_picture(db_url: str) -> None:
    with pytest.raises(UnknownApplicationError, match="nosuch"):
        dashboard_png(db_url, "nosuch", fleet.NOW - 60, fleet.NOW)


def test_a_process_without_screen_and_application_can_draw(db_url: str, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from ui.render import dashboard_png, fleet_png\n"
        "db, folder = sys.argv[1:]\n"
        f"data = dashboard_png(db, 'ledger', {fleet.NOW - 86_400}, {fleet.NOW})\n"
        "Path(folder, 'd.png').write_bytes(data)\n"
        f"Path(folder, 'f.png').write_bytes(fleet_png(db, now={fleet.NOW}))\n"
    )
    env = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, db_url, str(tmp_path)],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert image_of((tmp_path / "d.png").read_bytes()).width() == 1440
    assert image_of((tmp_path / "f.png").read_bytes()).width() == 1440


def test_a_fleet_picture_has_the_size_asked_for(fleet_store: str) -> None:
    image = image_of(fleet_png(fleet_store, size=(1100, 700)))
    assert (image.width(), image.height()) == (1100, 700)
