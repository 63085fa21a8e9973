"""`psbuddy sql`: a question to the store, read-only, with an end."""

import math
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Annotated, Any

import typer

from psbuddy import words
from psbuddy.cli.command import Until, exits, places_of, since_until
from psbuddy.cli.guard import OK, USAGE, WRONG, CliError
from psbuddy.cli.output import plain, tell, write_json
from psbuddy.store import connect_readonly
from psbuddy.store.sqlite import DRIVER, Error
from psbuddy.store.unpacked import LAST, damaged_words, unpack_minutes

_STEPS = 20_000  # instructions of SQLite between two looks at the clock
_MAX_QUERY = 1024 * 1024
_MEMORY = 256_000_000  # bytes SQLite may take: a query must not eat the machine's
_WIDEST = 400  # characters of a cell on a terminal

#: What a query may do, by SQLite's action codes: SELECT, READ, FUNCTION, RECURSIVE; and PRAGMA
#: for those that only tell.
_ALLOWED = (
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
)
_REFUSED = ("not authorized", "authorization denied", "prohibited", "readonly")
_TELLING = frozenset({"table_info", "table_xinfo", "table_list", "index_list", "index_info"})


def register(app: typer.Typer) -> None:
    app.command("sql")(exits(sql))


def sql(
    context: typer.Context,
    query: Annotated[
        str | None, typer.Argument(metavar="[QUERY]", help="One SELECT; else read from stdin.")
    ] = None,
    *,
    timeout: Annotated[
        float, typer.Option(min=0.1, max=86400, metavar="SECONDS", help="Give up after this.")
    ] = 60.0,
    limit: Annotated[int, typer.Option(min=1, help="Rows to give at most.")] = 100_000,
    reach: Annotated[
        str,
        typer.Option(
            "--range", help="Open only sealed minutes of the last 36h, 30d, 1y ...: faster."
        ),
    ] = "",
    until: Until = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document: a list of rows.")
    ] = False,
) -> int:
    """Ask the store in SQL. Nothing can be changed. docs/database.md names the views."""
    text = sys.stdin.read(_MAX_QUERY) if query is None else query
    if not text.strip():
        raise CliError('There is no query. As in: psbuddy sql "select * from v_run"', USAGE)
    since, end = since_until(reach, until) if reach else (0, LAST)
    with closing(connect_readonly(places_of(context).db)) as connection:
        unpacked = unpack_minutes(connection, since, end)
        names, rows = ask(connection, text, seconds=timeout, limit=limit + 1)
        damaged = damaged_words(connection, unpacked)
    cut = len(rows) > limit
    rows = rows[:limit]
    if as_json:
        unique = _unique(names)
        write_json([dict(zip(unique, map(_json_value, row), strict=True)) for row in rows])
    elif names:
        _print(names, rows)
    if cut:
        tell(f"Only the first {limit:,} rows are shown; ask for more with --limit.")
    if damaged:
        tell(damaged)
    return WRONG if cut or damaged else OK


def ask(
    connection: sqlite3.Connection, query: str, *, seconds: float, limit: int
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and at most `limit` rows. Raises CliError in words for the one who asked."""
    end = time.monotonic() + seconds
    connection.execute(f"PRAGMA hard_heap_limit = {_MEMORY}")
    connection.set_authorizer(_authorize)
    connection.set_progress_handler(lambda: int(time.monotonic() > end), _STEPS)
    try:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or ()]
        return names, cursor.fetchmany(limit)
    except MemoryError:
        size = words.size(_MEMORY)
        raise CliError(f"The query wants more than {size} of memory. Ask for less.") from None
    except (Error, DRIVER.Warning) as error:
        raise _refusal(str(error), seconds) from None
    finally:
        connection.set_progress_handler(None, 0)
        connection.set_authorizer(None)


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action in _ALLOWED:
        forbidden = action == sqlite3.SQLITE_FUNCTION and second == "load_extension"
    else:
        forbidden = action != sqlite3.SQLITE_PRAGMA or first not in _TELLING
    return sqlite3.SQLITE_DENY if forbidden else sqlite3.SQLITE_OK


def _refusal(said: str, seconds: float) -> CliError:
    if "interrupted" in said:
        return CliError(
            f"The query took longer than {seconds:g} s and was stopped. "
            "Narrow it by time, or give more with --timeout.",
            WRONG,
        )
    if any(word in said for word in _REFUSED):
        return CliError("Only questions are answered here: SELECT, or WITH ... SELECT.", USAGE)
    if "one statement" in said:
        return CliError("Only one query at a time. Remove what stands behind the ;", USAGE)
    return CliError(f"SQLite does not understand the query: {said}.", USAGE)


def _unique(names: Sequence[str]) -> list[str]:
    """Names of JSON keys: a second column of the same name gets a number."""
    found: list[str] = []
    for name in names:
        candidate, number = name, 2
        while candidate in found:
            candidate, number = f"{name}_{number}", number + 1
        found.append(candidate)
    return found


def _print(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Columns under their names. By hand: a table of rich takes seconds for 10,000 rows."""
    texts = [[plain(_shown(value), _WIDEST) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *texts, strict=True)]
    numeric = [
        any(isinstance(value, int | float) for value in column)
        for column in zip(*rows, strict=True)
    ]
    sides = numeric or [False] * len(names)
    for row in (names, *texts):
        cells = (
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, sides, strict=True)
        )
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _json_value(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value.hex() if isinstance(value, bytes) else str(value)
