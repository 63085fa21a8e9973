"""Traces and the records they belong to: behind heads, without any, with a head on each line."""

import json

import pytest
from psbhost.causes import identify
from psbhost.continuations import BEGINS, INSIDE, TEXT, Trace
from psbhost.levels import ERROR, INFO, NONE

from tests.support.logfuzz import NOW, Reading
from tests.support.tracegen import LANGUAGES, SHAPES, make

HEAD = "2026-11-24 10:00:01,123 {} [main] com.foo - {}\n"
#: Languages whose first line tells that a trace begins, or whose first frame follows it.
APART = [name for name in LANGUAGES if name not in ("perl", "lua", "ruby")]


def read(text):
    """(lines, level, first line) of each record, however it is read."""
    found = Reading(text.encode(), columns=False)
    assert Reading(text.encode(), list(range(0, len(text), 61))).rows == found.rows
    return [
        (row[0].count(b"\n") + 1, row[2], row[0].split(b"\n")[0].decode()) for row in found.rows
    ]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_trace_belongs_to_the_record_before_it(language, shape):
    for seed in range(3):
        trace = make(language, shape, seed)
        text = HEAD.format("ERROR", "failed") + trace.text + HEAD.format("INFO", "next")
        assert [row[:2] for row in read(text)] == [(trace.text.count("\n") + 1, ERROR), (1, INFO)]


@pytest.mark.parametrize("language", APART)
def test_two_traces_in_a_row_are_two_records(language):
    first, second = make(language, "plain", 1), make(language, "library", 2)
    text = HEAD.format("ERROR", "failed") + first.text + second.text + HEAD.format("INFO", "next")
    rows = read(text)
    assert [row[1] for row in rows] == [ERROR, ERROR, INFO]
    assert sum(row[0] for row in rows) == text.count("\n")


@pytest.mark.parametrize("language", [*APART, "ruby", "perl", "lua"])
def test_without_any_head_a_trace_is_a_record_of_its_own(language):
    trace = make(language, "plain", 3)
    body = trace.text if language != "python" else trace.text.split("\n", 1)[1]
    rows = read(f"starting\n{body}stopped\n\nrestarting\n")
    dumps = [row for row in rows if row[1] != NONE]
    assert [row[0] for row in dumps] == [body.strip("\n").count("\n") + 1]
    assert [row[2] for row in rows if row[1] == NONE] == ["starting", "stopped", "restarting"]


@pytest.mark.parametrize("language", APART)
def test_without_any_head_two_traces_are_two_causes(language):
    shapes = ("library", "library")
    traces = [make(language, shape, seed) for seed, shape in enumerate(shapes)]
    found = Reading("".join(trace.text for trace in traces).encode())
    keys = [identify(row[0], row[2], None)[1][1:] for row in found.rows if row[2]]
    expected = [(one.exception.encode(), one.frame.encode()) for one in traces]
    assert keys == expected


def test_text_with_a_name_alone_is_no_trace():
    text = "a.b.SomeException: seen in a manual\nmore words\nnothing else\n"
    assert [row[1] for row in read(text)] == [NONE] * 3


def test_a_runtimes_last_words_behind_a_quiet_record_are_a_record_of_their_own():
    dump = 'Exception in thread "main" a.b.Boom: z\n\tat com.shop.A.b(A.java:1)\n'
    quiet = read(HEAD.format("INFO", "started") + dump)
    loud = read(HEAD.format("ERROR", "uncaught") + dump)
    assert [row[:2] for row in quiet] == [(1, INFO), (2, ERROR)]
    assert [row[:2] for row in loud] == [(3, ERROR)]


def test_a_chain_stays_one_record():
    chained = make("python", "cause", 4).text
    again = "\n".join(
        (chained, "During handling of the above exception, another exception occurred:\n", chained)
    )
    assert len(read(HEAD.format("ERROR", "failed") + again)) == 1


CRI = "2026-11-24T10:00:0{second}.1234Z stderr F {line}\n"
JOURNAL = "Nov 24 10:00:0{second} host app[{pid}]: {line}\n"


def wrap(style, text, second=1, pid=7):
    """The journal drops blank lines."""
    rows = [line for line in text.rstrip("\n").split("\n") if line or style is CRI]
    return "".join(style.format(second=second, pid=pid, line=line) for line in rows)


@pytest.mark.parametrize("language", ["java", "node", "dotnet", "go", "python"])
@pytest.mark.parametrize("style", [CRI, JOURNAL], ids=["container", "journal"])
def test_a_trace_with_a_head_on_each_line_is_one_record(style, language):
    trace = make(language, "library", 5)
    text = wrap(style, "ready") + wrap(style, trace.text) + wrap(style, "stopped", second=5)
    rows = read(text)
    # Go's own first line names its level, which is above error.
    assert [min(row[1], ERROR) for row in rows] == [NONE, ERROR, NONE]
    found = Reading(text.encode()).rows[1]
    one = Reading(text.encode()).splitter
    head = one._recogniser.recognise(found[0].split(b"\n")[0])
    assert identify(found[0], ERROR, head)[1][1:] == (
        trace.exception.encode(),
        trace.frame.encode(),
    )


def test_such_a_trace_belongs_to_the_error_before_it():
    error = "2026-11-24 10:00:01,000 ERROR [main] c.F - failed"
    text = wrap(CRI, error) + wrap(CRI, make("java", "plain", 6).text) + wrap(CRI, error, second=3)
    assert [row[1] for row in read(text)] == [ERROR, ERROR]


def test_another_process_or_another_second_is_another_record():
    frame = "\tat com.shop.A.b(A.java:1)"
    text = wrap(JOURNAL, "a.b.BadException: x") + wrap(JOURNAL, frame, pid=8)
    text += wrap(JOURNAL, "a.b.BadException: x") + wrap(JOURNAL, frame, second=9)
    assert [row[0] for row in read(text)] == [1, 1, 1, 1]


def test_docker_wraps_each_line_in_json():
    trace = make("java", "cause", 7)
    rows = [
        json.dumps({"log": line + "\n", "stream": "stderr", "time": f"2026-11-24T10:00:01.{n:03}Z"})
        for n, line in enumerate(["started", *trace.text.rstrip("\n").split("\n"), "stopped"])
    ]
    found = Reading("".join(row + "\n" for row in rows).encode())
    assert [row[2] for row in found.rows] == [NONE, ERROR, NONE]
    assert found.rows[1][0].count(b"\n") == trace.text.count("\n") - 1


def test_the_runtime_cuts_long_lines_and_the_record_takes_them_back():
    text = CRI.format(second=1, line="half").replace(" F ", " P ") + CRI.format(
        second=1, line="rest"
    )
    assert [row[0] for row in read(text + CRI.format(second=1, line="next"))] == [2, 1]


def test_colours_and_marks_hide_no_head():
    plain = [HEAD.format("ERROR", "a"), HEAD.format("INFO", "b")] * 40
    bright = [
        row.replace("ERROR", "\x1b[31mERROR\x1b[0m").replace("2026", "\x1b[2m2026", 1)
        for row in plain
    ]
    assert Reading("".join(bright).encode()).rows == Reading("".join(plain).encode()).rows
    for mark in ("\ufeff", "\x0c", "\0\0"):
        assert Reading((mark + plain[0]).encode()).rows == Reading(plain[0].encode()).rows


def test_the_last_record_is_held_until_its_trace_is_whole():
    text = (HEAD.format("ERROR", "failed") + make("java", "cause", 8).text).encode()
    one = Reading(b"").splitter
    batch, rest = one.split(text)
    assert (len(batch.records), rest) == (0, text)
    assert len(one.finish(rest).records) == 1


def test_verdicts():
    trace = Trace()
    lines = [b"words", b"a.b.BadException: x", b"\tat a.b.C.d(C.java:1)", b"Caused by: y", b"after"]
    assert [trace.step(line, n) for n, line in enumerate(lines)] == [
        (TEXT, 0), (TEXT, 1), (BEGINS, 1), (INSIDE, 3), (TEXT, 4),
    ]  # fmt: skip


def test_a_record_without_stamp_is_at_the_time_of_the_file():
    assert Reading(b"Segmentation fault (core dumped)\n").rows[0][1:] == (NOW, ERROR)
