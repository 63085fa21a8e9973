"""Hostile logs from pieces of real ones, and what must hold whatever a log contains."""

import json
import random
import time
from functools import cache
from pathlib import Path
from typing import Any

from psbhost import records
from psbhost.formats import Recogniser
from psbhost.main import handle
from psbhost.records import Splitter
from psbhost.stamps import StampReader
from psbhost.zones import UTC

from tests.support import families
from tests.support.tracegen import LANGUAGES, SHAPES, make

NOW = 1795536000
HEADS = [
    b"2026-11-24 10:00:01,123 INFO [main] com.foo - hello",
    b"2026-11-24 10:00:02,123 WARN [main] com.foo - careful \xff\xfe",
    b"2026-11-24 10:01:03,123 ERROR [main] com.foo - bad ERROR",
    b"\x1b[2m2026-11-24 10:01:04,123\x1b[0m \x1b[31mERROR\x1b[0m [main] com.foo - red",
    b"2026-11-24 10:01:05 words only",
    b'{"time":"2026-11-24T10:00:04Z","level":"error","msg":"m"}',
    b'{"log":"\\tat a.b.C.d(C.java:1)\\n","stream":"stderr","time":"2026-11-24T10:00:04.1Z"}',
    b'{"log":"a.b.SomeException: x\\n","stream":"stderr","time":"2026-11-24T10:00:04.2Z"}',
    b"2026-11-24T10:00:05.123456789Z stderr F a.b.SomeException: x",
    b"2026-11-24T10:00:05.123456789Z stderr F \tat a.b.C.d(C.java:12)",
    b"2026-11-24T10:00:05.123456789Z stdout P half of",
    b"2026-11-24T10:00:05.123456789Z stdout F 2026-11-24 10:00:05,000 ERROR [m] c.F - no",
    b"Nov 24 10:00:05 host app[1]: hi",
    b"Nov 24 10:00:05 host app[1]: java.lang.IllegalStateException: x",
    b"Nov 24 10:00:05 host app[1]: \tat com.shop.A.b(A.java:1)",
    b"<11>Nov 24 10:00:05 host app[1]: #011at com.shop.A.b(A.java:1)",
    b'10.0.0.1 - - [24/Nov/2026:10:00:06 +0000] "GET / HTTP/1.1" 503 12 "-" "-" 0.123',
    b"Nov 24, 2026 10:00:05 AM com.Foo bar",
    b"SEVERE: second line",
    b"level=error ts=2026-11-24T10:00:05Z msg=x",
    b"ERROR foo",
    b"I1124 10:00:05.123456 7 a.go:12] hi",
    b"10:00:05.123 [main] ERROR com.foo - a time of day",
    b"23:59:58,001 INFO  [org.foo] the end of a day",
    b"2026-11-04T10:00:05Z another day",
    b"11/12/2026 10:00:05 of one of two days",
    b"13/11/2026 10:00:05 WARN of one that tells",
    b"Nov 24 10:00:05 host app[1]: ERROR: of an application",
    b"Nov 24 10:00:05 host app[1]: 23:59:58,123 [main] WARN c.F - within",
    b'Nov 24 10:00:05 host app[1]: {"time":"2026-11-24T10:00:04Z","duration_ms":5}',
    b'{"time":"10:00:04.123","level":"warn","msg":"of some day"}',
]
JUNK = [
    b"", b"\r", b" ", b"\t", b"\0\0\0", b"\xff\xfe\x80", b"\x0c", b"\xef\xbb\xbf", b"a\rb\rc",
    b"2026 apples", b"---", b"}", b"password=hunter2", b"x" * 300, b"panic: boom", b"Error: boom",
    b"a.b.OtherException: y", b"Exception in thread \"main\" a.b.Boom: z", b"Segmentation fault",
    b"Traceback (most recent call last):", b"goroutine 1 [running]:", b"stack traceback:",
    b"The above exception was the direct cause of the following exception:", b"\x1b[", b"\xc3",
    b"4111 1111 1111 1111", b"{" * 50, b"[[[[[[[[((((((((", b"=" * 40, b"::::::::::::",
]  # fmt: skip


def lines(rng: random.Random, count: int) -> bytes:
    """A log of about that many pieces: heads, traces, junk, and pieces that were bent."""
    found: list[bytes] = []
    for _ in range(count):
        draw = rng.random()
        if draw < 0.45:
            found.append(rng.choice(HEADS))
        elif draw < 0.65:
            found += trace_lines(rng)
        elif draw < 0.85:
            found.append(rng.choice(JUNK))
        else:
            found.append(bent(rng, rng.choice(HEADS + JUNK)))
    end = rng.choice((b"\n", b"\n", b"\n", b"", b"\r\n"))
    return rng.choice((b"\n", b"\n", b"\n", b"\r\n")).join(found) + end


@cache
def _by_family() -> list[list[bytes]]:
    """The records of each family, by name."""
    found: dict[str, list[bytes]] = {}
    for record in families.load():
        found.setdefault(record.family, []).append("\n".join(record.lines).encode())
    return [found[name] for name in sorted(found)]


def regular(rng: random.Random, count: int) -> bytes:
    """A log of one family with few strangers in it: what columns are for."""
    own = rng.choice(_by_family())
    own = rng.sample(own, min(len(own), rng.randrange(1, 4)))
    strange, found = rng.choice((0.0, 0.02, 0.1, 0.3)), []
    for _ in range(count):
        if rng.random() >= strange:
            found.append(rng.choice(own))
        else:
            found.append(rng.choice((_stranger, _bent, _stamped))(rng, own))
    end = rng.choice((b"\n", b"\n", b"\n", b"\r\n"))
    return b"\n".join(found).replace(b"\n", end) + rng.choice((end, b""))


def _stranger(rng: random.Random, _own: list[bytes]) -> bytes:
    return rng.choice((rng.choice(rng.choice(_by_family())), rng.choice(HEADS + JUNK)))


def _bent(rng: random.Random, own: list[bytes]) -> bytes:
    return bent(rng, rng.choice(own))


def _stamped(rng: random.Random, own: list[bytes]) -> bytes:
    """A trace with the beginning of a record in front of each line."""
    head = rng.choice(own)[: rng.randrange(10, 40)]
    return b"\n".join([head + b" " + row for row in trace_lines(rng)])


def trace_lines(rng: random.Random) -> list[bytes]:
    """A trace, whole or a part of one."""
    trace = make(rng.choice(list(LANGUAGES)), rng.choice(SHAPES), rng.randrange(50))
    rows = trace.text.encode().rstrip(b"\n").split(b"\n")
    if rng.random() < 0.3:
        start = rng.randrange(len(rows))
        rows = rows[start : start + rng.randrange(1, 6)]
    return rows


def bent(rng: random.Random, line: bytes) -> bytes:
    """A line with bytes changed, dropped, doubled or repeated."""
    text = bytearray(line)
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(len(text) + 1)
        way = rng.randrange(4)
        if way == 0:
            text[at:at] = bytes([rng.choice(b"\0\t\r \x1b\xff:[]{}\"'/0Z")])
        elif way == 1:
            del text[at : at + rng.randrange(1, 4)]
        elif way == 2:
            text[at:at] = text[at : at + rng.randrange(1, 12)]
        else:
            text[at:at] = text[at : at + 3] * rng.randrange(2, 30)
    return bytes(text).replace(b"\n", b" ")


class Reading:
    """All records of some bytes handed over in pieces, and the counters."""

    def __init__(self, data: bytes, cuts: list[int] | None = None, *, columns: bool = True) -> None:
        self.splitter = Splitter(Recogniser(StampReader(UTC, NOW)), {}, NOW)
        if not columns:
            self.splitter._columnar = lambda _body: None
        self.rows: list[tuple[bytes, int, int]] = []
        rest, start = b"", 0
        for cut in [*sorted(cuts or []), len(data)]:
            batch, rest = self.splitter.split(rest + data[start:cut])
            start = max(start, cut)
            self._take(batch)
        if rest:
            self._take(self.splitter.finish(rest))

    def _take(self, batch: Any) -> None:
        for index, row in enumerate(zip(batch.times, batch.levels, strict=True)):
            self.rows.append((batch.record(index), *row))

    @property
    def counters(self) -> tuple[int, ...]:
        one = self.splitter
        return (one.lines, one.records, one.unparsed_lines, one.unparsed_bytes, one.oversize)


def check_reading(data: bytes, cuts: list[int], *, texts: bool = True) -> None:
    """However the bytes are cut and read, the records are the same and the sums add up.

    `texts`: their texts too; of records over the cap only time and level need to agree.
    """
    whole = Reading(data, columns=False)
    for other in (Reading(data), Reading(data, cuts), Reading(data, cuts, columns=False)):
        rows = [row if texts else row[1:] for row in other.rows]
        assert rows == [row if texts else row[1:] for row in whole.rows]
        assert other.counters == whole.counters
    one = whole.splitter
    assert one.lines == data.count(b"\n") + (0 if data.endswith(b"\n") or not data else 1)
    assert one.records == len(whole.rows) == sum(one.formats.values())
    assert one.unparsed_lines == one.formats.get("none", 0)
    assert sum(row[0].count(b"\n") + 1 for row in whole.rows) <= one.lines
    assert one.unparsed_bytes <= len(data) + 1


def check_visit(path: Path, data: bytes) -> float:
    """A whole visit to these bytes: its sums add up, it says no error. Seconds of CPU time."""
    path.write_bytes(data)
    log = {"app": "a", "log": "l", "path": str(path), "zone": [[0, 0]], "history": 0}
    budget = {"seconds": 60, "hold": 0, "hold_partial": 0}
    before = time.process_time()
    reply = handle({"op": "visit", "budget": budget, "logs": [log]})
    used = time.process_time() - before
    assert reply["op"] == "visit", reply
    [found] = reply["logs"]
    json.dumps(reply)
    records_ = sum(count for _, _, count in found["levels"])
    bad = sum(count for _, level, count in found["levels"] if level >= 4)
    grouped = sum(count for cause in found["causes"] for _, count in cause["minutes"])
    assert records_ == found["records"]
    assert grouped == bad
    assert found["bytes"] == len(data) or found["problems"]
    assert found["backlog_bytes"] == 0 or found["problems"]
    return used


def small_blocks(patch: Any) -> None:
    """Columns from the first byte on: small inputs shall meet them too."""
    patch.setattr(records, "WORTH_COLUMNS", 1)
