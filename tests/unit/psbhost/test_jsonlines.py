"""Fields of JSON records, flat, dotted and nested."""

import pytest
from psbhost import jsonlines


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[1]", b'{"a":1} x', b'"text"', b"{" * 50_000, b'{"a":NaN']
)
def test_what_is_no_object(line):
    assert jsonlines.load(line) is None


def test_an_object_with_a_windows_line_end_and_bad_bytes():
    assert jsonlines.load(b'{"a":"\xff"}\r') == {"a": "�"}


@pytest.mark.parametrize(
    "document",
    [{"log.level": "x"}, {"log": {"level": "x"}}],
)
def test_a_dotted_name_is_a_key_or_a_path(document):
    assert jsonlines.lookup(document, "log.level") == "x"
    assert jsonlines.lookup(document, "log.other") is None


@pytest.mark.parametrize(
    ("document", "level"),
    [
        ({"level": "banana", "severity": "ERROR"}, 5),
        ({"log": {"level": "warn"}}, 4),
        ({"level": 30}, 3),
        ({}, 0),
    ],
)
def test_levels(document, level):
    assert jsonlines.level_of(document) == level


def test_messages_and_stacks():
    assert jsonlines.message_of({"msg": "a", "error": "b"}) == "a"
    assert jsonlines.message_of({"event": {"message": "deep"}}) == "deep"
    assert jsonlines.message_of({}) == ""
    assert jsonlines.stack_of({"error": {"stack_trace": "x"}}) == "x"
    assert jsonlines.stack_of({"stack": 3}) == ""


def test_the_instant_of_log4j():
    assert jsonlines.stamp_of({"instant": {"epochSecond": 5}}) == 5
