"""Save snapshot: by button and key, written by another process, and the word when it is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from psbuddy.cli.command import since_until
from tests.support import dashboards
from tests.support import fleet_store as fleet
from tests.ui.rooms import Silent
from ui.pages.application.page import ApplicationPage
from ui.snapshots import SnapshotDesk, Wanted, command, reach, suggested, with_suffix
from ui.theme import DARK

WANTED = Wanted("shop", fleet.NOW - 86_400, fleet.NOW, "dark")
ENOUGH = 60_000


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("fleet")
    fleet.build(folder).close()
    return str(folder / "fleet.db")


@pytest.fixture
def desk(db: str, qtbot: QtBot) -> Iterator[SnapshotDesk]:
    window = QWidget()
    qtbot.addWidget(window)
    made = SnapshotDesk(lambda: db, window, window)
    yield made
    made.close()


def test_button_and_key_want_what_is_on_screen(qtbot: QtBot) -> None:
    shown = dashboards.dashboard()
    page = ApplicationPage(DARK, Silent(), clock=lambda: shown.now, zone="UTC")
    qtbot.addWidget(page)
    page.body.build_all()
    page.save_snapshot()  # nothing is shown yet: nothing is wanted
    wanted: list[object] = []
    page.snapshot_wanted.connect(wanted.append)
    page.show_value(shown)
    with qtbot.waitExposed(page):
        page.show()
    page.setFocus()
    page.header.save.click()
    qtbot.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert wanted == [Wanted("shop", shown.since, shown.until, "dark")] * 2


@pytest.mark.parametrize(
    ("name", "begins"), [("a.png", b"\x89PNG"), ("a.html", b"<!doctype html>")]
)
def test_the_file_is_there_when_it_is_told(
    desk: SnapshotDesk, qtbot: QtBot, tmp_path: Path, name: str, begins: bytes
) -> None:
    said: list[str] = []
    desk.told.connect(said.append)
    desk.failed.connect(said.append)
    with qtbot.waitSignal(desk.saved, timeout=ENOUGH) as saved:
        desk.save(WANTED, tmp_path / name)
        desk.save(WANTED, tmp_path / "other.png")  # one at a time
    assert saved.args == [str(tmp_path / name)]
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert said == [
        f"Saving {name} …",
        "A snapshot is being saved; try again when it is there.",
        f"Saved: {tmp_path / name}",
    ]
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_dark_window_gives_a_dark_picture(
    desk: SnapshotDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(desk.saved, timeout=ENOUGH):
        desk.save(WANTED, tmp_path / "a.png")
    picture = QImage(str(tmp_path / "a.png"))
    assert picture.pixelColor(2, 2).name() == DARK.surface.lower()


def test_why_nothing_was_saved_is_said_in_the_words_of_the_command(
    desk: SnapshotDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    said: list[str] = []
    desk.failed.connect(said.append)
    desk.save(WANTED, tmp_path / "gone" / "a.png")
    qtbot.waitUntil(lambda: len(said) == 1, timeout=ENOUGH)
    assert said[0].startswith("The snapshot was not saved: The folder ")
    assert not list(tmp_path.iterdir())


def test_closing_the_window_ends_what_runs(desk: SnapshotDesk, tmp_path: Path) -> None:
    desk.save(WANTED, tmp_path / "a.png")
    process = desk._process
    assert process is not None and process.waitForStarted()
    desk.close()
    assert process.state() is process.ProcessState.NotRunning
    assert not list(tmp_path.iterdir())


def test_the_dialog_suggests_a_name_and_all_kinds(desk: SnapshotDesk, qtbot: QtBot) -> None:
    dialog = desk.ask(WANTED)
    assert [Path(file).name for file in dialog.selectedFiles()] == [suggested(WANTED)]
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert [text.split(" (")[0] for text in dialog.nameFilters()] == [
        "Picture", "Page with figures", "Figures",
    ]  # fmt: skip
    dialog.reject()
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(1, "1m"), (86_400, "1440m"), (90, "2m"), (365 * 86_400, "8760h"), (15 * 31_557_600, "5479d")],
)
def test_every_range_of_the_window_is_one_of_the_command_line(seconds: int, told: str) -> None:
    assert reach(seconds) == told
    since, until = since_until(told, "2026-11-24T10:32:00")
    assert until - since >= seconds


def test_names_of_files_and_options_cannot_be_mistaken() -> None:
    odd = Wanted("--help /x", 0, 90)
    assert suggested(odd).startswith("help-x-1970-01-0")
    assert command("s.db", odd, Path("-o.png"))[-3:] == ["--output=-o.png", "--", "--help /x"]
    assert with_suffix("/a/b", "Page with figures (*.html)") == Path("/a/b.html")
    assert with_suffix("/a/b.v2", "") == Path("/a/b.v2.png")
    assert with_suffix("/a/b.PNG", "Figures (*.csv)") == Path("/a/b.PNG")
