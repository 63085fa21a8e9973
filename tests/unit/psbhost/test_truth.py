"""What breaks naive scanners comes out as it was written, on ten seeds."""

from collections import Counter
from pathlib import Path

import pytest
from psbhost.main import handle

from tests.bench import corpora


@pytest.mark.parametrize("seed", range(10))
def test_awkward_logs_are_counted_exactly(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "a.log"
    truth = corpora.awkward(path, 400, seed)
    log = {"app": "a", "log": "l", "path": str(path), "zone": [[0, 0]], "history": 0}
    found = handle({"op": "visit", "budget": {"hold": 0}, "logs": [log]})["logs"][0]
    levels = {(minute, level): count for minute, level, count in found["levels"]}
    roots = Counter[str]()
    for cause in found["causes"]:
        if cause["level"] == 5:
            roots[cause["exception"]] += sum(count for _, count in cause["minutes"])
    assert (levels, roots) == (truth.levels, truth.roots)
