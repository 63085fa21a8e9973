"""`psbuddy status`: the fleet as a table."""

import textwrap
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from psbuddy import words
from psbuddy.catalogue import Problem
from psbuddy.cli.catalogue_state import catalogue_problems
from psbuddy.cli.command import NOTHING, AnyApp, AsJson, apps_of, exits, places_of
from psbuddy.cli.guard import OK, USAGE, WRONG, CliError
from psbuddy.cli.output import cell, console, fitting, plain, print_json, show, table, tell
from psbuddy.model.status import AppStatus, HostLine
from psbuddy.model.terms import State
from psbuddy.store import connect_readonly
from psbuddy.store.read.fleet import host_lines
from ui.pages.fleet.view import is_stale, known_words, urgency

MARKS: dict[State, tuple[str, str]] = {
    State.UP: ("●", "green"),
    State.WATCH: ("▲", "yellow"),
    State.DOWN: ("◆", "red"),
    State.UNKNOWN: ("○", "bright_black"),
    State.PAUSED: ("■", "bright_black"),
}

_MOST_REASONS = 5

#: Not healthy for certain: what makes the exit code 1.
WRONG_STATES = (State.DOWN, State.UNKNOWN)


def register(app: typer.Typer) -> None:
    app.command("status")(exits(status))


def status(
    context: typer.Context,
    app: AnyApp = None,
    only: Annotated[
        str | None, typer.Option("--app", metavar="ID", help="The same as APP.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Which applications need you: state, since when, why, errors against normal, worst job.

    Exit code 1 when an application is down, cannot be seen, what is known of it is old, or the
    catalogue has problems.
    """
    places = places_of(context)
    with closing(connect_readonly(places.db)) as connection:
        statuses, hosts = apps_of(connection, _one(app, only)), host_lines(connection)
    now = int(time.time())
    problems = catalogue_problems(places.catalogue)
    stale = [each.app for each in statuses if is_stale(each, now)]
    if as_json:
        told = {"folder": str(places.catalogue), "valid": not problems, "problems": problems}
        document = {"now": now, "applications": statuses, "stale": stale, "hosts": hosts}
        print_json({**document, "catalogue": told})
    elif statuses:
        show(status_table(statuses))
    if problems:
        tell(_broken(places.catalogue, problems, watched=bool(statuses)))
    if not statuses:
        if not problems:
            tell(NOTHING)
        return WRONG
    for sentence in _unseen(hosts):
        tell(sentence)
    if stale:
        tell(_stale_sentence([each for each in statuses if each.app in stale], now))
    wrong = any(each.state in WRONG_STATES for each in statuses)
    return WRONG if wrong or stale or problems else OK


def _one(app: str | None, only: str | None) -> str | None:
    """The application that is named, in whichever way. Raises CliError."""
    if app is not None and only is not None and app != only:
        raise CliError(f"Two applications are named, {app} and {only}. Name one or none.", USAGE)
    return app if app is not None else only


def _broken(folder: Path, problems: Sequence[Problem], *, watched: bool) -> str:
    """What a broken catalogue means for what is shown."""
    many = words.quantity(len(problems), "problem")
    used = "What was last good of it is still in use." if watched else "Nothing is watched yet."
    return plain(
        f"The catalogue in {folder} has {many}. {used} psbuddy catalogue check names all of them; "
        f"the first: {problems[0]}"
    )


def _unseen(hosts: Iterable[HostLine]) -> Iterator[str]:
    """Why hosts could not be visited the last time; the first few, then how many more."""
    watched = (host for host in hosts if host.state is not State.PAUSED)
    failing = [host for host in watched if host.reason and host.last_try > host.last_good]
    for host in failing[:_MOST_REASONS]:
        named = host.reason.startswith(host.host)
        yield plain(host.reason if named else f"{host.host}: {host.reason}")
    if failing[_MOST_REASONS:]:
        yield f"{len(failing) - _MOST_REASONS} more hosts could not be visited (--json names them)."


def _stale_sentence(stale: Sequence[AppStatus], now: int) -> str:
    newest = max(each.last_collection for each in stale)
    names = ", ".join(plain(each.name) for each in stale[:5]) + (" ..." if stale[5:] else "")
    known = known_words(newest, now)
    return f"{names}: {known}. psbuddy collect --once brings it up to date."


def status_table(
    statuses: Iterable[AppStatus], now: int | None = None, width: int | None = None
) -> Table:
    """The fleet, most urgent first. `now`: epoch seconds, the clock when not given.

    `width`: characters there are, else the terminal's; a narrow one shows fewer columns.
    """
    moment = int(time.time()) if now is None else now
    room = console().width if width is None else width
    names = fitting(_COLUMNS, room)
    whole = [name for name in names if name != "Why"]
    found = table(names, right=["Up", "Seen"], whole=whole)
    rows = [_cells(each, moment) for each in sorted(statuses, key=urgency)]
    taken = sum(max(len(name), *(row[name].cell_len for row in rows)) + 2 for name in whole)
    for cells in rows:
        cells["Why"] = _cut(cells["Why"], room - taken)
        found.add_row(*(cells[name] for name in names))
    return found


def _cut(text: Text, width: int) -> Text:
    """A reason on two lines at most."""
    lines = textwrap.wrap(text.plain, max(20, width), max_lines=2, placeholder=" …")
    return Text("\n".join(lines))


#: Column -> the least width of a terminal that shows it.
_COLUMNS = {
    "": 0,
    "Application": 0,
    "Id": 110,
    "State": 0,
    "Since": 0,
    "Why": 0,
    "Errors, last hour": 150,
    "Worst job": 190,
    "Up": 120,
    "Seen": 120,
    "Collected": 100,
}


def _cells(status: AppStatus, now: int) -> dict[str, Text]:
    mark, style = MARKS[status.state]
    return {
        "": cell(mark, style),
        "Application": cell(status.name),
        "Id": cell(status.app, "bright_black"),
        "State": cell(status.state, style),
        "Since": cell(words.when(status.since, now) if status.since else "—"),
        "Why": cell(status.sentence or status.headline),
        "Errors, last hour": cell(_errors(status)),
        "Worst job": cell(_worst_job(status)),
        "Up": cell(words.share(status.known_availability)),
        "Seen": cell(words.share(status.coverage)),
        "Collected": cell(words.when(status.last_collection, now)),
    }


def _worst_job(status: AppStatus) -> str:
    if not status.worst_job:
        return "—"
    return f"{words.job_name(status.worst_job)}: {status.worst_job_note}"


def _errors(status: AppStatus) -> str:
    if status.errors_per_minute is None:
        return "not seen"
    if status.normal_per_minute is None:
        return words.rate(status.errors_per_minute)
    return words.rate_beside(status.errors_per_minute, status.normal_per_minute)
