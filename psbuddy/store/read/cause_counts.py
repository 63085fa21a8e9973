"""Records of single causes per bucket, all their fingerprints summed."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from psbuddy.model.series import Times, Values
from psbuddy.model.terms import ERROR_LEVELS, LEVELS
from psbuddy.store.read.buckets import axis, marks, numbers, source_ids
from psbuddy.store.read.causes import survivors
from psbuddy.store.read.minutes import sealed_for, sealed_minutes
from psbuddy.store.read.observed import shares, source_spans


@dataclass(frozen=True, slots=True)
class CauseCounts:
    """Arrays (n,): `counts` by the number of the cause, NaN where nothing was observed."""

    step: int
    times: Times
    observed: Values  # share 0..1
    counts: Mapping[int, Values]


def busiest_causes(
    conn: sqlite3.Connection, app: str, since: int, until: int, *, least: int, most: int
) -> dict[int, tuple[int, ...]]:
    """Fingerprints (their numbers) of the causes with at least `least` records in the minutes of
    [since, until), at most `most` of them, by the number of the surviving one."""
    ids = source_ids(conn, app)
    rows = conn.execute(
        "SELECT cause_id, sum(records) FROM minute_cause "
        f"WHERE source_id IN ({marks(ids)}) AND minute >= ? AND minute < ? GROUP BY 1",
        (*ids, since, until),
    ).fetchall()
    sealed = sealed_minutes(conn, ids, since, until).causes()
    rows += zip(sealed.what.tolist(), sealed.records.tolist(), strict=True)
    into = survivors(conn, app)
    total: Counter[int] = Counter()
    for cause, records in rows:
        total[into.get(cause, cause)] += records
    leading = sorted((-records, key) for key, records in total.items() if records >= least)[:most]
    found: dict[int, tuple[int, ...]] = {key: (key,) for _, key in leading}
    for alias, survivor in conn.execute(
        "SELECT cause_id, survivor_id FROM cause_alias "
        f"WHERE survivor_id IN ({numbers(found)}) ORDER BY cause_id"
    ).fetchall():
        found[survivor] += (alias,)
    return found


def cause_counts(
    conn: sqlite3.Connection,
    app: str,
    causes: Mapping[int, Sequence[int]],
    reach: tuple[int, int],
    step: int,
) -> CauseCounts:
    """Counts of causes, given the numbers of their fingerprints, over whole buckets.

    `reach`: [since, until) in epoch seconds.
    """
    on = axis(*reach, step)
    ids = source_ids(conn, app)
    wanted = numbers(member for members in causes.values() for member in members)
    rows = conn.execute(
        f"SELECT ({on.grain} - ?) / ?, cause_id, sum(records) FROM {on.grain}_cause "
        f"WHERE source_id IN ({marks(ids)}) AND {on.grain} >= ? AND {on.grain} < ? "
        f"AND cause_id IN ({wanted}) GROUP BY 1, 2",
        (on.first, on.step, *ids, on.first, on.end),
    ).fetchall()
    sealed = sealed_for(conn, ids, on.grain, on.first, on.end)
    found = sealed.causes()
    added = (found.minute - on.first) // on.step, found.what, found.records
    table = np.array(rows, np.int64).reshape(len(rows), 3).T
    slot, cause, records = np.hstack((table, added))
    spans = source_spans(conn, app, sealed.lost)
    observed = shares(list(spans.values()), on.times, on.step)
    counts = {}
    for key, members in causes.items():
        mine = np.isin(cause, np.array(members, np.int64))
        total = np.bincount(slot[mine], weights=records[mine], minlength=on.size)
        unseen = (observed == 0) & (total == 0)
        counts[key] = np.where(unseen, np.nan, total.astype(np.float64))
    return CauseCounts(on.step, on.times, observed, counts)


def muted_causes(conn: sqlite3.Connection, app: str) -> tuple[int, ...]:
    """Fingerprints (their numbers) of error levels whose cause a person muted."""
    worst = ", ".join(str(LEVELS.index(level)) for level in ERROR_LEVELS)
    rows = conn.execute(
        "SELECT c.cause_id FROM cause c LEFT JOIN cause_alias l USING (cause_id) "
        "JOIN cause s ON s.cause_id = coalesce(l.survivor_id, c.cause_id) "
        "JOIN application a ON a.app_id = c.app_id LEFT JOIN (SELECT app_id, "
        "max(read_until) AS until FROM source GROUP BY app_id) o ON o.app_id = c.app_id "
        "WHERE a.app = ? AND s.mark = 'muted' AND (s.mark_until = 0 OR o.until < s.mark_until) "
        f"AND c.level IN ({worst}) ORDER BY c.cause_id",
        (app,),
    ).fetchall()
    return tuple(row[0] for row in rows)


def muted_errors(
    conn: sqlite3.Connection, app: str, muted: Sequence[int], reach: tuple[int, int], step: int
) -> Values:
    """(n,) records of muted causes per bucket of `level_series`, which are no alarm."""
    found = cause_counts(conn, app, {0: muted}, reach, step)
    return np.nan_to_num(found.counts[0])


def names_of(conn: sqlite3.Connection, causes: Iterable[int]) -> dict[int, str]:
    """Fingerprints of causes by their numbers."""
    return dict(
        conn.execute(
            f"SELECT cause_id, fingerprint FROM cause WHERE cause_id IN ({numbers(causes)})"
        ).fetchall()
    )


def rising_now(conn: sqlite3.Connection, app: str) -> dict[str, int]:
    """Causes that are above their own normal as it was last judged, and since when."""
    return dict(
        conn.execute(
            "SELECT fingerprint, rising_since FROM cause JOIN application USING (app_id) "
            "WHERE app = ? AND rising_since > 0",
            (app,),
        ).fetchall()
    )
