"""Tables that travel as columns come back as they were; what does not fit is no reply."""

import io
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psbhost import frames as sent
from psbhost import replycolumns
from psbhost.main import answer
from psbhost.replycolumns import laid

from collectors import columns
from collectors.columns import Columns, put_back
from collectors.frames import FrameError, FrameReader

MINUTES = st.integers(0, 30).map(lambda minute: 1793491200 + 60 * minute)
HOURS = st.integers(0, 5).map(lambda hour: 1793491200 + 3600 * hour)
COUNTS = st.one_of(st.integers(1, 9), st.integers(1, 70000), st.sampled_from([251, 252, 503, 504]))
FEW = st.integers(1, 300)
TIMES = st.one_of(
    st.integers(0, 10**7).map(float), st.integers(0, 10**12).map(lambda number: number / 1000)
)
BUCKETS = st.dictionaries(st.integers(-73, 242), FEW, max_size=30).map(
    lambda found: [[bucket, found[bucket]] for bucket in sorted(found)]
)
ROWS = st.tuples(COUNTS, st.integers(0, 3), TIMES, TIMES, BUCKETS).map(list)
LEVELS = st.dictionaries(st.tuples(MINUTES, st.integers(0, 6)), COUNTS, max_size=40)
ROUTES = st.sampled_from(["GET /", "GET /a", "other", "POST /…"])
LOGS = st.fixed_dictionaries(
    {
        "levels": LEVELS.map(lambda found: [[*key, found[key]] for key in sorted(found)]),
        "transactions": st.dictionaries(MINUTES, ROWS, max_size=30).map(
            lambda found: [[minute, *found[minute]] for minute in sorted(found)]
        ),
        "routes": st.dictionaries(st.tuples(HOURS, ROUTES), ROWS, max_size=12).map(
            lambda found: [[*key, *found[key]] for key in sorted(found)]
        ),
        "causes": st.lists(
            st.dictionaries(MINUTES, COUNTS, max_size=20).map(
                lambda found: {
                    "key": "x",
                    "level": 4 + len(found) % 2,
                    "minutes": [[at, found[at]] for at in sorted(found)],
                }
            ),
            max_size=3,
        ),
        "positions": st.just([{"offset": 3}]),
    }
)


def travelled(document: dict[str, Any]) -> dict[str, Any]:
    shorter, columns = laid(document)
    (frame,) = FrameReader().feed(sent.encode(4, shorter, columns))
    return frame.payload


@settings(max_examples=150, deadline=None)
@given(st.lists(LOGS, max_size=3))
def test_a_reply_comes_back_as_it_was(logs: list[dict[str, Any]]) -> None:
    document = {"op": "visit", "logs": logs}
    before = json.dumps(document)
    back = travelled(document)
    assert json.dumps(document) == before
    assert json.dumps(back) == before


@settings(max_examples=100, deadline=None)
@given(LOGS)
def test_what_other_tables_tell_is_not_sent_twice(log: dict[str, Any]) -> None:
    for row in log["transactions"]:
        row[1] = sum(count for _, count in row[5]) or 1
    levels = Counter({(row[0], 0): row[1] for row in log["transactions"]})
    for cause in log["causes"]:
        levels.update({(minute, cause["level"]): count for minute, count in cause["minutes"]})
    log["levels"] = [[*place, levels[place]] for place in sorted(levels)]
    document = {"op": "visit", "logs": [log]}
    if log["levels"]:
        assert laid(document)[0]["logs"][0]["levels"]["levels"] == []
    assert travelled(document) == document


def test_both_ends_know_the_same_words() -> None:
    assert (replycolumns.WORDS, replycolumns.LZMA) == (columns.WORDS, columns.LZMA)


def test_columns_come_back_from_a_host_without_lzma(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(1)
    table = [
        [
            60 * at,
            40,
            0,
            1.0 * rng.randrange(10**6),
            9.0,
            [[b, rng.randrange(1, 9)] for b in range(9)],
        ]
        for at in range(900)
    ]
    document = {"op": "visit", "logs": [{"transactions": table}]}
    with_it = sent.encode(4, *laid(document))
    assert travelled(document) == document
    monkeypatch.setitem(sys.modules, "lzma", None)
    without = sent.encode(4, *laid(document))
    assert len(with_it) < len(without)
    assert travelled(document) == document


def test_the_program_lays_its_tables_in_columns_when_it_is_asked_to(tmp_path: Path) -> None:
    log, rng = tmp_path / "access.log", random.Random(3)
    line = (
        '10.0.0.1 - - [24/Nov/2026:10:{:02}:07 +0000] "GET /a/{} HTTP/1.1" 503 7 "-" "x" 0.{:03}\n'
    )
    log.write_text("".join(line.format(n // 60, n, rng.randrange(950)) for n in range(3600)))
    spec = {"app": "a", "log": "l", "path": str(log), "zone": [[0, 0]]}
    budget = {"hold": 0, "hold_partial": 0}
    replies, sizes = [], []
    for more in ({}, {"columns": True}):
        request = {"op": "visit", "budget": budget, "logs": [spec], **more}
        out = io.BytesIO()
        answer(io.BytesIO(sent.encode(1, request)), out, 1)
        (frame,) = FrameReader().feed(out.getvalue())
        for log_read in frame.payload["logs"]:
            assert log_read.pop("read_until") > 0  # the clock, which goes on between the two
        replies.append(frame.payload["logs"])
        sizes.append(len(out.getvalue()))
    assert replies[0] == replies[1]
    assert replies[0][0]["transactions"][3][1] == 60
    assert sizes[1] < 0.7 * sizes[0]


def test_tables_in_an_unusual_order_stay_as_they_are() -> None:
    rows = [[120, 3, 1], [60, 3, 1]]
    seconds = [[61, 5, 0, 1.0, 1.0, []]]
    odd = [[60, 5, 0, 0.12345, 1.0, []]]
    for name, table in (("levels", rows), ("transactions", seconds), ("transactions", odd)):
        document = {"op": "visit", "logs": [{name: table}]}
        assert laid(document) == (document, b"")
        assert travelled(document) == document


def test_a_table_that_is_nearly_empty_stays_as_it_is() -> None:
    table = [[60 * at, 1, 0, 1.0, 1.0, [[at % 2 * 200, 1]]] for at in range(90)]
    assert laid({"logs": [{"transactions": table}]})[1] == b""


def test_columns_take_a_third_of_the_bytes() -> None:
    table = [
        [60 * at, 400, at % 3, 4000.0 + at, 900.0, [[b, 3 + (at * b) % 7] for b in range(20, 80)]]
        for at in range(500)
    ]
    document = {"op": "visit", "logs": [{"transactions": table}]}
    assert 3 * len(sent.encode(1, *laid(document))) < len(sent.encode(1, document))


@settings(max_examples=200, deadline=None)
@given(LOGS, st.integers(0, 10**6), st.integers(0, 255), st.booleans())
def test_other_bytes_never_stop_the_reader(
    log: dict[str, Any], place: int, byte: int, shorter: bool
) -> None:
    document, columns = laid({"op": "visit", "logs": [log]})
    data = bytearray(columns or b"\0")
    data[place % len(data)] = byte
    if shorter:
        del data[place % len(data) :]
    try:
        (frame,) = FrameReader().feed(sent.encode(4, document, bytes(data) or b"\0"))
    except FrameError:
        return
    assert isinstance(frame.payload["logs"], list)


@pytest.mark.parametrize(
    "told",
    [
        {"levels": {"levels": [3], "rows": [10**12]}},
        {"levels": {"levels": [3, "x"], "rows": [1, 1]}},
        {"levels": {"levels": [3], "rows": [-1]}},
        {"levels": {}},
        {"transactions": {"rows": 1, "scales": [10**400, 1], "lowest": 0, "order": []}},
        {"transactions": {"rows": 1.5, "scales": [1, 1], "lowest": 0, "order": []}},
        {"transactions": {"rows": 1, "scales": [1], "lowest": 0, "order": []}},
        {"routes": {"routes": ["a"], "rows": [1, 1], "scales": [1, 1], "lowest": 0, "order": [0]}},
        {"causes": [{"minutes": {"rows": "x"}}]},
        {},
    ],
)
def test_what_is_told_of_columns_must_fit(told: dict[str, Any]) -> None:
    with pytest.raises(FrameError, match="columns"):
        list(FrameReader().feed(sent.encode(4, {"logs": [told]}, b"\1" * 12)))


def test_numbers_that_end_early_are_refused() -> None:
    for data in (b"", b"\xfc", b"\xfd\1", b"\xff" + b"\1" * 7):
        with pytest.raises((ValueError, IndexError)):
            Columns(data).numbers(1)


def test_a_reply_without_tables_needs_no_columns() -> None:
    document: dict[str, Any] = {"logs": [{"levels": [], "causes": []}]}
    put_back(document, b"")
    assert document == {"logs": [{"levels": [], "causes": []}]}
