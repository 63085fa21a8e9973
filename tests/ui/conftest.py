"""Rules for every test with a window: our own CPU time per turn, nothing left behind, no rich text.

Everything runs offscreen, in UTC, in the light theme unless a test says otherwise.
"""

import gc
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui import samples
from tests.ui.rooms import Rooms
from tests.ui.stores import make_store
from ui.probe import LIMIT_MS, TurnProbe
from ui.theme import LIGHT, Theme, apply_theme


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform's only word to every window that is shown is noise."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints", extend=True))


@pytest.fixture(scope="session", autouse=True)
def _utc() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["psbuddy-tests"]


@pytest.fixture(scope="session")
def styled(qapp: QApplication) -> QApplication:
    """The application in the style it has for users."""
    qapp.setStyle("Fusion")
    qapp.setQuitOnLastWindowClosed(False)
    apply_theme(qapp, LIGHT)
    return qapp


@pytest.fixture(autouse=True)
def _turns(styled: QApplication) -> Iterator[None]:
    """Fails a test in which one turn of the event loop took over 100 ms of our own CPU."""
    gc.freeze()  # what the suite itself has loaded is not the window's garbage
    probe = TurnProbe()
    yield
    probe.stop()
    slow = [f"{turn.cpu_ms:.0f} ms" for turn in probe.slow]
    if slow:
        pytest.fail(f"turns of the event loop over {LIMIT_MS:.0f} ms CPU: {slow}", pytrace=False)


@pytest.fixture(autouse=True)
def _no_widget_left(styled: QApplication) -> Iterator[None]:
    """Fails a test that leaves a top-level widget or a running timer of ours behind."""
    before = {id(widget) for widget in styled.topLevelWidgets()}
    yield
    left = _left(styled, before)
    if left:
        gc.collect()  # dear, so only when it may help
        left = _left(styled, before)
    timers = [t for w in left for t in w.findChildren(QTimer) if t.isActive()]
    told = [f"{type(w).__name__} {w.windowTitle()!r}" for w in left if w.isVisible()]
    if told or timers:
        for widget in left:
            widget.close()
        pytest.fail(f"left behind: widgets {told}, {len(timers)} running timers", pytrace=False)


def _left(app: QApplication, before: set[int]) -> list[QWidget]:
    app.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))
    app.processEvents()
    return [w for w in app.topLevelWidgets() if id(w) not in before and not _is_qts(w)]


def _is_qts(widget: QWidget) -> bool:
    """Tooltips and combo pop-ups are kept by Qt itself."""
    return type(widget).__name__ in {"QTipLabel", "QComboBoxPrivateContainer", "QMenu"}


@pytest.fixture
def theme() -> Theme:
    return LIGHT


@pytest.fixture
def fleet_store(tmp_path: Path) -> str:
    """A real store: forty applications collected a moment ago, three hosts visited."""
    now = int(time.time())
    return make_store(
        tmp_path / "psbuddy.db",
        samples.shifted(samples.fleet(40), now),
        now=now,
        hosts=("led-app-1", "led-app-2", "led-app-10"),
    )


@pytest.fixture
def rooms(styled: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Rooms]:
    """Windows over the catalogue in `tmp_path`/catalogue."""
    rooms = Rooms(styled, qtbot, tmp_path / "catalogue")
    yield rooms
    rooms.close()
