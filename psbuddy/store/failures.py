"""SQLite's errors, turned into ours: whole sentences by what the user can do about them."""

from pathlib import Path

from psbuddy.store.errors import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreNotOurs,
    StoreNotWritable,
)
from psbuddy.store.sqlite import DRIVER


def unreachable(path: Path, error: OSError) -> StoreNotWritable:
    """What to say when the system does not even let us look at the file."""
    return StoreNotWritable(
        f"The store {path} cannot be read ({error.strerror}). Check who owns it and its folder, "
        "or name another file with --db."
    )


def explain(error: BaseException, path: Path) -> StoreError:
    """The StoreError that stands for an error of the SQLite driver."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (DRIVER.SQLITE_BUSY, DRIVER.SQLITE_LOCKED):
        return StoreBusy(
            f"The store {path} is locked by another program. Close database tools that hold it "
            "open for writing; collecting goes on by itself when it is free."
        )
    if code == DRIVER.SQLITE_NOTADB:
        return StoreNotOurs(
            f"{path} is not a store of PS Buddy: it is no database at all. "
            "Name another file with --db; this one was left untouched."
        )
    if code == DRIVER.SQLITE_CORRUPT:
        return StoreDamaged(
            f"The store {path} is damaged ({error}). Copy the file away, then restore a backup "
            "or start a new store with --db; the logs are read again as far as they still exist."
        )
    if code == DRIVER.SQLITE_FULL:
        return StoreNotWritable(
            f"The disk of {path} is full. Nothing was lost: free some space and the logs are "
            "read again from where the last commit stopped."
        )
    if code in (DRIVER.SQLITE_READONLY, DRIVER.SQLITE_CANTOPEN, DRIVER.SQLITE_PERM):
        return StoreNotWritable(
            f"The store {path} cannot be opened ({error}). Check that the folder and the file "
            "can be read and written by you, or choose another place with --db."
        )
    if code == DRIVER.SQLITE_IOERR:
        return StoreNotWritable(
            f"The disk of {path} reported an error ({error}). Nothing half was stored; "
            "check the disk or the network drive."
        )
    return StoreError(f"The store {path} could not be used: {error}.")
