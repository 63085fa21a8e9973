"""A real process: what is imported when the fleet page is on screen for the first time."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

#: What the fleet's words ask of insight: arithmetic of the standard library alone.
CHEAP = ("psbuddy.insight", "psbuddy.insight.contact", "psbuddy.insight.evidence")
#: Dear ones, and whatever would let the network into the window.
NOT_YET = (
    "numpy", "pyqtgraph", "sqlalchemy", "alembic", "pydantic", "ruamel", "paramiko",
    "apscheduler", "typer", "rich", "asyncio", "psbuddy.catalogue", "psbuddy.insight",
    "psbuddy.report", "ui.pages.application",
    # A few milliseconds each:
    "sqlite3", "json", "zoneinfo", "psbuddy.model.status", "ui.reading", "ui.worker",
    "ui.live", "ui.pages.start", "ui.pages.host", "ui.tray", "ui.jump", "ui.shortcuts",
)  # fmt: skip
#: Classes of Qt with many enums: PySide6 makes a class and its enums when its name is first used.
NO_CLASS_YET = ("QIcon", "QKeySequence", "QShortcut", "QMenu", "QStyle", "QLineEdit")

PROGRAM = """
import sys
import ui.routing
from PySide6 import QtGui, QtWidgets
from PySide6.QtCore import QTimer
report = {}
class Watched(ui.routing.Routing):
    def _bring_in(self):
        if not report:
            report["modules"] = list(sys.modules)
            report["classes"] = [*vars(QtGui), *vars(QtWidgets)]
            report["page"] = self.window.page
            report["lines"] = [line.name for line in self.window.fleet.view.lines]
        super()._bring_in()
    def _start_charts(self):
        super()._start_charts()
        self.worker.ask("end", lambda: None, lambda _: QTimer.singleShot(0, self.done), print)
    def done(self):
        report["later"] = sorted(sys.modules)
        self.window.close()
import ui.app
ui.routing.Routing = Watched
code = ui.app.run(sys.argv[1], sys.argv[2], engine=False)
import json
print(json.dumps({**report, "code": code}))
"""


@pytest.fixture
def report(fleet_store: str, tmp_path: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, fleet_store, str(tmp_path / "catalogue")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    parsed: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return parsed


def test_the_fleet_is_painted_before_anything_dear_is_imported(
    report: dict[str, list[str]],
) -> None:
    assert report["page"] == "fleet"
    assert report["lines"][0] == "Web shop"
    assert len(report["lines"]) == 40
    early = [
        module
        for module in report["modules"]
        if any(module == name or module.startswith(name + ".") for name in NOT_YET)
        and module not in CHEAP
    ]
    assert early == []


def test_classes_of_qt_with_many_enums_wait_for_the_first_paint(
    report: dict[str, list[str]],
) -> None:
    assert "QFont" in report["classes"]  # it is there that used classes show
    assert sorted({*NO_CLASS_YET} & {*report["classes"]}) == []


def test_what_needs_no_qt_is_imported_before_pyside_reads_sources(
    report: dict[str, list[str]],
) -> None:
    order = report["modules"]
    plain = [name for name in order if name.partition(".")[0] == "psbuddy"]
    assert "psbuddy.words" in plain
    assert [name for name in plain if order.index(name) > order.index("PySide6")] == []


def test_the_charts_come_by_themselves_and_the_process_ends_well(
    report: dict[str, list[str]],
) -> None:
    assert {"numpy", "pyqtgraph", "ui.pages.application.page"} <= set(report["later"])
    assert report["code"] == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_in_order(
    fleet_store: str, tmp_path: Path, number: signal.Signals
) -> None:
    told = "import sys; import ui.routing, ui.app; old = ui.routing.Routing._bring_in\n"
    told += "def bring_in(self): old(self); print('up', flush=True)\n"
    told += "ui.routing.Routing._bring_in = bring_in\n"
    told += "sys.exit(ui.app.run(sys.argv[1], sys.argv[2]))\n"
    command = [sys.executable, "-c", told, fleet_store, str(tmp_path / "catalogue")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.send_signal(number)
        assert process.wait(timeout=30) == 0
