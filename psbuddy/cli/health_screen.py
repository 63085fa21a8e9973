"""Qt: its libraries, a display, fonts. Looked at without loading Qt, which might abort."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from psbuddy.cli.health import Finding, fine, note, wrong
from psbuddy.cli.window import has_display

#: Missing library -> package of Debian and Ubuntu that brings it.
_PACKAGES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}


def screen_findings() -> Iterator[Finding]:
    """Can a window open here, and can it show text?"""
    spec = importlib.util.find_spec("PySide6")
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        yield wrong("Qt", "PySide6 is not installed", "Run make run, which installs it.")
        return
    if sys.platform.startswith("linux"):
        yield _libraries(Path(places[0]))
        yield _fonts()
    if has_display():
        yield fine("Display", "found")
    else:
        todo = "No window can open here; every command and the headless demo work."
        yield note("Display", "none", todo)


def _libraries(pyside: Path) -> Finding:
    """System libraries that the window and offscreen pictures need."""
    qt = pyside / "Qt"
    files = [
        qt / "plugins/platforms/libqxcb.so",
        qt / "plugins/platforms/libqoffscreen.so",
        qt / "lib/libQt6Gui.so.6",
        qt / "lib/libQt6Widgets.so.6",
    ]
    ldd = shutil.which("ldd")
    if ldd is None:
        return note(
            "Qt libraries",
            "not looked at: there is no ldd",
            "If no window opens, look at what it says on stderr.",
        )
    missing = sorted({name for file in files if file.exists() for name in _missing(ldd, file)})
    if not missing:
        return fine("Qt libraries", "all found")
    packages = sorted({_PACKAGES.get(name, "") for name in missing} - {""})
    todo = f"apt install {' '.join(packages)}" if packages else "Install the libraries named."
    return wrong("Qt libraries", f"missing: {', '.join(missing)}", todo)


def _missing(ldd: str, file: Path) -> Iterator[str]:
    done = subprocess.run(
        [ldd, str(file)], capture_output=True, text=True, timeout=20, check=False, errors="replace"
    )
    for line in done.stdout.splitlines():
        name, arrow, place = line.strip().partition(" => ")
        if arrow and place.startswith("not found"):
            yield name


def _fonts() -> Finding:
    fc_list = shutil.which("fc-list")
    if fc_list is not None:
        done = subprocess.run([fc_list], capture_output=True, timeout=20, check=False)
        number = len(done.stdout.splitlines())
    else:
        folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
        number = sum(1 for folder in folders for _ in folder.rglob("*.[to]t[fc]"))
    if number:
        return fine("Fonts", f"{number} found")
    return wrong("Fonts", "none: no text can be drawn", "apt install fonts-dejavu-core")
