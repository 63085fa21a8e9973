"""Is this file a store, and of which version? Read before anything else is touched."""

from pathlib import Path
from typing import Any, Final

import psbuddy
from psbuddy.store.errors import StoreMissing, StoreNewer, StoreNotOurs, StoreOlder

#: PRAGMA application_id of every store: "PSBD".
APPLICATION_ID: Final = 0x50534244
#: PRAGMA user_version: number of the newest migration in migrations/versions.
SCHEMA: Final = 5


def check_schema(cursor: Any, path: Path, *, writing: bool) -> int:
    """Number of the store's schema; 0 for a file without tables.

    Raises StoreNotOurs for a foreign database, StoreNewer for one of a later version and,
    for readers, StoreMissing or StoreOlder for an empty or an older one.
    """
    application = int(cursor.execute("PRAGMA application_id").fetchone()[0])
    version = int(cursor.execute("PRAGMA user_version").fetchone()[0])
    tables = int(cursor.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
    if tables == 0 and application in (0, APPLICATION_ID):
        if writing:
            return 0
        raise StoreMissing(f"The store {path} is empty: nothing was collected into it yet.")
    if application != APPLICATION_ID:
        raise StoreNotOurs(
            f"{path} is a database of another program, not a store of PS Buddy. "
            "Name another file with --db; this one was left untouched."
        )
    if version > SCHEMA:
        raise StoreNewer(_newer(cursor, path, version))
    if version < SCHEMA and not writing:
        raise StoreOlder(
            f"The store {path} was written by an older PS Buddy. It is brought up to date when "
            "collecting starts, by the window or by 'psbuddy collect --once'; what is in it stays."
        )
    return version


def _newer(cursor: Any, path: Path, version: int) -> str:
    row = cursor.execute("SELECT value FROM store_info WHERE name = 'written_by'").fetchone()
    writer = str(row[0])[:40] if row else f"with schema {version}"
    return (
        f"The store {path} was written by PS Buddy {writer}, newer than this one "
        f"({psbuddy.__version__}). Install that version or a later one, or name another store "
        "with --db. Nothing was changed."
    )
