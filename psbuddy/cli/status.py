"""`psbuddy status`: the fleet as a table."""

import time
from collections.abc import Iterable
from contextlib import closing
from typing import Annotated

import typer
from rich.table import Table

from psbuddy import words
from psbuddy.cli.command import AsJson, exits, one_of, places_of
from psbuddy.cli.guard import OK, WRONG
from psbuddy.cli.output import cell, console, print_json, table, tell
from psbuddy.model.status import AppStatus
from psbuddy.model.terms import URGENCY, State
from psbuddy.store import connect_readonly
from psbuddy.store.read.fleet import app_statuses, host_lines

MARKS: dict[State, tuple[str, str]] = {
    State.UP: ("●", "green"),
    State.WATCH: ("▲", "yellow"),
    State.DOWN: ("◆", "red"),
    State.UNKNOWN: ("○", "bright_black"),
    State.PAUSED: ("■", "bright_black"),
}

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

    Exit code 1 when an application is down, or cannot be seen.
    """
    with closing(connect_readonly(places_of(context).db)) as connection:
        statuses, hosts = app_statuses(connection), host_lines(connection)
    if app is not None:
        one_of("application", app, (each.app for each in statuses))
        statuses = tuple(each for each in statuses if each.app == app)
    if as_json:
        print_json({"now": int(time.time()), "applications": statuses, "hosts": hosts})
    elif statuses:
        console().print(status_table(statuses))
    if not statuses:
        tell("Nothing is watched yet. Open PS Buddy to choose logs, or write a catalogue.")
        return WRONG
    return WRONG if any(each.state in WRONG_STATES for each in statuses) else OK


def status_table(statuses: Iterable[AppStatus], now: int | None = None) -> Table:
    """The fleet, most urgent first. `now`: epoch seconds, the clock when not given."""
    moment = int(time.time()) if now is None else now
    found = table(
        ["", "Application", "State", "Since", "Errors", "Worst job", "Up", "Seen", "Collected"],
        right=["Up", "Seen"],
    )
    for each in sorted(statuses, key=lambda each: (URGENCY.index(each.state), each.since)):
        mark, style = MARKS[each.state]
        found.add_row(
            cell(mark, style),
            cell(each.name),
            cell(each.headline or each.state),
            cell(words.when(each.since, moment) if each.since else "—"),
            cell(_errors(each)),
            cell(each.worst_job_note or each.worst_job or "—"),
            cell(words.share(each.availability)),
            cell(words.share(each.coverage)),
            cell(words.when(each.last_collection, moment)),
        )
    return found


def _errors(status: AppStatus) -> str:
    if status.errors_per_minute is None:
        return "not seen"
    found = words.rate(status.errors_per_minute)
    if status.normal_per_minute is None:
        return found
    return f"{found}, normal {words.rate(status.normal_per_minute)}"
