import sqlite3
import sys

import pytest

from psbuddy.store.sqlite import DRIVER, VERSION, version_note, wal_is_safe


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), False),
        ((3, 53, 4), True),
    ],
)
def test_versions_with_the_wal_bug_are_known(version: tuple[int, int, int], safe: bool) -> None:
    assert wal_is_safe(version) is safe
    assert (version_note(version) == "") is safe


def test_the_note_names_the_version_and_the_remedy() -> None:
    note = version_note((3, 40, 1))
    assert "SQLite 3.40.1" in note
    assert "3.51.3 or newer" in note
    assert "needs 3.37" in version_note((3, 30, 0))


@pytest.mark.skipif(sys.platform != "linux", reason="pysqlite3 is a dependency on Linux only")
def test_on_linux_the_newer_library_is_used() -> None:
    assert DRIVER is not sqlite3
    assert wal_is_safe(VERSION)
