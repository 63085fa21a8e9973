"""`psbuddy status`: the fleet as a table."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from psbuddy import words
from psbuddy.cli.command import AsJson, exits, one_of, places_of
from psbuddy.cli.guard import OK, WRONG
from psbuddy.cli.output import cell, console, plain, print_json, table, tell
from psbuddy.model.status import AppStatus, HostLine
from psbuddy.model.terms import State
from psbuddy.store import connect_readonly
from psbuddy.store.read.fleet import app_statuses, host_lines
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
    app: Annotated[str | None, typer.Option(metavar="ID", help="Only this application.")] = None,
    as_json: AsJson = False,
) -> int:
    """Which applications need you: state, since when, errors against normal, worst job.

    Exit code 1 when an application is down, cannot be seen, or what is known of it is old.
    """
    with closing(connect_readonly(places_of(context).db)) as connection:
        statuses, hosts = app_statuses(connection), host_lines(connection)
    if app is not None:
        one_of("application", app, (each.app for each in statuses))
        statuses = tuple(each for each in statuses if each.app == app)
    now = int(time.time())
    stale = [each.app for each in statuses if is_stale(each, now)]
    if as_json:
        print_json({"now": now, "applications": statuses, "stale": stale, "hosts": hosts})
    elif statuses:
        console().print(status_table(statuses))
    if not statuses:
        tell("Nothing is watched yet. Open PS Buddy to choose logs, or write a catalogue.")
        return WRONG
    for sentence in _unseen(hosts):
        tell(sentence)
    if stale:
        tell(_stale_sentence([each for each in statuses if each.app in stale], now))
    wrong = any(each.state in WRONG_STATES for each in statuses)
    return WRONG if wrong or stale else OK


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
    names = [name for name, least in _COLUMNS.items() if room >= least]
    found = table(names, right=["Up", "Seen"], whole=["Application", "Since", "Collected"])
    for each in sorted(statuses, key=urgency):
        cells = _cells(each, moment)
        found.add_row(*(cells[name] for name in names))
    return found


#: Column -> the least width of a terminal that shows it.
_COLUMNS = {
    "": 0,
    "Application": 0,
    "State": 0,
    "Since": 0,
    "Errors, last hour": 100,
    "Worst job": 120,
    "Up": 70,
    "Seen": 70,
    "Collected": 90,
}


def _cells(status: AppStatus, now: int) -> dict[str, Text]:
    mark, style = MARKS[status.state]
    return {
        "": cell(mark, style),
        "Application": cell(status.name),
        "State": cell(status.headline or status.state),
        "Since": cell(words.when(status.since, now) if status.since else "—"),
        "Errors, last hour": cell(_errors(status)),
        "Worst job": cell(_worst_job(status)),
        "Up": cell(words.share(status.availability)),
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
    found = words.rate(status.errors_per_minute)
    if status.normal_per_minute is None:
        return found
    return f"{found}, normal {words.rate(status.normal_per_minute)}"
