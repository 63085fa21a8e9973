"""Files written to hurt: refused in words, before they cost anything."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psbuddy.catalogue import check_texts
from psbuddy.catalogue.tree import MAX_BYTES, MAX_DEPTH, MAX_NODES, Map, read_tree

ANCHORS = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"

CASES = {
    "depth": ("a: " + "[" * 3000, "nested more than"),
    "depth of blocks": ("\n".join(" " * n + "a:" for n in range(300)), "nested more than"),
    "depth of flow maps": ("{a: " * 3000, "nested more than"),
    "anchors": (ANCHORS, "uses an anchor"),
    "alias": ("a: *x\n", "uses an anchor"),
    "merge of an anchor": ("a: &x {b: c}\nd: {<<: *x}\n", "uses an anchor"),
    "python tag": ("a: !!python/object/apply:os.system ['true']\n", "uses a tag"),
    "own tag": ("a: !vault x\n", "uses a tag"),
    "str tag": ("a: !!str x\n", "uses a tag"),
    "tag of a mapping": ("a: !!map {b: c}\n", "uses a tag"),
    "size": ("#" * (MAX_BYTES + 1), "a catalogue file may have 262,144"),
    "nodes": ("a: [" + "1," * (MAX_NODES + 1) + "]", "more than 20,000 values"),
    "NUL": ("a: 'x\x00y'\n", "U+0000"),
    "ESC": ("a: x\x1b[31m\n", "U+001B"),
    "bidi": ("a: \u202egol.ppa\n", "U+202E"),
    "bidi by escape": ('hosts: {a: {user: "\\u202ex"}}\n', "U+202E"),
    "NUL by escape": ('hosts: {a: {user: "x\\0"}}\n', "U+0000"),
    "line break": ('hosts: {a: {user: "x\\ny"}}\n', "a line break"),
    "unknown escape": ('a: "\\q"\n', "not valid YAML"),
    "directive": ("%YAML 9.9\n---\na: b\n", ""),
}


@pytest.mark.parametrize(("text", "says"), CASES.values(), ids=CASES.keys())
def test_a_hostile_file_is_refused_in_words(text: str, says: str) -> None:
    catalogue, problems = check_texts(Path("x"), {"a.yaml": text.encode()})
    assert problems, "it was taken"
    assert any(says in problem.message for problem in problems)
    assert catalogue.applications == {}


def test_what_is_deepest_allowed_can_be_read() -> None:
    text = "a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert read_tree(text.encode(), "a.yaml")[1] == ()
    assert read_tree(text.replace("[]", "[[]]").encode(), "a.yaml")[1] != ()


def test_bytes_that_are_no_text_name_their_line() -> None:
    tree, problems = read_tree(b"a: b\nc: \xff\xfe\n", "a.yaml")
    assert tree == Map(1)
    assert (problems[0].line, "UTF-8" in problems[0].message) == (2, True)


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    text = b"\xef\xbb\xbfapplications:\r\n  a:\r\n    hosts: [b]\r\n"
    catalogue, problems = check_texts(Path("x"), {"a.yaml": text})
    assert problems == ()
    assert list(catalogue.applications) == ["a"]


def test_other_scripts_are_welcome() -> None:
    text = "applications:\n  a: {name: Hauptbuch für Łódź 総勘定元帳, hosts: b}\n"
    catalogue, problems = check_texts(Path("x"), {"a.yaml": text.encode()})
    assert problems == ()
    assert catalogue.applications["a"].name == "Hauptbuch für Łódź 総勘定元帳"


_PIECES = st.sampled_from(
    ["applications:", "hosts:", "\n", " ", "  ", "shop", ":", ": ", "- ", "[", "]", "{", "}", ",",
     "'", '"', "#", "&a", "*a", "!t", "|", ">", "logs", "path", "/x", "every", "1m", "~", "?", "%",
     "\t", "\\", "@", "`", "---", "..."]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=60).map("".join))
def test_whatever_is_written_ends_in_a_catalogue_or_in_problems(text: str) -> None:
    catalogue, problems = check_texts(Path("x"), {"a.yaml": text.encode()})
    assert problems or all(app.hosts for app in catalogue.applications.values())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_catalogue_or_in_problems(text: bytes) -> None:
    catalogue, problems = check_texts(Path("x"), {"a.yaml": text})
    assert problems or catalogue.applications == {}
