"""Transactions by route over a range, quantiles of the merged buckets."""

import sqlite3

import numpy as np
from numpy.typing import NDArray

from psbuddy.model import latency
from psbuddy.model.series import RouteRow
from psbuddy.store.buckets import capped, quantiles, unpack
from psbuddy.store.grains import DAY, HOUR, hours_from
from psbuddy.store.read.buckets import cover, marks, source_ids

#: Names of what is no route.
ALL, NO_ROUTE = "all", "(no route)"
_SHARES = (0.50, 0.95, 0.99)
_Row = tuple[int, int, int, float | None, float | None, bytes]


def route_rows(conn: sqlite3.Connection, app: str, since: int, until: int) -> tuple[RouteRow, ...]:
    """Routes of all logs of `app` in the whole hours that touch [since, until), by name.

    Whole days where hours are not kept any more. Quantiles are within 4.8 % (latency.py).
    """
    rows = _rows(conn, app, (since, until), "route", "route_id")
    if not rows:
        return ()
    names = dict(
        conn.execute(
            "SELECT route_id, route FROM route JOIN application USING (app_id) WHERE app = ?",
            (app,),
        ).fetchall()
    )
    return tuple(sorted(_summed(rows, names), key=lambda row: row.route))


def all_and_unrouted(
    conn: sqlite3.Connection, app: str, since: int, until: int
) -> tuple[RouteRow, RouteRow] | None:
    """All transactions of the hours that `route_rows` shows, and those that name no route.

    None where there are none. How long the longest without a route took is known only where it
    is the longest of all.
    """
    rows = _rows(conn, app, (since, until), "transaction", "0")
    if not rows:
        return None
    routed = _rows(conn, app, (since, until), "route", "0")
    (every,) = _summed(rows, {0: ALL})
    part = _summed(routed, {0: NO_ROUTE})[0] if routed else None
    left = latency.merge(unpack(row[5]) for row in rows)
    for bucket, count in latency.merge(unpack(row[5]) for row in routed).items():
        left[bucket] = max(0, left.get(bucket, 0) - count)
    most = every.max_ms or 0.0
    p50, p95, p99 = (
        None if quick is None else min(quick, most)
        for quick in (latency.quantile(left, share) for share in _SHARES)
    )
    longest = every.max_ms if part is None or part.max_ms != every.max_ms else None
    return every, RouteRow(
        NO_ROUTE,
        max(0, every.transactions - (part.transactions if part else 0)),
        max(0, every.failed - (part.failed if part else 0)),
        None,
        p50,
        p95,
        p99,
        longest if any(left.values()) else None,
    )


def _rows(
    conn: sqlite3.Connection, app: str, span: tuple[int, int], table: str, kind: str
) -> list[_Row]:
    """Counts of the whole hours that touch [since, until), whole days where hours are not kept."""
    ids = source_ids(conn, app)
    kept = _hours_from(conn, app)
    since, until = span
    since = since // HOUR * HOUR if since >= kept else since // DAY * DAY
    until = -(-until // HOUR) * HOUR if until >= kept else -(-until // DAY) * DAY
    rows: list[_Row] = []
    for grain, start, end in cover(since, until):
        rows += conn.execute(
            f"SELECT {kind}, transactions, failed, total_ms, max_ms, buckets "
            f"FROM {grain}_{table} "
            f"WHERE source_id IN ({marks(ids)}) AND {grain} >= ? AND {grain} < ?",
            (*ids, start, end),
        ).fetchall()
    return rows


def names_routes(conn: sqlite3.Connection, app: str) -> bool:
    """Whether any log of an application has ever told a route."""
    found = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM route JOIN application USING (app_id) WHERE app = ?)", (app,)
    ).fetchone()
    return bool(found[0])


def _hours_from(conn: sqlite3.Connection, app: str) -> int:
    (read_at,) = conn.execute(
        "SELECT coalesce(max(read_at), 0) FROM source JOIN application USING (app_id) "
        "WHERE app = ?",
        (app,),
    ).fetchone()
    return hours_from(int(read_at))


def _summed(rows: list[_Row], names: dict[int, str]) -> list[RouteRow]:
    route, counts, failures, totals, longest, blobs = zip(*rows, strict=True)
    ids, slot = np.unique(np.array(route, np.int64), return_inverse=True)
    size = len(ids)
    sums = np.array(totals, np.float64)  # NaN where no duration was told
    timed = np.bincount(slot, np.isfinite(sums), size) > 0
    count = np.bincount(slot, np.array(counts, np.float64), size)
    failed = np.bincount(slot, np.array(failures, np.float64), size)
    total = np.bincount(slot, np.nan_to_num(sums), size)
    most = np.zeros(size)
    np.maximum.at(most, slot, np.nan_to_num(np.array(longest, np.float64)))
    known = np.where(timed, most, np.nan)
    p50, p95, p99 = capped(quantiles(slot, blobs, size, _SHARES), known)
    return [
        RouteRow(
            names[int(ids[at])],
            int(count[at]),
            int(failed[at]),
            float(total[at]) if timed[at] else None,
            _told(p50, at),
            _told(p95, at),
            _told(p99, at),
            float(most[at]) if timed[at] else None,
        )
        for at in range(size)
    ]


def _told(values: NDArray[np.float64], at: int) -> float | None:
    return None if np.isnan(values[at]) else float(values[at])
