"""A log that is renamed, copied, packed, cut or gone between visits: what a scan makes of it."""

import gzip
import os
import shutil

import pytest

from tests.support.hostlog import Watched, Writer, age


def rename(log):
    for number in range(8, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.rename(log.with_name(f"{log.name}.{number + 1}"))
    log.rename(log.with_name(f"{log.name}.1"))


def dated(log):
    number = len(list(log.parent.iterdir()))
    log.rename(log.with_name(f"{log.name}-2026112{number}"))


def packed(log):
    number = len(list(log.parent.iterdir()))
    target = log.with_name(f"{log.name}-2026112{number}.gz")
    with log.open("rb") as source, gzip.open(target, "wb") as out:
        shutil.copyfileobj(source, out)
    log.unlink()


def copied(log):
    number = len(list(log.parent.iterdir()))
    shutil.copy2(log, log.with_name(f"{log.name}.{number}"))
    os.truncate(log, 0)


@pytest.mark.parametrize("rotate", [rename, dated, packed, copied])
@pytest.mark.parametrize("between", [1, 2, 3])
def test_rotations_between_visits_lose_and_double_nothing(log, writer, rotate, between):
    watched = Watched(log)
    writer.write(20)
    watched.visit()
    for _ in range(3):
        for _ in range(between):
            writer.write(7)
            rotate(log)
            writer.write(3)
        watched.visit()
        writer.write(2)
        watched.visit()
    assert watched.records == writer.count
    assert watched.gaps == []


def test_a_rotated_file_that_was_held_is_finished_from_its_new_name(log, writer):
    watched = Watched(log)
    writer.write(5)
    watched.visit(hold=60)
    rename(log)
    writer.write(1)
    watched.visit()
    assert watched.records == writer.count == 6


def test_copytruncate_that_grew_beyond_the_old_offset(log, writer):
    watched = Watched(log)
    writer.write(5)
    watched.visit()
    copied(log)
    writer.write(50)
    watched.visit()
    assert (watched.records, watched.gaps) == (55, [])


def test_same_banner_at_the_head_does_not_hide_a_truncation(log, writer):
    banner = "2026-11-24 09:00:00,000 INFO start " + "=" * 2000 + "\n"
    log.write_text(banner)
    writer.write(10)
    watched = Watched(log)
    watched.visit()
    shutil.copy2(log, log.with_name("app.log.1"))
    log.write_text(banner)
    writer.write(30)
    watched.visit()
    assert watched.records == writer.count + 2
    assert watched.gaps == []


def test_a_truncation_without_a_copy_is_a_gap(log, writer):
    watched = Watched(log)
    writer.write(5)
    watched.visit(hold=60)
    log.write_text("")
    writer.write(2)
    watched.visit()
    [gap] = watched.gaps
    assert gap[2] == "truncated"
    assert gap[3] > 0
    assert watched.records == 4 + 2


def test_a_predecessor_deleted_before_it_was_read_is_a_gap_with_its_bytes(log, writer):
    watched = Watched(log)
    writer.write(5)
    watched.visit(hold=60)
    log.unlink()
    writer.write(3)
    watched.visit()
    assert [gap[3] > 0 for gap in watched.gaps] == [True]
    assert watched.records == 4 + 3


def test_inode_reuse_is_no_proof(log, writer):
    watched = Watched(log)
    writer.write(50)
    inode = watched.visit()["positions"][0]["inode"]
    size = log.stat().st_size
    with log.open("r+b") as out:  # the very same inode, other content of the same size
        out.write(b"2026-11-24 11:00:00,001 ERROR [m] c.F - replaced".ljust(size - 1, b".") + b"\n")
    assert log.stat().st_ino == inode
    watched.visit()
    assert watched.records == 51
    assert len(watched.gaps) == 1


def test_a_file_that_is_away_for_a_moment_is_waited_for(log, writer):
    watched = Watched(log)
    writer.write(5)
    watched.visit()
    rename(log)
    watched.visit()
    assert watched.codes == ["missing"]
    assert watched.last["read_until"] == 0
    writer.write(3)
    rename(log)
    writer.write(4)
    watched.visit()
    assert (watched.records, watched.gaps) == (writer.count, [])


def test_a_writer_that_goes_on_in_the_renamed_file_is_followed(log, writer):
    watched = Watched(log)
    writer.write(5)
    watched.visit()
    with log.open("a") as still:
        log.rename(log.with_name("app.log.1"))
        writer.write(3)
        watched.visit()
        still.write("2026-11-24 10:59:00,001 INFO [m] c.F - late\n")
    watched.visit()
    assert watched.records == writer.count + 1


def test_a_link_that_is_turned_to_another_file_leaves_nothing_behind(tmp_path):
    link = tmp_path / "current"
    first, second = Writer(tmp_path / "app-2026-11-23.log"), Writer(tmp_path / "app-2026-11-24.log")
    first.write(5)
    link.symlink_to(first.path)
    watched = Watched(link)
    watched.visit()
    first.write(2)
    link.unlink()
    second.write(4)
    link.symlink_to(second.path)
    watched.visit()
    assert (watched.records, watched.gaps) == (11, [])


def test_packing_a_file_that_was_read_counts_nothing_again(log, writer):
    watched = Watched(log)
    writer.write(5)
    watched.visit()
    rename(log)
    writer.write(5)
    watched.visit()
    plain = log.with_name("app.log.1")
    with gzip.open(str(plain) + ".gz", "wb") as out:
        out.write(plain.read_bytes())
    watched.visit()
    plain.unlink()
    watched.visit()
    rename(log)
    writer.write(5)
    watched.visit()
    assert (watched.records, watched.gaps) == (15, [])


def test_history_reads_rotated_files_as_far_back_as_asked(log, writer):
    for name, days in (("app.log.3", 40), ("app.log.2.gz", 3), ("app.log.1", 1)):
        other = Writer(log.with_name("scratch"))
        other.write(10)
        path = log.with_name(name)
        data = other.path.read_bytes().replace(b"n ", name.encode() + b" ")
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        other.path.unlink()
        age(path, days * 86400)
    writer.write(4)
    watched = Watched(log, history=30 * 86400)
    watched.visit()
    assert watched.records == 24
    watched.visit()
    rename(log)
    writer.write(1)
    watched.visit()
    assert (watched.records, watched.gaps) == (25, [])
