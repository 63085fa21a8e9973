"""A hundred lives of a log for each way of rotation: the long form of test_rotation."""

from pathlib import Path

import pytest

from tests.support.rotating import LIVES, live_through


@pytest.mark.parametrize(("way", "pattern"), LIVES)
def test_each_record_is_counted_once(tmp_path: Path, way: str, pattern: str) -> None:
    for seed in range(100):
        folder = tmp_path / str(seed)
        folder.mkdir()
        log, watched = live_through(folder, way, pattern, seed)
        assert watched.levels == log.truth, f"seed {seed}"
        assert watched.gaps == [], f"seed {seed}"
