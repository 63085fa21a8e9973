"""`psbuddy catalogue`: is it right, what may be in it, what could be."""

import typer

from psbuddy import words
from psbuddy.catalogue import CatalogueError, json_schema, load_catalogue
from psbuddy.catalogue.notes import notes
from psbuddy.cli.command import AsJson, exits, places_of
from psbuddy.cli.discover import discover
from psbuddy.cli.guard import OK, WRONG
from psbuddy.cli.output import console, plain, print_json, tell


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="What is watched: check it, its schema, proposals for it.")
    group.command("check")(exits(check))
    group.command("schema")(exits(schema))
    group.command("discover")(exits(discover))
    app.add_typer(group, name="catalogue")


def check(context: typer.Context, as_json: AsJson = False) -> int:
    """Name everything that is wrong: file, line, key, and the nearest valid one."""
    folder = places_of(context).catalogue
    try:
        found = load_catalogue(folder)
    except CatalogueError as error:
        if as_json:
            print_json({"folder": str(folder), "valid": False, "problems": error.problems})
        else:
            for problem in error.problems:
                console().print(plain(str(problem)), soft_wrap=True)
            tell(f"{words.quantity(len(error.problems), 'problem')} in {folder}.")
        return WRONG
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "valid": True,
                "problems": [],
                "files": found.files,
                "applications": list(found.applications),
                "hosts": found.aliases(),
                "notes": list(notes(found)),
            }
        )
    if not found.files:
        tell(f"There is no catalogue in {folder} yet: no .yaml file.")
        return WRONG
    for note in notes(found):
        tell(note)
    applications = found.applications.values()
    counted = (
        words.quantity(len(found.files), "file"),
        words.quantity(len(applications), "application"),
        words.quantity(len(found.aliases()), "host"),
        words.quantity(sum(len(each.logs) for each in applications), "log"),
        words.quantity(sum(len(each.jobs) for each in applications), "job"),
    )
    tell(f"All valid in {folder}: {', '.join(counted)}.")
    return OK


def schema() -> int:
    """The JSON Schema of a catalogue file, for editors."""
    print_json(json_schema())
    return OK
