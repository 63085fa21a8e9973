"""Transactions by route, per hour and day.

A log may name new routes for ever (article names in paths). So a log adds at most MOST_A_DAY
routes to a day, the leading ones of a visit first; the rest of that day is summed as `other`.
Hours are kept for HOURS_KEPT, days for ever.
"""

from collections.abc import Iterable
from typing import Final

from psbuddy.model.observation import OTHER_ROUTES, RouteCount
from psbuddy.store import tables as t
from psbuddy.store.batch import Batch
from psbuddy.store.caps import cap
from psbuddy.store.cells import Grains
from psbuddy.store.grains import DAY, HOUR, hours_from
from psbuddy.store.latencies import VALUES, Cell, Cells, merge_stored
from psbuddy.store.sql import Cursor, fetch_keys, insert, upsert

#: Routes that one log may add to one day; `other` comes on top.
MOST_A_DAY: Final = 60
#: A failed transaction weighs as much as so many good ones when routes must be left out.
FAILED_WEIGHS: Final = 10

_GRAINS: Final[Grains] = (("hour", HOUR, t.hour_route), ("day", DAY, t.day_route))
_SAVE: Final = f"{insert(t.route, 'app_id', 'route')} ON CONFLICT (app_id, route) DO NOTHING"

_Places = dict[tuple[int, int, str], Cell]  # (source, hour, route)


def write_routes(batch: Batch) -> None:
    """Add the routes of every log that was read."""
    places: _Places = {}
    apps: dict[int, int] = {}  # application by source
    for reading in batch.readings:
        source_id = reading.source.source_id
        for count in reading.log.routes:
            if count.transactions > 0:
                apps[source_id] = batch.names.app(reading.log.app)
                key = (source_id, count.hour // HOUR * HOUR, cap(count.route))
                places.setdefault(key, Cell()).add(count)
    if not places:
        return
    kept = _kept(batch.cursor, places)
    ids = _ids(batch.cursor, {(apps[source_id], route) for source_id, _, route in kept})
    for time, size, table in _GRAINS:
        cells: Cells = {}
        for (source_id, hour, route), cell in kept.items():
            place = (source_id, hour // size * size, ids[apps[source_id], route])
            cells.setdefault(place, Cell()).merge(cell)
        merge_stored(batch.cursor, table.name, ("source_id", time, "route_id"), cells)
        batch.cursor.executemany(
            upsert(table, key=("source_id", time, "route_id"), replace=VALUES),
            [(*key, *cell.values()) for key, cell in sorted(cells.items())],
        )
    batch.cursor.executemany(
        "DELETE FROM hour_route WHERE source_id = ? AND hour < ?",
        [(source_id, hours_from(batch.now)) for source_id in sorted(apps)],
    )


def weight(count: Cell | RouteCount) -> int:
    """How much a route matters where not all can be kept."""
    return count.transactions + (FAILED_WEIGHS - 1) * count.failed


def _kept(cursor: Cursor, places: _Places) -> _Places:
    """The same, routes that are too many for their day put together as `other`."""
    days: dict[tuple[int, int], dict[str, int]] = {}  # (source, day) -> weight of each route
    for (source_id, hour, route), cell in places.items():
        routes = days.setdefault((source_id, hour // DAY * DAY), {})
        routes[route] = routes.get(route, 0) + weight(cell)
    known = _known(cursor, days)
    chosen = {day: _chosen(routes, known.get(day, set())) for day, routes in days.items()}
    kept: _Places = {}
    for (source_id, hour, route), cell in places.items():
        name = route if route in chosen[source_id, hour // DAY * DAY] else OTHER_ROUTES
        kept.setdefault((source_id, hour, name), Cell()).merge(cell)
    return kept


def _chosen(routes: dict[str, int], known: set[str]) -> set[str]:
    """Routes of a day that are told by name: those it has, then the heaviest."""
    room = max(0, MOST_A_DAY - len(known - {OTHER_ROUTES}))
    new = sorted(routes.keys() - known - {OTHER_ROUTES}, key=lambda name: (-routes[name], name))
    return known | set(new[:room])


def _known(cursor: Cursor, days: Iterable[tuple[int, int]]) -> dict[tuple[int, int], set[str]]:
    """Routes that each (source, day) has already."""
    sql = (
        "SELECT source_id, day, route FROM day_route JOIN route USING (route_id) "
        "WHERE (source_id, day) IN"
    )
    found: dict[tuple[int, int], set[str]] = {}
    for source_id, day, route in fetch_keys(cursor, sql, days):
        found.setdefault((source_id, day), set()).add(route)
    return found


def _ids(cursor: Cursor, names: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Number of each (application, route), made where it is new."""
    cursor.executemany(_SAVE, sorted(names))
    sql = "SELECT app_id, route, route_id FROM route WHERE (app_id, route) IN"
    return {(app_id, route): number for app_id, route, number in fetch_keys(cursor, sql, names)}
