"""The program with a window: paint what is known, then bring in everything else."""

import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from ui.theme import ThemeWatch, apply_theme, system_theme

#: Seconds a thread may keep the interpreter before the window gets its turn; 5 ms by default.
SWITCH_INTERVAL = 0.001


def run(
    db_url: str,
    catalogue_dir: str | Path,
    *,
    engine: bool = True,
    start_app: str | None = None,
) -> int:
    """Open the window and return when it was closed. `engine`: collect while it is open."""
    gc.disable()  # until the window is up: there is no garbage yet to look for
    from ui.routing import Routing  # noqa: PLC0415 - the collector would run twenty times

    app = application()
    watch = ThemeWatch(app)
    routing = Routing(app, watch, db_url, Path(catalogue_dir), engine=engine, start_app=start_app)
    sys.setswitchinterval(SWITCH_INTERVAL)
    routing.open()
    gc.enable()
    with _ended_by_signal(app):
        code = app.exec()
    routing.close()
    return code


def application() -> QApplication:
    """The one QApplication, in our style and the system's light or dark."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        app = existing
        app.setStyle("Fusion")
    else:  # as an argument: the call would build all enums of QStyle before the first paint, 6 ms
        app = QApplication([*(sys.argv[:1] or ["psbuddy"]), "-style", "Fusion"])
    app.setApplicationName("PS Buddy")
    app.setDesktopFileName("psbuddy")
    apply_theme(app, system_theme(app))
    return app


@contextmanager
def _ended_by_signal(app: QApplication) -> Iterator[None]:
    """Ctrl+C in the terminal and `kill` close the window in order.

    Python sees a signal when the loop next returns to it: the window's clock does each second.
    """
    names = (signal.SIGINT, signal.SIGTERM)
    before = {name: signal.signal(name, lambda *_: app.quit()) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
