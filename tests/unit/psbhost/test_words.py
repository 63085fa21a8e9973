"""Durations told in words: plain ones are found, everything that is no request is left."""

import json
import os
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psbhost import records
from psbhost.batches import Batch
from psbhost.main import handle
from psbhost.words import QUIET, Words, transaction_in

NOW = 1_795_536_000
INFO, WARNING, ERROR = 3, 4, 5


@pytest.mark.parametrize(
    ("line", "milliseconds"),
    [
        ("order 7 completed in 35 ms", 35.0),
        ("request took 1.2s", 1200.0),
        ("done, duration=120ms", 120.0),
        ("elapsed: 00:00:03.120", 3120.0),
        ('{not json} "duration_ms":12', 12.0),
        ("Completed 200 OK in 12ms (Views: 3.1ms | ActiveRecord: 1.0ms)", 12.0),
        ("HTTP GET /orders/7 responded 200 in 12.3456 ms", 12.3456),
        ("finished processing request latency=3 ms status=200", 3.0),
        ("LOG:  duration: 12.345 ms  statement: select 1", 12.345),
        ("latency was 350 milliseconds", 350.0),
        ("duration of 2 seconds", 2000.0),
        ("Took 250us", 0.25),
        ("took 250µs", 0.25),
        ("elapsedMs=17 rows=3", 17.0),
        ("elapsed_time=0.25s", 250.0),
        ("level=info method=GET path=/a took=12ms", 12.0),
    ],
)
def test_durations_that_are_told_plainly(line, milliseconds):
    (failed, found, _), text = transaction_in(line.encode(), INFO)
    assert found == pytest.approx(milliseconds)
    assert not failed
    assert text.decode() in line


@pytest.mark.parametrize(
    "line",
    [
        "took 35",
        "took 3 h",
        "took 12 min",
        "took 35 months",
        "took 35 ms/op",
        "completed in 35 pieces",
        "mistook 35 ms",
        "duration=120",
        "elapsed: 00:00:03",
        "duration 900000 ms",
        "Nightly job finished, took 35 ms",
        "batch 7 completed in 35 ms",
        "import completed in 35 ms",
        "Started Application in 3.2 seconds (JVM running for 4.1), took 3 s",
        "Completed initialization in 35 ms",
        "GC pause took 35 ms",
        "vacuum elapsed: 00:00:03.120",
        "waited, took 35 ms",
        "connect timeout, took 35 ms",
        "checkpoint complete: total time=3.2 s",
        "1.duration_ms=3",
        "version duration-ms 12",
    ],
)
def test_what_is_no_request_is_left(line):
    assert transaction_in(line.encode(), INFO) is None


def test_levels_and_statuses():
    assert transaction_in(b"call took 35 ms", 0)[0] == (False, 35.0, None)
    assert transaction_in(b"call took 35 ms", WARNING) is None
    assert transaction_in(b"call took 35 ms", ERROR) is None
    assert transaction_in(b"call took 35 ms status=503", ERROR)[0][0] is True
    assert transaction_in(b"call took 35 ms status=404", WARNING)[0][0] is False
    assert transaction_in(b"Completed 500 Internal Server Error in 3ms", INFO)[0][0] is True
    assert transaction_in(b"call took 35 ms, exit status: 7", INFO)[0][0] is False


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ('GET "/orders/7" took 3 ms', ("GET", "/orders/7")),
        ("HTTP GET /orders/7 responded 200 in 12.3 ms", ("GET", "/orders/7")),
        ("took=3ms method=post uri=/a?x=1", ("post", "/a?x=1")),
        ("took=3ms path=/a", ("", "/a")),
        ("took 3 ms for /a", None),
    ],
)
def test_the_target_beside_it(line, target):
    assert transaction_in(line.encode(), INFO)[0][2] == target


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (
            "Feb  6 12:14:14 lb haproxy[1]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] in "
            'st/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {a.eu} {} "GET /i/7 HTTP/1.1"',
            (False, 109.0, b"GET /i/7 HTTP/1.1"),
        ),
        (
            "lb haproxy[1]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] in st/<NOSRV> "
            '0/-1/-1/-1/+50001 -1 0 - - sQ-- 1/1/1/1/0 0/0 "GET / HTTP/1.1"',
            (True, 50001.0, b"GET / HTTP/1.1"),
        ),
        (
            '[2026-11-24T10:00:00.123Z] "GET /x HTTP/2" 503 UF 0 91 41 - "-" "curl" "id" "h" "-"',
            (True, 41.0, b"GET /x HTTP/2"),
        ),
        (
            '[2026-11-24T10:00:00.123Z] "GET /x HTTP/1.1" 200 - via_upstream - "-" 0 60 7 6 "-"',
            (False, 7.0, b"GET /x HTTP/1.1"),
        ),
        (
            '[GIN] 2026/11/24 - 10:00:00 | 500 |     12.34ms |        10.0.0.1 | GET      "/api/x"',
            (True, 12.34, ("GET", "/api/x")),
        ),
        (
            '[GIN] 2026/11/24 - 10:00:00 | 200 |   1m2.5s |   10.0.0.1 | POST     "/api/x"',
            (False, 62500.0, ("POST", "/api/x")),
        ),
    ],
)
def test_lines_of_proxies(line, wanted):
    found, _ = transaction_in(line.encode(), 0)
    assert (found[0], found[2]) == (wanted[0], wanted[2])
    assert found[1] == pytest.approx(wanted[1])


# -- in files ---------------------------------------------------------------------------------


def visited(path, data, **spec):
    path.write_bytes(data)
    os.utime(path, (NOW, NOW))
    log = {"app": "a", "log": "l", "path": str(path), "zone": [[0, 0]], "history": 0, **spec}
    request = {"op": "visit", "budget": {"hold": 0, "hold_partial": 0}, "logs": [log]}
    return handle(request)["logs"][0]


def stamped(number, text):
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(NOW - 90000 + number))
    return f"{stamp},123 INFO  [main] a.B - {text}\n"


def log_of(count, hits):
    return "".join(
        stamped(n, f"step {n} took {n % 50 + 1} ms" if n in hits else f"step {n} is taken")
        for n in range(count)
    ).encode()


def counted(reply):
    return sum(row[1] for row in reply["transactions"])


def test_they_count_by_columns_as_line_by_line(tmp_path, monkeypatch):
    rng = random.Random(5)
    data = log_of(4000, {n for n in range(4000) if rng.random() < 0.1})
    quick = visited(tmp_path / "a.log", data)
    monkeypatch.setattr(records.Splitter, "_columnar", lambda _self, _body: None)
    careful = visited(tmp_path / "a.log", data)
    assert quick["transactions"] == careful["transactions"]
    assert quick["positions"] == careful["positions"]
    assert counted(quick) == quick["words"][0] > 300
    assert quick["words"][1].startswith("took ")


def test_a_file_that_tells_none_for_long_is_looked_through_no_further(tmp_path):
    last = QUIET - 1
    near = visited(tmp_path / "a.log", log_of(QUIET + 400, {5, 5 + QUIET, QUIET + 399}))
    assert counted(near) == 3
    far = visited(
        tmp_path / "a.log", log_of(2 * QUIET + 400, {last, last + QUIET + 1, 2 * QUIET + 9})
    )
    assert counted(far) == 1


@pytest.mark.parametrize("ticks", [2, 7, 40])
def test_any_split_into_visits_counts_the_same(tmp_path, ticks):
    data = log_of(QUIET + 1500, {3, 900, 1899 + 900, QUIET + 1450})
    whole = visited(tmp_path / "whole.log", data)
    assert counted(whole) > 0
    path, positions, count = tmp_path / "a.log", [], 0
    size = len(data) // ticks + 1
    for end in range(size, len(data) + size, size):
        reply = visited(path, data[:end], positions=positions)
        positions, count = reply["positions"], count + counted(reply)
    assert count == counted(whole)
    assert json.loads(positions[0]["carry"])["d"] == json.loads(whole["positions"][0]["carry"])["d"]


@pytest.mark.parametrize(
    "spec",
    [
        {"transactions": False},
        {"transactions": {"words": False}},
        {"transactions": {"pattern": "nothing"}},
        {"transactions": {"duration": "request_time"}},
        {"jobs": [{"job": "n", "start": "nightly started"}]},
    ],
)
def test_what_the_catalogue_says_goes_first(tmp_path, spec):
    reply = visited(tmp_path / "a.log", log_of(300, set(range(0, 300, 7))), **spec)
    assert counted(reply) == 0
    assert "words" not in reply


SQUID = (
    "1795446{:03d}.450    921 10.0.0.8 TCP_MISS/{} 507 GET http://a.example/x/{} - D/1.2.3.4 a/b\n"
)
IIS = (
    "2026-11-23 13:{:02d}:{:02d} 10.0.0.1 GET /a.aspx id={} 443 - 10.0.0.9 M/5.0+(X) - {} 0 0 15\n"
)
DIRECTIVES = "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip\n"


@pytest.mark.parametrize("columns", [True, False])
def test_requests_of_squid_and_iis(tmp_path, monkeypatch, columns):
    if not columns:
        monkeypatch.setattr(records.Splitter, "_columnar", lambda _self, _body: None)
    data = "".join(SQUID.format(n, 200 if n % 4 else 503, n) for n in range(200)).encode()
    reply = visited(tmp_path / "squid.log", data)
    assert [row[1:5] for row in reply["routes"]] == [["GET a.example/x/{id}", 200, 50, 184200.0]]
    lines = [IIS.format(n // 60, n % 60, n, 200 if n % 4 else 500) for n in range(200)]
    reply = visited(tmp_path / "iis.log", (DIRECTIVES + "".join(lines)).encode())
    assert [row[1:5] for row in reply["routes"]] == [["GET /a.aspx", 200, 50, 3000.0]]


PIECES = (
    *("took 12 ms", "took 1.25s", "took 3 h", "took 1234567890 ms", "took 5ms", "took ", "12 ms"),
    *("completed in 35 ms", "Completed 200 OK in 12ms", "Completed 500 in 3ms", "elapsed=3.5s"),
    *("elapsed: 00:00:03.120", "duration_ms=17", "status=503", "status=99", "status: 2000"),
    *(
        "job 7",
        "order 4711",
        "GET /a/7",
        "path=/b/12",
        "method=put",
        "HTTP/1.1",
        "latency 7us",
        "x",
    ),
)


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=4), max_size=30), st.randoms())
def test_remembered_shapes_say_what_each_line_says(lines, rng):
    made = [f"a {' '.join(pieces)} {rng.randrange(10 ** rng.randrange(1, 12))}" for pieces in lines]
    levels = [rng.choice((0, INFO, WARNING)) for _ in made]
    raw = [line.encode() for line in made]
    wanted = [(n, transaction_in(*each)[0]) for n, each in enumerate(zip(raw, levels, strict=True))
              if transaction_in(*each) is not None]  # fmt: skip
    words = Words(True)
    for _ in range(2):
        batch = Batch(raw, [0] * len(raw), levels)
        found = words.find(batch, b"\n".join(raw))
        assert [index for index, _ in found] == [index for index, _ in wanted]
        for (_, one), (_, other) in zip(found, wanted, strict=True):
            assert (one[0], one[2]) == (other[0], other[2])
            assert one[1] == other[1]
