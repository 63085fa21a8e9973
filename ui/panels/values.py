"""What every view-model of a panel is made of. Pure: no Qt, no clock, no I/O."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from psbuddy.model.series import Interval
from psbuddy.report.values import Dashboard

Array = NDArray[np.float64]
Spans = tuple[tuple[float, float], ...]


class Phase(StrEnum):
    """What a panel has to show. All but READY come with a reason in words."""

    READY = "ready"
    WAITING = "waiting"
    EMPTY = "empty"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a read-out, which is the legend too.

    `role` names a colour ("series 3", "state down", "warning"), `shape` what is drawn in
    it: box, line, dash, band, or a mark of a run. `key` is what a click chooses, "" nothing.
    """

    label: str
    value: str
    role: str = ""
    shape: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Contents of a read-out column: a heading that says the unit, and its lines."""

    heading: str
    lines: tuple[Line, ...]

    def spoken(self) -> str:
        """The same as one text, for a screen reader."""
        said = "; ".join(f"{line.label} {line.value}".strip() for line in self.lines)
        return f"{self.heading}: {said}" if self.heading else said


@dataclass(frozen=True, slots=True)
class AxisLabel:
    height: float  # 0..1
    text: str


def labels(heights: Array, texts: Sequence[str]) -> tuple[AxisLabel, ...]:
    """Axis labels of ticks; heights and texts of one length."""
    return tuple(
        AxisLabel(float(height), text) for height, text in zip(heights, texts, strict=True)
    )


def unobserved(observed: Sequence[Interval], since: int, until: int) -> Spans:
    """The stretches of [since, until) that no interval covers, in order."""
    spans: list[tuple[float, float]] = []
    edge = since
    for interval in sorted(observed, key=lambda item: item.start):
        if interval.start > edge:
            spans.append((edge, min(interval.start, until)))
        edge = max(edge, interval.end)
    if edge < until:
        spans.append((edge, until))
    return tuple((start, end) for start, end in spans if end > start)


def gaps_of(
    observed: Sequence[Interval],
    edges: tuple[int, int],
    series: tuple[NDArray[np.int64], Array, int],
) -> Spans:
    """Stretches to hatch: those no interval covers, and the buckets without a value.

    `edges`: since, until; `series`: times (n,), values (n,), seconds per bucket.
    """
    times, values, step = series
    missing = np.flatnonzero(~np.isfinite(values))
    since, until = edges
    buckets = [(max(since, float(times[n])), min(until, float(times[n]) + step)) for n in missing]
    spans: list[tuple[float, float]] = []
    for start, end in sorted([*unobserved(observed, *edges), *buckets]):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)


def lag_of(dashboard: Dashboard) -> float:
    """Seconds that the newest data may be behind without being missed: two visits."""
    return max(120.0, 2.0 * dashboard.app.interval, float(dashboard.step))


def stale_from(dashboard: Dashboard, until: float) -> int | None:
    """The newest collection, where `until` lies further behind it than visits explain."""
    newest = dashboard.last_collection
    return newest if newest and until - newest > lag_of(dashboard) else None


def stale_span(dashboard: Dashboard) -> Spans:
    """The right part of the range, of which nothing has been collected yet."""
    newest = stale_from(dashboard, dashboard.until)
    start = max(newest or 0, dashboard.since)
    return ((start, dashboard.until),) if newest is not None else ()


def observed_of(dashboard: Dashboard) -> tuple[Interval, ...]:
    """What was observed, never beyond the newest collection once that is old."""
    newest = stale_from(dashboard, dashboard.until)
    if newest is None:
        return dashboard.observed
    cut = [replace(i, end=min(i.end, newest)) for i in dashboard.observed if i.start < newest]
    return tuple(cut)


def without_lag(gaps: Spans, until: float, lag: float) -> Spans:
    """Gaps without one at the right edge that is only the time since the last visit."""
    if gaps and gaps[-1][1] >= until and gaps[-1][1] - gaps[-1][0] < lag:
        return gaps[:-1]
    return gaps


def bucket_at(times: NDArray[np.int64], step: int, moment: float) -> int | None:
    """Index of the bucket that holds `moment`; None outside of all."""
    index = int(np.searchsorted(times, moment, side="right")) - 1
    if index < 0 or index >= len(times) or moment >= float(times[index]) + step:
        return None
    return index


def steps(start: Array, end: Array, heights: Array) -> tuple[Array, Array]:
    """A line of steps, one for each bucket: (2n,) moments and heights."""
    return np.column_stack([start, end]).ravel(), np.repeat(heights, 2)


#: How many buckets may be put together, so that a bar is a length of time one can name.
_FACTORS = (1, 2, 3, 4, 6, 7, 12, 24, 28, 52)


@dataclass(frozen=True, slots=True)
class Grain:
    """Neighbouring buckets put together, on a raster that does not move with the range."""

    times: NDArray[np.int64]  # (m,) starts of the coarser buckets
    step: int  # their seconds
    _fine: int
    _edges: NDArray[np.int64]  # (m,) index of the first fine bucket of each

    @classmethod
    def of(cls, times: NDArray[np.int64], step: int, most: int) -> "Grain":
        """The finest grain of `times` (n,) with at most `most` buckets."""
        factor = next((f for f in _FACTORS if len(times) <= f * most), _FACTORS[-1])
        coarse = step * factor
        starts, edges = np.unique(times // coarse * coarse, return_index=True)
        return cls(starts, coarse, step, edges.astype(np.int64))

    def rate(self, counts: Array) -> Array:
        """(n,) records per fine bucket -> (m,) per minute of what was observed, else NaN."""
        if not len(counts):
            return counts
        seen = np.isfinite(counts)
        total = np.add.reduceat(np.where(seen, counts, 0.0), self._edges)
        buckets = np.add.reduceat(seen.astype(np.float64), self._edges)
        minutes = np.where(buckets > 0, buckets * self._fine / 60.0, np.nan)
        return total / minutes
