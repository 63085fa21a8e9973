"""What goes to the terminal: tables on stdout, messages on stderr, JSON as one document.

Text that came from hosts is made plain first: a log line must not move the cursor, and rich
must not take it for markup.
"""

import dataclasses
import json
import math
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

#: Columns of a place that is no terminal.
_ENDLESS = 100_000
_TRAILING = re.compile(" +$", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")

#: Fields that hold epoch seconds, 0 for "not known": ISO 8601 or null in JSON.
_TIMES = (
    *("since", "until", "start", "end", "from_time", "to_time", "first_seen", "last_seen"),
    *("started", "ended", "time", "now", "as_of", "boot_time", "read_until"),
    *("last_collection", "last_good", "last_try", "marked_at", "mark_until"),
)


def console() -> Console:
    """The terminal as a place for tables; a pipe gets no colour, and lines as long as they are."""
    width = None if sys.stdout.isatty() else _ENDLESS
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False, width=width)


def fitting(columns: Mapping[str, int], width: int | None = None) -> list[str]:
    """The columns there is room for: name -> the least width of a terminal that shows it.

    `width`: characters there are, else the terminal's.
    """
    room = console().width if width is None else width
    return [name for name, least in columns.items() if room >= least]


def show(found: Table) -> None:
    """A table on stdout. In a pipe a row is a line, without blanks behind it."""
    screen = console()
    if screen.is_terminal:
        screen.print(found)
        return
    with screen.capture() as lines:
        screen.print(found)
    sys.stdout.write(_TRAILING.sub("", lines.get()))


def heading(name: str, app: str) -> None:
    """The name of an application over what belongs to it, with the id that commands take."""
    told = name if name == app else f"{name} ({app})"
    console().print(cell(told, "bold"))


def tell(message: str) -> None:
    """A message for the person: on stderr, so that stdout stays what was asked for."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def tell_table(found: Table) -> None:
    """A table that is a message: on stderr."""
    width = None if sys.stderr.isatty() else _ENDLESS
    screen = Console(file=sys.stderr, highlight=False, markup=False, emoji=False, width=width)
    screen.print(found)


def plain(text: str, cap: int = 2000) -> str:
    """Foreign text with everything that could steer a terminal made visible, and cut."""
    cut = text if len(text) <= cap else f"{text[:cap]}… ({len(text) - cap:,} more characters)"
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", cut)


def cell(value: object, style: str = "") -> Text:
    """A table cell: plain text, nothing interpreted."""
    return Text(plain(str(value)), style=style)


def record(text: str, style: str = "") -> Text:
    """A record of many lines as a table cell: each line plain by itself, tabs as two spaces."""
    lines = text.replace("\r\n", "\n").split("\n")
    return Text("\n".join(plain(line.replace("\t", "  ")) for line in lines), style=style)


def table(columns: Sequence[str], *, right: Sequence[str] = (), whole: Sequence[str] = ()) -> Table:
    """A table without boxes: the eye follows the columns. `whole`: columns never broken."""
    found = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    found.padding = (0, 2, 0, 0)
    for name in columns:
        numeric = name in right
        found.add_column(
            name,
            justify="right" if numeric else "left",
            no_wrap=numeric or name in whole,
            overflow="fold",
        )
    return found


def progress() -> Progress:
    """A progress bar on a terminal's stderr, nothing elsewhere."""
    screen = Console(file=sys.stderr, highlight=False)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(separator=" of "),
        TimeElapsedColumn(),
        console=screen,
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    write_json(jsonable(document))


def write_json(document: Any) -> None:
    """A document of JSON's own types, as it is."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write("\n")


def iso(seconds: float | None) -> str | None:
    """ISO 8601 in UTC; None where the time is not known."""
    if not seconds:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def jsonable(value: Any, name: str = "") -> Any:
    """The value as JSON has it: times in ISO 8601, what is not known as null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = (field.name for field in dataclasses.fields(value))
        return {field: jsonable(getattr(value, field), field) for field in fields}
    if isinstance(value, Mapping):
        return {str(key): jsonable(each, str(key)) for key, each in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | float):
        if name in _TIMES:
            return iso(value)
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "tolist"):  # numpy arrays and numbers
        return jsonable(value.tolist(), name)
    return [jsonable(each, name) for each in value]
