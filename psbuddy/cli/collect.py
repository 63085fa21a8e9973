"""`psbuddy collect`: visit the hosts, once or for ever."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress

from psbuddy import words
from psbuddy.catalogue import CatalogueError, load_catalogue
from psbuddy.cli.command import app_id, exits, one_of, places_of
from psbuddy.cli.guard import USAGE, CliError
from psbuddy.cli.output import progress, tell
from psbuddy.cli.places import Places

if TYPE_CHECKING:
    from collectors.errors import HostKeyQuestion
    from collectors.secret import Answer, Put, SecretQuestion


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
    apps, hosts = _named(places_of(context), app or (), host or ())
    if once and not jsonl:
        return _once(places_of(context), apps, hosts)
    from collectors.engine import run_engine  # noqa: PLC0415 - brings paramiko, SQLAlchemy

    places = places_of(context)
    if not jsonl:
        tell(f"Watching what {places.catalogue} names, into {places.db}. Ctrl+C stops.")
    return run_engine(
        places.db, places.catalogue, once=once, jsonl=jsonl, apps=apps, hosts=hosts, echo=tell
    )


def _named(
    places: Places, apps: Sequence[str], hosts: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The applications (by id) and hosts that are meant. Raises CliError for unknown ones."""
    if not apps and not hosts:
        return (), ()
    try:
        catalogue = load_catalogue(places.catalogue)
    except CatalogueError:  # the engine tells
        return tuple(apps), tuple(hosts)
    if not catalogue.applications:  # so it does of an empty one
        return tuple(apps), tuple(hosts)
    known = [(each.id, each.title) for each in catalogue.applications.values()]
    return (
        tuple(app_id(each, known) for each in apps),
        tuple(one_of("host", each, catalogue.aliases()) for each in hosts),
    )


def _once(places: Places, apps: tuple[str, ...], hosts: tuple[str, ...]) -> int:
    """One round with a bar on a terminal, and one sentence at its end."""
    from collectors.engine import run_engine  # noqa: PLC0415 - brings paramiko, SQLAlchemy

    visits = _Visits()
    with ExitStack() as stack:
        bar = stack.enter_context(progress())
        code = run_engine(
            places.db,
            places.catalogue,
            once=True,
            apps=apps,
            hosts=hosts,
            echo=tell,
            on_event=visits.follow(bar, _hosts_to_visit(places, apps, hosts)),
            ask=_asking(bar),
            ask_secret=_asking_secrets(bar),
        )
    if visits.outcome:
        good = sum(visits.outcome.values())
        told = sum(visits.problems.values())
        rest = f", {words.quantity(told, 'problem')} told above" if told else ""
        tell(f"{good} of {words.quantity(len(visits.outcome), 'host')} read{rest}.")
    return code


class _Visits:
    """Which hosts were visited, and whether the last visit brought something home."""

    def __init__(self) -> None:
        self.outcome: dict[str, bool] = {}
        self.problems: dict[str, int] = {}  # how many were told of the host's last visit

    def follow(self, bar: Progress, total: int | None) -> Callable[[Mapping[str, Any]], None]:
        task = bar.add_task("Collecting", total=total)

        def on_event(event: Mapping[str, Any]) -> None:
            if event.get("event") == "collected":
                host = str(event["host"])
                self.outcome[host] = event["outcome"] == "ok"
                self.problems[host] = len(event["problems"])
                backlog = int(event["backlog_bytes"])
                rest = f", {words.size(backlog)} to go" if backlog else ""
                bar.update(
                    task,
                    description=f"Collecting: {host}{rest}",
                    completed=len(self.outcome),
                )

        return on_event


def _hosts_to_visit(places: Places, apps: tuple[str, ...], hosts: tuple[str, ...]) -> int | None:
    """How long the bar is; None where the catalogue is wrong, which the engine tells."""
    try:
        catalogue = load_catalogue(places.catalogue)
    except CatalogueError:
        return None
    wanted = {
        host
        for app in catalogue.applications.values()
        for host in app.hosts
        if (not apps or app.id in apps) and (not hosts or host in hosts)
    }
    return len(wanted)


def _asking(bar: Progress) -> "Callable[[HostKeyQuestion], bool] | None":
    """Ask about host keys where somebody sits at the terminal; the bar makes room meanwhile."""
    from collectors.terminal import ask_on_terminal, can_ask  # noqa: PLC0415

    def ask(question: "HostKeyQuestion") -> bool:
        bar.stop()
        try:
            return ask_on_terminal(question)
        finally:
            bar.start()

    return ask if can_ask() else None


def _asking_secrets(bar: Progress) -> "Put | None":
    """The same for what a login wants to know."""
    from collectors.terminal import ask_secret_on_terminal, can_ask  # noqa: PLC0415

    def ask(
        question: "SecretQuestion", until: float, wanted: Callable[[], bool]
    ) -> "Answer | None":
        bar.stop()
        try:
            return ask_secret_on_terminal(question, until, wanted)
        finally:
            bar.start()

    return ask if can_ask() else None
