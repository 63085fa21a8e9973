"""What commands share: ranges, names, and their documentation."""

import re
from pathlib import Path

import pytest
import typer

from psbuddy.cli.command import one_of, since_until
from psbuddy.cli.guard import CliError
from psbuddy.cli.run import COMMANDS, build

DOCS = (Path(__file__).parents[3] / "docs" / "commands.md").read_text()


@pytest.mark.parametrize(
    ("text", "seconds"), [("90m", 5400), ("24h", 86400), ("30d", 2592000), ("2w", 1209600)]
)
def test_a_range_ends_where_it_is_told(text: str, seconds: int) -> None:
    since, until = since_until(text, "2026-11-24T12:00")
    assert (until, until - since) == (1795521600, seconds)


def test_a_time_may_carry_its_zone() -> None:
    assert since_until("1h", "2026-11-24T13:00+01:00")[1] == 1795521600


@pytest.mark.parametrize("text", ["", "30", "d", "0d", "5s", "-1d", "99999y", "1d1h", "１d"])
def test_what_is_no_range_is_wrong_use(text: str) -> None:
    with pytest.raises(CliError, match="no range") as caught:
        since_until(text)
    assert caught.value.code == 2


def test_what_is_no_time_is_wrong_use() -> None:
    with pytest.raises(CliError, match="no time"):
        since_until("1h", "yesterday")


@pytest.mark.parametrize("text", ["0001-01-01", "1969-07-20", "9999-12-31T23:59"])
def test_a_time_no_log_is_from_is_wrong_use(text: str) -> None:
    with pytest.raises(CliError, match="no year of any log") as caught:
        since_until("20y", text)
    assert caught.value.code == 2


def test_an_unknown_name_brings_the_nearest() -> None:
    assert one_of("application", "shop", ["shop", "till"]) == "shop"
    for name, says in [("shpo", 'Did you mean "shop"'), ("zzz", "Known are shop, till")]:
        with pytest.raises(CliError, match=re.escape(says)):
            one_of("application", name, ["till", "shop"])
    with pytest.raises(CliError, match="Nothing is stored yet"):
        one_of("application", "shop", [])


def commands() -> dict[str, typer.Typer]:
    app = build(["--help"])
    return {str(each.name): app for each in app.registered_commands} | {
        str(group.name): app for group in app.registered_groups
    }


def test_every_command_is_registered_under_its_name() -> None:
    assert sorted(commands()) == sorted(COMMANDS)


def test_one_command_is_built_alone_and_a_misspelt_one_brings_all() -> None:
    assert [each.name for each in build(["status"]).registered_commands] == ["status"]
    every = build(["statsu"])
    assert len(every.registered_commands) + len(every.registered_groups) == len(COMMANDS)
    assert build(["--version"]).registered_commands == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_its_options_are_documented(name: str) -> None:
    parts = re.split(r"^## psbuddy ", DOCS, flags=re.MULTILINE)
    (text,) = [part for part in parts if re.match(rf"{name}\b", part)]
    missing = [option for option in options(name) if f"`{option}" not in text]
    assert missing == []


def options(name: str) -> list[str]:
    """Long options of a command, of its parts too."""
    app = typer.main.get_command(build([name]))
    (command,) = app.commands.values()
    found = []
    for each in getattr(command, "commands", {"": command}).values():
        for parameter in each.params:
            found += [option for option in parameter.opts if option.startswith("--")]
    return [option for option in dict.fromkeys(found) if option != "--help"]
