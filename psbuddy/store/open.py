"""Opening the store for writing: create, guard, migrate."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

import psbuddy
from psbuddy.store.errors import (
    StoreError,
    StoreMissing,
    StoreNotOurs,
    StoreNotWritable,
    StoreUrlError,
)
from psbuddy.store.failures import explain, unreachable
from psbuddy.store.folder import folder_note
from psbuddy.store.lock import WriterLock
from psbuddy.store.schema import APPLICATION_ID, SCHEMA, check_schema
from psbuddy.store.sqlite import DRIVER, OLDEST, VERSION, Error, version_note, wal_is_safe
from psbuddy.store.store import Store
from psbuddy.store.url import path_of

_MAGIC = b"SQLite format 3\x00"


def open_store(url: str, *, create: bool = True, busy_seconds: float = 5.0) -> Store:
    """The one writer of a store; brings an older file up to date.

    `busy_seconds`: how long a commit waits for another program's lock. Raises StoreUrlError,
    StoreMissing (with create=False), StoreNotOurs, StoreNewer, StoreDamaged,
    StoreNotWritable or StoreBusy; the file is then as it was.
    """
    if VERSION < OLDEST:
        raise StoreError(version_note())
    path = path_of(url)
    try:
        _prepare(path, create)
    except OSError as error:
        raise unreachable(path, error) from error
    lock = WriterLock(path)
    try:
        _touch(path)
        engine = _engine(path, busy_seconds)
        remote = folder_note(path)
        try:
            _set_up(engine, path, wal=wal_is_safe() and not remote)
        except BaseException:
            engine.dispose()
            raise
    except BaseException as error:
        lock.release(remove=isinstance(error, StoreNotOurs))
        raise
    return Store(engine, path, lock, tuple(note for note in (version_note(), remote) if note))


def _prepare(path: Path, create: bool) -> None:
    """Everything that can be said before a lock is taken or a file made. Raises OSError too."""
    if path.is_dir():
        raise StoreUrlError(
            f"{path} is a folder. Name a file in it, for example {path}/psbuddy.db."
        )
    if not path.exists():
        if not create:
            raise StoreMissing(
                f"There is no store at {path} yet. Collect once to make it, "
                "or name another file with --db."
            )
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreNotWritable(
                f"The folder {path.parent} cannot be made ({error.strerror}). "
                "Choose another place with --db."
            ) from error
        return
    with path.open("rb") as file:
        head = file.read(len(_MAGIC))
    if head and head != _MAGIC:
        raise StoreNotOurs(
            f"{path} is not a store of PS Buddy: it is no database at all. "
            "Name another file with --db; this one was left untouched."
        )
    if not os.access(path, os.W_OK):
        raise StoreNotWritable(
            f"The store {path} may only be read by you. Ask for write access to collect into it, "
            "or choose another place with --db; looking works as it is."
        )


def _touch(path: Path) -> None:
    """Make the file readable by its owner only: it holds lines of other people's logs."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreNotWritable(
            f"The store {path} cannot be written ({error.strerror}). "
            "Choose another place with --db."
        ) from error


def _engine(path: Path, busy_seconds: float) -> Engine:
    def connect() -> Any:
        return DRIVER.connect(
            str(path), isolation_level=None, timeout=busy_seconds, check_same_thread=False
        )

    engine = create_engine("sqlite://", module=DRIVER, creator=connect, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # Taken at once: a read that later turns into a write fails without waiting.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _set_up(engine: Engine, path: Path, *, wal: bool) -> None:
    raw: Any = None
    try:
        raw = engine.raw_connection()
        cursor = raw.cursor()
        version = check_schema(cursor, path, writing=True)
        if version == 0:
            cursor.execute("PRAGMA auto_vacuum = INCREMENTAL")
        cursor.execute("PRAGMA cell_size_check = ON")
        cursor.execute("PRAGMA trusted_schema = OFF")
        cursor.execute(f"PRAGMA journal_mode = {'WAL' if wal else 'DELETE'}")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA journal_size_limit = 67108864")
        if version < SCHEMA:
            _migrate(engine)
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(
            "INSERT INTO store_info (name, value) VALUES ('written_by', ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (psbuddy.__version__,),
        )
    except Error as error:
        raise explain(error, path) from error
    finally:
        if raw is not None:
            raw.close()


def _migrate(engine: Engine) -> None:
    from psbuddy.store.migrate import upgrade  # noqa: PLC0415 - alembic costs 0.4 s to import

    with engine.begin() as connection:
        upgrade(connection)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
