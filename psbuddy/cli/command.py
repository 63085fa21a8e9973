"""What every command shares: an exit code as its result, and the options they have in common."""

import difflib
import functools
import re
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer

from psbuddy.cli.guard import USAGE, CliError, nobody_reads
from psbuddy.cli.places import Places
from psbuddy.model.fleet import AppStatus
from psbuddy.store.read.fleet import app_statuses

if TYPE_CHECKING:  # for its name alone, see psbuddy.store.connect
    import sqlite3

Arguments = ParamSpec("Arguments")

App = Annotated[str, typer.Argument(metavar="APP", help="Id of the application.")]
AnyApp = Annotated[
    str | None, typer.Argument(metavar="APP", help="Id of the application; else all.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Range = Annotated[
    str, typer.Option("--range", metavar="30d", help="How far back: 90m, 24h, 30d, 1y.")
]
Until = Annotated[
    str,
    typer.Option("--until", metavar="TIME", help="Where it ends, ISO 8601, UTC; else now."),
]

_RANGE = re.compile(r"(\d{1,5})([mhdwy])", re.ASCII)
#: Years that --until may name: the longest range before them is still after 1970.
_FIRST_YEAR, _END_YEAR = 1991, 2200
_UNIT_SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 365 * 86400}


def exits(function: Callable[Arguments, int]) -> Callable[Arguments, None]:
    """Make the result of a command its exit code."""

    @functools.wraps(function)
    def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            code = function(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError:  # before typer makes an error of it
            code = nobody_reads()
        raise typer.Exit(code)

    wrapped.__annotations__["return"] = None
    return wrapped


def places_of(context: typer.Context) -> Places:
    """The places this command line works on."""
    places = context.find_object(Places)
    assert places is not None
    return places


def since_until(reach: str, until: str = "") -> tuple[int, int]:
    """A stretch of this length: epoch seconds [since, until). Raises CliError."""
    found = _RANGE.fullmatch(reach.strip())
    seconds = int(found[1]) * _UNIT_SECONDS[found[2]] if found else 0
    if not 60 <= seconds <= 20 * 365 * 86400:
        raise CliError(
            f'--range "{reach}" is no range. Write a number and a unit: 90m, 24h, 30d, 1y.', USAGE
        )
    end = moment(until) if until else int(time.time())
    return end - seconds, end


def moment(text: str) -> int:
    """Epoch seconds of an ISO 8601 time given with --until. Raises CliError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        example = "2026-11-24T03:00"
        raise CliError(
            f'--until "{text}" is no time. Write it as {example}, in UTC.', USAGE
        ) from None
    if not _FIRST_YEAR <= moment.year < _END_YEAR:
        raise CliError(f'--until "{text}" is no year of any log here.', USAGE)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


#: What to do where no application is known.
NOTHING = (
    "Nothing is watched yet: open PS Buddy to choose logs, or write a catalogue and run "
    "psbuddy collect --once."
)


def apps_of(connection: "sqlite3.Connection", app: str | None) -> tuple[AppStatus, ...]:
    """The application that is meant, all of them where none is named. Raises CliError."""
    statuses = app_statuses(connection)
    if app is None:
        return statuses
    wanted = app_id(app, ((each.app, each.name) for each in statuses))
    return tuple(each for each in statuses if each.app == wanted)


def app_id(given: str, known: Iterable[tuple[str, str]], nothing: str = NOTHING) -> str:
    """The id of the application that is meant by its id or its name. Raises CliError.

    `known`: ids with their names. `nothing`: what is said where there are none.
    """
    ids = dict(known)
    named = [each for each, name in ids.items() if name.casefold() == given.casefold()]
    if given not in ids and len(named) == 1:
        return named[0]
    if not ids:
        raise CliError(f'There is no application "{given}". {nothing}', USAGE)
    return one_of("application", given, ids)


def one_of(kind: str, name: str, known: Iterable[str]) -> str:
    """`name` if it is known. Raises CliError that names the nearest."""
    names = sorted(known)
    if name in names:
        return name
    near = difflib.get_close_matches(name, names, n=1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    listed = f" Known are {', '.join(names[:20])}." if names and not near else ""
    none = " Nothing is stored yet." if not names else ""
    raise CliError(f'There is no {kind} "{name}".{hint}{listed}{none}', USAGE)
