"""`psbuddy catalogue discover`: logs that are found on a host, as YAML to begin with."""

import re
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from psbuddy import words
from psbuddy.catalogue import CatalogueError, load_catalogue, watch_logs
from psbuddy.cli.command import AsJson, places_of
from psbuddy.cli.guard import OK, USAGE, WRONG, CliError
from psbuddy.cli.output import cell, print_json, table, tell, tell_table
from psbuddy.cli.places import Places
from psbuddy.store.url import path_of

_CONNECT_SECONDS = 30.0
_MOST_LOGS = 5000
_LONGEST_PATH = 1024


@dataclass(frozen=True, slots=True)
class FoundLog:
    path: str
    size: int  # bytes
    growing: bool
    readable: bool
    format: str  # "none" where nothing was recognised
    detail: str = ""  # why it is not readable, and the one command for the owner of the host


def discover(
    context: typer.Context,
    host: Annotated[str, typer.Argument(metavar="HOST", help="An ssh alias, or local.")],
    *,
    places: Annotated[
        list[str] | None,
        typer.Option(
            "--in",
            "--folder",
            metavar="PATH",
            help="A folder or a file to look at instead of the usual folders; repeatable.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Look for logs on a host and print YAML to begin with. Nothing is written, there or here."""
    wanted = [_place(host, place) for place in places or ()]
    found = ask(places_of(context), host, wanted)
    proposed = [
        log
        for log in found
        if log.readable and (log.growing or log.format != "none" or log.path in wanted)
    ]
    if as_json:
        print_json({"host": host, "logs": found})
    elif proposed:
        _tell(found)
        typer.echo(proposal(host, [log.path for log in proposed]), nl=False)
    if not proposed:
        tell(_nothing(host, wanted, found))
        return WRONG
    return OK


def _place(host: str, place: str) -> str:
    """The path that is meant on a host. Raises CliError."""
    if host == "local":
        return str(Path(place).expanduser().absolute())
    if not place.startswith("/"):
        raise CliError(f'--in "{place}" is no path on {host}: it begins with "/".', USAGE)
    return place


def _nothing(host: str, wanted: Sequence[str], found: Sequence[FoundLog]) -> str:
    named = [log for log in found if log.path in wanted and not log.readable]
    if named:
        why = named[0].detail or "ask for the group that owns it."
        return f"{named[0].path} on {host} may not be read by this account: {why}"
    if wanted:
        return (
            f"No log was found at {words.listing(wanted)} on {host}. Is the path right, and may "
            "this account read it?"
        )
    return (
        f"No log was found on {host} that this account may read. "
        "Name a folder or a file with --in, or ask for the group that owns /var/log, often adm."
    )


def ask(places: Places, host: str, wanted_places: Iterable[str]) -> tuple[FoundLog, ...]:
    """Logs on a host, the likeliest first. Raises CollectError."""
    from collectors.connect import Connector  # noqa: PLC0415 - brings paramiko
    from collectors.errands import discover as errand  # noqa: PLC0415
    from collectors.terminal import asker_on_terminal  # noqa: PLC0415

    wanted = errand({"host": host, "folders": list(wanted_places)})
    try:
        entry = load_catalogue(places.catalogue).host(host)
    except CatalogueError:  # a host that is in no catalogue yet can be asked all the same
        tell('The catalogue has problems ("psbuddy catalogue check"); ssh_config is used alone.')
        entry = load_catalogue(places.catalogue / "none").host(host)
    connector = Connector(path_of(places.db).parent)
    try:
        asker = asker_on_terminal(connector.held)
        patience = asker.patience if asker is not None else 0.0
        with closing(connector.session(host, entry, asker)) as session:
            session.start(time.monotonic() + _CONNECT_SECONDS + patience)
            reply = session.request(wanted.payloads[0], time.monotonic() + wanted.seconds)
    finally:
        connector.stop()
    return found_logs(reply)


def found_logs(reply: Mapping[str, Any]) -> tuple[FoundLog, ...]:
    """The logs of a `discover` reply, in the order the host ranked them.

    A host said it: what has not its type is left out.
    """
    said = reply.get("logs")
    entries = said[:_MOST_LOGS] if isinstance(said, list) else []
    logs = [_log(entry) for entry in entries if isinstance(entry, dict)]
    return tuple(log for log in logs if 0 < len(log.path) <= _LONGEST_PATH)


def _log(entry: Mapping[str, Any]) -> FoundLog:
    path, size, name = entry.get("path"), entry.get("size"), entry.get("format")
    detail = entry.get("detail")
    return FoundLog(
        path=path if isinstance(path, str) else "",
        size=size if isinstance(size, int) and not isinstance(size, bool) else 0,
        growing=entry.get("growing") is True,
        readable=entry.get("readable") is not False,
        detail=detail[:400] if isinstance(detail, str) else "",
        format=name[:40] if isinstance(name, str) and name else "none",
    )


def proposal(host: str, paths: Iterable[str]) -> str:
    """The YAML that would watch these logs. Raises CatalogueError for names that cannot be."""
    app_id = re.sub(r"[^a-z0-9]+", "-", host.rpartition("@")[2].lower()).strip("-") or "app"
    with tempfile.TemporaryDirectory() as folder:
        name = host.rpartition("@")[2]
        file = watch_logs(Path(folder), host=host, app_id=app_id, app_name=name, paths=paths)
        return file.read_text("utf-8")


def _tell(logs: Iterable[FoundLog]) -> None:
    found = table(["Log", "Size", "Grows", "Format"], right=["Size"])
    for log in logs:
        state = ("yes" if log.growing else "no") if log.readable else "not readable"
        found.add_row(cell(log.path), cell(words.size(log.size)), cell(state), cell(log.format))
    tell_table(found)
