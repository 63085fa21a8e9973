"""Series for the charts, straight from the grain that fits the step."""

import sqlite3
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from psbuddy.model.series import CauseSeries, LevelSeries, TransactionSeries, Values
from psbuddy.model.terms import ERROR_LEVELS, LEVELS, Level
from psbuddy.store.buckets import capped, quantiles
from psbuddy.store.read.buckets import Axis, axis, marks, numbers, source_ids
from psbuddy.store.read.causes import rows_by_id, survivors
from psbuddy.store.read.minutes import Sealed, sealed_for
from psbuddy.store.read.observed import shares, source_spans


def level_series(
    conn: sqlite3.Connection, app: str, since: int, until: int, step: int
) -> LevelSeries:
    """Records per bucket and level over all logs of an application.

    `observed` is the mean share of each bucket over the application's logs; where it is 0 and
    nothing was counted the values are NaN.
    """
    on = axis(since, until, step)
    ids = source_ids(conn, app)
    sealed = sealed_for(conn, ids, on.grain, on.first, on.end)
    rows = _grouped(conn, ids, on, "level", "level")
    counts = sealed.levels()
    added = (counts.minute - on.first) // on.step, counts.what, counts.records
    slot, level, records = np.hstack((_columns(rows, 3), added))
    observed = _observed(conn, app, on, sealed)
    table = np.bincount(
        slot * len(LEVELS) + np.minimum(level, len(LEVELS) - 1),
        weights=records,
        minlength=on.size * len(LEVELS),
    ).astype(np.float64)
    table = table.reshape(on.size, len(LEVELS))
    unseen = (observed == 0) & (table.sum(axis=1) == 0)
    table[unseen] = np.nan
    by_level = {name: table[:, number].copy() for number, name in enumerate(LEVELS)}
    return LevelSeries(on.step, on.times, by_level, observed)


def tells_no_level(conn: sqlite3.Connection, app: str) -> bool:
    """Whether records of this application were read, and none of them ever carried a level."""
    ids = source_ids(conn, app)
    seen = f"SELECT 1 FROM day_level WHERE source_id IN ({marks(ids)})"
    found = conn.execute(
        f"SELECT EXISTS ({seen}), EXISTS ({seen} AND level <> ?)",
        (*ids, *ids, LEVELS.index(Level.NONE)),
    ).fetchone()
    return bool(found[0]) and not found[1]


def cause_series(
    conn: sqlite3.Connection,
    app: str,
    since: int,
    until: int,
    step: int,
    *,
    top: int = 7,
    levels: Iterable[Level] = ERROR_LEVELS,
) -> CauseSeries:
    """Records per bucket of the `top` causes of these levels; `other` is the rest of them."""
    on = axis(since, until, step)
    known = rows_by_id(conn, app, on.first, on.end, levels)
    leading = sorted(known, key=lambda key: (-known[key].records, known[key].cause))[:top]
    members = {key: [key] for key in known}
    for alias, survivor in survivors(conn, app).items():
        members.get(survivor, []).append(alias)
    # Only the leading ones come apart; all others of these levels are one group, numbered 0.
    apart = [member for key in leading for member in members[key]]
    every = [member for found in members.values() for member in found]
    what = (
        f"CASE WHEN cause_id IN ({numbers(apart)}) THEN cause_id "
        f"WHEN cause_id IN ({numbers(every)}) THEN 0 END"
    )
    ids = source_ids(conn, app)
    rows = [row for row in _grouped(conn, ids, on, "cause", what) if row[1] is not None]
    sealed = sealed_for(conn, ids, on.grain, on.first, on.end)
    found = sealed.causes()
    mine = np.isin(found.what, every)
    alone = np.where(np.isin(found.what, apart), found.what, 0)
    added = (found.minute - on.first) // on.step, alone, found.records
    slot, cause, records = np.hstack((_columns(rows, 3), np.array(added)[:, mine]))
    observed = _observed(conn, app, on, sealed)
    unseen = (observed == 0) & (np.bincount(slot, minlength=on.size) == 0)
    *counts, other = (
        np.where(unseen, np.nan, _sum(slot[mine], records[mine], on.size))
        for mine in (np.isin(cause, members.get(key, [0])) for key in (*leading, 0))
    )
    return CauseSeries(on.step, on.times, tuple(known[k] for k in leading), tuple(counts), other)


def transaction_series(
    conn: sqlite3.Connection, app: str, since: int, until: int, step: int
) -> TransactionSeries:
    """Transactions per bucket; quantiles of the merged buckets, within 4.8 % (latency.py)."""
    on = axis(since, until, step)
    ids = source_ids(conn, app)
    rows = conn.execute(
        f"SELECT ({on.grain} - ?) / ?, transactions, failed, max_ms, buckets "
        f"FROM {on.grain}_transaction WHERE source_id IN ({marks(ids)}) "
        f"AND {on.grain} >= ? AND {on.grain} < ?",
        (on.first, on.step, *ids, on.first, on.end),
    ).fetchall()
    sealed = sealed_for(conn, ids, on.grain, on.first, on.end)
    calls, sealed_longest, sealed_buckets = sealed.timed()
    added = (calls.minute - on.first) // on.step, calls.transactions, calls.failed
    slot, counts, failures = np.hstack((_columns([row[:3] for row in rows], 3), added))
    observed = _observed(conn, app, on, sealed)
    count = _sum(slot, counts, on.size)
    unseen = (observed == 0) & (count == 0)
    failed = np.where(unseen, np.nan, _sum(slot, failures, on.size))
    buckets = [row[4] for row in rows] + sealed_buckets
    found = quantiles(slot, buckets, on.size, (0.50, 0.95, 0.99))
    most = np.full(on.size, np.nan)
    longest = [np.nan if row[3] is None else row[3] for row in rows] + sealed_longest
    np.fmax.at(most, slot, np.array(longest, np.float64))
    p50, p95, p99 = capped(found, most)
    count = np.where(unseen, np.nan, count)
    return TransactionSeries(on.step, on.times, count, failed, p50, p95, p99, most)


def _observed(conn: sqlite3.Connection, app: str, on: Axis, sealed: Sealed) -> Values:
    """Share of each bucket that was observed and is still known; read `sealed` first."""
    spans = source_spans(conn, app, sealed.lost)
    return shares(list(spans.values()), on.times, on.step)


def _grouped(
    conn: sqlite3.Connection, ids: list[int], on: Axis, facts: str, what: str
) -> list[tuple[int, int, int]]:
    """(bucket number, `what`, records) from one range read per log of the clustered table."""
    return conn.execute(
        f"SELECT ({on.grain} - ?) / ? AS slot, {what} AS what, sum(records) "
        f"FROM {on.grain}_{facts} "
        f"WHERE source_id IN ({marks(ids)}) AND {on.grain} >= ? AND {on.grain} < ? "
        "GROUP BY slot, what",
        (on.first, on.step, *ids, on.first, on.end),
    ).fetchall()


def _columns(rows: list[tuple[int, int, int]], width: int) -> NDArray[np.int64]:
    """(width, n): empty for no rows."""
    return np.array(rows, np.int64).reshape(len(rows), width).T


def _sum(slot: NDArray[np.int64], values: Iterable[int], size: int) -> Values:
    weights = np.fromiter(values, np.float64, len(slot))
    return np.bincount(slot, weights=weights, minlength=size).astype(np.float64)
