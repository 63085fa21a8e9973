import sqlite3
from pathlib import Path

import pytest

from psbuddy.store.errors import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreNotOurs,
    StoreNotWritable,
)
from psbuddy.store.failures import explain, unreachable

PATH = Path("/data/store.db")


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (sqlite3.SQLITE_BUSY, StoreBusy, "locked by another program"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreBusy, "locked by another program"),
        (sqlite3.SQLITE_NOTADB, StoreNotOurs, "no database at all"),
        (sqlite3.SQLITE_CORRUPT, StoreDamaged, "restore a backup"),
        (sqlite3.SQLITE_FULL, StoreNotWritable, "free some space"),
        (sqlite3.SQLITE_READONLY_DBMOVED, StoreNotWritable, "can be read and written by you"),
        (sqlite3.SQLITE_CANTOPEN, StoreNotWritable, "can be read and written by you"),
        (sqlite3.SQLITE_IOERR_FSYNC, StoreNotWritable, "check the disk"),
        (sqlite3.SQLITE_CONSTRAINT, StoreError, "could not be used: the words of SQLite"),
    ],
)
def test_each_failure_says_what_to_do(code: int, kind: type[StoreError], words: str) -> None:
    error = sqlite3.OperationalError("the words of SQLite")
    error.sqlite_errorcode = code
    explained = explain(error, PATH)
    assert type(explained) is kind
    assert words in str(explained)
    assert str(PATH) in str(explained)


def test_a_place_the_system_keeps_closed() -> None:
    text = str(unreachable(PATH, PermissionError(13, "Permission denied")))
    assert "/data/store.db cannot be read (Permission denied)" in text
