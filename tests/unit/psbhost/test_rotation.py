"""A writer that never pauses, rotation in every way, visits at any moment: each record once.

Visits run the real host program with tiny and large budgets; positions make the round trip
through JSON, and one reply in ten is lost.
"""

import os
import random
import time
from pathlib import Path

import pytest

from tests.support.hostlog import Watched
from tests.support.rotating import LIVES, RotatedLog, live_through


@pytest.mark.parametrize(("way", "pattern"), LIVES)
def test_each_record_is_counted_once(tmp_path: Path, way: str, pattern: str) -> None:
    for seed in range(8):
        folder = tmp_path / str(seed)
        folder.mkdir()
        log, watched = live_through(folder, way, pattern, seed)
        assert watched.levels == log.truth, f"seed {seed}"
        assert watched.gaps == [], f"seed {seed}"


def test_what_was_deleted_unread_is_a_gap_with_its_bytes(tmp_path: Path) -> None:
    log = RotatedLog(tmp_path, random.Random(1))
    watched = Watched(log.path)
    log.write(30)
    watched.visit(hold=1000)
    held = watched.last["held_bytes"]
    assert watched.records == 29 and held > 0
    log.rotate("number")
    Path(f"{log.path}.1").unlink()
    log.path.write_text("")
    watched.visit()
    # A file system that gives the same inode again makes it look like a truncation.
    assert [gap[3] for gap in watched.gaps] == [held]
    assert watched.gaps[0][2] in ("rotated away before it was read", "truncated")


def test_hundreds_of_rotated_files_at_first_contact(tmp_path: Path) -> None:
    now, total = time.time(), 0
    for number in range(260):
        path = tmp_path / (f"app.log.{number}" if number else "app.log")
        lines = [f"2026-11-24 10:00:{n:02d},001 INFO {number} {n}\n" for n in range(5)]
        total += len(lines)
        path.write_text("".join(lines))
        os.utime(path, (now - 3600 * number - 5,) * 2)
    watched = Watched(tmp_path / "app.log", history=365 * 86_400)
    before = set(Path("/proc/self/fd").iterdir())
    watched.visit(bytes=500)
    while watched.visit(bytes=3000)["backlog_bytes"]:
        assert watched.last["bytes"] > 0
    assert watched.records == total
    assert watched.gaps == []
    assert set(Path("/proc/self/fd").iterdir()) == before
