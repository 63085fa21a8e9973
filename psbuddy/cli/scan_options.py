"""`psbuddy scan`: its options; what it does is in `psbuddy.cli.scan`."""

from pathlib import Path
from typing import Annotated

import typer

from psbuddy.cli.command import AsJson, exits


def register(app: typer.Typer) -> None:
    app.command("scan")(exits(scan))


def scan(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Log files to read.")],
    as_json: AsJson = False,
    assign: Annotated[
        bool,
        typer.Option(help="One line per input line: line, record, time, level, cause."),
    ] = False,
    fmt: Annotated[
        str | None, typer.Option("--format", metavar="F", help="Take the files for this format.")
    ] = None,
) -> int:
    """What the host program makes of local files: format, counts, causes, transactions."""
    from psbuddy.cli.scan import scan_command  # noqa: PLC0415 - brings the host program

    return scan_command(files, as_json=as_json, assign=assign, fmt=fmt)
