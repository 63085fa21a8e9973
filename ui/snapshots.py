"""Saves what a dashboard shows as a file: `psbuddy snapshot` in a process of its own.

Drawing a picture takes about a second of the thread that draws the window, so another process
does it.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

FILTERS = {".png": "Picture (*.png)", ".html": "Page with figures (*.html)",
           ".csv": "Figures (*.csv)"}  # fmt: skip
_UNSAFE = re.compile(r"[^\w.-]+")
_END_MS = 3_000
#: Units of a range, and the largest number of one.
_UNITS, _MOST = (("m", 60), ("h", 3_600), ("d", 86_400)), 99_999


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to save: an application over [since, until) in epoch seconds, in a theme."""

    app: str
    since: int
    until: int
    theme: str = "light"


def command(db_url: str, wanted: Wanted, file: Path) -> list[str]:
    """The command line that writes `file`."""
    frozen = bool(getattr(sys, "frozen", False))
    program = [sys.executable] if frozen else [sys.executable, "-m", "psbuddy"]
    until = datetime.fromtimestamp(wanted.until, UTC).isoformat()
    options = [
        "--range",
        reach(wanted.until - wanted.since),
        "--until",
        until,
        "--theme",
        wanted.theme,
    ]
    return [*program, "--db", db_url, "snapshot", *options, f"--output={file}", "--", wanted.app]


def reach(seconds: int) -> str:
    """A range as the command line takes it, no shorter than `seconds`: `1440m`, `43800h`."""
    unit, size = next((each for each in _UNITS if seconds <= each[1] * _MOST), _UNITS[-1])
    return f"{max(1, -(-seconds // size))}{unit}"


def suggested(wanted: Wanted) -> str:
    """`shop-2026-11-24-1032.png`: a name that every file system takes."""
    app = _UNSAFE.sub("-", wanted.app).strip(".-") or "snapshot"
    return f"{app}-{datetime.fromtimestamp(wanted.until).astimezone():%Y-%m-%d-%H%M}.png"


def with_suffix(name: str, chosen: str) -> Path:
    """The file meant: without a known ending, that of the filter chosen."""
    file = Path(name)
    if file.suffix.lower() in FILTERS:
        return file
    suffix = next((end for end, text in FILTERS.items() if text == chosen), ".png")
    return file.with_name(file.name + suffix)


class SnapshotDesk(QObject):
    """One snapshot at a time. `told`: what it does or has done; `failed`: why it has not."""

    told = Signal(str)
    failed = Signal(str)
    saved = Signal(str)  # the file

    def __init__(self, db_url: Callable[[], str], window: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._db_url, self._window = db_url, window
        self._process: QProcess | None = None

    def ask(self, wanted: Wanted) -> QFileDialog:
        """Ask for a file, then save."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self._window, "Save snapshot", folder, ";;".join(FILTERS.values()))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(suggested(wanted))
        dialog.fileSelected.connect(
            lambda name: self.save(wanted, with_suffix(name, dialog.selectedNameFilter()))
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save(self, wanted: Wanted, file: Path) -> None:
        """Write `file`; `told` says when it is there, `failed` why it is not."""
        if self._process is not None:
            self.failed.emit("A snapshot is being saved; try again when it is there.")
            return
        program, *arguments = command(self._db_url(), wanted, file)
        self._process = process = QProcess(self)
        process.finished.connect(lambda code, _: self._finished(file, code))
        process.errorOccurred.connect(lambda error: self._failed(file, error))
        self.told.emit(f"Saving {file.name} …")
        process.start(program, arguments)

    def close(self) -> None:
        """End what still runs; a file that is not whole never appears."""
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(_END_MS)

    def _finished(self, file: Path, code: int) -> None:
        process = self._process
        if process is None:
            return
        said = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").split("\n")
        self._done()
        if code == 0:
            self.told.emit(f"Saved: {file}")
            self.saved.emit(str(file))
        else:
            why = next((line.strip() for line in said if line.strip()), f"it ended with {code}.")
            self.failed.emit(f"The snapshot was not saved: {why}")

    def _failed(self, file: Path, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._done()
            self.failed.emit(f"The snapshot was not saved: {file.name} could not be begun.")

    def _done(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
