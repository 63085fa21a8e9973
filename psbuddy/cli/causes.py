"""`psbuddy causes`: the leading causes of an application's errors."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Annotated, Any, NamedTuple

import typer
from rich.table import Table
from rich.text import Text

from psbuddy import words
from psbuddy.cli.command import (
    NOTHING,
    AnyApp,
    AsJson,
    Range,
    Until,
    apps_of,
    exits,
    places_of,
    since_until,
)
from psbuddy.cli.guard import OK
from psbuddy.cli.observed import observed_words
from psbuddy.cli.output import (
    cell,
    fitting,
    heading,
    jsonable,
    plain,
    print_json,
    record,
    show,
    table,
    tell,
)
from psbuddy.insight.lives import life, marked
from psbuddy.model.causes import CauseAlias
from psbuddy.model.fleet import AppStatus
from psbuddy.model.series import CauseRow
from psbuddy.model.status import FoundExample
from psbuddy.store import connect_readonly
from psbuddy.store.read.cause_story import cause_aliases
from psbuddy.store.read.causes import cause_examples, cause_rows


def register(app: typer.Typer) -> None:
    app.command("causes")(exits(causes))


def causes(
    context: typer.Context,
    app: AnyApp = None,
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
        found = [
            _found(connection, each, (since, end), limit, examples)
            for each in apps_of(connection, app)
        ]
        seen = observed_words(connection, [each.app for each in found], since, end)
    if as_json:
        documents = [_app_document(each, end) for each in found]
        if app is not None:
            print_json({"since": since, "until": end, **documents[0]})
        else:
            print_json({"since": since, "until": end, "applications": documents})
    elif not found:
        tell(NOTHING)
    elif not any(each.shown for each in found):
        tell(f"No errors or warnings were seen in these {reach}.{seen}")
    else:
        _print(found, end, headed=app is None)
    return OK


class _Found(NamedTuple):
    """The leading causes of one application, and how many there are in all."""

    app: str
    name: str
    shown: tuple["_Shown", ...]
    total: int


def _found(
    connection: sqlite3.Connection,
    app: AppStatus,
    span: tuple[int, int],
    limit: int,
    examples: int,
) -> _Found:
    rows = cause_rows(connection, app.app, *span)
    shown = tuple(_shown(connection, app.app, row, examples) for row in rows[:limit])
    return _Found(app.app, app.name, shown, len(rows))


def _app_document(found: _Found, now: int) -> dict[str, Any]:
    return {"app": found.app, "causes": [_document(each, now) for each in found.shown]}


def _print(found: Sequence[_Found], now: int, *, headed: bool) -> None:
    """`headed`: each application under its name, those without causes left out."""
    for each in found:
        if not each.shown:
            continue
        if headed:
            heading(each.name, each.app)
        show(_table(each.shown, now))
        if each.total > len(each.shown):
            rest = each.total - len(each.shown)
            tell(f"{rest:,} more of {each.app}; ask for them with --limit {each.total}.")


class _Shown(NamedTuple):
    """A cause with its further fingerprints and its newest records."""

    row: CauseRow
    aliases: tuple[CauseAlias, ...]
    examples: tuple[FoundExample, ...]


def _shown(connection: sqlite3.Connection, app: str, row: CauseRow, examples: int) -> _Shown:
    aliases = cause_aliases(connection, app, row.cause)[1:] if row.aliases else ()
    lines = cause_examples(connection, app, row.cause, examples) if examples else ()
    return _Shown(row, aliases, lines)


def _document(shown: _Shown, now: int) -> dict[str, Any]:
    return {
        **jsonable(shown.row),
        "told": life(shown.row, now),
        "fingerprints": shown.aliases,
        "examples": shown.examples,
    }


def _table(causes: Sequence[_Shown], now: int) -> Table:
    names = fitting(_COLUMNS)
    whole = ["State", "Level", "First seen", "Last seen", "Id"]
    found = table(names, right=["Records"], whole=whole)
    for row, aliases, examples in causes:
        cells = {
            "State": cell(marked(row.state) or row.state),
            "Level": cell(row.level),
            "Records": cell(words.count(row.records)),
            "First seen": cell(words.when(row.first_seen, now)),
            "Last seen": cell(words.when(row.last_seen, now)),
            "Id": cell(row.cause[:10], "bright_black"),
            "Cause": _words(row, aliases, now),
            "Hosts": cell(", ".join(row.hosts)),
        }
        found.add_row(*(cells[name] for name in names))
        for example in examples:
            text = record(example.text, "bright_black")
            found.add_row(*(text if name == "Cause" else cell("") for name in names))
    return found


#: Column -> the least width of a terminal that shows it.
_COLUMNS = {
    "State": 0,
    "Level": 90,
    "Records": 0,
    "First seen": 110,
    "Last seen": 0,
    "Id": 0,
    "Cause": 0,
    "Hosts": 130,
}


def _words(row: CauseRow, aliases: Sequence[CauseAlias], now: int) -> Text:
    """Title; below it the template where it says more, what its state means, why it is one."""
    found = cell(row.title)
    told = [row.template] if row.template and row.template != row.title else []
    if meant := life(row, now):
        told.append(f"{words.capital(meant)}.")
    if row.note and row.note not in meant:
        told.append(f"Reference: {row.note}.")
    if aliases:
        why = "; ".join(dict.fromkeys(alias.why for alias in aliases))
        told.append(f"{words.quantity(len(aliases), 'further fingerprint')}: {why}")
    for line in told:
        found.append("\n")
        found.append(plain(line, 300), style="bright_black")
    return found
