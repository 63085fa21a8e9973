"""One search through a block finds what a search in each record finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psbhost.batches import Batch
from psbhost.metered import TEXT_CAP
from psbhost.patterned import Patterned
from psbhost.transactions import Minute, Rule

PREFIX = b"2026-11-24"
PATTERNS = (
    r"took (?P<duration>\d+) ms",
    r"took (?P<duration>[\d.]+)",
    r"took (?P<duration>\d+)[^x]+ok",
    r"took\s+(?P<duration>\d*)",
    r"took (?P<duration>\d+)(?= ms)",
    r"(?s)took .(?P<duration>\d+)",
    r"took (?P<duration>\d+)( ms)?",
    r"took (?:(?P<duration>\d+)|x)",
    r"to+k (?P<duration>\d+)",
    r"took",
    r"(?P<duration>\d+) ms$",
    r"-24.* took (?P<duration>\d+)",
    r"1-24",
    r"",
)
PIECES = st.sampled_from(
    (
        *(b" took 12 ms", b" took 7", b"took 12.5 ms ok", b"took ", b"took  8 x ok", b"took x9"),
        *(b"\ntook 3 ms", b"\n", b"\n2026-11", b" 5 ms", b"x" * 50, b"took 1" + b"0" * 20),
        *(b" " * (TEXT_CAP - 20), b"1-24", b"tooook 4"),
    )
)
RECORDS = st.lists(st.lists(PIECES, max_size=4).map(b"".join), min_size=1, max_size=8)


def batch_of(pieces: list[bytes], times: list[int]) -> Batch:
    """As columns give it: the stamp's day cut off, its text at hand, a record behind its end."""
    found = Batch(pieces, times, bytes(len(pieces)), PREFIX)
    found.body = b"\n".join(PREFIX + piece for piece in [*pieces, b" took 99 ms"]) + b"\n"
    found.more = [piece[piece.find(b"\n") :] for piece in pieces if b"\n" in piece]
    found.end = len(b"\n".join(PREFIX + piece for piece in pieces))
    return found


def one_by_one(rule: Rule, batch: Batch) -> dict[int, list]:
    minutes: dict[int, Minute] = {}
    for index, time in enumerate(batch.times):
        found = rule.of(batch.record(index), None)
        if found is not None:
            minutes.setdefault(time - time % 60, Minute()).add(*found[:2])
    return {minute: entry.reply(minute) for minute, entry in minutes.items()}


@pytest.mark.parametrize("source", PATTERNS)
@given(records=RECORDS, data=st.data())
def test_a_block_and_its_records_one_by_one(source, records, data):
    records = [record.replace(b"\n" + PREFIX, b"\n") for record in records]
    times = data.draw(st.lists(st.integers(0, 200), min_size=len(records), max_size=len(records)))
    batch = batch_of(records, times)
    rule = Rule({"pattern": source, "unit": "ms"} if source else {"pattern": "(?:)"})
    minutes: dict[int, Minute] = {}
    Patterned(rule, lambda minute: minutes.setdefault(minute, Minute())).add(batch)
    found = {minute: entry.reply(minute) for minute, entry in minutes.items()}
    assert found == one_by_one(rule, batch)


def test_the_first_of_a_record_counts():
    minutes: dict[int, Minute] = {}
    rule = Rule({"pattern": PATTERNS[0], "unit": "ms"})
    batch = batch_of([b" took 1 ms, took 2 ms", b" x\ntook 4 ms", b" took 8 ms"], [0, 59, 60])
    Patterned(rule, lambda minute: minutes.setdefault(minute, Minute())).add(batch)
    assert [entry.reply(0)[1:4] for entry in minutes.values()] == [[2, 0, 5.0], [1, 0, 8.0]]
