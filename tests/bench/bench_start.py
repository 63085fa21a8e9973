"""How long until something is on screen, as ratios to a bare window of the same toolkit.

Process start to the fleet page painted with data, against an empty QMainWindow; process
start to the first application dashboard, against a window with as many pyqtgraph plots.
Each program runs several times in turn, the median counts: a busy machine slows all alike.
The processor time of the whole process stands beside it, which a busy machine changes less.
"""

import compileall
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("PSBUDDY_BENCH_ROUNDS", "7"))
#: The bars: (what, against what, at most this many times).
BARS = (("fleet", "empty", 2.0), ("dashboard", "plots", 1.5))

_MARK = """
import os, sys, time
def mark():
    took = (time.time_ns() - int(os.environ["BENCH_STARTED"])) / 1e6
    os.write(1, str(took).encode())
    os._exit(0)
"""
_EMPTY = """
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        mark()
app = QApplication([])
window = Window(); window.resize(1440, 900); window.show()
app.exec()
"""
_PLOTS = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget
import numpy as np
import pyqtgraph as pg
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, mark)
app = QApplication([])
middle = QWidget(); column = QVBoxLayout(middle)
for _ in range(6):
    plot = pg.PlotWidget()
    plot.plot(np.arange(2000), np.random.random(2000))
    column.addWidget(plot)
window = Window(); window.setCentralWidget(middle); window.resize(1440, 900); window.show()
app.exec()
"""
_OURS = """
from pathlib import Path
from ui.app import application
from ui.routing import Routing
from ui.theme import ThemeWatch
app = application()
start_app = os.environ["BENCH_APP"] or None
routing = Routing(app, ThemeWatch(app), os.environ["BENCH_DB"], Path(os.environ["BENCH_DIR"]),
                  engine=False, start_app=start_app)
def shown(_):
    page = routing.window.stack.currentWidget()
    if hasattr(page, "painted"):
        page.painted.connect(mark)
if start_app:
    routing.window.stack.currentChanged.connect(shown)
else:
    routing.window.first_painted.connect(mark)
sys.setswitchinterval(0.001)
routing.open()
app.exec()
"""


def seed(folder: Path) -> str:
    """A store with a month of two applications and their state; its address."""
    sys.path.insert(0, str(ROOT))
    from psbuddy.report.status import refresh_status
    from tests.support import fleet_store

    store = fleet_store.build(folder)
    refresh_status(store, fleet_store.NOW)
    store.close()
    return str(folder / "fleet.db")


def compile_all() -> None:
    """As an installer leaves it: where PYTHONDONTWRITEBYTECODE is set no start would do it."""
    for package in ("psbuddy", "ui"):
        compileall.compile_dir(ROOT / package, quiet=1)


def once(program: str, db_url: str, folder: Path, app: str) -> tuple[float, float]:
    """Milliseconds from the start of a new process to its mark, and of processor time."""
    env = os.environ | {
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        "BENCH_DB": db_url,
        "BENCH_DIR": str(folder),
        "BENCH_APP": app,
        "BENCH_STARTED": str(time.time_ns()),
    }
    before = _processor_seconds()
    done = subprocess.run(
        [sys.executable, "-c", _MARK + program],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if not done.stdout:
        raise SystemExit(f"The program never painted:\n{done.stderr}")
    return float(done.stdout), (_processor_seconds() - before) * 1000


def _processor_seconds() -> float:
    """Of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(db_url: str, folder: Path) -> dict[str, tuple[float, float]]:
    """Medians of milliseconds by program: on the wall, of processor time."""
    programs = {
        "empty": (_EMPTY, ""),
        "fleet": (_OURS, ""),
        "plots": (_PLOTS, ""),
        "dashboard": (_OURS, "shop"),
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    for _ in range(ROUNDS):
        for name, (program, app) in programs.items():
            taken[name].append(once(program, db_url, folder, app))
    return {name: _medians(pairs) for name, pairs in taken.items()}


def _medians(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    wall, spent = zip(*pairs, strict=True)
    return statistics.median(wall), statistics.median(spent)


def main() -> int:
    compile_all()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        medians = measure(seed(folder), folder)
    print(f"process start to painted, median of {ROUNDS}")
    for name, (wall, spent) in medians.items():
        print(f"  {name:<10} {wall:7.0f} ms   processor {spent:7.0f} ms")
    missed = 0
    for what, against, bar in BARS:
        ratio, effort = (
            mine / bare for mine, bare in zip(medians[what], medians[against], strict=True)
        )
        missed += ratio > bar
        print(f"  {what} / {against} = {ratio:.2f} (bar {bar}; by processor time {effort:.2f})")
    return int(missed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
