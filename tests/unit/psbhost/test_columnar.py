"""The columnar path and the careful one give the same reply, whatever a log is mixed from."""

import os
import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psbhost import records, scan
from psbhost.main import handle

from tests.support.tracegen import LANGUAGES, SHAPES, make

#: Berlin around the end of summer time 2026 (25 October, 03:00 becomes 02:00).
BERLIN = [[0, 3600], [1774746000, 7200], [1792890000, 3600]]
START = 1792890000 - 900
LEVELS = ("INFO ", "INFO ", "INFO ", "DEBUG", "WARN ", "ERROR", "FATAL", "TRACE")
THREADS = ("main", "exec-7", "exec-12", "http-nio-8080-exec-3", "req-8f3a9c", "pool 1 thread 2")
SAID = (
    "Order 17 of customer 4 took 12 ms",
    "state was ERROR, now WARN: fine",
    "user ab12cd34 at 10.0.0.7 failed",
    "java.lang.IllegalStateException: order 7 at Dao2",
    "\udce9\udcff broken text",
    "",
    " leading blank",
    "x" * 300,
)
MORE = (
    "\tat com.example.Dao2.save(Dao.java:12)\n\tat com.example.Dao{n}.save(Dao.java:{n})",
    "java.lang.IllegalStateException: order {n}\n\tat com.example.A.b(A.java:7)\n"
    "Caused by: java.io.IOException: disk {n}\n\t... 3 more",
    "ERROR is only text",
    "2026-10-25 is only a date",
    "",
    "  indented {n}",
    '{{"json": {n}}}',
    "2026-10-25 01:02:03 WARN of another program {n}",
    "Oct 25 01:02:03 host su[{n}]: other",
    "[25/Oct/2026:01:02:03 +0000] x",
)


def wall(second: int) -> str:
    """As a clock in UTC would show it: what a zone makes of it is the log's affair."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(second))


def log4j(rng: random.Random, second: int) -> str:
    level = rng.choice(LEVELS)
    return f"{wall(second)},{rng.randrange(1000):03d} {level} [{rng.choice(THREADS)}] c.e.Foo - "


def unpadded(rng: random.Random, second: int) -> str:
    return f"{wall(second)},{rng.randrange(1000):03d} {rng.choice(LEVELS).strip()} c.e.Foo "


def right(rng: random.Random, second: int) -> str:
    level = rng.choice(LEVELS).strip()
    return f"{wall(second)}.{rng.randrange(1000):03d} {level:>5} 123 --- [main] c.e.Foo : "


def bracketed(rng: random.Random, second: int) -> str:
    return f"[{wall(second)}] [{rng.choice(LEVELS).strip()}] "


def lower(rng: random.Random, second: int) -> str:
    level = rng.choice(LEVELS).strip().lower()
    return f"{wall(second).replace(' ', 'T')}Z {level:7} app "


def logback(rng: random.Random, second: int) -> str:
    stamp = f"{wall(second)}.{rng.randrange(1000):03d}"
    return f"{stamp} [{rng.choice(THREADS)}] {rng.choice(LEVELS)} c.e.Foo - "


def offset(rng: random.Random, second: int) -> str:
    return f"{wall(second)},{rng.randrange(1000):03d}+0200 {rng.choice(LEVELS)} [main] c.Foo - "


def plain(_rng: random.Random, second: int) -> str:
    return f"{wall(second)} "


def short(rng: random.Random, second: int) -> str:
    return f"{wall(second)[2:].replace('-', '/')} {rng.choice(LEVELS).strip()} storage.Block: "


def clock(rng: random.Random, second: int) -> str:
    return time.strftime("%H:%M:%S", time.gmtime(second)) + f",123 {rng.choice(LEVELS)} [main] Foo "


def syslog(rng: random.Random, second: int) -> str:
    return time.strftime("%b %d %H:%M:%S ", time.gmtime(second)) + f"h app[{rng.randrange(9999)}]: "


def access(rng: random.Random, second: int) -> str:
    stamp = time.strftime("%d/%b/%Y:%H:%M:%S", time.gmtime(second))
    odd = rng.random() < 0.05
    client = rng.choice(("2001:db8::1", "host.example.com") if odd else ("10.0.0.1", "10.11.12.13"))
    user, quote = rng.choice(("-", "alice", "-")), rng.choice(("", '\\"')) if odd else ""
    target = rng.choice(("/", "/orders/17", "/orders/8f14e45f-ceea-467f", "/a?b=c", "/v1/x", "*"))
    tails = (
        '"-" "1.5"',
        '"-" "a b" 1.5',
        '"-" "-"',
        "",
        '"-" "-" 0.000 x',
        '"-" "a" 12.345',
        '"-" "b" 7',
    )
    tail = rng.choice(tails) if odd else f'"-" "curl/8" {rng.randrange(9)}.{rng.randrange(999):03d}'
    status, size = rng.choice(("200", "404", "503", "599")), rng.choice(("0", "512", "-"))
    if odd and quote:
        status = "99"
    return (
        f'{client} - {user} [{stamp} +0000] "GET {target}{quote} HTTP/1.1" {status} {size} {tail}'
    )


def common(rng: random.Random, second: int) -> str:
    stamp = time.strftime("%d/%b/%Y:%H:%M:%S", time.gmtime(second))
    size = rng.choice(("0", "512", "-"))
    return f'10.0.0.{rng.randrange(255)} - - [{stamp} +0200] "GET /x HTTP/1.1" 200 {size}'


def forwarded(rng: random.Random, second: int) -> str:
    return access(rng, second) + ' "10.0.0.1"'


def json(rng: random.Random, second: int) -> str:
    stamp, level = wall(second).replace(" ", "T"), rng.choice(LEVELS).strip().lower()
    said = rng.choice(('say \\"hi\\"', "caf\\u00e9", "Order 7", "x.FooException: 9", "a\\tb"))
    more = rng.choice(("", ',"duration_ms":12', ',"took":"1.5ms","status":503', ',"x":{"a":[1]}'))
    return f'{{"time":"{stamp}.{rng.randrange(1000):03d}Z","level":"{level}","msg":"{said}"{more}}}'


HEADS = (
    *(log4j, unpadded, right, bracketed, lower, logback, offset, plain, short, syslog),
    *(access, common, forwarded, json, clock),
)
_WHOLE = (access, common, forwarded, json)  # lines that nothing follows


def corpus(seed: int, head: Any, *, strange: float, count: int) -> bytes:
    """Mostly one format, with what real logs do: steps back, other lines, other programs."""
    rng = random.Random(seed)
    ending = rng.choice(("\n", "\n", "\n", "\r\n"))
    second, lines = START, []
    for n in range(count):
        second += rng.choice((0, 0, 1, 1, 7, 40, -65))
        own = rng.random() >= strange
        make = head if own else rng.choice(HEADS)
        lines.append(make(rng, second) + ("" if make in _WHOLE else rng.choice(SAID)))
        if rng.random() < strange * 2:
            lines += rng.choice(MORE).format(n=n).split("\n")
    return ending.join([*lines, ""]).encode("utf-8", "surrogateescape")


def reply(path: Any, data: bytes, **spec: Any) -> dict[str, Any]:
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)
    os.utime(path, (START + 86400, START + 86400))
    log = {"app": "a", "log": "l", "path": str(path), "zone": BERLIN, "history": 0, **spec}
    answer = handle({"op": "visit", "budget": {"hold": 0, "hold_partial": 0}, "logs": [log]})
    found: dict[str, Any] = answer["logs"][0]
    found.pop("read_until")
    return found


def both(path: Any, data: bytes, **spec: Any) -> tuple[dict[str, Any], dict[str, Any], int]:
    """Replies of the columnar and of the careful path, and the blocks that went by columns."""
    taken, columnar = [], records.Splitter._columnar

    def watched(self: Any, body: bytes) -> Any:
        found = columnar(self, body)
        taken.append(found is not None)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "WORTH_COLUMNS", 1)
        patch.setattr(records.Splitter, "_columnar", watched)
        quick = reply(path, data, **spec)
        patch.setattr(records.Splitter, "_columnar", lambda _self, _body: None)
        careful = reply(path, data, **spec)
    return quick, careful, sum(taken)


@pytest.mark.parametrize("head", HEADS, ids=lambda head: str(head.__name__))
def test_regular_logs_go_by_columns_and_come_out_the_same(tmp_path: Any, head: Any) -> None:
    blocks = 0
    for seed in range(3):
        data = corpus(seed, head, strange=0.0, count=400)
        quick, careful, taken = both(tmp_path / "a.log", data)
        assert quick == careful
        blocks += taken
    assert blocks


@settings(max_examples=120, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(HEADS),
    st.sampled_from((0.0, 0.02, 0.1, 0.4)),
    st.sampled_from((700, 4096, 98304)),
)
def test_mixed_logs_come_out_the_same(
    tmp_path_factory: Any, seed: int, head: Any, strange: float, block: int
) -> None:
    path = tmp_path_factory.mktemp("logs") / "a.log"
    data = corpus(seed, head, strange=strange, count=120)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "BLOCK", block, raising=False)
        patch.setattr("psbhost.sources.BLOCK", block)
        quick, careful, _ = both(path, data)
    assert quick == careful


SECOND = "25/Oct/2026:00:45:05 +0000"
#: What scanners, probes and clients that gave up leave between requests, some of it no request.
BROKEN = (
    '"-" 408 0 "-" "-"',
    '"" 400 0 "-" "-"',
    '"\\x16\\x03\\x01\\x02\\x00\\x01" 400 150 "-" "-"',
    '"GET /a\\"b HTTP/1.1" 404 10 "-" "x"',
    '"GET /x HTTP/1.1" 200 5 "-" "a\\"b"',
    '"OPTIONS * HTTP/1.0" 200 - "-" "Apache (internal dummy connection)"',
    '"GET /caf\udce9 HTTP/1.1" 200 5 "-" "x"',
    '"GET /cut\\" HTTP/1.1" 99 - "-" "-"',
    '"no status" - - "-" "-"',
)


def requests(lines: list[str], ending: str = "\n") -> bytes:
    """A combined access log in which the lines stand between requests."""
    ends = [
        line if "[" in line or line in SERVER else f"10.0.0.9 - - [{SECOND}] {line}"
        for line in lines
    ]
    usual = f'10.0.0.1 - - [{SECOND}] "GET / HTTP/1.1" 200 12 "-" "curl/8"'
    text = ending.join([*[usual] * 40, *ends, *[usual] * 40, ""])
    return text.encode("utf-8", "surrogateescape")


def test_an_agent_that_is_a_number_is_no_request_time(tmp_path: Any) -> None:
    lines = ['"GET / HTTP/1.1" 200 12 "-" "1.5"', '"GET / HTTP/1.1" 200 12 "0.5" "7"'] * 9
    for data in (requests(lines), requests([line + " 0.250" for line in lines])):
        quick, careful, taken = both(tmp_path / "a.log", data)
        assert quick == careful
        assert taken == 1
        [[_, count, _, total, *_]] = careful["transactions"]
        assert (count, total) == (98, 18 * 250 if b"0.250" in data else 0)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_broken_requests_leave_their_block_to_columns(tmp_path: Any, ending: str) -> None:
    quick, careful, taken = both(tmp_path / "a.log", requests([*BROKEN, *BROKEN], ending))
    assert quick == careful
    assert taken == 1


#: What else a server writes into the same stream, with a level or without; and what follows it.
SERVER = (
    "2026/10/25 00:45:05 [error] 31#31: *7 connect() failed (111: refused), client: 10.0.0.1, "
    'request: "GET /a HTTP/1.1", upstream: "http://10.1.2.3:80/", host: "x"',
    "2026/10/25 00:45:05 [warn] 31#31: *8 an upstream response is buffered",
    "2026/10/25 00:46:05 [notice] 1#1: signal 15 took 12 ms",
    "[Sun Oct 25 00:45:06.123456 2026] [core:error] [pid 7] AH1: took 12 ms",
    "2026/10/25 00:45:07 [error] 31#31: *9 FastCGI: PHP message: Error: x\n\tat a.B.c(D.java:1)",
    "2026-10-25 00:45:05,123 ERROR [main] c.F - java.lang.IllegalStateException: x",
    "2026-10-25 00:45:05,124 ERROR [main] c.F - \tat com.shop.A.b(A.java:1)",
    "Oct 25 00:45:05 host app[1]: ERROR: wrapped",
    "2026-10-25T00:45:05.123456789Z stderr F ERROR x",
)


@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_what_a_server_says_between_requests_is_as_line_by_line(tmp_path_factory, data) -> None:
    drawn = data.draw(st.lists(st.sampled_from(SERVER + BROKEN[:3]), min_size=1, max_size=6))
    path = tmp_path_factory.mktemp("server") / "a.log"
    quick, careful, _ = both(path, requests(drawn, data.draw(st.sampled_from(["\n", "\r\n"]))))
    assert quick == careful


def test_errors_of_a_server_leave_their_block_to_columns(tmp_path: Any) -> None:
    quick, careful, taken = both(tmp_path / "a.log", requests([*SERVER[:4]] * 3))
    assert quick == careful
    assert taken == 1
    assert sum(count for _, level, count in quick["levels"] if level >= 4) == 9


STAMP = f"[{SECOND}]"
TRACE = (
    [f"{STAMP} a.b.SomeException: x", f"{STAMP} \tat a.b.C.d(C.java:1)"],
    [f"{STAMP} words", f"{STAMP} \tat a.b.C.d(C.java:1)", f"{STAMP} Caused by: a.b.OtherError: y"],
    [f"{STAMP} Traceback (most recent call last):", f'{STAMP}   File "a.py", line 3, in b'],
)


@pytest.mark.parametrize("lines", TRACE, ids=["java", "frames", "python"])
def test_a_stamped_trace_between_requests_is_one_record(tmp_path: Any, lines: list[str]) -> None:
    quick, careful, _ = both(tmp_path / "a.log", requests(lines))
    assert quick == careful
    assert careful["records"] == 81


def test_a_record_on_two_lines_between_requests_keeps_its_level(tmp_path: Any) -> None:
    lines = ["Oct 25, 2026 12:45:05 AM com.Foo [bar]", "SEVERE: second line [x]"]
    quick, careful, _ = both(tmp_path / "a.log", requests(lines))
    assert quick == careful
    assert [count for _, level, count in careful["levels"] if level == 5] == [1]


def stamped(texts: list[str], stamp: str = "Oct 25 00:{:02d}:{:02d} h app[7]: ") -> bytes:
    """A line with a head of its own for each text, one a second."""
    rows = [stamp.format(*divmod(n, 60)) + text for n, text in enumerate(texts)]
    return "\n".join([*rows, ""]).encode()


USUAL = ["the usual thing", "another one 12"] * 20

INNER = {
    "[ERROR] bad": 5,
    "<Warning>: low": 4,
    "%ASA-2-106001: denied": 6,
    "ERROR: bad": 5,
    "FATAL:  the database system is starting up": 6,
    "WARNING [main] low": 4,
    "2026-10-25 01:02:03,123 ERROR [main] c.Foo - bad": 5,
    "E1025 01:02:03.123456 7 a.go:12] bad": 5,
    "ERROR in the middle of words": 0,
    "no ERROR: only text": 0,
}


@pytest.mark.parametrize("text", INNER)
def test_a_level_that_begins_the_text_of_syslog_is_one_by_columns_too(
    tmp_path: Any, text: str
) -> None:
    quick, careful, taken = both(tmp_path / "a.log", stamped([*USUAL, text, *USUAL]))
    assert quick == careful
    assert taken == 1
    told = [level for _, level, _ in careful["levels"] if level]
    assert told == ([INNER[text]] if INNER[text] else [])


def test_documents_within_syslog_are_transactions_by_columns_too(tmp_path: Any) -> None:
    text = '{"time":"2026-10-25T00:00:20Z","level":"error","duration_ms":12}'
    quick, careful, _ = both(tmp_path / "a.log", stamped([*USUAL, text, *USUAL]))
    assert quick == careful
    assert sum(count for _, count, *_ in careful["transactions"]) == 1


STAMPS = ("Oct 25 00:{:02d}:{:02d} h app[7]: ", "2026-10-25 00:{:02d}:{:02d} ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stamp", STAMPS, ids=["syslog", "stamp"])
def test_traces_that_syslog_or_a_tool_stamped_come_out_the_same(
    tmp_path: Any, language: str, stamp: str
) -> None:
    for shape in SHAPES:
        rows = make(language, shape, 3).text.rstrip("\n").split("\n")
        first, *rest = stamped(rows, stamp).decode().rstrip("\n").split("\n")
        texts = [*USUAL, "<Error>: bad" if shape == "plain" else "good"]
        for trace in ([first, *rest], [first, *rows[1:]]):  # a stamp on each line, on the first
            data = stamped(texts, stamp) + "\n".join([*trace, ""]).encode() + stamped(USUAL, stamp)
            quick, careful, _ = both(tmp_path / "a.log", data)
            assert quick == careful


def test_an_exception_named_behind_an_error_goes_on_with_it(tmp_path: Any) -> None:
    bad = ["ERROR: cannot save", "java.io.IOException: disk full"]
    quick, careful, _ = both(tmp_path / "a.log", stamped([*USUAL, *bad, *USUAL]))
    assert quick == careful
    assert careful["records"] == 2 * len(USUAL) + 1


def test_a_blank_line_with_a_stamp_belongs_to_the_trace_before_it(tmp_path: Any) -> None:
    said = "INFO [main] c.Foo - said"
    trace = "\na.b.SomeException: x\n\tat a.b.C.d(C.java:1)"
    data = stamped([*[said] * 40, trace, "", *[said] * 40], STAMPS[1])
    quick, careful, _ = both(tmp_path / "a.log", data)
    assert quick == careful
    assert careful["records"] == 81


def test_what_no_kind_of_stamp_reads_is_not_remembered_as_no_time(tmp_path: Any) -> None:
    own = "[25/10/26 00:00:02:123 UTC] 0000003c com.ibm.ws.Config   W CWWKG0033W: not found"
    lines = [*[own] * 30, "[25/10/26 00:00:02:123 23 UTC] 0000003c com.ibm.ws.Config   W x", own]
    quick, careful, _ = both(tmp_path / "a.log", "\n".join([*lines, ""]).encode())
    assert quick == careful
    assert careful["records"] == len(lines)


@pytest.mark.parametrize("broken", ["20261025-00:0x:05", "20261025-0:00:", "2026x025-00:00:05"])
def test_a_stamp_with_a_letter_among_its_digits_is_none_by_columns_too(
    tmp_path: Any, broken: str
) -> None:
    lines = [*["20261025-00:00:05 INFO [main] said"] * 30, f"{broken} INFO [main] said"]
    data = "\n".join([*lines, lines[0], ""]).encode()
    quick, careful, _ = both(tmp_path / "a.log", data)
    assert quick == careful
    assert careful["records"] == 31


def test_what_a_stamp_proves_holds_from_its_line_on_by_columns_too(tmp_path: Any) -> None:
    either, proof = "05/04/2026 00:00:05 said", "25/04/2026 00:00:05 said"
    lines = [*[either] * 40, *[proof] * 40, *[either] * 40, proof]
    data = "\n".join([*lines, ""]).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("psbhost.sources.BLOCK", 700)
        quick, careful, taken = both(tmp_path / "a.log", data)
    assert quick == careful
    assert taken


def test_parts_of_a_containers_line_behind_stamped_lines_are_one_record(tmp_path: Any) -> None:
    stamp = "2026-10-25T00:00:03.123456789Z "
    lines = [*["said"] * 30, *["stdout P a long"] * 9, "stdout F line", *["said"] * 30]
    data = "\n".join([*[stamp + line for line in lines], ""]).encode()
    quick, careful, _ = both(tmp_path / "a.log", data)
    assert quick == careful
    assert careful["records"] == 61
