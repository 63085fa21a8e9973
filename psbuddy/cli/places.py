"""Where the store and the catalogue are: `--db` and `--catalogue`, before or after the command.

Standard library alone on the way to the window, apart from platformdirs (a few milliseconds),
and that only where a default is needed.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_NAMES = ("--db", "--catalogue")


class PlacesError(Exception):
    """The places were given in a way that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Places:
    """`db`: address of the store; `catalogue`: the folder of YAML files."""

    db: str
    catalogue: Path
    db_given: bool = False  # by option or environment: told on to child processes as it is
    catalogue_given: bool = False


def split_places(
    arguments: Sequence[str], environment: Mapping[str, str] = os.environ
) -> tuple[Places, list[str]]:
    """The places, and the arguments without them. What stands behind `--` is left alone.

    Raises PlacesError when a value is missing or an option is given twice.
    """
    given: dict[str, str] = {}
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            rest += [word, *waiting]
            break
        name, equals, value = word.partition("=")
        if name not in _NAMES:
            rest.append(word)
            continue
        if not equals:
            value = waiting.pop(0) if waiting else ""
        if not value or (not equals and value.startswith("--")):
            raise PlacesError(f"{name} needs a value: {_EXAMPLES[name]}")
        if name in given:
            raise PlacesError(f"{name} is given twice; keep one.")
        given[name] = value
    return _places(given, environment), rest


_EXAMPLES = {"--db": "--db ~/psbuddy.db", "--catalogue": "--catalogue ~/catalogue"}


def _places(given: Mapping[str, str], environment: Mapping[str, str]) -> Places:
    db = given.get("--db") or environment.get("PSBUDDY_DB", "")
    folder = given.get("--catalogue") or environment.get("PSBUDDY_CATALOGUE", "")
    return Places(
        db=db or str(data_folder() / "psbuddy.db"),
        catalogue=Path(folder).expanduser() if folder else config_folder() / "catalogue",
        db_given=bool(db),
        catalogue_given=bool(folder),
    )


def data_folder() -> Path:
    """Where this user's data is kept."""
    import platformdirs  # noqa: PLC0415 - not needed where both places are given

    return Path(platformdirs.user_data_dir("psbuddy", appauthor=False))


def config_folder() -> Path:
    """Where this user's configuration is kept."""
    import platformdirs  # noqa: PLC0415 - not needed where both places are given

    return Path(platformdirs.user_config_dir("psbuddy", appauthor=False))


def log_folder() -> Path:
    """Where unexpected errors are written down."""
    import platformdirs  # noqa: PLC0415 - not needed where nothing goes wrong

    return Path(platformdirs.user_log_dir("psbuddy", appauthor=False))
