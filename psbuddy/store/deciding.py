"""A person's decision, written beside the one writer.

Collecting holds the store's lock for as long as it runs, and a person must be able to mute a
cause meanwhile. A decision is one short transaction on tables that collecting only reads, and
SQLite's own lock lets one of the two wait for the other: at most `BUSY_SECONDS`.
"""

from contextlib import closing
from pathlib import Path
from typing import Any, Final

from psbuddy.model.causes import Decision
from psbuddy.store.decide import decide
from psbuddy.store.errors import StoreMissing, StoreOlder
from psbuddy.store.failures import explain, unreachable
from psbuddy.store.schema import SCHEMA, check_schema
from psbuddy.store.sqlite import DRIVER, Error
from psbuddy.store.url import path_of

BUSY_SECONDS: Final = 10.0


def decide_in(url: str, decision: Decision, now: int) -> tuple[str, ...]:
    """Carry out a decision in the store at `url`; the fingerprints it was about, in full.

    For any thread; blocks while another program writes. Raises UnknownCause, StoreMissing,
    StoreOlder, StoreBusy, StoreNotWritable, StoreDamaged and the like: nothing was changed.
    """
    path = path_of(url)
    try:
        there = path.is_file()
    except OSError as error:
        raise unreachable(path, error) from error
    if not there:
        raise StoreMissing(f"There is no store at {path} yet, so there is no cause to decide on.")
    try:
        with closing(DRIVER.connect(str(path), isolation_level=None, timeout=BUSY_SECONDS)) as db:
            return _write(db.cursor(), path, decision, now)
    except Error as error:
        raise explain(error, path) from error


def _write(cursor: Any, path: Path, decision: Decision, now: int) -> tuple[str, ...]:
    if check_schema(cursor, path, writing=True) != SCHEMA:
        raise StoreOlder(
            f"The store {path} was written by an older PS Buddy. Collect once, which brings it "
            "up to date, and decide then."
        )
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA trusted_schema = OFF")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("BEGIN IMMEDIATE")
    try:
        found = decide(cursor, decision, now)
        cursor.execute("COMMIT")
    except BaseException:
        if cursor.connection.in_transaction:
            cursor.execute("ROLLBACK")
        raise
    return found
