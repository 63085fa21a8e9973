"""`psbuddy scan`: the host program on local files, without catalogue and store.

The program runs as it does on a host: in its own interpreter, asked by frames.
"""

import glob
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from collectors.bounded import Watchdog
from collectors.errors import CollectError
from collectors.session import Session
from collectors.transport.local import LocalTransport
from psbuddy.cli import scan_formats
from psbuddy.cli.guard import OK, USAGE, WRONG, CliError
from psbuddy.cli.output import plain, print_json, progress, tell
from psbuddy.cli.scan_assign import assign as assign_lines
from psbuddy.cli.scan_report import FileReport, print_report

_SECONDS = 120.0  # for one request; a file of any size takes several
_BUDGET = {"seconds": 60, "bytes": 256 * 1024 * 1024, "groups": 500, "hold": 0, "hold_partial": 0}
_LOG = {"app": "scan", "log": "file"}


def scan_command(files: list[Path], *, as_json: bool, assign: bool, fmt: str | None) -> int:
    """Scan files and print what was understood. Returns the exit code. Raises CliError.

    Times without a zone are taken in this machine's zone. `assign`: one line per input line,
    `line<TAB>record<TAB>time<TAB>level<TAB>cause`, every record grouped.
    """
    if assign and as_json:
        raise CliError("--assign prints lines, --json one document. Choose one of them.", USAGE)
    with _session() as session:
        if assign:
            return max([assign_lines(session, path, fmt) for path in files], default=OK)
        reports = _scan_all(session, files, fmt)
    if as_json:
        print_json({"files": [report.document() for report in reports]})
    for report in reports:
        if not as_json:
            print_report(report)
        for sentence in report.problems:
            tell(sentence)
    return WRONG if any(report.unread for report in reports) else OK


@contextmanager
def _session() -> Iterator[Session]:
    watchdog = Watchdog()
    session = Session("this machine", LocalTransport(watchdog))
    try:
        session.start(time.monotonic() + _SECONDS)
        yield session
    except CollectError as error:
        raise CliError(str(error), WRONG) from error
    finally:
        session.close()
        watchdog.stop()


def _scan_all(session: Session, files: list[Path], fmt: str | None) -> list[FileReport]:
    reports = []
    sizes = [path.stat().st_size if path.is_file() else 0 for path in files]
    with progress() as bar:
        task = bar.add_task("Reading", total=sum(sizes) or 1)
        for path in files:
            report = FileReport(str(path))
            for part in _visits(session, path, fmt):
                report.add(part)
                bar.advance(task, part["bytes"])
            if not report.unread:
                request = scan_formats.asked(path, fmt, report.totals["lines"])
                report.formats = session.request(request, time.monotonic() + _SECONDS)
            reports.append(report)
    return reports


def _visits(session: Session, path: Path, fmt: str | None) -> Iterator[dict[str, Any]]:
    """Replies for one file until its end is reached."""
    positions: list[dict[str, Any]] = []
    while True:
        log = {
            **_LOG,
            "path": glob.escape(str(path.absolute())),
            "format": fmt,
            "history": 0,
            "positions": positions,
        }
        request = {"op": "visit", "budget": _BUDGET, "logs": [log], "checks": []}
        reply = session.request(request, time.monotonic() + _SECONDS)["logs"][0]
        for problem in reply["problems"]:
            if problem["code"] == "pattern":
                raise CliError(f"--format {fmt}: {plain(problem['detail'], 400)}.", USAGE)
        yield reply
        positions = reply["positions"]
        if not reply["backlog_bytes"] or not reply["bytes"]:
            return
