"""`psbuddy cause`: what is behind one cause, and what a person decides about it."""

import dataclasses
import time
from contextlib import closing
from typing import Annotated

import typer
from rich.text import Text

from psbuddy import words
from psbuddy.cli.command import App, AsJson, apps_of, exits, moment, places_of
from psbuddy.cli.guard import OK, USAGE, CliError
from psbuddy.cli.output import console, plain, print_json, record, tell
from psbuddy.insight.variables import Variables
from psbuddy.model.causes import CauseAlias, Decision, Deed
from psbuddy.report.story import CauseStory, load_story
from psbuddy.store import UnknownCause, connect_readonly
from psbuddy.store.cause_names import find_cause

One = Annotated[
    str, typer.Argument(metavar="CAUSE", help="Its fingerprint, or the beginning of it.")
]
Many = Annotated[
    list[str], typer.Argument(metavar="CAUSE...", help="Fingerprints, or beginnings of them.")
]
Ends = Annotated[
    str, typer.Option("--until", metavar="TIME", help="When that ends, ISO 8601, UTC; else open.")
]

_DONE = {
    Deed.MERGE: "are one cause now, called",
    Deed.SPLIT: "is a cause of its own now:",
    Deed.RENAME: "is called",
    Deed.MUTE: "is muted, counted all the same:",
    Deed.KNOWN: "is a known error:",
    Deed.RESOLVE: "is resolved; seen again, it is regressed:",
    Deed.UNMARK: "has no mark any more:",
}


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="One cause: what is behind it, and what you decide about it.")
    for name, command in (
        ("show", show),
        ("merge", merge),
        ("split", split),
        ("rename", rename),
        ("mute", mute),
        ("known", known),
        ("resolve", resolve),
        ("unmark", unmark),
    ):
        group.command(name)(exits(command))
    anything = {"ignore_unknown_options": True, "allow_extra_args": True}
    group.command("mark", hidden=True, context_settings=anything)(mark)
    app.add_typer(group, name="cause")


def show(context: typer.Context, app: App, cause: One, as_json: AsJson = False) -> int:
    """Template and commonest values, fingerprints and why they are one, examples."""
    with closing(connect_readonly(places_of(context).db)) as connection:
        app = apps_of(connection, app)[0].app
        try:
            name = find_cause(connection.cursor(), app, cause)[1]
        except UnknownCause as error:
            raise CliError(str(error), USAGE) from error
        story = load_story(connection, app, name)
    assert story is not None
    if as_json:
        print_json({"app": app, "cause": story})
    else:
        _show(story)
    return OK


def merge(context: typer.Context, app: App, into: One, others: Many) -> int:
    """Make one cause of several. INTO keeps its words; all ids and counts stay."""
    return _decide(context, Decision(app, Deed.MERGE, (into, *others)))


def split(context: typer.Context, app: App, causes: Many) -> int:
    """Take fingerprints out of their cause, for ever, with their counts."""
    return _decide(context, Decision(app, Deed.SPLIT, tuple(causes)))


def rename(
    context: typer.Context,
    app: App,
    cause: One,
    title: Annotated[str, typer.Argument(help='The new title; "" gives the old one back.')],
) -> int:
    """Give a cause a title in your words."""
    return _decide(context, Decision(app, Deed.RENAME, (cause,), title))


def mute(context: typer.Context, app: App, causes: Many, until: Ends = "") -> int:
    """Never let these alarm. They are counted and shown, greyed."""
    return _decide(context, Decision(app, Deed.MUTE, tuple(causes), until=_time(until)))


def known(
    context: typer.Context,
    app: App,
    cause: One,
    reference: Annotated[str, typer.Argument(help="Where it is dealt with: PRB-17.")] = "",
    until: Ends = "",
) -> int:
    """Mark a known error. Seen after --until, it is regressed."""
    return _decide(context, Decision(app, Deed.KNOWN, (cause,), reference, _time(until)))


def resolve(context: typer.Context, app: App, causes: Many) -> int:
    """Say that these are gone. Seen again, they are regressed."""
    return _decide(context, Decision(app, Deed.RESOLVE, tuple(causes)))


def unmark(context: typer.Context, app: App, causes: Many) -> int:
    """Neither muted nor known nor resolved any more."""
    return _decide(context, Decision(app, Deed.UNMARK, tuple(causes)))


def mark() -> None:
    """Not a command: what people look for who know "mark" from elsewhere. Raises CliError."""
    raise CliError(
        "A cause is marked as what it is: psbuddy cause mute, known or resolve APP CAUSE. "
        "psbuddy cause unmark takes the mark away.",
        USAGE,
    )


def _time(until: str) -> int:
    return moment(until) if until else 0


def _decide(context: typer.Context, decision: Decision) -> int:
    from psbuddy.store.deciding import decide_in  # noqa: PLC0415 - SQLAlchemy, not for looking

    db = places_of(context).db
    with closing(connect_readonly(db)) as connection:
        app = apps_of(connection, decision.app)[0].app
    decision = dataclasses.replace(decision, app=app)
    try:
        found = decide_in(db, decision, int(time.time()))
    except UnknownCause as error:
        raise CliError(str(error), USAGE) from error
    with closing(connect_readonly(db)) as connection:
        story = load_story(connection, decision.app, found[0])
    title = story.words.title if story else ""
    names = ", ".join(name[:12] for name in found)
    tell(plain(f"{names} {_DONE[decision.deed]} {title}"))
    return OK


def _show(story: CauseStory) -> None:
    said, now = story.words, int(time.time())
    out = console()
    out.print(Text(plain(said.title), style="bold"))
    out.print(Text(f"{said.cause}  {_mark(story, now)}".rstrip(), style="bright_black"))
    out.print(Text(f"Template: {plain(said.template)}"))
    out.print(Text(plain(story.evidence)))
    born = story.deployment
    since = f", deployment {plain(born.label, 80)} in force" if born else ""
    out.print(Text(f"First seen {words.when(said.first_seen, now)}{since}."))
    _show_values(story.variables)
    for alias in story.aliases[1:]:
        out.print(Text(_alias(alias, now)))
    for example in story.examples:
        where = f"{words.when(example.time, now)}, {example.log} on {example.host}"
        out.print(Text(f"\n── {plain(where)} ──", style="bright_black"))
        out.print(record(example.text))


def _mark(story: CauseStory, now: int) -> str:
    said = story.words
    until = f" until {words.clock(said.mark_until, now)}" if said.mark_until else ""
    note = f" ({plain(said.note)})" if said.note else ""
    return f"{said.mark}{until}{note}" if said.mark else ""


def _show_values(found: Variables) -> None:
    if not found.parts:
        return
    out = console()
    if not found.fitting:
        out.print(Text("Values: no message of this template is kept yet."))
        return
    kept = "" if found.kept == found.fitting else f" of this template, {found.kept} in all"
    out.print(Text(f"Values, of the {words.quantity(found.fitting, 'message')} kept{kept}:"))
    for number, part in enumerate(found.parts, 1):
        told = ", ".join(f"{value or '(empty)'} {count}×" for value, count in part.values)
        more = part.different - len(part.values)
        rest = f", {more} more" if more > 0 else ""
        out.print(Text(plain(f"  {number}. {part.before or 'first'} …: {told or 'none'}{rest}")))


def _alias(alias: CauseAlias, now: int) -> str:
    since = f" {words.when(alias.since, now)}" if alias.since else ""
    records = words.quantity(alias.records, "record")
    reason = f"{alias.by}{since}: {alias.why}"
    return plain(f"Also {alias.fingerprint[:12]} ({records}): {alias.template} — {reason}")
