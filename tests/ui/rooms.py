"""Real windows and widgets on screen, and the steps that every walk through them shares."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.engine_client import EngineClient
from ui.panels.causes.widget import CausesPanel
from ui.routing import Routing
from ui.theme import ThemeWatch


class Rooms:
    """Opens windows and takes every one of them down."""

    def __init__(self, app: QApplication, qtbot: QtBot, folder: Path) -> None:
        self.app, self.qtbot, self.folder = app, qtbot, folder
        self.watch = ThemeWatch(app)
        self.opened: list[Routing] = []

    def open(self, db: str, **options: object) -> Routing:
        options = {"engine": False} | options
        routing = Routing(self.app, self.watch, db, self.folder, **options)
        self.opened.append(routing)
        with self.qtbot.waitSignal(routing.window.first_painted):
            routing.open()
        return routing

    def close(self) -> None:
        for routing in self.opened:
            routing.close()
            routing.window.deleteLater()
            routing.deleteLater()
        self.opened.clear()
        self.watch.deleteLater()

    # -- walking through them

    def engine_of(self, routing: Routing) -> EngineClient:
        """The engine, once it is there."""
        self.qtbot.waitUntil(lambda: routing.engine is not None, timeout=20_000)
        assert routing.engine is not None
        return routing.engine

    def wait_for_pages(self, routing: Routing) -> Routing:
        """Wait until the charts are there too."""
        self.qtbot.waitUntil(lambda: routing.window.has_page("application"), timeout=20_000)
        return routing

    def wait_for_a_visit(self, routing: Routing) -> None:
        """Wait until the first application was read."""
        window = routing.window
        self.qtbot.waitUntil(
            lambda: bool(window.statuses) and window.statuses[0].last_collection > 0,
            timeout=30_000,
        )

    def causes_of(self, routing: Routing, app: str, rows: int) -> CausesPanel:
        """The causes of an application that is on screen, once there are so many."""
        routing.open_app(app)
        page = routing._application
        assert page is not None
        self.qtbot.waitUntil(lambda: "causes" in page.body.panels, timeout=20_000)
        causes = page.body.panels["causes"]
        assert isinstance(causes, CausesPanel)
        self.qtbot.waitUntil(lambda: causes.model.rowCount() == rows, timeout=20_000)
        return causes


def look_below(folder: Path, engine: EngineClient, patch: pytest.MonkeyPatch) -> None:
    """Logs are looked for there, not among this machine's own."""

    def discover(host: str, reply: object, _: object = ()) -> bool:
        fields = {"host": host, "folders": [str(folder)]}
        return engine.request("discover", fields, reply)

    patch.setattr(engine, "discover", discover)


def watch_here(folder: Path, app: str, log: Path, *, host: str = "local") -> None:
    """A catalogue of one application with one log."""
    folder.mkdir()
    (folder / f"{app}.yaml").write_text(
        f"applications:\n  {app}:\n    hosts: [{host}]\n    every: 10s\n"
        f"    logs: {{app: {{path: {log}, timezone: UTC}}}}\n"
    )


class Silent:
    """A reader whose answers do not come."""

    def ask(self, *args: object, **kwargs: object) -> None:
        pass


def shown(qtbot: QtBot, widget: QWidget, width: int = 900) -> QWidget:
    """A widget on screen, as high as it wants to be."""
    qtbot.addWidget(widget)
    widget.resize(width, max(80, widget.sizeHint().height()))
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def pixels(widget: QWidget) -> Iterator[str]:
    """The colour of each, as "#RRGGBB"."""
    image: QImage = widget.grab().toImage()
    for y in range(image.height()):
        for x in range(image.width()):
            yield image.pixelColor(x, y).name().upper()
