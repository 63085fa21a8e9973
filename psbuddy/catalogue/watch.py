"""The catalogue while the program runs: re-read when a file changes, never thrown away."""

import os
from dataclasses import dataclass
from pathlib import Path

from psbuddy.catalogue.load import Catalogue, catalogue_files, load_catalogue
from psbuddy.catalogue.problems import CatalogueError, Problem

_Stamps = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """The files changed. With problems, `catalogue` is the last good one, still in force."""

    catalogue: Catalogue
    problems: tuple[Problem, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.problems


class CatalogueWatcher:
    """Looks at the files' stamps when asked; costs a few system calls when nothing changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamps: _Stamps | None = None
        self.catalogue = Catalogue(folder)  # the last good one, empty before the first
        self.problems: tuple[Problem, ...] = ()

    def poll(self) -> Change | None:
        """What changed since the last call, None when nothing did. The first call reads."""
        stamps = self._look()
        if stamps == self._stamps:
            return None
        self._stamps = stamps
        try:
            self.catalogue, self.problems = load_catalogue(self._folder), ()
        except CatalogueError as error:
            self.problems = error.problems
        return Change(self.catalogue, self.problems)

    def _look(self) -> _Stamps:
        found = []
        try:
            for file in catalogue_files(self._folder):
                try:
                    seen: os.stat_result = file.stat()
                except OSError:
                    found.append((file.name, 0, 0, 0))
                else:
                    found.append((file.name, seen.st_mtime_ns, seen.st_size, seen.st_ino))
        except OSError:
            found.append(("", 0, 0, 0))  # load_catalogue says what is wrong with the folder
        return tuple(found)
