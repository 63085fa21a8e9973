"""Which command is it? Only that command's module is imported."""

import importlib
import io
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from psbuddy import __version__
from psbuddy.cli.guard import guarded, wants_json
from psbuddy.cli.places import Places

#: Command -> module of psbuddy.cli that registers it. The order is that of --help.
COMMANDS: dict[str, str] = {
    "demo": "demo_options",
    "collect": "collect",
    "status": "status",
    "causes": "causes",
    "cause": "cause",
    "lines": "lines",
    "jobs": "jobs",
    "runs": "runs",
    "transactions": "transactions",
    "hosts": "hosts",
    "snapshot": "snapshot",
    "scan": "scan_options",
    "sql": "sql",
    "export": "export",
    "catalogue": "catalogue",
    "doctor": "doctor",
}

_HELP = """The dashboard for production support. Without a command it opens the window.

--db URL names the store (or PSBUDDY_DB) and --catalogue DIR what is watched (or
PSBUDDY_CATALOGUE); both are understood before and after every command."""


def run_command(places: Places, arguments: Sequence[str]) -> int:
    """Exit code of one command line that names a command."""

    def work() -> int:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # an old console lacks a few characters
                stream.reconfigure(errors="replace")
        command = typer.main.get_command(build(arguments))
        try:
            said = command.main(
                args=list(arguments), prog_name="psbuddy", obj=places, standalone_mode=False
            )
        except TyperException as error:
            from psbuddy.cli.usage import wrong_use  # noqa: PLC0415 - error path

            raise wrong_use(error) from None
        return said if isinstance(said, int) else 0

    return guarded(work, as_json=wants_json(arguments))


def build(arguments: Sequence[str] = ()) -> typer.Typer:
    """The commands these arguments need: one, or all for help and for a misspelt one."""
    app = typer.Typer(
        name="psbuddy",
        help=_HELP,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        no_args_is_help=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    wanted = arguments[0] if arguments else ""
    names = [wanted] if wanted in COMMANDS else [] if wanted == "--version" else list(COMMANDS)
    for name in names:
        module = importlib.import_module(f"psbuddy.cli.{COMMANDS[name]}")
        register: Callable[[typer.Typer], Any] = module.register
        register(app)
    return app


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"psbuddy {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Say the version."),
    ] = False,
    db: Annotated[str, typer.Option("--db", metavar="URL", help="The store (or PSBUDDY_DB).")] = "",
    catalogue: Annotated[
        str,
        typer.Option("--catalogue", metavar="DIR", help="What is watched (or PSBUDDY_CATALOGUE)."),
    ] = "",
) -> None:
    """Places are taken out of the arguments beforehand (`places`); they stand here for --help."""
