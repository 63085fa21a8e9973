"""The front door. Without a command it opens the window and imports nothing else.

Exit codes, the same for every command: 0 fine, 1 something is wrong with what is watched or
could not be collected, 2 wrong use.
"""

import sys
from collections.abc import Sequence

from psbuddy.cli.places import Places, PlacesError, split_places


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (without the program's name) and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        places, rest = split_places(arguments)
    except PlacesError as error:
        from psbuddy.cli.guard import USAGE, CliError, refused, wants_json  # noqa: PLC0415

        return refused(CliError(str(error), USAGE), as_json=wants_json(arguments))
    if rest:
        from psbuddy.cli.run import run_command  # noqa: PLC0415 - the window needs none of it

        return run_command(places, rest)
    return _window(places)


def _window(places: Places) -> int:
    from psbuddy.cli.window import window_command  # noqa: PLC0415 - brings Qt

    return window_command(places)
