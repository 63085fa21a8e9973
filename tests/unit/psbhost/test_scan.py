"""Real files that grow and rotate under a writer: every record counted exactly once."""

import gzip
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.hostlog import Watched, Writer, age


def test_what_is_new_is_counted_once(log, writer):
    watched = Watched(log)
    for records in (5, 0, 3, 1):
        writer.write(records)
        watched.visit()
    assert watched.records == writer.count == 9
    assert watched.last["read_until"] > 0
    assert watched.last["format"] == "log4j"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 900), max_size=10))
def test_any_split_into_visits_gives_the_same_sums(tmp_path_factory, cuts):
    folder = tmp_path_factory.mktemp("split")
    text = b"".join(
        b"2026-11-24 10:%02d:00,001 %s [m] c.F - n %d\n%s" % (n, level, n, trace)
        for n, (level, trace) in enumerate(
            [(b"ERROR", b"x.Y: z\n\tat a.B.c(D.java:1)\n"), (b"INFO ", b""), (b"WARN ", b"\n")] * 6
        )
    )
    whole = Watched(folder / "whole.log")
    (folder / "whole.log").write_bytes(text)
    whole.visit()
    parts, path = Watched(folder / "parts.log"), folder / "parts.log"
    path.touch()
    for cut in [*sorted(min(cut, len(text)) for cut in cuts), len(text)]:
        with path.open("ab") as out:
            out.write(text[out.tell() : cut])
        parts.visit(hold=3600, hold_partial=3600)
    parts.visit()
    assert parts.levels == whole.levels
    assert sum(parts.causes.values()) == sum(whole.causes.values()) == 12
    assert parts.causes == whole.causes


def test_the_last_record_is_held_until_its_lines_are_whole(log, writer):
    writer.write(2, "ERROR")
    watched = Watched(log)
    found = watched.visit(hold=60)
    assert (watched.records, found["records"]) == (1, 1)
    assert found["held_bytes"] > 0
    with log.open("a") as out:
        out.write("java.lang.IllegalStateException: x\n\tat com.shop.A.b(A.java:1)\n")
    writer.write(1)
    found = watched.visit(hold=60)
    assert watched.records == 2
    assert [cause["frame"] for cause in found["causes"]] == ["com.shop.A.b"]
    age(log, 61)
    assert watched.visit(hold=60)["held_bytes"] == 0
    assert watched.records == 3


def test_a_last_line_without_newline_waits_longer(log, writer):
    writer.write(1)
    with log.open("a") as out:
        out.write("2026-11-24 10:50:00,001 ERROR half a li")
    age(log, 5)
    watched = Watched(log)
    watched.visit(hold=2, hold_partial=10)
    assert watched.records == 0  # the record before may go on in the unfinished line
    age(log, 11)
    watched.visit(hold=2, hold_partial=10)
    assert watched.records == 2
    with log.open("a") as out:
        out.write("ne\n")
    writer.write(1)
    watched.visit()
    assert watched.records == 3


def test_lines_that_come_late_belong_to_a_record_counted_before(log, writer):
    writer.write(1, "ERROR")
    watched = Watched(log)
    watched.visit()
    with log.open("a") as out:
        out.write("\tat com.shop.A.b(A.java:1)\nCaused by: x.Y: z\n")
    watched.visit()
    assert watched.records == 1


def test_a_file_from_the_future_is_not_held_for_ever(log, writer):
    writer.write(2)
    age(log, -86_400)
    watched = Watched(log)
    watched.visit(hold=2)
    assert watched.records == 2


# -- first visit ---------------------------------------------------------------------------


def test_logs_of_other_instances_are_not_taken_for_rotated_ones(tmp_path):
    for name in ("app1.log", "app2.log", "app-web.log", "app.log.conf", "app.log.lck"):
        Writer(tmp_path / name).write(3)
    Writer(tmp_path / "app.log").write(2)
    for name in ("app.log", "app1.log"):
        watched = Watched(tmp_path / name, history=86400)
        watched.visit()
        assert watched.records == (2 if name == "app.log" else 3)


def test_a_budget_drains_a_backlog_over_visits(log, writer):
    writer.write(20_000)
    watched = Watched(log)
    visits = 0
    while watched.visit(bytes=131_072, hold=0)["backlog_bytes"]:
        visits += 1
        assert watched.codes == ["budget"]
        assert watched.last["read_until"] == 0
    assert visits >= 3
    assert watched.records == writer.count


def test_a_budget_spent_on_old_files_reads_the_others_later(log, writer):
    for number in (3, 2, 1):
        older = Writer(log.with_name(f"app.log.{number}"))
        older.write(4000)
        older.path.write_text(older.path.read_text().replace("c.F", f"c.{number}"))
        age(older.path, number * 1000)
    writer.write(10)
    watched = Watched(log, history=86400)
    for _ in range(12):
        watched.visit(bytes=131_072)
    assert watched.records == 12_010
    assert watched.gaps == []


def test_a_packed_file_is_drained_over_visits_too(log, writer):
    older = Writer(log.with_name("scratch"))
    older.write(9000)
    log.with_name("app.log.1.gz").write_bytes(gzip.compress(older.path.read_bytes()))
    older.path.unlink()
    log.write_text("2026-11-24 12:00:00,001 INFO [m] c.F - newest\n")
    watched = Watched(log, history=86400)
    visits = 0
    while watched.visit(bytes=131_072)["backlog_bytes"]:
        visits += 1
    assert visits >= 3
    assert (watched.records, watched.gaps) == (9001, [])


# -- globs ---------------------------------------------------------------------------------


def test_a_pattern_names_several_files_each_followed(tmp_path):
    one, two = Writer(tmp_path / "a.log"), Writer(tmp_path / "b.log")
    one.write(3)
    two.write(4)
    two.path.write_text(two.path.read_text().replace("c.F", "c.B"))
    watched = Watched(tmp_path / "*.log")
    watched.visit()
    one.path.rename(tmp_path / "a-old.log")
    one.write(5)
    two.write(1)
    watched.visit()
    assert (watched.records, watched.gaps) == (13, [])
    (tmp_path / "a-old.log").unlink()
    watched.visit()
    assert watched.gaps == []


def test_a_pattern_does_not_follow_a_link_out_of_its_folder(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("2026-11-24 10:00:00 INFO canary\n")
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "x.log").symlink_to(secret)
    watched = Watched(folder / "*.log")
    watched.visit()
    assert (watched.records, watched.codes) == (0, ["outside"])


# -- what is no log ------------------------------------------------------------------------


def test_missing_pipe_and_folder_are_named(tmp_path):
    os.mkfifo(tmp_path / "pipe.log")
    for name, code in (("none.log", "missing"), ("pipe.log", "not a file"), ("", "not a file")):
        watched = Watched(tmp_path / name)
        watched.visit()
        assert watched.codes == [code]
        assert watched.last["read_until"] == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_any_encoding_of_windows_is_read_as_text(log, encoding):
    text = "".join(f"2026-11-24 10:00:{n:02d},001 ERROR [m] c.F - naïve {n}\r\n" for n in range(60))
    raw = text.encode(encoding)
    watched = Watched(log)
    for end in range(0, len(raw), 97):
        with log.open("ab") as out:
            out.write(raw[out.tell() : end])
        watched.visit(hold=1000, hold_partial=1000)
        assert watched.codes == []
    log.write_bytes(raw)
    watched.visit()
    assert watched.levels == {(1795514400, 5): 60}
    assert watched.gaps == []
    [position] = watched.positions
    assert position["offset"] == position["size"] == len(raw)
    assert "naïve" in watched.last["causes"][0]["message"]


def test_binary_is_counted_and_named(log):
    log.write_bytes(b"\x7fELF\x02\x01\x01\n" + bytes(range(1, 256)) * 20)
    watched = Watched(log)
    found = watched.visit()
    assert watched.codes == ["binary"]
    assert found["lines"] == found["unparsed_lines"] == found["records"]
    assert found["positions"][0]["offset"] == log.stat().st_size


def test_a_pattern_of_a_hundred_files_counts_each_once(tmp_path):
    writers = [Writer(tmp_path / f"app-{n:03d}.log") for n in range(100)]
    for number, writer in enumerate(writers):
        writer.write(3)
        writer.path.write_text(writer.path.read_text().replace("c.F", f"c.{number}"))
    watched = Watched(tmp_path / "app-*.log")
    for _ in range(4):
        watched.visit()
    assert watched.records == 300
    writers[0].write(1)
    age(writers[1].path, 5)
    watched.visit()
    watched.visit()
    assert (watched.records, watched.gaps) == (301, [])


def test_old_files_of_a_pattern_stay_unread_beyond_the_history(tmp_path):
    for days in (1, 40):
        path = tmp_path / f"app-{days}.log"
        Writer(path).write(days)
        age(path, days * 86_400)
    watched = Watched(tmp_path / "*.log", history=30 * 86_400)
    for _ in range(3):
        watched.visit()
    assert watched.records == 1


def test_random_bytes_are_read_to_their_end(log):
    # A zero at the very end would be a hole that may still be written, and waits.
    log.write_bytes(os.urandom(399_999) + b"x")
    watched = Watched(log)
    found = watched.visit()
    assert found["backlog_bytes"] == 0
    assert found["positions"][0]["offset"] == 400_000


def test_a_huge_line_takes_bounded_memory_and_counts_once(log, writer):
    writer.write(1)
    with log.open("ab") as out:
        out.truncate(300_000_000)
        out.seek(0, os.SEEK_END)
        out.write(b"\n")
    writer.write(1)
    watched = Watched(log)
    import tracemalloc

    tracemalloc.start()
    watched.visit(bytes=10**9)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert watched.records == 2
    assert peak < 32_000_000


def test_a_bad_pattern_reads_nothing_and_keeps_the_positions(log, writer):
    writer.write(3)
    watched = Watched(log)
    watched.visit()
    before = watched.positions
    watched.spec["jobs"] = [{"job": "j", "start": "(unclosed"}]
    writer.write(1)
    watched.visit()
    assert watched.codes == ["pattern"]
    assert watched.positions == before
    del watched.spec["jobs"]
    watched.visit()
    assert watched.records == 4


@pytest.mark.parametrize("position", [None, 3, {}, {"path": 1}, {"path": "x", "offset": -1}])
def test_a_position_that_is_none_starts_the_log_anew(log, writer, position):
    writer.write(3)
    watched = Watched(log)
    watched.positions = [position]
    watched.visit()
    assert watched.records == 3
