"""`psbuddy export`: the analysts' views as files."""

import sqlite3
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from psbuddy.cli.command import exits, places_of
from psbuddy.cli.guard import OK, USAGE, WRONG, CliError
from psbuddy.cli.output import progress, tell
from psbuddy.report.csv import write_csv
from psbuddy.report.files import UnwritableError
from psbuddy.store import connect_readonly
from psbuddy.store.unpacked import damaged_words, unpack_minutes
from psbuddy.store.views import VIEWS


def register(app: typer.Typer) -> None:
    app.command("export")(exits(export))


def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write into.")],
    *,
    csv: Annotated[
        bool, typer.Option("--csv", help="CSV, one file per view (the default).")
    ] = False,
    parquet: Annotated[bool, typer.Option("--parquet", help="Not there yet.")] = False,
    openmetrics: Annotated[bool, typer.Option("--openmetrics", help="Not there yet.")] = False,
) -> int:
    """Write every view of the store (docs/database.md) into a folder, for other programs."""
    if parquet or openmetrics:
        wanted = "Parquet" if parquet else "OpenMetrics"
        raise CliError(f"{wanted} is not there yet in this version. Use --csv.", USAGE)
    del csv  # the only one there is, so it needs no asking
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with closing(connect_readonly(places_of(context).db)) as connection:
            unpacked = unpack_minutes(connection)
            written = _write_views(connection, folder)
            damaged = damaged_words(connection, unpacked)
    except OSError as error:
        raise CliError(f"{folder} cannot be written: {error.strerror or error}.", USAGE) from None
    except UnwritableError as error:
        raise CliError(str(error), USAGE) from None
    tell(f"{written:,} rows of {len(VIEWS)} views are in {folder}.")
    if damaged:
        tell(damaged)
    return WRONG if damaged else OK


def _write_views(connection: sqlite3.Connection, folder: Path) -> int:
    """All views as of one moment: a commit in between is in none of them."""
    written = 0
    connection.execute("BEGIN")
    try:
        with progress() as bar:
            task = bar.add_task("Exporting", total=len(VIEWS))
            for view in VIEWS:
                cursor = connection.execute(f"SELECT * FROM {view}")  # noqa: S608 - our own names
                header = [column[0] for column in cursor.description]
                written += write_csv(folder / f"{view}.csv", chain([header], cursor))
                bar.advance(task)
    finally:
        connection.execute("ROLLBACK")
    return written
