"""The format definitions of `resources/formats`: read, checked, made into what hosts carry.

`python -m psbuddy.catalogue.formats` writes `scripts/psbhost/definitions.py`: hosts cannot read
YAML, and need neither the sample lines nor the explanations. It also writes `format_names.py`
beside this: the catalogue may name what the host program then knows, and nothing else.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from textwrap import wrap
from typing import Any

from ruamel.yaml import YAML

from psbuddy.assets import resources_root, scripts_root
from psbuddy.model.terms import LEVELS, Level

_WIDTH = 100  # of a line of source
_KEYS = {"name", "title", "about", "head", "own", "utc", "levels", "samples"}
_SAMPLE_KEYS = {"line", "time", "level", "message"}
_HEADER = '''"""The formats of `resources/formats`, as hosts carry them. Written by
`python -m psbuddy.catalogue.formats`: change the YAML, not this.

name, title, whether it is recognised by its own templates, whether its stamps are UTC,
its own words for levels, its templates.
"""

# fmt: off
DEFINITIONS = (
'''
_NAMES_HEADER = '''"""The formats a catalogue may name. Written by
`python -m psbuddy.catalogue.formats`.
"""

# fmt: off
FORMATS = (
'''


@dataclass(frozen=True, slots=True)
class Sample:
    """A record and what must be understood of it."""

    line: str
    time: datetime | None
    level: Level
    message: str | None  # None: where it begins does not matter


@dataclass(frozen=True, slots=True)
class FormatDefinition:
    """One format: its templates in the language of docs/formats.md."""

    name: str
    title: str
    about: str
    head: tuple[str, ...]
    own: bool
    utc: bool
    levels: tuple[tuple[str, Level], ...]
    samples: tuple[Sample, ...]


def load_definitions(folder: Path | None = None) -> tuple[FormatDefinition, ...]:
    """All definitions, in the order of their files. Raises ValueError naming file and format."""
    found: list[FormatDefinition] = []
    for file in sorted((folder or Path(str(resources_root() / "formats"))).glob("*.yaml")):
        for entry in YAML(typ="safe").load(file.read_text(encoding="utf-8")):
            found.append(_definition(entry, file.name))
    names = [one.name for one in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two formats are named {', '.join(twice)}")
    return tuple(found)


def _definition(entry: dict[str, Any], file: str) -> FormatDefinition:
    where = f"{file}, {entry.get('name', 'a format without name')}"
    if unknown := set(entry) - _KEYS:
        raise ValueError(f"{where}: unknown key {', '.join(sorted(unknown))}")
    for key in ("name", "title", "about", "head", "samples"):
        if not entry.get(key):
            raise ValueError(f"{where}: {key} is missing")
    return FormatDefinition(
        name=str(entry["name"]),
        title=str(entry["title"]),
        about=str(entry["about"]),
        head=tuple(map(str, entry["head"])),
        own=bool(entry.get("own", False)),
        utc=bool(entry.get("utc", False)),
        levels=tuple((str(w), Level(v)) for w, v in (entry.get("levels") or {}).items()),
        samples=tuple(_sample(sample, where) for sample in entry["samples"]),
    )


def _sample(sample: dict[str, Any], where: str) -> Sample:
    if unknown := set(sample) - _SAMPLE_KEYS:
        raise ValueError(f"{where}: unknown key of a sample: {', '.join(sorted(unknown))}")
    time = sample.get("time")
    if isinstance(time, datetime):
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    message = sample.get("message")
    return Sample(
        str(sample["line"]),
        time,
        Level(sample.get("level", "none")),
        None if message is None else str(message),
    )


def host_source(definitions: tuple[FormatDefinition, ...]) -> str:
    """The text of `psbhost/definitions.py`."""
    return _HEADER + "".join(_rows(definitions)) + ")\n"


def _rows(definitions: tuple[FormatDefinition, ...]) -> Iterator[str]:
    for one in definitions:
        words = "".join(f"({_text(w)}, {LEVELS.index(level)}), " for w, level in one.levels)
        yield f"    (\n        {_text(one.name)},\n        {_text(one.title)},\n"
        yield f"        {one.own},\n        {one.utc},\n"
        yield f"        {_wrapped(words)},\n        (\n"
        yield "".join(f"            {_text(template)},\n" for template in one.head)
        yield "        ),\n    ),\n"


def _wrapped(words: str) -> str:
    rows = "".join(f"            {row}\n" for row in wrap(words, 80))
    return f"(\n{rows}        )" if rows else "()"


def names_source(names: Iterable[str]) -> str:
    """The text of `format_names.py`."""
    rows, row = [], "   "
    for word in (f" {_text(name)}," for name in sorted(names)):
        if len(row) + len(word) > _WIDTH:
            rows.append(row)
            row = "   "
        row += word
    return _NAMES_HEADER + "".join(f"{each}\n" for each in (*rows, row)) + ")\n"


def _text(value: str) -> str:
    """A literal of Python in double quotes, ASCII only."""
    return json.dumps(value)


def main() -> None:
    """Write what hosts carry, and the names they then know."""
    scripts = Path(str(scripts_root()))
    target = scripts / "psbhost" / "definitions.py"
    target.write_text(host_source(load_definitions()), encoding="ascii")
    sys.path.insert(0, str(scripts))  # the host program is no part of ours
    known = import_module("psbhost.formats").NAMES
    Path(__file__).with_name("format_names.py").write_text(names_source(known), encoding="ascii")


if __name__ == "__main__":
    main()
