"""A folder of YAML files to one validated catalogue, or to every problem they have."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from psbuddy.catalogue.application import Application
from psbuddy.catalogue.problems import CatalogueError, Problem, nearest
from psbuddy.catalogue.references import check_references
from psbuddy.catalogue.scalars import NearMissError
from psbuddy.catalogue.schema import LOCAL, CatalogueFile, HostEntry, StoreSpec
from psbuddy.catalogue.tree import MAX_BYTES, Map, empty_values, find, read_tree

MAX_FILES = 1000

_NO_VALUE = "has no value. Give one or remove the key."
_SHAPES = {
    "dict_type": "must be a section of keys and values",
    "model_type": "must be a section of keys and values",
    "model_attributes_type": "must be a section of keys and values",
    "string_type": "must be one text",
    "tuple_type": "must be a list, as in [one, two]",
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is watched. `hosts`: only those the catalogue itself says more of than a name."""

    folder: Path
    files: tuple[str, ...] = ()
    hosts: dict[str, HostEntry] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    store: StoreSpec = field(default_factory=StoreSpec)
    digest: str = ""  # sha256 over the files as they were read

    def host(self, alias: str) -> HostEntry:
        """How `alias` is reached; where nothing is said, ssh_config says it all."""
        if alias == LOCAL:
            return HostEntry(transport="local")
        return self.hosts.get(alias, HostEntry())

    def aliases(self) -> tuple[str, ...]:
        """Every host that an application is on, in the order of the catalogue."""
        names = (host for app in self.applications.values() for host in app.hosts)
        return tuple(dict.fromkeys(names))


def catalogue_files(folder: Path) -> tuple[Path, ...]:
    """The catalogue's files by name; a folder that is not there has none."""
    if not folder.is_dir():
        return ()
    found = (entry for entry in folder.iterdir() if entry.suffix in (".yaml", ".yml"))
    return tuple(sorted(entry for entry in found if not entry.name.startswith(".")))


def load_catalogue(folder: Path) -> Catalogue:
    """The catalogue of a folder; an empty one where there is no file.

    Raises CatalogueError with every problem of every file.
    """
    try:
        files = catalogue_files(folder)
    except OSError as error:
        raise CatalogueError([_unreadable(str(folder), error)]) from None
    if len(files) > MAX_FILES:
        message = f"holds {len(files):,} files; {MAX_FILES:,} are read. Join some of them."
        raise CatalogueError([Problem(str(folder), 0, "", message)])
    problems: list[Problem] = []
    texts: dict[str, bytes] = {}
    for file in files:
        try:
            with file.open("rb") as stream:
                texts[file.name] = stream.read(MAX_BYTES + 1)
        except OSError as error:
            problems.append(_unreadable(file.name, error))
    catalogue, found = check_texts(folder, texts)
    if problems or found:
        raise CatalogueError([*problems, *found])
    return catalogue


def check_texts(folder: Path, texts: Mapping[str, bytes]) -> tuple[Catalogue, tuple[Problem, ...]]:
    """The catalogue that files of these contents make, and what is wrong with them."""
    problems: list[Problem] = []
    trees: dict[str, Map] = {}
    parsed: list[CatalogueFile] = []
    for name, text in texts.items():
        trees[name], unreadable = read_tree(text, name)
        validated, wrong = _validated(name, trees[name])
        problems += [*unreadable, *wrong]
        if validated:
            parsed.append(validated)
    problems.extend(check_references(trees))
    return _joined(folder, texts, parsed), tuple(problems)


def _joined(folder: Path, texts: Mapping[str, bytes], parsed: Sequence[CatalogueFile]) -> Catalogue:
    digest = hashlib.sha256()
    for name, text in texts.items():
        digest.update(f"{name}\0{len(text)}\0".encode() + text)
    return Catalogue(
        folder=folder,
        files=tuple(texts),
        hosts={alias: entry for file in parsed for alias, entry in file.hosts.items()},
        applications={
            app: Application.model_construct({*entry.model_fields_set, "id"}, id=app, **dict(entry))
            for file in parsed
            for app, entry in file.applications.items()
        },
        store=next((file.store for file in parsed if file.store), StoreSpec()),
        digest=digest.hexdigest(),
    )


def _unreadable(name: str, error: OSError) -> Problem:
    return Problem(name, 0, "", f"cannot be read: {error.strerror or error}. Check its rights.")


def _validated(name: str, tree: Map) -> tuple[CatalogueFile | None, list[Problem]]:
    parsed: CatalogueFile | None = None
    problems: list[Problem] = []
    try:
        parsed = CatalogueFile.model_validate(tree.plain())
    except ValidationError as error:
        problems = [_problem(name, tree, detail) for detail in error.errors(include_url=False)]
    told = {problem.key for problem in problems}
    empty = {".".join(path): path for path in empty_values(tree) if not _may_be_empty(path)}
    for key in empty.keys() - told:
        problems.append(Problem(name, find(tree, empty[key])[0], key, _NO_VALUE))
    return parsed, problems


def _may_be_empty(path: Sequence[str]) -> bool:
    """A section whose entries are all commented out is an empty section."""
    sections = ("logs", "checks", "jobs", "changes", "slos")
    return len(path) == 1 or (len(path) == 3 and path[-1] in sections)


def _problem(name: str, tree: Map, detail: ErrorDetails) -> Problem:
    path = tuple(str(part) for part in detail["loc"] if part != "[key]")
    line, _ = find(tree, path)
    message, near = _said(path, detail)
    return Problem(name, line, ".".join(path), message, near)


def _said(path: Sequence[str], detail: ErrorDetails) -> tuple[str, str]:
    """Our words for what pydantic found, and the nearest valid word."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        known = _keys_at(path[:-1])
        return f"is no key here. Known are {', '.join(known)}.", nearest(path[-1], known)
    if kind == "missing":
        return "is missing; it must be given.", ""
    if detail["input"] is None and kind != "value_error":
        return _NO_VALUE, ""
    if kind in _SHAPES:
        return f"{_SHAPES[kind]}, not {_shape(detail['input'])}.", ""
    if kind in ("literal_error", "enum"):
        return _choice(str(detail["input"]), str(context.get("expected", "")))
    if kind == "value_error":
        error = context.get("error")
        near = error.near if isinstance(error, NearMissError) else ""
        return f"{_quoted(detail['input'])}{error}.", near
    return f"{_quoted(detail['input'])}is not valid: {_lowered(detail['msg'])}.", ""


def _choice(given: str, expected: str) -> tuple[str, str]:
    words = [word.strip("'\" ") for word in expected.replace(" or ", ", ").split(", ")]
    return f'"{given[:80]}" is not known. Known are {", ".join(words)}.', nearest(given, words)


def _quoted(value: object) -> str:
    return f'"{value[:80]}" ' if isinstance(value, str) else ""


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")


def _shape(value: object) -> str:
    if isinstance(value, dict):
        return "keys and values"
    return "a list" if isinstance(value, list | tuple) else "one text"


def _keys_at(path: Sequence[str]) -> list[str]:
    """Keys that are known at a place of a catalogue file."""
    place: Any = CatalogueFile
    for part in path:
        models = list(_models(place))
        if models:
            place = models[0].model_fields[part].annotation if part in models[0].model_fields else 0
        else:
            place = (get_args(place) or (0,))[-1]
    return [key for model in _models(place) for key in model.model_fields]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The sections an annotation allows at this very place (not those inside of it)."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is not dict:
        for argument in get_args(annotation):
            yield from _models(argument)
