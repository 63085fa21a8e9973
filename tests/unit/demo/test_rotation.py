import gzip
import itertools
import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from psbuddy.demo.rotation import Segment, midnights, rotate, segments, write_segment
from psbuddy.demo.sim import Rotation

DAY = 86_400


def utc(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())


NOW = utc(2026, 11, 24, 16, 0)


def test_files_of_history_cover_it_without_hole_or_overlap() -> None:
    for rotation in (Rotation(), Rotation(days=7, dated=True), Rotation(days=28)):
        parts = segments(rotation, "Europe/London", NOW - 40 * DAY, NOW)
        assert parts[0].since == NOW - 40 * DAY
        assert parts[-1].until == NOW
        assert all(a.until == b.since for a, b in itertools.pairwise(parts))
        assert len({part.suffix for part in parts}) == len(parts)


def test_numbered_names_count_back_and_the_newest_is_not_yet_packed() -> None:
    parts = segments(Rotation(), "UTC", NOW - 3 * DAY, NOW)
    assert [part.suffix for part in parts] == [".3.gz", ".2.gz", ".1", ""]
    assert [part.packed for part in parts] == [True, True, False, False]


def test_dated_names_carry_the_local_day_of_their_rotation() -> None:
    parts = segments(Rotation(days=7, dated=True), "America/New_York", NOW - 15 * DAY, NOW)
    assert [part.suffix for part in parts] == ["-20261115.gz", "-20261122", ""]


def test_a_week_is_rotated_on_sunday_midnight_of_the_zone_even_when_clocks_change() -> None:
    found = list(midnights(7, "Europe/London", utc(2026, 10, 20), utc(2026, 11, 10)))
    local = [datetime.fromtimestamp(each, ZoneInfo("Europe/London")) for each in found]
    assert [(each.weekday(), each.hour) for each in local] == [(6, 0)] * len(found)
    assert len(found) == 3


def test_a_file_of_history_is_packed_and_bears_the_time_of_its_end(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    write_segment(log, Segment(0, 1_000, ".2.gz"), b"old\n")
    write_segment(log, Segment(1_000, 2_000, ""), b"new\n")
    packed = tmp_path / "app.log.2.gz"
    assert gzip.decompress(packed.read_bytes()) == b"old\n"
    assert packed.stat().st_mtime == 1_000
    assert log.read_bytes() == b"new\n"
    again = tmp_path / "again.log"
    write_segment(again, Segment(0, 1_000, ".2.gz"), b"old\n")
    assert (tmp_path / "again.log.2.gz").read_bytes() == packed.read_bytes()


def test_renaming_moves_every_number_on_and_keeps_the_file_itself(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(b"c\n")
    (tmp_path / "app.log.1").write_bytes(b"b\n")
    (tmp_path / "app.log.2.gz").write_bytes(gzip.compress(b"a\n"))
    inode = log.stat().st_ino
    rotate(log, Rotation(), NOW)
    assert (tmp_path / "app.log.1").stat().st_ino == inode
    assert gzip.decompress((tmp_path / "app.log.2.gz").read_bytes()) == b"b\n"
    assert gzip.decompress((tmp_path / "app.log.3.gz").read_bytes()) == b"a\n"
    assert log.read_bytes() == b""


def test_a_packed_file_keeps_its_modification_time(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(b"b\n")
    older = tmp_path / "app.log.1"
    older.write_bytes(b"a\n")
    os.utime(older, (5_000, 5_000))
    rotate(log, Rotation(), NOW)
    assert (tmp_path / "app.log.2.gz").stat().st_mtime == 5_000


def test_more_than_is_kept_is_dropped(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    for text in ("a\n", "b\n", "c\n", "d\n"):
        log.write_text(text)
        rotate(log, Rotation(keep=2), NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "app.log",
        "app.log.1",
        "app.log.2.gz",
    ]


def test_copytruncate_leaves_the_same_file_empty(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(b"x\n")
    inode = log.stat().st_ino
    rotate(log, Rotation(copytruncate=True), NOW)
    assert (log.stat().st_ino, log.read_bytes()) == (inode, b"")
    assert (tmp_path / "app.log.1").read_bytes() == b"x\n"


def test_two_dated_rotations_of_one_day_do_not_overwrite_each_other(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    for number, text in enumerate(("a\n", "b\n")):
        log.write_text(text)
        rotate(log, Rotation(dated=True), NOW + number)
    texts = {path.read_text() for path in tmp_path.glob("app.log-*")}
    assert texts == {"a\n", "b\n"}
