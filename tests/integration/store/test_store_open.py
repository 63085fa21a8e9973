"""Opening: new, foreign, broken, newer, locked, read-only. Real files, real processes."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import psbuddy
from psbuddy.store import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreMissing,
    StoreNewer,
    StoreNotOurs,
    StoreNotWritable,
    StoreOlder,
    StoreUrlError,
    connect_readonly,
    open_store,
)
from psbuddy.store.read.collections import collections
from psbuddy.store.read.fleet import host_lines
from psbuddy.store.sqlite import DRIVER, version_note
from tests.support.visits import NOON, log, visit

NOBODY = 65_534


def _make(path: Path) -> None:
    with open_store(str(path)) as store:
        store.commit([visit(log())], NOON)


def _open_as_other(*opened: tuple[str, Path]) -> list[str]:
    """Open as a user whom permissions bind: root is bound by none. What each said."""
    code = f"""
import os, psbuddy.store.open, psbuddy.store.migrate, encodings.idna
from psbuddy.store import open_store, connect_readonly, StoreError
if os.geteuid() == 0:
    os.setgid({NOBODY})
    os.setuid({NOBODY})
for what, path in {[(what, str(path)) for what, path in opened]!r}:
    try:
        globals()[what](path).close()
        print("fine")
    except StoreError as error:
        print(type(error).__name__, error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=Path(psbuddy.__file__).parents[1],
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder every user may look into: pytest's own are private to us."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_new_store_is_private_and_uses_a_journal_that_lets_readers_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "folder" / "store.db"
    with open_store(f"sqlite:///{path}") as store:
        assert path.stat().st_mode & 0o077 == 0
        assert store.notes == ()
        conn = connect_readonly(store.url)
        assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        conn.close()
    assert not path.with_name("store.db-wal").exists()


def test_without_create_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="no store at"):
        open_store(str(tmp_path / "absent.db"), create=False)
    with pytest.raises(StoreMissing, match="no store at"):
        connect_readonly(str(tmp_path / "absent.db"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUrlError, match="is a folder"):
        open_store(str(tmp_path))


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("milk, bread and a long line of other things to buy" * 40)
    before = path.read_bytes()
    for opening in (open_store, connect_readonly):
        with pytest.raises(StoreNotOurs, match="no database at all"):
            opening(str(path))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE moz_places (url TEXT)")
    other.commit()
    other.close()
    before = path.read_bytes()
    for opening in (open_store, connect_readonly):
        with pytest.raises(StoreNotOurs, match="database of another program"):
            opening(str(path))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_newer_store_is_refused_with_the_version_that_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    _make(path)
    raw = DRIVER.connect(path)
    raw.execute("UPDATE store_info SET value = '9.4.0' WHERE name = 'written_by'")
    raw.execute("PRAGMA user_version = 99")
    raw.commit()
    raw.close()
    before = path.read_bytes()
    for opening in (open_store, connect_readonly):
        with pytest.raises(StoreNewer, match=r"written by PS Buddy 9\.4\.0, newer than this one"):
            opening(str(path))
    assert path.read_bytes() == before


def test_an_older_store_says_that_it_will_be_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    _make(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 0")
    with pytest.raises(StoreOlder, match="brought up to date when collecting starts"):
        connect_readonly(str(path))


def test_an_empty_store_has_nothing_to_read_yet_but_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.touch()
    with pytest.raises(StoreMissing, match="nothing was collected into it yet"):
        connect_readonly(str(path))
    _make(path)
    connect_readonly(str(path)).close()


def test_a_broken_store_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    _make(path)
    data = bytearray(path.read_bytes())
    data[100:4096] = b"\xaa" * 3996  # the first page: where the schema is
    path.write_bytes(data)
    for opening in (open_store, connect_readonly):
        with pytest.raises(StoreDamaged, match="is damaged"):
            opening(str(path))


def test_a_page_broken_later_is_called_damaged_when_it_is_met(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    _make(path)
    store = open_store(str(path))
    raw = DRIVER.connect(path)
    (page,) = raw.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'source'").fetchone()
    raw.close()
    store.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xaa" * 4096)
    with open_store(str(path)) as store, pytest.raises(StoreDamaged, match="restore a backup"):
        store.commit([visit(log(), at=NOON + 1)], NOON)


def test_a_second_writer_is_told_who_writes(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(str(path)) as store:
        with pytest.raises(StoreBusy, match=rf"process {os.getpid()}\) is already collecting"):
            open_store(str(path))
        store.commit([visit(log())], NOON)
    with open_store(str(path)) as store:  # free again
        assert store.read_from("h1", "shop", "app")[0] == 1


def test_a_database_tool_that_holds_the_file_makes_a_commit_busy(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(str(path), busy_seconds=0.05) as store:
        tool = DRIVER.connect(path, isolation_level=None)
        tool.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="locked by another program"):
            store.commit([visit(log())], NOON)
        tool.execute("ROLLBACK")
        tool.close()
        store.commit([visit(log())], NOON)
        assert store.read_from("h1", "shop", "app")[0] == 1


def test_a_reader_parked_in_a_read_blocks_nobody_and_sees_one_moment(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "store.db"), busy_seconds=0.05) as store:
        store.commit([visit(log())], NOON)
        conn = connect_readonly(store.url)
        conn.execute("BEGIN")
        assert len(collections(conn)) == 1
        for minute in range(1, 4):
            store.commit([visit(log(), at=NOON + minute * 60)], NOON)
        assert len(collections(conn)) == 1
        conn.execute("COMMIT")
        assert len(collections(conn)) == 4
        conn.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    _make(path)
    conn = connect_readonly(str(path))
    with pytest.raises(DRIVER.Error, match="readonly"):
        conn.execute("DELETE FROM collection")
    conn.close()


def test_a_read_only_folder_can_be_read_and_says_that_it_cannot_be_written(public: Path) -> None:
    folder = public / "disc"
    folder.mkdir()
    path = folder / "store.db"
    _make(path)
    path.with_name("store.db.lock").unlink()
    path.with_name("store.db-wal").touch()  # as a reader that ends last leaves it: empty
    path.chmod(0o444)
    folder.chmod(0o555)
    try:
        read, written, new, nested = _open_as_other(
            ("connect_readonly", path),
            ("open_store", path),
            ("open_store", folder / "new.db"),
            ("open_store", folder / "sub" / "new.db"),
        )
        assert read == "fine"
        assert written.startswith("StoreNotWritable") and "may only be read by you" in written
        assert new.startswith("StoreNotWritable") and "cannot be written" in new
        assert nested.startswith("StoreNotWritable") and "cannot be made" in nested
    finally:
        folder.chmod(0o755)


def test_a_journal_on_a_read_only_disk_is_not_passed_over(public: Path) -> None:
    folder = public / "disc"
    folder.mkdir()
    path = folder / "store.db"
    store = open_store(str(path))
    store.commit([visit(log())], NOON)
    shutil.copy(path, public / "copy.db")
    shutil.copy(path.with_name("store.db-wal"), public / "copy.db-wal")
    store.close()
    for name in ("copy.db", "copy.db-wal"):
        shutil.move(public / name, folder / name)
        (folder / name).chmod(0o444)
    folder.chmod(0o555)
    (said,) = _open_as_other(("connect_readonly", folder / "copy.db"))
    folder.chmod(0o755)
    assert said.startswith("StoreNotWritable")


def test_a_store_that_may_not_be_read_says_so(public: Path) -> None:
    path = public / "store.db"
    _make(path)
    path.chmod(0o000)
    read, written = _open_as_other(("connect_readonly", path), ("open_store", path))
    assert read.startswith("StoreNotWritable")
    assert written.startswith("StoreNotWritable") and "cannot be read" in written


def test_a_folder_nobody_may_look_into_says_so(public: Path) -> None:
    folder = public / "closed"
    folder.mkdir(mode=0o700)
    path = folder / "store.db"
    _make(path)
    folder.chmod(0o000)
    said = _open_as_other(("connect_readonly", path), ("open_store", path))
    folder.chmod(0o700)
    assert all(line.startswith("StoreNotWritable") for line in said)
    assert all("Check who owns it and its folder" in line for line in said)


def test_closing_does_not_wait_for_a_parked_reader(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = open_store(str(path), busy_seconds=3_600.0)  # waiting would not end within the test
    store.commit([visit(log())], NOON)
    conn = connect_readonly(str(path))
    conn.execute("BEGIN")
    assert len(collections(conn)) == 1
    store.commit([visit(log(), at=NOON + 60)], NOON)
    store.close()
    conn.execute("COMMIT")
    assert len(collections(conn)) == 2
    conn.close()


def test_a_copy_without_its_journal_opens(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    _make(path)
    copy = tmp_path / "train.db"
    shutil.copy(path, copy)
    conn = connect_readonly(str(copy))
    assert [line.host for line in host_lines(conn)] == ["h1"]
    conn.close()


def test_with_an_affected_sqlite_the_store_works_without_wal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.db"
    _make(path)  # in WAL mode, by another machine
    monkeypatch.setattr("psbuddy.store.open.wal_is_safe", lambda: False)
    monkeypatch.setattr("psbuddy.store.open.version_note", lambda: version_note((3, 40, 1)))
    with open_store(str(path)) as store:
        assert [note[:13] for note in store.notes] == ["SQLite 3.40.1"]
        store.commit([visit(log(), at=NOON + 60)], NOON)
        conn = connect_readonly(str(path))
        assert conn.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert len(collections(conn)) == 2
        conn.close()
        assert not path.with_name("store.db-wal").exists()


def test_names_with_signs_that_mean_something_in_an_address(tmp_path: Path) -> None:
    path = tmp_path / "100% of #1?mode=rw&x.db"
    _make(path)
    conn = connect_readonly(str(path))
    assert len(collections(conn)) == 1
    conn.close()


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store.db"))
    store.close()
    store.close()


def test_a_full_disk_keeps_the_last_commit(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(str(path)) as store:
        store.commit([visit(log())], NOON)
        raw = store._engine.raw_connection()
        raw.cursor().execute("PRAGMA max_page_count = 1")  # SQLite sets it to what there is
        raw.close()
        with pytest.raises(StoreNotWritable, match=r"disk of .* is full"):
            for minute in range(1, 10_000):
                store.commit([visit(log(format="x" * 190, problems=("y" * 2000,) * 50),
                                    at=NOON + minute, host=f"h{minute}")], NOON)  # fmt: skip
        raw = store._engine.raw_connection()
        raw.cursor().execute("PRAGMA max_page_count = 4294967294")
        raw.close()
        store.commit([visit(log(), at=NOON + 10_000)], NOON)
        assert store.read_from("h1", "shop", "app")[0] == 2
    conn = connect_readonly(str(path))
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    conn.close()


def test_all_errors_are_store_errors() -> None:
    assert all(
        issubclass(error, StoreError)
        for error in (StoreBusy, StoreDamaged, StoreMissing, StoreNewer, StoreNotOurs)
    )
