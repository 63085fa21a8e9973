"""Where each column of a fleet line sits for a given width. Pure, shared by rows and captions."""

from typing import NamedTuple

MARGIN, SPACE = 16, 16
#: name -> (least width, share of what is left), in the order on screen.
_WIDTHS = {
    "state": (16, 0),
    "name": (168, 0),
    "headline": (200, 1),
    "since": (144, 0),  # the longest: `since 30 Nov 23:31`
    "errors": (104, 0),
    "job": (208, 0),
    "spark": (120, 0),
    "availability": (64, 0),
    "age": (80, 0),
}
#: Lines of two or three rows of text: since stands under the name, the sentence says the job.
_ROOMY = {
    "state": (16, 0),
    "name": (200, 0),
    "headline": (200, 1),
    "errors": (208, 0),
    "spark": (168, 0),
    "availability": (64, 0),
    "age": (80, 0),
}
CAPTIONS = {
    "errors": "errors, last hour",  # the sentence speaks of the whole episode
    "job": "worst job",
    "spark": "errors, 24 h",
    "availability": "available",
    "age": "collected",
}
#: Columns that give way first when the window is narrow.
_DISPENSABLE = ("job", "errors", "age", "since", "spark")
#: The sentence is the most important thing: the others give way until it has this much.
_SENTENCE = 360
RIGHT_ALIGNED = frozenset({"errors", "availability", "age"})


class Column(NamedTuple):
    name: str
    x: int
    width: int


def columns(width: int, *, roomy: bool = False, jobs: bool = True) -> tuple[Column, ...]:
    """Columns for a line `width` pixels wide; less important ones leave first.

    `roomy`: for high lines. `jobs`: whether any line has something to say of a job.
    """
    widths = _ROOMY if roomy else _WIDTHS if jobs else _WIDTHS | {"errors": _ROOMY["errors"]}
    names = [name for name in widths if jobs or name != "job"]
    for name in (*_DISPENSABLE, ""):
        free = width - 2 * MARGIN - sum(widths[n][0] for n in names) - SPACE * (len(names) - 1)
        if free + widths["headline"][0] >= _SENTENCE or not name:
            break
        if name in names:
            names.remove(name)
    result, x = [], MARGIN
    for name in names:
        own = widths[name][0] + (max(free, 0) if name == "headline" else 0)
        result.append(Column(name, x, own))
        x += own + SPACE
    return tuple(result)
