"""One writer per store: a lock on a small file beside it, released by the system at any death.

The lock says who holds it, so that the second program can say so too. It is advice among
programs of ours; SQLite's own locks guard the file against all others.
"""

import os
import sys
from pathlib import Path

from psbuddy.store.errors import StoreBusy, StoreNotWritable

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, 1 << 30, os.SEEK_SET)  # beyond the text, which stays readable
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class WriterLock:
    """Held from construction to `release`. Raises StoreBusy when another program holds it."""

    def __init__(self, store: Path) -> None:
        self._path = store.with_name(store.name + ".lock")
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreNotWritable(
                f"The folder {store.parent} cannot be written ({error.strerror}), so the store in "
                "it can only be read. Choose another place with --db, or ask for write access."
            ) from error
        try:
            _lock(self._handle)
        except OSError as error:
            holder = os.pread(self._handle, 20, 0) if hasattr(os, "pread") else b""
            os.close(self._handle)
            raise StoreBusy(_busy(store, holder)) from error
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, str(os.getpid()).encode())

    def release(self, *, remove: bool = False) -> None:
        """Give the store free. The file stays: deleting it would race with the next holder.

        `remove`: the file beside it was no store, so nobody else can be waiting.
        """
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
            if remove:
                self._path.unlink(missing_ok=True)


def _busy(store: Path, holder: bytes) -> str:
    who = f" (process {holder.decode()})" if holder.isdigit() else ""
    return (
        f"Another PS Buddy{who} is already collecting into {store}. "
        "Close that one first, or choose another store with --db; looking needs neither."
    )
