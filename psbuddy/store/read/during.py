"""Transactions of an application within given stretches of time, such as runs of a job."""

import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from psbuddy.model.application import AppDef
from psbuddy.model.series import Values
from psbuddy.store.grains import HOUR, MINUTE
from psbuddy.store.read.buckets import marks
from psbuddy.store.read.observed import Span, source_spans

_WHOLE = 1.0 - 1e-9


def transactions_during(conn: sqlite3.Connection, app: AppDef, spans: Sequence[Span]) -> Values:
    """(n,) transactions of all logs of `app` within each [start, end), epoch seconds.

    A minute that a stretch covers in part counts in proportion. NaN where a log that tells of
    transactions was not observed throughout, and everywhere when no log tells of any.
    """
    observed = {k: v for k, v in source_spans(conn, app.app).items() if k in _telling(conn, app)}
    edges = np.array(spans, np.int64).reshape(len(spans), 2)
    seen = np.full(len(spans), bool(observed))
    for stretches in observed.values():
        seen &= _covered(edges, stretches)
    counts = np.full(len(spans), np.nan)
    for place in np.flatnonzero(seen).tolist():
        counts[place] = _between(conn, sorted(observed), spans[place])
    return counts


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


def _between(conn: sqlite3.Connection, ids: list[int], span: Span) -> float:
    """Whole hours from their sums, the minutes about them cut where the stretch cuts them."""
    start, end = span
    first, last = -(-start // HOUR) * HOUR, end // HOUR * HOUR
    if first >= last:
        return _minutes(conn, ids, start, end)
    (whole,) = conn.execute(
        f"SELECT coalesce(sum(transactions), 0) FROM hour_transaction "
        f"WHERE source_id IN ({marks(ids)}) AND hour >= ? AND hour < ?",
        (*ids, first, last),
    ).fetchone()
    return float(whole) + _minutes(conn, ids, start, first) + _minutes(conn, ids, last, end)


def _minutes(conn: sqlite3.Connection, ids: list[int], start: int, end: int) -> float:
    (total,) = conn.execute(
        f"SELECT coalesce(sum(transactions * (min(minute + {MINUTE}, ?) - max(minute, ?))), 0) "
        f"FROM minute_transaction WHERE source_id IN ({marks(ids)}) AND minute > ? AND minute < ?",
        (end, start, *ids, start - MINUTE, end),
    ).fetchone()
    return float(total) / MINUTE
