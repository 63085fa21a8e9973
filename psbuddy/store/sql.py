"""Statements of the write path, made once from the tables they fill.

The hot path hands tuples to the driver's own cursor (SQLAlchemy would double its cost); these
builders keep it from repeating column names. `ON CONFLICT ... DO UPDATE` is understood by
SQLite and PostgreSQL alike.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol, TypeVar

from sqlalchemy import Table

MARK = "?"
_CHUNK = 300  # rows of a VALUES list: below the parameter limits of every SQLite

T = TypeVar("T")


class Cursor(Protocol):
    """The part of a DB-API cursor the write path uses."""

    @property
    def lastrowid(self) -> int | None: ...
    @property
    def rowcount(self) -> int: ...
    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any: ...
    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...


def insert(table: Table, *columns: str) -> str:
    """INSERT of the named columns, one mark each."""
    marks = ", ".join([MARK] * len(columns))
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"


def upsert(
    table: Table,
    *,
    key: Sequence[str],
    add: Sequence[str] = (),
    replace: Sequence[str] = (),
    least: Sequence[str] = (),
    greatest: Sequence[str] = (),
) -> str:
    """INSERT that adds to, replaces, or keeps the smaller or greater of what is there.

    The columns, and so the values of a row, come in the order of the arguments.
    """
    name = table.name
    changes = [f"{c} = {name}.{c} + excluded.{c}" for c in add]
    changes += [f"{c} = excluded.{c}" for c in replace]
    changes += [
        f"{c} = CASE WHEN excluded.{c} {sign} {name}.{c} THEN excluded.{c} ELSE {name}.{c} END"
        for columns, sign in ((least, "<"), (greatest, ">"))
        for c in columns
    ]
    into = insert(table, *key, *add, *replace, *least, *greatest)
    action = f"UPDATE SET {', '.join(changes)}" if changes else "NOTHING"
    return f"{into} ON CONFLICT ({', '.join(key)}) DO {action}"


def fetch_keys(cursor: Cursor, sql: str, keys: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    """Rows of a SELECT whose text ends in `IN`, for many (compound) keys at once."""
    for part in chunks(keys, _CHUNK):
        one = f"({', '.join([MARK] * len(part[0]))})"
        cursor.execute(
            f"{sql} (VALUES {', '.join([one] * len(part))})", [v for key in part for v in key]
        )
        yield from cursor.fetchall()


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of at most `size`."""
    iterator = iter(values)
    while part := list(islice(iterator, size)):
        yield part
