"""Transactions of an application within given stretches of time, such as runs of a job."""

import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from psbuddy.model.application import AppDef
from psbuddy.model.series import Values
from psbuddy.store.grains import DAY, HOUR, MINUTE
from psbuddy.store.page import Calls
from psbuddy.store.read.buckets import marks
from psbuddy.store.read.minutes import Sealed, sealed_minutes
from psbuddy.store.read.observed import Span, source_spans

_WHOLE = 1.0 - 1e-9


def transactions_during(conn: sqlite3.Connection, app: AppDef, spans: Sequence[Span]) -> Values:
    """(n,) transactions of all logs of `app` within each [start, end), epoch seconds.

    A minute that a stretch covers in part counts in proportion. NaN where a log that tells of
    transactions was not observed throughout, and everywhere when no log tells of any.
    """
    telling = _telling(conn, app)
    edges = np.array(spans, np.int64).reshape(len(spans), 2)
    sealed = _at_the_edges(conn, sorted(telling), edges)
    calls = sealed.calls()
    spans_of = source_spans(conn, app.app, sealed.lost)
    observed = {source: found for source, found in spans_of.items() if source in telling}
    seen = np.full(len(spans), bool(observed))
    for stretches in observed.values():
        seen &= _covered(edges, stretches)
    # Times the seconds of a minute: whole numbers, which add up to the same in any order.
    seconds = np.zeros(len(spans), np.int64)
    for place in np.flatnonzero(seen).tolist():
        seconds[place] = _between(conn, sorted(observed), spans[place])
    for _, told in calls:
        seconds += _sealed_minutes(told, edges)
    return np.where(seen, seconds / MINUTE, np.nan)


def _at_the_edges(conn: sqlite3.Connection, ids: list[int], edges: NDArray[np.int64]) -> Sealed:
    """The sealed days in which a stretch begins or ends: between there are hours."""
    if not edges.size:
        return sealed_minutes(conn, [], 0, 0)
    days = set((edges // DAY * DAY).ravel().tolist())
    return sealed_minutes(conn, ids, min(days), max(days) + DAY, days=days)


def _sealed_minutes(told: Calls, edges: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) transactions of a sealed day in the minutes about the whole hours of each stretch,
    times the seconds that lie within."""
    seconds = np.zeros(len(edges), np.int64)
    if not len(told.minute):
        return seconds
    day = told.minute[0] // DAY * DAY
    near = np.flatnonzero(
        ((edges >= day) & (edges <= day + DAY)).any(axis=1) & (edges[:, 1] > edges[:, 0])
    )
    for place in near.tolist():
        start, end = edges[place].tolist()
        for since, until in _minutes_of(start, end):
            overlap = np.minimum(told.minute + MINUTE, until) - np.maximum(told.minute, since)
            seconds[place] += (np.maximum(overlap, 0) * told.transactions).sum()
    return seconds


def _minutes_of(start: int, end: int) -> list[Span]:
    """The parts of a stretch that are no whole hours."""
    first, last = -(-start // HOUR) * HOUR, end // HOUR * HOUR
    return [(start, end)] if first >= last else [(start, first), (last, end)]


def _telling(conn: sqlite3.Connection, app: AppDef) -> set[int]:
    """Ids of the logs in the catalogue that have ever told of a transaction."""
    rows = conn.execute(
        "SELECT source_id, log, host FROM source JOIN application USING (app_id) "
        "JOIN host USING (host_id) WHERE app = ? AND EXISTS "
        "(SELECT 1 FROM day_transaction d WHERE d.source_id = source.source_id)",
        (app.app,),
    ).fetchall()
    return {key for key, log, host in rows if log in app.logs and host in app.hosts}


def _covered(edges: NDArray[np.int64], stretches: Sequence[Span]) -> NDArray[np.bool_]:
    """(n,) whether the stretches cover all of each [start, end) of `edges` (n, 2)."""
    start, end = edges[:, 0], edges[:, 1]
    covered = np.zeros(len(edges))
    for since, until in stretches:
        covered += np.maximum(np.minimum(end, until) - np.maximum(start, since), 0)
    return np.asarray((end > start) & (covered >= (end - start) * _WHOLE))


def _between(conn: sqlite3.Connection, ids: list[int], span: Span) -> int:
    """Whole hours from their sums, the minutes about them cut where the stretch cuts them.

    Transactions times the seconds of a minute.
    """
    start, end = span
    first, last = -(-start // HOUR) * HOUR, end // HOUR * HOUR
    edges = sum(_minutes(conn, ids, *part) for part in _minutes_of(start, end))
    if first >= last:
        return edges
    (whole,) = conn.execute(
        f"SELECT coalesce(sum(transactions), 0) FROM hour_transaction "
        f"WHERE source_id IN ({marks(ids)}) AND hour >= ? AND hour < ?",
        (*ids, first, last),
    ).fetchone()
    return int(whole) * MINUTE + edges


def _minutes(conn: sqlite3.Connection, ids: list[int], start: int, end: int) -> int:
    (total,) = conn.execute(
        f"SELECT coalesce(sum(transactions * (min(minute + {MINUTE}, ?) - max(minute, ?))), 0) "
        f"FROM minute_transaction WHERE source_id IN ({marks(ids)}) AND minute > ? AND minute < ?",
        (end, start, *ids, start - MINUTE, end),
    ).fetchone()
    return int(total)
