"""Is the catalogue on disk the one that is watched?"""

from pathlib import Path

from psbuddy.catalogue import CatalogueError, Problem, load_catalogue


def catalogue_problems(folder: Path) -> tuple[Problem, ...]:
    """What is wrong with the catalogue: while there is anything, the last good one stays in use."""
    try:
        load_catalogue(folder)
    except CatalogueError as error:
        return tuple(error.problems)
    return ()
