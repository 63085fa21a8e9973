"""`psbuddy hosts`: how each host is reached, and what we do there, for its owner to read."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Annotated

import typer

from psbuddy import words
from psbuddy.cli.command import AsJson, exits, one_of, places_of
from psbuddy.cli.guard import OK
from psbuddy.cli.output import cell, plain, print_json, show, table, tell
from psbuddy.model.status import HostLine
from psbuddy.store import connect_readonly
from psbuddy.store.read.collections import host_notes, visit_days
from psbuddy.store.read.fleet import host_lines
from ui.pages.host.known import DAYS_SHOWN, host_known
from ui.pages.host.view import STATE_SENTENCES, host_text, host_view, list_note

_LINE = 4_000  # characters of one line of the text


def register(app: typer.Typer) -> None:
    app.command("hosts")(exits(hosts))


def hosts(
    context: typer.Context,
    report: Annotated[
        str,
        typer.Option(metavar="HOST", help="As text: everything we do on this host, for its owner."),
    ] = "",
    as_json: AsJson = False,
) -> int:
    """How each host is reached, since when, and what the visits of the last days cost it."""
    with closing(connect_readonly(places_of(context).db)) as connection:
        lines = host_lines(connection)
        if report:
            one_of("host", report, (line.host for line in lines))
            return _report(connection, lines, report, as_json=as_json)
        days = {line.host: visit_days(connection, line.host, DAYS_SHOWN) for line in lines}
        notes = {line.host: host_notes(connection, line.host) for line in lines}
    if as_json:
        print_json(
            {
                "hosts": [
                    {"line": line, "days": days[line.host], "notes": notes[line.host]}
                    for line in lines
                ]
            }
        )
        return OK
    if not lines:
        tell("No host was visited yet. psbuddy collect --once visits all that the catalogue names.")
        return OK
    now = int(time.time())
    shown = table(
        ["Host", "State", "Seen", "Way", "Visits", "Logins", "Read there", "Host CPU"],
        right=["Visits", "Logins", "Read there", "Host CPU"],
    )
    for line in lines:
        visited = days[line.host]
        shown.add_row(
            cell(line.host),
            cell(STATE_SENTENCES[line.state]),
            cell(list_note(line, now)),
            cell(line.transport or "—"),
            cell(words.count(sum(day.visits for day in visited))),
            cell(words.count(sum(day.logins for day in visited))),
            cell(words.size(sum(day.bytes_read for day in visited))),
            cell(words.duration(sum(day.cpu_seconds for day in visited))),
        )
    show(shown)
    return OK


def _report(
    connection: sqlite3.Connection, lines: Sequence[HostLine], host: str, *, as_json: bool
) -> int:
    line = next(each for each in lines if each.host == host)
    known = host_known(connection, host)
    if as_json:
        print_json({"line": line, "days": known.days, "notes": known.notes, "visits": known.visits})
        return OK
    text = host_text(host_view(line, known, int(time.time())), known.visits)
    typer.echo("\n".join(plain(each, _LINE) for each in text.split("\n")))
    return OK
