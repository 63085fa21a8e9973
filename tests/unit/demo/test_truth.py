import json
from pathlib import Path

import numpy as np

from psbuddy.demo.records import FAILED, PLAIN, TRANSACTION, Block
from psbuddy.demo.truth import Tally, Truth
from psbuddy.model.observation import JobEvent
from psbuddy.model.terms import Level


def block(*rows: tuple[int, int, int], events: tuple[JobEvent, ...] = ()) -> Block:
    times, levels, kinds = zip(*rows, strict=True)
    return Block(
        np.array(times, np.int64),
        np.array(levels, np.int8),
        np.array(kinds, np.int8),
        ["x\n"] * len(rows),
        events,
    )


def test_a_tally_adds_up_however_often_it_is_added_to() -> None:
    tally = Tally()
    for number in range(600):
        tally.add(np.array([7, number % 3]))
    keys, counts = tally.counted()
    assert dict(zip(keys.tolist(), counts.tolist(), strict=True)) == {
        0: 200,
        1: 200,
        2: 200,
        7: 600,
    }


def test_records_and_transactions_are_counted_per_minute() -> None:
    log = Truth().of("shop", "h", "app")
    log.add(block((61_000, 3, PLAIN), (61_500, 3, TRANSACTION), (119_999, 5, FAILED)))
    log.add(block((120_000, 5, FAILED)))
    assert log.levels() == {(60, Level.INFO): 2, (60, Level.ERROR): 1, (120, Level.ERROR): 1}
    assert log.transactions() == {60: (2, 1), 120: (1, 1)}
    assert (log.records, log.bytes) == (4, 8)


def test_the_truth_is_saved_whole_with_what_jobs_told(tmp_path: Path) -> None:
    truth = Truth()
    event = JobEvent("close", "finish", 62, "2026-10", 48_211, "", "rkane", "line")
    truth.of("ledger", "db", "batch").add(block((62_000, 3, PLAIN), events=(event,)))
    truth.save(tmp_path / "truth.json")
    saved = json.loads((tmp_path / "truth.json").read_text())["logs"]
    assert saved == [
        {
            "app": "ledger", "host": "db", "log": "batch", "records": 1, "bytes": 2,
            "levels": [[60, "info", 1]], "transactions": [],
            "jobs": [["close", "finish", 62, "2026-10", 48211, "", "rkane"]],
        }
    ]  # fmt: skip
    assert truth.jobs("ledger", "close") == (event,)
    assert truth.jobs("shop", "close") == ()
    assert [path.name for path in tmp_path.iterdir()] == ["truth.json"]


def test_totals_are_those_of_all_logs() -> None:
    truth = Truth()
    truth.of("a", "h", "x").add(block((1, 3, PLAIN)))
    truth.of("b", "h", "x").add(block((1, 3, PLAIN), (2, 3, PLAIN)))
    assert (truth.records, truth.bytes) == (3, 6)
    assert truth.of("a", "h", "x") is truth.logs[0]
