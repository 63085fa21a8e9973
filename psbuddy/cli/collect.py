"""`psbuddy collect`: visit the hosts, once or for ever."""

from typing import Annotated

import typer

from psbuddy.cli.command import exits, places_of
from psbuddy.cli.guard import USAGE, CliError
from psbuddy.cli.output import tell


def register(app: typer.Typer) -> None:
    app.command("collect")(exits(collect))


def collect(
    context: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once", help="Visit every host once and end.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Visit them until stopped.")] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Events as JSON lines on stdout, requests on stdin.")
    ] = False,
    app: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only this application; repeatable.")
    ] = None,
    host: Annotated[
        list[str] | None, typer.Option(metavar="HOST", help="Only this host; repeatable.")
    ] = None,
) -> int:
    """Read what is new in the logs of all hosts, run the checks, store the counts."""
    if once == watch:
        raise CliError("Say how long: --once visits every host once, --watch goes on.", USAGE)
    from collectors.engine import run_engine  # noqa: PLC0415 - brings paramiko, SQLAlchemy

    places = places_of(context)
    return run_engine(
        places.db,
        places.catalogue,
        once=once,
        jsonl=jsonl,
        apps=tuple(app or ()),
        hosts=tuple(host or ()),
        echo=tell,
    )
