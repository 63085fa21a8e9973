"""YAML text to a tree of strings that knows its lines.

Every scalar stays the text that was written, so `no`, `012` and `22:22` cannot change their
type behind the writer's back; `schema` gives them the type the key asks for. Tags, anchors
and aliases are refused, size, depth and number of nodes are capped: a hostile file is turned
down while it is read, not after it was built.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from psbuddy.catalogue.problems import Problem

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_NODES = 20_000

#: Control characters (tab and line ends are dealt with apart) and those that turn the
#: direction of text around, by which a name on screen could pretend to be another.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
_NULLS = ("", "~", "null", "Null", "NULL")


@dataclass(slots=True)
class Scalar:
    line: int
    text: str | None  # None: nothing was written

    def plain(self) -> object:
        return self.text


@dataclass(slots=True)
class Seq:
    line: int
    items: list["Node"] = field(default_factory=list)

    def plain(self) -> object:
        return [item.plain() for item in self.items]


@dataclass(slots=True)
class Map:
    line: int
    values: dict[str, "Node"] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)

    def plain(self) -> object:
        return {key: value.plain() for key, value in self.values.items()}


Node = Scalar | Seq | Map


class _RefusedError(Exception):
    """The rest of the file is not worth reading."""

    def __init__(self, line: int, message: str) -> None:
        self.line, self.message = line, message
        super().__init__(message)


def read_tree(text: bytes, file: str) -> tuple[Map, tuple[Problem, ...]]:
    """Tree of one file and what is wrong with its YAML; an empty tree when it is unreadable."""
    try:
        decoded = _decoded(text)
        builder = _Builder(file)
        tree = builder.build(decoded)
    except _RefusedError as refused:
        return Map(1), (Problem(file, refused.line, "", refused.message),)
    return tree, tuple(builder.problems)


def _decoded(text: bytes) -> str:
    if len(text) > MAX_BYTES:
        raise _RefusedError(
            0,
            f"is {len(text):,} bytes; a catalogue file may have {MAX_BYTES:,}. "
            "Split it into several files.",
        )
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise _RefusedError(line, "is not UTF-8 here. Save the file as UTF-8.") from None
    found = UNPRINTABLE.search(decoded)
    if found:
        line = decoded.count("\n", 0, found.start()) + 1
        raise _RefusedError(
            line, f"holds the invisible character U+{ord(found[0]):04X}. Remove it."
        )
    return decoded


class _Builder:
    """Builds the tree from parser events without recursion."""

    def __init__(self, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._path: list[str] = []
        self._nodes = 0

    def build(self, text: str) -> Map:
        root = Map(1)
        try:
            events = iter(YAML(typ="safe", pure=True).parse(text))
            for event in events:
                if isinstance(event, DocumentStartEvent):
                    if root.values:
                        raise _RefusedError(
                            _line(event), "holds a second document. Keep one per file."
                        )
                    root = self._document(events)
        except MarkedYAMLError as error:
            raise _syntax(error) from None
        except ReaderError as error:
            raise _RefusedError(0, f"is not readable as YAML: {error.reason}.") from None
        return root

    def _document(self, events: Iterator[Event]) -> Map:
        node = self._node(next(events), events)
        if isinstance(node, Map):
            return node
        if not (isinstance(node, Scalar) and node.text is None):
            self._tell(node.line, "must hold sections: hosts and applications.")
        return Map(1)

    def _node(self, event: Event, events: Iterator[Event]) -> Node:
        self._guard(event)
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, events)
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, events)
        raise AssertionError(f"no node begins with {event!r}")

    def _guard(self, event: Event) -> None:
        self._nodes += 1
        line = _line(event)
        if self._nodes > MAX_NODES:
            raise _RefusedError(line, f"holds more than {MAX_NODES:,} values. Split the file.")
        if len(self._path) >= MAX_DEPTH:
            raise _RefusedError(
                line, f"is nested more than {MAX_DEPTH} deep. Nothing here needs that."
            )
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise _RefusedError(
                line, "uses an anchor (& or *). Write the value out where it is needed."
            )
        if getattr(event, "ctag", None) or getattr(event, "tag", None):
            raise _RefusedError(line, "uses a tag (!). Write the plain value.")

    def _scalar(self, event: ScalarEvent) -> Scalar:
        text, line = str(event.value), _line(event)
        if event.style is None and text in _NULLS:
            return Scalar(line, None)
        found = UNPRINTABLE.search(text)
        if found or "\n" in text.rstrip("\n") or "\r" in text:
            what = f"the invisible character U+{ord(found[0]):04X}" if found else "a line break"
            self._tell(line, f"holds {what}. Remove it.")
            return Scalar(line, UNPRINTABLE.sub("", text).replace("\n", " ").replace("\r", " "))
        return Scalar(line, text.rstrip("\n"))

    def _sequence(self, start: Event, events: Iterator[Event]) -> Seq:
        found = Seq(_line(start))
        for event in events:
            if isinstance(event, SequenceEndEvent):
                return found
            self._path.append(str(len(found.items)))
            found.items.append(self._node(event, events))
            self._path.pop()
        raise AssertionError("the parser closes every sequence")

    def _mapping(self, start: Event, events: Iterator[Event]) -> Map:
        found = Map(_line(start))
        for event in events:
            if isinstance(event, MappingEndEvent):
                return found
            self._entry(found, event, events)
        raise AssertionError("the parser closes every mapping")

    def _entry(self, found: Map, event: Event, events: Iterator[Event]) -> None:
        self._path.append("?")
        line = _line(event)
        key_node = self._node(event, events)
        key = key_node.text if isinstance(key_node, Scalar) else None
        if key is not None:
            self._path[-1] = key
        value = self._node(next(events), events)
        if key is None:
            self._tell(line, "a key must be one plain word.")
        elif key in found.values:
            first = found.key_lines[key]
            self._tell(line, f"is given twice; the first one is in line {first}. Keep one.")
        else:
            found.values[key], found.key_lines[key] = value, line
        self._path.pop()

    def _tell(self, line: int, message: str) -> None:
        self.problems.append(Problem(self._file, line, ".".join(self._path), message))


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _syntax(error: MarkedYAMLError) -> _RefusedError:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    column = f" (column {mark.column + 1})" if mark else ""
    said = str(error.problem or error.context or "cannot be read").splitlines()[0][:200]
    return _RefusedError(
        line, f"is not valid YAML{column}: {said}. Check the indentation and quotes."
    )


def find(tree: Map, path: tuple[str, ...]) -> tuple[int, Node | None]:
    """Line of the deepest part of `path` that is there, and the node at its end if any."""
    node: Node = tree
    line = tree.line
    for part in path:
        below = _below(node, part)
        if below is None:
            return line, None
        line, node = below
    return line, node


def _below(node: Node, part: str) -> tuple[int, Node] | None:
    if isinstance(node, Map) and part in node.values:
        return node.key_lines[part], node.values[part]
    if isinstance(node, Seq) and part.isdecimal() and int(part) < len(node.items):
        item = node.items[int(part)]
        return item.line, item
    return None


def text_at(tree: Map, path: tuple[str, ...]) -> str | None:
    """The text at `path`, None where there is none."""
    node = find(tree, path)[1]
    return node.text if isinstance(node, Scalar) else None


def map_at(tree: Map, path: tuple[str, ...]) -> Map:
    """The mapping at `path`, an empty one where there is none."""
    node = find(tree, path)[1]
    return node if isinstance(node, Map) else Map(tree.line)


def empty_values(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Paths at which nothing was written."""
    if isinstance(node, Scalar) and node.text is None:
        yield path
    elif isinstance(node, Seq):
        for index, item in enumerate(node.items):
            yield from empty_values(item, (*path, str(index)))
    elif isinstance(node, Map):
        for key, value in node.values.items():
            yield from empty_values(value, (*path, key))
