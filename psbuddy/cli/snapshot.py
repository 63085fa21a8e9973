"""`psbuddy snapshot`: what a dashboard shows, as a file."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Annotated, Literal

import typer

from psbuddy.cli.command import App, Range, Until, apps_of, exits, places_of, since_until
from psbuddy.cli.guard import OK, USAGE, CliError
from psbuddy.cli.output import tell
from psbuddy.cli.places import Places
from psbuddy.cli.window import has_display
from psbuddy.report.files import UnwritableError, in_one_step
from psbuddy.store import connect_readonly

SIZE = (1440, 900)
NOT_YET = (".svg", ".pdf", ".xlsx")
_ROWS = ("series", "causes", "runs")
Theme = Literal["light", "dark"]


def register(app: typer.Typer) -> None:
    app.command("snapshot")(exits(snapshot))


def snapshot(
    context: typer.Context,
    app: App,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="FILE.png, .html or .csv")
    ],
    reach: Range = "24h",
    until: Until = "",
    theme: Annotated[str, typer.Option(help="light or dark.")] = "light",
    rows: Annotated[str, typer.Option(help="Of a .csv: series, causes or runs.")] = "series",
) -> int:
    """Write the dashboard of an application into a file: a picture, a page or its figures."""
    since, end = since_until(reach, until)
    chosen = _theme(theme)
    if rows not in _ROWS:
        raise CliError(f'--rows "{rows}" is not known: series, causes or runs.', USAGE)
    kind = output.suffix.lower()
    if kind in NOT_YET:
        raise CliError(f"{kind} is not there yet in this version. Use .png, .html or .csv.", USAGE)
    if kind not in (".png", ".html", ".csv"):
        raise CliError(f"What kind of file is {output.name}? Use .png, .html or .csv.", USAGE)
    if not output.absolute().parent.is_dir():
        raise CliError(f"The folder {output.absolute().parent} is not there. Make it first.", USAGE)
    places = places_of(context)
    with closing(connect_readonly(places.db)) as connection:
        app = apps_of(connection, app)[0].app
        try:
            with in_one_step(output) as write:
                write(
                    _content(
                        connection, places, app, (since, end), theme=chosen, kind=kind, rows=rows
                    )
                )
        except UnwritableError as error:
            raise CliError(f"{error} Choose another place with --output.", USAGE) from None
    tell(f"{output} shows {reach} of {app}.")
    return OK


def _theme(text: str) -> Theme:
    if text == "light":
        return "light"
    if text == "dark":
        return "dark"
    raise CliError(f'--theme "{text}" is no theme: light or dark.', USAGE)


def _content(
    connection: sqlite3.Connection,
    places: Places,
    app: str,
    span: tuple[int, int],
    *,
    theme: Theme,
    kind: str,
    rows: str,
) -> bytes:
    since, until = span
    if kind == ".png":
        return _picture(places, app, span, theme)
    from psbuddy.report import csv  # noqa: PLC0415 - brings numpy
    from psbuddy.report.dashboard import load_dashboard  # noqa: PLC0415

    dashboard = load_dashboard(connection, app, since, until, until)
    if kind == ".csv":
        tables = {"series": csv.series_rows, "causes": csv.cause_csv_rows, "runs": csv.run_csv_rows}
        return csv.to_csv(tables[rows](dashboard)).encode("utf-8-sig")
    from psbuddy.report.html import dashboard_html  # noqa: PLC0415

    return dashboard_html(dashboard, _picture(places, app, span, theme)).encode()


def _picture(places: Places, app: str, span: tuple[int, int], theme: Theme) -> bytes:
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ui.render import dashboard_png  # noqa: PLC0415 - brings Qt

    since, until = span
    return dashboard_png(places.db, app, since, until, theme=theme, size=SIZE)
