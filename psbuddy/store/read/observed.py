"""What was observed: stretches in which a log was read without a gap."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from psbuddy.model.series import Times, Values

Span = tuple[int, int]  # [start, end)


def source_spans(
    conn: sqlite3.Connection, app: str, lost: Mapping[int, Iterable[Span]] | None = None
) -> dict[int, list[Span]]:
    """Observed stretches of every log of an application, gaps taken out, by source id.

    `lost`: what else is not known any more of a log (psbuddy.store.read.minutes).
    """
    sources = conn.execute(
        "SELECT source_id, first_observed, read_until FROM source "
        "JOIN application USING (app_id) WHERE app = ?",
        (app,),
    ).fetchall()
    gaps: dict[int, list[Span]] = {}
    for source_id, since, until in conn.execute(
        "SELECT source_id, from_time, to_time FROM gap JOIN source USING (source_id) "
        "JOIN application USING (app_id) WHERE app = ? ORDER BY from_time",
        (app,),
    ).fetchall():
        gaps.setdefault(source_id, []).append((since, until))
    for source_id, spans in (lost or {}).items():
        gaps.setdefault(source_id, []).extend(spans)
    return {
        source_id: without([(since, until)] if 0 < since < until else [], gaps.get(source_id, ()))
        for source_id, since, until in sources
    }


def without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """The spans minus the holes."""
    result = list(spans)
    for start, end in holes:
        result = (
            [
                part
                for left, right in result
                for part in ((left, min(right, start)), (max(left, end), right))
                if part[0] < part[1]
            ]
            if start < end
            else result
        )
    return result


def union(spans: Iterable[Span]) -> list[Span]:
    """The spans joined where they touch, in order of time."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def shares(all_spans: Sequence[Sequence[Span]], times: Times, step: int) -> Values:
    """Mean share 0..1 of each bucket that the sets of spans cover; zeros without a set."""
    covered = np.zeros(len(times))
    for spans in all_spans:
        for start, end in spans:
            overlap = np.minimum(times + step, end) - np.maximum(times, start)
            covered += np.maximum(overlap, 0)
    return covered / (step * max(1, len(all_spans)))
