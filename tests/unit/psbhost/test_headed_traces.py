"""Traces whose every line has a head of its own: one record, where the heads are alike."""

from datetime import UTC, datetime

import pytest
from psbhost import levels
from psbhost.formats import Recogniser
from psbhost.records import Splitter
from psbhost.stamps import StampReader
from psbhost.zones import UTC as PLAIN

NOW = int(datetime(2026, 11, 24, 16, tzinfo=UTC).timestamp())
HEADS = {
    "android": "11-24 10:00:02.{:03d}  1702  8671 E AndroidRuntime: ",
    "services": "2026-11-24 10:00:02.{:03d} 7 ERROR orders.agent ",
    "instances": "2026-11-24 10:00:02.{:03d} 7 ERROR orders.manager [instance: 17] ",
    "stderr": "2026-11-24 10:00:02,{:03d} ERROR [stderr] (default task-9) ",
    "websphere": "[11/24/26 10:00:02:{:03d} GMT] 0000001a SystemErr     R ",
    "level first": "ERROR 2026-11-24 10:00:02,{:03d} com.acme.Cart - ",
}
JAVA = [
    "java.lang.IllegalStateException: no cart",
    "\tat com.acme.shop.Cart.total(Cart.java:17)",
    "\tat com.acme.shop.Main.main(Main.java:9)",
    "Caused by: java.io.IOException: closed",
    "\tat com.acme.shop.Store.read(Store.java:4)",
    "\t... 2 more",
]
PYTHON = [
    "Traceback (most recent call last):",
    '  File "/srv/cart.py", line 17, in total',
    "    return self.read(key)",
    "KeyError: 'cart'",
]
AFTER = {
    "android": "11-24 10:00:03.000  1702  8671 I Process : ended",
    "websphere": "[11/24/26 10:00:03:000 GMT] 0000001a SystemOut     O ended",
    "level first": "INFO 2026-11-24 10:00:03,000 com.acme.Cart - ended",
}


def read(lines, columns=True, block=0):
    """(record, level) of each record of a file."""
    cutter = Splitter(Recogniser(StampReader(PLAIN, NOW)), {}, NOW)
    if not columns:
        cutter._columnar = lambda raw: None
    body = "".join(f"{line}\n" for line in lines).encode()
    rows, rest, step = [], b"", block or len(body)
    for start in range(0, len(body), step):
        batch, rest = cutter.split(rest + body[start : start + step])
        rows += rows_of(batch)
    return rows + rows_of(cutter.finish(rest))


def rows_of(batch):
    count = len(batch.records)
    return [(batch.record(at).decode(), levels.NAMES[batch.levels[at]]) for at in range(count)]


def headed(head, trace):
    return [HEADS[head].format(100 + at) + line for at, line in enumerate(trace)]


def after(head):
    return AFTER.get(head, "2026-11-24 10:00:03,000 INFO [main] com.acme.Main - ended")


@pytest.mark.parametrize("trace", [JAVA, PYTHON], ids=["java", "python"])
@pytest.mark.parametrize("head", HEADS)
def test_a_trace_with_a_head_on_every_line_is_one_record(head, trace):
    lines = headed(head, trace)
    rows = read([*lines, after(head)])
    assert rows == [("\n".join([lines[0], *trace[1:]]), "error"), (after(head), "info")]


@pytest.mark.parametrize("trace", [JAVA, PYTHON], ids=["java", "python"])
@pytest.mark.parametrize("head", HEADS)
def test_two_traces_are_two_and_text_before_and_after_is_none(head, trace):
    before, behind = headed(head, ["cannot show cart 17"]), headed(head, ["giving up"])
    lines = [*before, *headed(head, trace), *behind, after(head), *headed(head, trace)]
    rows = read(lines)
    assert [row[1] for row in rows] == ["error", "error", "error", "info", "error"]
    assert [row[0].count("\n") for row in rows] == [0, len(trace) - 1, 0, 0, len(trace) - 1]


@pytest.mark.parametrize("head", HEADS)
def test_another_head_ends_it(head):
    lines = headed(head, JAVA)
    other = HEADS[head].format(109).replace("1702", "1799").replace(" 7 ", " 8 ")
    other = other.replace("task-9", "task-8").replace("0000001a", "0000002b")
    other = other.replace("com.acme.Cart", "com.acme.Other") + "cannot pay"
    rows = read([*lines[:3], other, after(head)])
    assert rows[0][0].count("\n") == 2
    assert rows[1][0] == other


@pytest.mark.parametrize("block", [0, 300, 2500])
@pytest.mark.parametrize("head", HEADS)
def test_among_many_others_by_columns_as_line_by_line(head, block):
    many = [after(head).replace("10:00:03", f"10:00:{n:02d}") for n in range(60)]
    lines = [*many, *headed(head, JAVA), *many, *headed(head, PYTHON), *many]
    rows = read(lines, block=block)
    assert rows == read(lines, columns=False)
    assert sum(level == "error" for _, level in rows) == 2


def test_frames_within_a_sentence_and_below_a_warning_join_nothing():
    line = "2026-11-24 10:00:00,{:03d} {} [main] com.acme.Shop - {}"
    lines = [
        line.format(1, "ERROR", "stopped    at step 4"),
        line.format(2, "ERROR", "stopped    at step 5"),
        line.format(3, "INFO", "java.lang.Exception: x"),
        line.format(4, "INFO", "\tat com.acme.A.b(A.java:1)"),
    ]
    assert [row[0] for row in read(lines)] == lines


@pytest.mark.parametrize("block", [0, 300])
@pytest.mark.parametrize("said", ["ERROR: x", "[ERROR] x", "<Error>: x", "[ID 7 daemon.error] x"])
def test_a_level_of_its_own_behind_syslogs_head_joins_what_it_names(said, block):
    head = "Nov 24 10:00:{:02d} host app[1]: "
    fine = [head.format(second) + f"fine {second}" for second in range(30)]
    lines = [*fine, head.format(40) + said, *(head.format(40) + row for row in JAVA[:2])]
    joined = "\n".join([head.format(40) + said, *JAVA[:2]])
    apart = [head.format(50) + "[ERROR] y", head.format(52) + JAVA[0]]
    rows = read([*lines, *apart], block=block)
    assert rows == read([*lines, *apart], columns=False)
    assert [row[0] for row in rows[30:]] == [joined, *apart]
