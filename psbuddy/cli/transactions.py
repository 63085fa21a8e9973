"""`psbuddy transactions`: how many there were, how many failed, how long they took, by route."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from enum import StrEnum
from typing import Annotated, Any, Final

import numpy as np
import typer

from psbuddy import words
from psbuddy.cli.command import AsJson, Range, Until, exits, one_of, places_of, since_until
from psbuddy.cli.guard import OK
from psbuddy.cli.output import cell, console, jsonable, print_json, table, tell
from psbuddy.model.series import RouteRow
from psbuddy.report.routes import worst_first
from psbuddy.store import connect_readonly
from psbuddy.store.read.fleet import app_statuses
from psbuddy.store.read.routes import names_routes, route_rows
from psbuddy.store.read.series import transaction_series

HOUR: Final = 3_600
_DAY: Final = 86_400
_NUMBERS: Final = ("Transactions", "Failed", "Share", "Median", "95 %", "99 %", "Longest")


class By(StrEnum):
    ROUTE = "route"
    HOUR = "hour"
    DAY = "day"


class Sort(StrEnum):
    WORST = "worst"
    SLOWEST = "slowest"
    MOST = "most"


_ORDERS: Final[dict[Sort, Callable[[tuple[RouteRow, ...]], tuple[RouteRow, ...]]]] = {
    Sort.WORST: worst_first,
    Sort.SLOWEST: lambda rows: tuple(sorted(rows, key=lambda row: -(row.p95_ms or 0.0))),
    Sort.MOST: lambda rows: tuple(sorted(rows, key=lambda row: -row.transactions)),
}


def register(app: typer.Typer) -> None:
    app.command("transactions")(exits(transactions))


def transactions(
    context: typer.Context,
    app: Annotated[str, typer.Argument(metavar="APP", help="Id of the application.")],
    *,
    by: Annotated[By, typer.Option(help="Route, or time.")] = By.ROUTE,
    sort: Annotated[
        Sort, typer.Option(help="Routes: most failures, then slowest; slowest; most frequent.")
    ] = Sort.WORST,
    reach: Range = "24h",
    until: Until = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many routes at most.")] = 20,
    as_json: AsJson = False,
) -> int:
    """Transactions by route or time: count, failures, and how long they took.

    Routes are kept by the hour: whole hours are shown.
    """
    since, end = since_until(reach, until)
    with closing(connect_readonly(places_of(context).db)) as connection:
        one_of("application", app, (each.app for each in app_statuses(connection)))
        if by is not By.ROUTE:
            rows = _by_time(connection, app, since, end, HOUR if by is By.HOUR else _DAY)
            return _tell_times(app, (since, end), by, rows, as_json=as_json)
        found = _ORDERS[sort](route_rows(connection, app, since, end))
        named = names_routes(connection, app)
    if as_json:
        routes = [{**jsonable(row), "failed_share": row.failed_share} for row in found[:limit]]
        print_json({"app": app, "since": since, "until": end, "by": "route", "routes": routes})
    elif not found:
        tell(_no_routes(app, reach, named=named))
    else:
        _print([(row.route, _cells(row)) for row in found[:limit]], "Route")
        if len(found) > limit:
            tell(f"{len(found) - limit:,} more; ask for them with --limit {len(found)}.")
    return OK


def _no_routes(app: str, reach: str, *, named: bool) -> str:
    if named:
        return f"No transaction with a route was seen in these {reach}."
    return (
        f"No log of {app} names a route so far. Access logs do, and JSON records with a duration "
        f"and a path; docs/protocol.md says which. --by hour shows all transactions."
    )


def _cells(row: RouteRow) -> list[str]:
    times = (row.p50_ms, row.p95_ms, row.p99_ms, row.max_ms)
    return [
        words.count(row.transactions),
        words.count(row.failed),
        words.share(row.failed_share),
        *(_lasted(each) for each in times),
    ]


def _lasted(milliseconds: float | None) -> str:
    if milliseconds is None or not np.isfinite(milliseconds):
        return ""
    return words.duration(milliseconds / 1000)


def _by_time(
    connection: sqlite3.Connection, app: str, since: int, until: int, step: int
) -> list[dict[str, Any]]:
    series = transaction_series(connection, app, since, until, step)
    names = ("count", "failed", "p50_ms", "p95_ms", "p99_ms", "max_ms")
    columns = [getattr(series, name) for name in names]
    return [
        {"start": int(start), **dict(zip(names, map(float, values), strict=True))}
        for start, *values in zip(series.times, *columns, strict=True)
    ]


def _tell_times(
    app: str, reach: tuple[int, int], by: By, rows: list[dict[str, Any]], *, as_json: bool
) -> int:
    if as_json:
        document = [
            {("transactions" if key == "count" else key): value for key, value in row.items()}
            for row in rows
        ]
        print_json({"app": app, "since": reach[0], "until": reach[1], "by": by, "rows": document})
        return OK
    shown = [row for row in rows if row["count"] > 0]
    if not shown:
        tell("No transactions were seen in this range.")
        return OK
    _print([(words.when(row["start"], reach[1]), _time_cells(row)) for row in shown], "Since")
    return OK


def _time_cells(row: dict[str, Any]) -> list[str]:
    return [
        words.count(row["count"]),
        words.count(row["failed"]),
        words.share(row["failed"] / row["count"]),
        *(_lasted(row[name]) for name in ("p50_ms", "p95_ms", "p99_ms", "max_ms")),
    ]


def _print(rows: list[tuple[str, list[str]]], heading: str) -> None:
    found = table([heading, *_NUMBERS], right=_NUMBERS)
    for name, cells in rows:
        found.add_row(cell(name), *map(cell, cells))
    console().print(found)
