"""`psbuddy` alone: the window."""

import gc
import os
import sys

from psbuddy.cli.guard import USAGE, guarded
from psbuddy.cli.places import Places

NO_DISPLAY = (
    "There is no display here, so no window can open. "
    'Look with "psbuddy status", collect with "psbuddy collect --watch", '
    'or try "psbuddy demo --headless pictures".'
)


def has_display() -> bool:
    """Whether Qt can find a screen; it would abort the process otherwise."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def window_command(places: Places) -> int:
    if not has_display():
        sys.stderr.write(NO_DISPLAY + "\n")
        return USAGE
    gc.disable()  # until the window is up (ui.app.run): nothing of it is garbage yet
    from ui.app import run  # noqa: PLC0415 - Qt is loaded after the screen was found

    return guarded(lambda: run(places.db, str(places.catalogue)))
