"""The ways to watch something more: the page that names them, the wizard, the demo."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.window import MainWindow

if TYPE_CHECKING:
    from ui.engine_client import EngineClient
    from ui.pages.start.page import StartPage
    from ui.pages.start.wizard import WizardPage
    from ui.worker import Worker

NO_COLLECTION = "This window was opened without collection; start psbuddy."
DEMO_NOTE = "The demo opens in a window of its own as soon as its logs are made."
NO_DEMO = "The demo could not be started."


class WaysIn(QObject):
    """Makes each page when it is first wanted. `helpers`: engine and worker, once there."""

    page_wanted = Signal(str)
    watched = Signal(str)  # the catalogue names this application, too

    def __init__(
        self,
        window: MainWindow,
        catalogue: Path,
        helpers: "Callable[[], tuple[EngineClient, Worker] | None]",
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._catalogue, self._helpers = window, catalogue, helpers
        self.start: StartPage | None = None
        self.wizard: WizardPage | None = None

    def offer(self, *, watching: bool) -> None:
        """Bring the page of the ways up to date. `watching`: there is a fleet to go back to."""
        if self.start is None:
            from ui.pages.start.page import StartPage  # noqa: PLC0415 - only for an empty store

            self.start = StartPage(self._window.theme)
            self.start.watch_local.connect(lambda: self._look_at("local"))
            self.start.add_host.connect(self._look_at)
            self.start.try_demo.connect(self._demo)
            self.start.back.connect(lambda: self.page_wanted.emit("fleet"))
            self._window.add_page("start", self.start)
        self.start.show_more(watching)

    def _look_at(self, host: str) -> None:
        helpers = self._helpers()
        if helpers is None:
            self._note(NO_COLLECTION)
            return
        if self.wizard is None:
            self.wizard = self._make_wizard(*helpers)
        self._window.show_page("wizard")
        self.wizard.look_at(host)

    def _make_wizard(self, engine: "EngineClient", worker: "Worker") -> "WizardPage":
        from ui.pages.start.wizard import WizardPage  # noqa: PLC0415 - when first wanted

        page = WizardPage(self._window.theme, engine, worker, self._catalogue)
        page.cancelled.connect(lambda: self.page_wanted.emit("start"))
        page.watched.connect(self.watched)
        engine.happened.connect(page.hear)
        self._window.add_page("wizard", page)
        return page

    def _demo(self) -> None:
        from PySide6.QtCore import QProcess  # noqa: PLC0415 - when first wanted

        program, *arguments = [sys.executable] if _frozen() else [sys.executable, "-m", "psbuddy"]
        started, _ = QProcess.startDetached(program, [*arguments, "demo"], str(Path.home()))
        self._note(DEMO_NOTE if started else NO_DEMO)

    def _note(self, sentence: str) -> None:
        if self.start is not None:
            self.start.show_note(sentence)


def _frozen() -> bool:
    return bool(getattr(sys, "frozen", False))
