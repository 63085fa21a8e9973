import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from psbuddy.demo.growing import Plan, simulate_log
from tests.support.recount import count_logback, lines_of

START = int(datetime(2026, 11, 24, 10, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(("rotate_every", "copytruncate"), [(0, False), (4, False), (4, True)])
def test_the_truth_is_known_before_and_equals_what_is_in_the_files(
    tmp_path: Path, rotate_every: int, copytruncate: bool
) -> None:
    plan = Plan(3, START, 30, 40.0, rotate_every, copytruncate)
    known = plan.truth()
    written = simulate_log(tmp_path / "app.log", plan)
    assert written.levels() == known.levels()
    assert written.transactions() == known.transactions()
    lines = lines_of(tmp_path / "app.log")
    found = count_logback(lines, "UTC")
    assert found == {(minute, level.value): n for (minute, level), n in known.levels().items()}
    assert sum("took" in line for line in lines) == sum(n for n, _ in known.transactions().values())
    assert sum(map(len, lines)) + len(lines) == known.bytes
    assert known.records > 600


def test_it_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    plan = Plan(5, START, 3, 50.0)
    subprocess.run(
        [sys.executable, "-m", "psbuddy.demo.growing", str(tmp_path / "a.log"), "--seed", "5",
         "--start", str(START), "--minutes", "3", "--per-minute", "50"],
        check=True, timeout=60,
    )  # fmt: skip
    assert (tmp_path / "a.log").read_bytes() == b"".join(b.encoded() for b in plan.blocks())
