"""--db and --catalogue: before the command, after it, from the environment, or by default."""

from pathlib import Path

import pytest

from psbuddy.cli.places import PlacesError, config_folder, data_folder, split_places


@pytest.mark.parametrize(
    "arguments",
    [
        ["--db", "x.db", "--catalogue", "c", "status", "--json"],
        ["status", "--db", "x.db", "--json", "--catalogue", "c"],
        ["--db=x.db", "status", "--json", "--catalogue=c"],
        ["status", "--catalogue=c", "--json", "--db=x.db"],
    ],
)
def test_places_are_understood_anywhere(arguments: list[str]) -> None:
    places, rest = split_places(arguments, {})
    assert (places.db, places.catalogue) == ("x.db", Path("c"))
    assert rest == ["status", "--json"]


def test_the_option_wins_over_the_environment() -> None:
    environment = {"PSBUDDY_DB": "env.db", "PSBUDDY_CATALOGUE": "~/env"}
    places, rest = split_places(["--db", "x.db"], environment)
    assert (places.db, places.catalogue, rest) == ("x.db", Path("~/env").expanduser(), [])


def test_the_default_is_the_users_folders(tmp_home: Path) -> None:
    places, _ = split_places(["status"], {})
    assert places.db == str(data_folder() / "psbuddy.db")
    assert places.catalogue == config_folder() / "catalogue"
    assert places.db.startswith(str(tmp_home))


def test_what_stands_behind_two_dashes_is_left_alone() -> None:
    places, rest = split_places(["scan", "--", "--db", "x"], {"PSBUDDY_DB": "d"})
    assert (places.db, rest) == ("d", ["scan", "--", "--db", "x"])


@pytest.mark.parametrize(
    "arguments", [["--db"], ["--db="], ["--db", "--json"], ["--db", "a", "--db", "b"]]
)
def test_a_value_that_is_missing_or_doubled_is_refused(arguments: list[str]) -> None:
    with pytest.raises(PlacesError, match="--db"):
        split_places(arguments, {})
