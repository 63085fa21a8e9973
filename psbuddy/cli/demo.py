"""`psbuddy demo`: a fleet to try, in the window or as pictures and a table."""

import os
import shutil
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Literal, NoReturn

from psbuddy.cli import output
from psbuddy.cli.guard import OK, USAGE, WRONG, CliError
from psbuddy.cli.window import has_display
from psbuddy.demo.fleet import DemoFleet, Progress
from psbuddy.model.status import AppStatus

Theme = Literal["light", "dark"]

PICTURES = Path("psbuddy-demo")
SIZE = (1440, 900)
_DAY = 86_400
_MOST_DAYS = 400


def demo_command(
    *, headless: Path | None, days: int, seed: int, keep: Path | None, theme: str
) -> int:
    """Make the fleet and show it. `headless`: a folder for pictures in place of a window.

    `keep`: a folder that stays, with logs, catalogue, store and the simulator's counts;
    without it nothing is left behind. Without a display the pictures go to ./psbuddy-demo.
    Raises CliError on wrong values.
    """
    chosen = _checked(days, theme)
    for folder in filter(None, (headless, keep)):
        _made(folder)
    pictures = headless
    if pictures is None and not has_display():
        pictures = PICTURES
        output.tell(f"There is no display here: the pictures go to {pictures}.")
    with _ended_in_order(), DemoFleet(_fresh(keep), seed=seed, days=days) as fleet:
        with _step("Making the fleet") as report:
            fleet.prepare(report)
        if fleet.note:
            output.tell(fleet.note)
        fleet.start()
        code = _window(fleet) if pictures is None else _pictures(fleet, pictures, chosen)
        fleet.stop()
        if keep is not None:
            fleet.truth.save(keep / "truth.json")
            output.tell(f"The fleet is kept in {keep}.")
    return code


def _made(folder: Path) -> None:
    """Make the folder now: nobody waits a minute to hear that it cannot be. Raises CliError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = "it is a file" if folder.is_file() else error.strerror or str(error)
        raise CliError(f"{folder} cannot be a folder: {why}. Name another.", USAGE) from None


def _checked(days: int, theme: str) -> Theme:
    if not 1 <= days <= _MOST_DAYS:
        raise CliError(f"--days {days} is out of range: 1 to {_MOST_DAYS}.", USAGE)
    if theme == "light":
        return "light"
    if theme == "dark":
        return "dark"
    raise CliError(f'--theme "{theme}" is no theme: light or dark.', USAGE)


def _fresh(keep: Path | None) -> Path | None:
    """The folder to keep, made empty of an earlier demo; never of anything else."""
    if keep is None:
        return None
    if keep.exists() and any(keep.iterdir()):
        if not (keep / "catalogue" / "demo.yaml").exists():
            raise CliError(
                f"The folder {keep} holds other files than a demo. Name a new folder.", USAGE
            )
        for name in ("hosts", "sshd", "catalogue"):
            shutil.rmtree(keep / name, ignore_errors=True)
        for file in keep.glob("psbuddy.db*"):
            file.unlink()
    keep.mkdir(parents=True, exist_ok=True)
    return keep


def _window(fleet: DemoFleet) -> int:
    from ui.app import run  # noqa: PLC0415 - brings Qt

    return run(fleet.db_url, str(fleet.catalogue_dir))


def _pictures(fleet: DemoFleet, folder: Path, theme: Theme) -> int:
    from psbuddy.cli.status import status_table  # noqa: PLC0415 - brings the store

    folder.mkdir(parents=True, exist_ok=True)
    with _step("Reading the logs") as report:
        problems = _collect(fleet, report)
    statuses = _statuses(fleet.db_url)
    with _step("Drawing the pictures") as report:
        files = _draw(fleet, statuses, folder, theme, report)
    output.show(status_table(statuses))
    for problem in problems:
        output.tell(problem)
    output.tell(f"{len(files)} pictures are in {folder}: {', '.join(f.name for f in files)}")
    return OK if statuses and not problems else WRONG


def _collect(fleet: DemoFleet, report: Progress) -> list[str]:
    """Visit every host until nothing is left to read. Sentences on what did not work."""
    from collectors.engine import run_engine  # noqa: PLC0415 - brings paramiko

    visited: set[str] = set()
    problems: dict[str, str] = {}

    def on_event(event: Mapping[str, Any]) -> None:
        host = str(event.get("host", ""))
        if event.get("event") in ("problem", "busy"):
            problems[str(event["message"])] = str(event["message"])
        elif event.get("event") == "collected":
            visited.add(host)
            problems.pop(host, None)
            if event.get("outcome") != "ok":
                problems[host] = str(event.get("detail") or f"{host} could not be read.")
        if host:
            report(len(visited) / fleet.host_count, host)

    run_engine(fleet.db_url, fleet.catalogue_dir, once=True, on_event=on_event)
    return list(problems.values())


def _statuses(db_url: str) -> tuple[AppStatus, ...]:
    from psbuddy.store import connect_readonly  # noqa: PLC0415 - brings the store
    from psbuddy.store.read.fleet import app_statuses  # noqa: PLC0415

    with closing(connect_readonly(db_url)) as connection:
        return app_statuses(connection)


def _draw(
    fleet: DemoFleet,
    statuses: Sequence[AppStatus],
    folder: Path,
    theme: Theme,
    report: Progress,
) -> list[Path]:
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ui.render import dashboard_png, fleet_png  # noqa: PLC0415 - brings Qt

    report(0.0, "fleet")
    files = [folder / "fleet.png"]
    files[0].write_bytes(fleet_png(fleet.db_url, theme=theme, size=SIZE))
    until = int(time.time())
    for number, status in enumerate(statuses, start=1):
        report(number / (len(statuses) + 1), status.name)
        for suffix, since in (("", until - _DAY), (f"-{fleet.days}d", fleet.span.since)):
            file = folder / f"{status.app}{suffix}.png"
            picture = dashboard_png(fleet.db_url, status.app, since, until, theme=theme, size=SIZE)
            file.write_bytes(picture)
            files.append(file)
    return files


@contextmanager
def _step(title: str) -> Iterator[Progress]:
    """A progress bar on a terminal, one line when it is done elsewhere."""
    began = time.monotonic()
    with output.progress() as bar:
        task = bar.add_task(title, total=100)

        def report(share: float, what: str) -> None:
            bar.update(task, completed=100 * share, description=f"{title}: {what}")

        yield report
    output.tell(f"{title}: {time.monotonic() - began:.1f} s")


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """A polite kill ends the demo as Ctrl+C does: with its servers and its folder."""

    def leave(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
