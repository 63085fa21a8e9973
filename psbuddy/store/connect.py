"""Raw read-only connections: what screens, reports and analysts read through.

Standard library only; no SQLAlchemy. The caller closes the connection and keeps reads short
(fetch all, then compute): a reader parked inside a read makes the journal grow.
"""

from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from psbuddy.store.errors import StoreError, StoreMissing, StoreNotWritable
from psbuddy.store.failures import explain, unreachable
from psbuddy.store.schema import check_schema
from psbuddy.store.sqlite import DRIVER, Error
from psbuddy.store.url import path_of

if TYPE_CHECKING:  # for its name alone: the driver is another one (psbuddy.store.sqlite), 4 ms
    import sqlite3


def connect_readonly(url: str) -> "sqlite3.Connection":
    """A connection that can only read, for the thread that asks for it.

    Works beside a running writer, and on a copy of a store on a read-only disk. Raises
    StoreMissing, StoreNotOurs, StoreNewer, StoreOlder, StoreDamaged, StoreBusy or
    StoreNotWritable.
    """
    path = path_of(url)
    try:
        there = path.is_file()
    except OSError as error:
        raise unreachable(path, error) from error
    if not there:
        raise StoreMissing(
            f"There is no store at {path} yet. Start PS Buddy or run psbuddy collect --once, "
            "or name another file with --db."
        )
    try:
        return _open(path, "mode=ro")
    except StoreNotWritable:
        if _unfinished(path):
            raise  # what stands in the journal may not be passed over
        # A store closed cleanly on a read-only disk: SQLite may not make its index of the
        # journal there, and with no journal it needs none.
        return _open(path, "mode=ro&immutable=1")


def _unfinished(path: Path) -> bool:
    journals = (path.with_name(path.name + end) for end in ("-wal", "-journal"))
    return any(journal.exists() and journal.stat().st_size > 0 for journal in journals)


def _open(path: Path, options: str) -> "sqlite3.Connection":
    connection = None
    try:
        connection = DRIVER.connect(
            f"file:{quote(str(path))}?{options}", uri=True, isolation_level=None, timeout=5.0
        )
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        check_schema(connection.cursor(), path, writing=False)
    except Error as error:
        if connection is not None:
            connection.close()
        raise explain(error, path) from error
    except StoreError:
        if connection is not None:
            connection.close()
        raise
    return cast("sqlite3.Connection", connection)
