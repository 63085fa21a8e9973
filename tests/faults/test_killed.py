"""Fifty kills with -9 against the simulator's truth: the long form of test_killed."""

from pathlib import Path

import pytest

from psbuddy.demo.growing import Plan
from tests.support.killing import write_while_killed


@pytest.mark.parametrize("seed", [1, 2])
def test_fifty_kills_change_no_count(tmp_path: Path, seed: int) -> None:
    plan = Plan(seed=seed, start=1_795_500_000, minutes=700, per_minute=200.0, rotate_every=23)
    collector = write_while_killed(tmp_path, plan, kills=50, pause=0.12, seed=seed)
    finished = collector.finish()
    assert finished.returncode == 0, finished.stderr
    truth = {(minute, level.value): n for (minute, level), n in plan.truth().levels().items()}
    assert collector.counted() == truth
    assert len(set(collector.rollups())) == 1
    assert collector.gaps() == []
    # The kills hit every phase: before the first event, between visits, around commits.
    assert len({moment.split('"host"')[0] for moment in collector.moments}) >= 3
