"""What can be wrong with a catalogue, said so that the next step is plain."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. `line` counts from 1, 0 when it is the whole file."""

    file: str
    line: int
    key: str  # dotted path of the key, "" for the whole file
    message: str
    nearest: str = ""  # the nearest valid key or name, "" when none is near

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        key = f" {self.key}:" if self.key else ""
        hint = f' Did you mean "{self.nearest}"?' if self.nearest else ""
        return f"{place}:{key} {self.message}{hint}"


class CatalogueError(Exception):
    """The catalogue cannot be used as it is. `problems` holds every one that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: str, valid: Iterable[str]) -> str:
    """The valid word that is nearest to `word`, "" when none is near."""
    words = list(valid)
    found = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if not found:
        folded = {candidate.casefold(): candidate for candidate in words}
        return folded.get(word.casefold(), "")
    return found[0]
