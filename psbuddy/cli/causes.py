"""`psbuddy causes`: the leading causes of an application's errors."""

from contextlib import closing
from typing import Annotated

import typer

from psbuddy import words
from psbuddy.cli.command import AsJson, Range, Until, exits, one_of, places_of, since_until
from psbuddy.cli.guard import OK
from psbuddy.cli.output import cell, console, jsonable, print_json, record, table, tell
from psbuddy.store import connect_readonly
from psbuddy.store.read.causes import cause_examples, cause_rows
from psbuddy.store.read.fleet import app_statuses


def register(app: typer.Typer) -> None:
    app.command("causes")(exits(causes))


def causes(
    context: typer.Context,
    app: Annotated[str, typer.Argument(metavar="APP", help="Id of the application.")],
    *,
    reach: Range = "24h",
    until: Until = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 20,
    examples: Annotated[
        int, typer.Option(min=0, max=20, help="Newest lines to show of each cause.")
    ] = 0,
    as_json: AsJson = False,
) -> int:
    """The top causes of errors and warnings, which are new, and how many records each has."""
    since, end = since_until(reach, until)
    with closing(connect_readonly(places_of(context).db)) as connection:
        one_of("application", app, (each.app for each in app_statuses(connection)))
        rows = cause_rows(connection, app, since, end)
        shown = rows[:limit]
        lines = {
            row.cause: cause_examples(connection, app, row.cause, examples) if examples else ()
            for row in shown
        }
    if as_json:
        document = [{**jsonable(row), "examples": lines[row.cause]} for row in shown]
        print_json({"app": app, "since": since, "until": end, "causes": document})
        return OK
    if not shown:
        tell(f"No errors or warnings were seen in these {reach}.")
        return OK
    found = table(
        ["State", "Level", "Records", "First seen", "Last seen", "Cause", "Hosts"],
        right=["Records"],
        whole=["State", "Level", "First seen", "Last seen"],
    )
    for row in shown:
        found.add_row(
            cell(row.state),
            cell(row.level),
            cell(words.count(row.records)),
            cell(words.when(row.first_seen, end)),
            cell(words.when(row.last_seen, end)),
            cell(row.title),
            cell(", ".join(row.hosts)),
        )
        for example in lines[row.cause]:
            found.add_row(*[cell("")] * 5, record(example.text, "bright_black"), cell(""))
    console().print(found)
    if len(rows) > limit:
        tell(f"{len(rows) - limit:,} more; ask for them with --limit {len(rows)}.")
    return OK
