"""`psbuddy transactions`: how many there were, how many failed, how long they took, by route."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final, Protocol

import numpy as np
import typer

from psbuddy import words
from psbuddy.cli.command import (
    NOTHING,
    AnyApp,
    AsJson,
    Range,
    Until,
    apps_of,
    exits,
    places_of,
    since_until,
)
from psbuddy.cli.guard import OK
from psbuddy.cli.observed import observed_words
from psbuddy.cli.output import cell, heading, jsonable, print_json, show, table, tell
from psbuddy.model.fleet import AppStatus
from psbuddy.model.series import RouteRow
from psbuddy.report.routes import worst_first
from psbuddy.store import connect_readonly
from psbuddy.store.read.routes import all_and_unrouted, names_routes, route_rows
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
    app: AnyApp = None,
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
    span = since_until(reach, until)
    with closing(connect_readonly(places_of(context).db)) as connection:
        apps = apps_of(connection, app)
        if by is By.ROUTE:
            told: Sequence[_Told] = [_routes(connection, each, span, sort) for each in apps]
        else:
            told = [_times(connection, each, span, by) for each in apps]
        seen = observed_words(connection, [each.app for each in apps], *span)
    if as_json:
        documents = [{"app": each.app.app, **each.document(limit)} for each in told]
        head = {"since": span[0], "until": span[1], "by": by}
        print_json({**head, **documents[0]} if app else {**head, "applications": documents})
        return OK
    shown = [each for each in told if each.any]
    for each in shown:
        if app is None:
            heading(each.app.name, each.app.app)
        each.show(limit)
    if not told:
        tell(NOTHING)
    elif not shown:
        nothing = f"No transactions were seen in these {reach}."
        tell((told[0].nothing(reach) if app else nothing) + seen)
    return OK


class _Told(Protocol):
    """The transactions of one application, by whatever."""

    @property
    def app(self) -> AppStatus: ...
    @property
    def any(self) -> bool: ...
    def document(self, limit: int) -> dict[str, Any]: ...
    def show(self, limit: int) -> None: ...
    def nothing(self, reach: str) -> str: ...


@dataclass(frozen=True, slots=True)
class _Routes:
    """By route. `every`, `unrouted`: all of them, and those that name no route."""

    app: AppStatus
    rows: tuple[RouteRow, ...]
    every: RouteRow | None
    unrouted: RouteRow | None
    named: bool  # whether a log ever named a route

    @property
    def any(self) -> bool:
        return bool(self.rows) or (self.every is not None and self.every.transactions > 0)

    def document(self, limit: int) -> dict[str, Any]:
        return {
            "routes": [_row_document(row) for row in self.rows[:limit]],
            "no_route": _row_document(self.unrouted, route=None) if self.unrouted else None,
            "all": _row_document(self.every, route=None) if self.every else None,
        }

    def show(self, limit: int) -> None:
        lines = [(row.route, _cells(row)) for row in self.rows[:limit]]
        more = self.rows[limit:]
        if more:
            lines.append((f"({words.quantity(len(more), 'more route')})", _sum_cells(more)))
        if self.unrouted is not None and self.unrouted.transactions:
            lines.append((self.unrouted.route, _cells(self.unrouted)))
        if self.every is not None and len(lines) > 1:
            lines.append((self.every.route, _cells(self.every)))
        _print(lines, "Route")
        if not self.named:
            tell(self.nothing(""))
        if more:
            tell(f"All routes of {self.app.app}: --limit {len(self.rows)}.")

    def nothing(self, reach: str) -> str:
        return _no_routes(self.app.app, reach, named=self.named)


@dataclass(frozen=True, slots=True)
class _Times:
    """By hour or day, those without a transaction too."""

    app: AppStatus
    by: By
    rows: list[dict[str, Any]]

    @property
    def any(self) -> bool:
        return any(row["count"] > 0 for row in self.rows)

    def document(self, limit: int) -> dict[str, Any]:
        del limit  # of routes
        return {
            "rows": [
                {("transactions" if key == "count" else key): value for key, value in row.items()}
                for row in self.rows
            ]
        }

    def show(self, limit: int) -> None:
        del limit  # of routes
        shown = [row for row in self.rows if row["count"] > 0]
        began = _began([row["start"] for row in shown])
        lines = list(zip(began, map(_time_cells, shown), strict=True))
        _print(lines, self.by.capitalize())

    def nothing(self, reach: str) -> str:
        return f"No transactions were seen in these {reach}."


def _routes(
    connection: sqlite3.Connection, app: AppStatus, span: tuple[int, int], sort: Sort
) -> _Routes:
    every, unrouted = all_and_unrouted(connection, app.app, *span) or (None, None)
    rows = _ORDERS[sort](route_rows(connection, app.app, *span))
    return _Routes(app, rows, every, unrouted, names_routes(connection, app.app))


def _times(connection: sqlite3.Connection, app: AppStatus, span: tuple[int, int], by: By) -> _Times:
    step = HOUR if by is By.HOUR else _DAY
    return _Times(app, by, _by_time(connection, app.app, *span, step))


def _row_document(row: RouteRow, **changes: Any) -> dict[str, Any]:
    return {**jsonable(row), "failed_share": row.failed_share, **changes}


def _began(starts: Sequence[int]) -> list[str]:
    """When hours or days began, all alike: `Mon 30 Nov 2026 04:00`, no clock where all are 00:00.

    Days are those of UTC: elsewhere they begin at another hour.
    """
    moments = [words.local(each) for each in starts]
    clock = "" if all((each.hour, each.minute) == (0, 0) for each in moments) else " %H:%M"
    return [f"{each:%a} {each.day:2d} {each.strftime(f'%b %Y{clock}')}" for each in moments]


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


def _sum_cells(rows: Sequence[RouteRow]) -> list[str]:
    """Counts of several routes; their times have no sum."""
    count, failed = (sum(getattr(row, name) for row in rows) for name in ("transactions", "failed"))
    share = words.share(failed / count if count else None)
    return [words.count(count), words.count(failed), share, "", "", "", ""]


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
    show(found)
