"""`psbuddy doctor`: what is installed, what is wrong, what to do."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.table import Table

from psbuddy.cli.command import AsJson, exits, places_of
from psbuddy.cli.compacting import compacted
from psbuddy.cli.guard import OK, WRONG
from psbuddy.cli.health import Finding, Health
from psbuddy.cli.health_programs import program_findings
from psbuddy.cli.health_screen import screen_findings
from psbuddy.cli.health_store import store_findings
from psbuddy.cli.health_watched import watched_findings
from psbuddy.cli.output import cell, print_json, show, table, tell

_MARKS = {
    Health.FINE: ("●", "green"),
    Health.NOTE: ("▲", "yellow"),
    Health.WRONG: ("◆", "red"),
}


def register(app: typer.Typer) -> None:
    app.command("doctor")(exits(doctor))


def doctor(
    context: typer.Context,
    *,
    compact: Annotated[
        bool,
        typer.Option(
            "--compact",
            help="First seal and drop what the catalogue's store section says, free the space.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Look at this machine, the store, the catalogue, the hosts and their logs.

    Exit code 1 when something is wrong.
    """
    places = places_of(context)
    if compact:
        tell(compacted(places))
    findings = [*program_findings(), *screen_findings(), *store_findings(places)]
    findings += watched_findings(places.db)
    wrong = [each for each in findings if each.health is Health.WRONG]
    if as_json:
        print_json({"fine": not wrong, "findings": findings})
    else:
        show(_table(findings))
        told = "1 thing is wrong." if len(wrong) == 1 else f"{len(wrong)} things are wrong."
        tell(told if wrong else "Nothing is wrong.")
    return WRONG if wrong else OK


def _table(findings: Iterable[Finding]) -> Table:
    found = table(["", "What", "Found", "What to do"])
    for each in findings:
        mark, style = _MARKS[each.health]
        found.add_row(cell(mark, style), cell(each.what), cell(each.found), cell(each.todo))
    return found
