"""Killed with -9 at any moment, nothing is lost and nothing is counted twice (the short form)."""

from pathlib import Path

from psbuddy.demo.growing import Plan
from tests.support.killing import write_while_killed


def test_five_kills_change_no_count(tmp_path: Path) -> None:
    plan = Plan(seed=5, start=1_795_500_000, minutes=100, per_minute=120.0, rotate_every=17)
    collector = write_while_killed(tmp_path, plan, kills=5, pause=0.08, seed=11)
    finished = collector.finish()
    assert finished.returncode == 0, finished.stderr
    truth = {(minute, level.value): n for (minute, level), n in plan.truth().levels().items()}
    assert collector.counted() == truth
    assert len(set(collector.rollups())) == 1
    assert collector.gaps() == []
