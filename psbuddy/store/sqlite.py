"""Which SQLite library is used, and whether it may share a WAL file between processes.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL file, or lose a commit, when two connections write or
checkpoint it at the same moment (sqlite.org/wal.html, "the WAL-reset bug"; repaired in 3.51.3
and in the branches 3.50.7 and 3.44.6). On Linux the newer library of `pysqlite3` is used.
Where only an affected library is there, the store works with a rollback journal: readers and
the writer then wait for each other, and nothing can break.
"""

from types import ModuleType
from typing import Final

try:
    import pysqlite3.dbapi2 as _newest
except ImportError:  # not on Linux: the interpreter's own library
    import sqlite3 as _newest

#: The database driver every connection of ours uses, so that one library touches the file.
DRIVER: Final[ModuleType] = _newest
#: Version of the SQLite library behind it.
VERSION: Final[tuple[int, int, int]] = tuple(DRIVER.sqlite_version_info[:3])
#: Every error class of the driver derives from this one; sqlite3.Error is another class.
Error: Final[type[Exception]] = DRIVER.Error

#: STRICT tables need this one at least.
OLDEST: Final = (3, 37, 0)


def wal_is_safe(version: tuple[int, int, int] = VERSION) -> bool:
    """Whether several processes may use one WAL file with this version of SQLite."""
    if version < (3, 7, 0) or version >= (3, 51, 3):
        return version != (3, 52, 0)  # withdrawn
    return (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


def version_note(version: tuple[int, int, int] = VERSION) -> str:
    """A sentence for the user when this version holds us back, else ""."""
    text = ".".join(map(str, version))
    if version < OLDEST:
        return f"SQLite {text} is too old: PS Buddy needs 3.37 or newer. Install a newer Python."
    if not wal_is_safe(version):
        return (
            f"SQLite {text} can damage a file that several programs use in WAL mode, so the "
            "store uses a rollback journal: safe, a little slower. "
            "A Python with SQLite 3.51.3 or newer lifts this."
        )
    return ""
