"""`psbuddy lines`: from a cause, a moment or a run to the very lines, read on the host just now."""

import time
from contextlib import closing
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.text import Text

from psbuddy import words
from psbuddy.catalogue import Application, Catalogue, load_catalogue
from psbuddy.cli.command import App, AsJson, app_id, exits, moment, one_of, places_of
from psbuddy.cli.guard import OK, USAGE, WRONG, CliError
from psbuddy.cli.output import console, plain, print_json, tell
from psbuddy.cli.places import Places
from psbuddy.store import UnknownCause, connect_readonly
from psbuddy.store.cause_names import find_cause
from psbuddy.store.read.causes import cause_examples
from psbuddy.store.read.runs import job_defs, run_history
from psbuddy.store.url import path_of

_CONNECT_SECONDS = 30.0
#: Examples of a cause that are tried, newest first, when the newest is gone.
_EXAMPLES = 5
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: a log on a host, a moment, and the text of the record where it is known."""

    host: str
    log: str
    time: int  # epoch seconds
    text: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """What a host answered for one place."""

    host: str
    log: str
    time: int
    path: str
    lines: tuple[str, ...]
    at: int  # index of the line that was meant, -1 when it is gone
    message: str  # why there are none


def register(app: typer.Typer) -> None:
    app.command("lines")(exits(lines))


def lines(
    context: typer.Context,
    app: App,
    *,
    cause: Annotated[
        str, typer.Option(metavar="FINGERPRINT", help="Around its newest record.")
    ] = "",
    at: Annotated[str, typer.Option(metavar="TIME", help="Around a moment, ISO 8601, UTC.")] = "",
    run: Annotated[str, typer.Option(metavar="JOB", help="Around the end of its last run.")] = "",
    period: Annotated[str, typer.Option(help="With --run: the run for this period.")] = "",
    host: Annotated[str, typer.Option(help="Only on this host.")] = "",
    log: Annotated[str, typer.Option(help="Only in this log.")] = "",
    number: Annotated[
        int, typer.Option("-n", "--lines", min=1, max=1000, help="How many lines in all.")
    ] = 50,
    as_json: AsJson = False,
) -> int:
    """The lines around a cause, a moment or a run, read from the host, rotated files included."""
    places = places_of(context)
    if sum(map(bool, (cause, at, run))) != 1:
        raise CliError("Say what to look for: one of --cause, --at and --run.", USAGE)
    catalogue = load_catalogue(places.catalogue)
    known = [(each.id, each.title) for each in catalogue.applications.values()]
    app = app_id(app, known, f"There is no catalogue in {places.catalogue} yet: no .yaml file.")
    application = catalogue.applications[app]
    if at:
        where = _at(application, at)
    else:
        where = _of_run(places, app, run, period) if run else _of_cause(places, app, cause)
    wanted = [p for p in where if host in ("", p.host) and log in ("", p.log)]
    if not wanted:
        raise CliError(_nowhere(application, host, log), WRONG)
    found = ask(places, Question(catalogue, app, number, bool(at)), wanted)
    if as_json:
        print_json({"app": app, "places": found})
    else:
        for each in found:
            _print(each)
    return OK if any(each.lines for each in found) else WRONG


def _nowhere(application: Application, host: str, log: str) -> str:
    logs = sorted({name for each in application.hosts for name in application.log_specs(each)})
    return (
        f"Nothing of it is known{f' on {host}' if host else ''}{f' in {log}' if log else ''}. "
        f"{application.name} has the logs {', '.join(logs) or 'none'} on "
        f"{', '.join(application.hosts)}."
    )


# -- from what is meant to places --------------------------------------------------------------


def _at(application: Application, at: str) -> list[Place]:
    then = _moment(at)
    return [Place(h, log, then) for h in application.hosts for log in application.log_specs(h)]


def _of_cause(places: Places, app: str, cause: str) -> list[Place]:
    with closing(connect_readonly(places.db)) as connection:
        try:
            fingerprint = find_cause(connection.cursor(), app, cause)[1]
        except UnknownCause as error:
            raise CliError(str(error), USAGE) from error
        examples = cause_examples(connection, app, fingerprint, _EXAMPLES)
    if not examples:
        raise CliError(f"No record of the cause {cause} is kept. Look around a time with --at.")
    return [Place(e.host, e.log, e.time, e.text) for e in examples]


def _moment(at: str) -> int:
    try:
        return moment(at)
    except CliError as error:
        raise CliError(str(error).replace("--until", "--at"), error.code) from None


def _of_run(places: Places, app: str, job: str, period: str) -> list[Place]:
    with closing(connect_readonly(places.db)) as connection:
        jobs = {each.job: each for each in job_defs(connection, app)}
        known = jobs[one_of("job", job, jobs)]
        history = run_history(connection, known, 0, int(time.time()) + 86_400)
    runs = [each for each in history.runs if period in ("", each.period)]
    if not runs:
        raise CliError(f"No run of {job}{f' for {period}' if period else ''} was seen yet.")
    last = runs[-1]
    return [Place(last.host, known.log, last.ended or last.started)]


# -- asking the hosts --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every place. `every`: all of them, not only the first that has lines."""

    catalogue: Catalogue
    app: str
    number: int
    every: bool


def ask(places: Places, question: Question, wanted: list[Place]) -> list[Lines]:
    """What the hosts answer: for every place, or for the first that still has its line.

    Of places that have none the first is returned, with the reason. Raises CollectError when
    the only host cannot be reached.
    """
    from collectors.connect import Connector  # noqa: PLC0415 - brings paramiko
    from collectors.errors import CollectError  # noqa: PLC0415
    from collectors.terminal import asker_on_terminal  # noqa: PLC0415

    found: list[Lines] = []
    hosts = {each.host: [one for one in wanted if one.host == each.host] for each in wanted}
    connector = Connector(path_of(places.db).parent)
    asker = asker_on_terminal(connector.held)
    patience = asker.patience if asker is not None else 0.0
    try:
        for host, mine in hosts.items():
            try:
                session = connector.session(host, question.catalogue.host(host), asker)
                found += _on_host(session, question, mine, _CONNECT_SECONDS + patience)
            except CollectError as error:
                if len(hosts) == 1:
                    raise
                found.append(Lines(host, mine[0].log, mine[0].time, "", (), -1, str(error)))
            if not question.every and any(each.lines for each in found):
                break
    finally:
        connector.stop()
    if question.every:
        return found
    return [each for each in found if each.lines] or found[:1]


def _on_host(
    connected: Any, question: Question, wanted: list[Place], connect_seconds: float
) -> list[Lines]:
    answers: list[Lines] = []
    with closing(connected) as session:
        session.start(time.monotonic() + connect_seconds)
        for place in wanted:
            answers.append(_one(session, question, place))
            if answers[-1].lines and not question.every:
                break
    return answers


def _one(session: Any, question: Question, place: Place) -> Lines:
    from collectors.errands import ErrandError, explained  # noqa: PLC0415 - see ask
    from collectors.errands import lines as errand  # noqa: PLC0415

    now, before = int(time.time()), (question.number - 1) // 2
    request = {
        "host": place.host, "app": question.app, "log": place.log, "time": place.time,
        "text": place.text, "before": before, "after": question.number - 1 - before,
    }  # fmt: skip
    try:
        asked = errand(request, question.catalogue, now)
    except ErrandError as error:
        return Lines(place.host, place.log, place.time, "", (), -1, str(error))
    payload = asked.payloads[0]
    reply = session.request(payload, time.monotonic() + asked.seconds)
    return _checked(place, explained(reply, payload, place.host, now))


def _checked(place: Place, reply: dict[str, Any]) -> Lines:
    """A host said it: what has not its type is left out."""
    said, at, path = reply.get("lines"), reply.get("at"), reply.get("path")
    texts = [each for each in said if isinstance(each, str)] if isinstance(said, list) else []
    good = isinstance(at, int) and not isinstance(at, bool) and 0 <= at < len(texts)
    return Lines(
        host=place.host,
        log=place.log,
        time=place.time,
        path=path[:_LONGEST] if isinstance(path, str) else "",
        lines=tuple(text[:_LONGEST] for text in texts) if good else (),
        at=at if good and isinstance(at, int) else -1,
        message="" if good else str(reply.get("message") or "The host answered no lines."),
    )


def _print(found: Lines) -> None:
    if not found.lines:
        tell(plain(found.message))
        return
    when = words.clock(found.time, int(time.time()), seconds=True)
    tell(plain(f"{found.path} on {found.host}, around {when}"))
    screen = console()
    for number, line in enumerate(found.lines):
        meant = number == found.at
        text = f"{'>' if meant else ' '} {plain(line.replace(chr(9), '  '), _LONGEST)}"
        screen.print(Text(text, style="bold" if meant else ""), soft_wrap=True)
