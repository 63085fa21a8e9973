"""Where the runs of a job lie in their row: points, bands, ticks; thinned where crowded. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from psbuddy import words
from psbuddy.model.runs import JobDef, Run
from psbuddy.model.terms import Outcome, Verdict
from psbuddy.report.values import JobLine
from ui.charts.scale import DURATION_STEPS, linear
from ui.panels.values import Array, AxisLabel

#: How each mark looks: shape, colour role, words. Order is that of seriousness, least first.
MARKS: dict[str, tuple[str, str, str]] = {
    "normal": ("o", "ink", "normal"),
    "unknown": ("ring_grey", "muted", "end not seen"),
    "running": ("ring", "accent", "running now"),
    "late": ("t3", "late", "started late"),
    "short": ("t", "warning", "shorter than usual"),
    "long": ("t1", "warning", "longer than usual"),
    "deadline": ("s", "failed", "missed deadline"),
    "failed": ("x", "failed", "failed"),
    "twice": ("d", "failed", "started twice"),
}
_MARK_OF = {
    Verdict.TWICE: "twice",
    Verdict.FAILED: "failed",
    Verdict.MISSED_DEADLINE: "deadline",
    Verdict.OVERRUN: "long",
    Verdict.LATE: "late",
    Verdict.SHORT: "short",
    Verdict.NORMAL: "normal",
    Verdict.UNKNOWN: "unknown",
}
#: More runs than this in a row are drawn as ranges, with the most serious mark of each.
CROWDED = 150
_PARTS = 64
#: Of a row's height: free space at its top and bottom, so that marks of two rows never touch.
_TOP, _BOTTOM = 0.16, 0.14
#: Marks keep this share of the range from its ends, so that none is cut in half.
_EDGE = 0.006


@dataclass(frozen=True, slots=True)
class Marks:
    """Points of one look. Arrays of one length: epoch seconds, heights 0..1."""

    kind: str
    times: Array
    heights: Array


@dataclass(frozen=True, slots=True)
class Boxes:
    """Rectangles. Arrays of one length: epoch seconds and heights 0..1."""

    start: Array
    end: Array
    low: Array
    high: Array

    @classmethod
    def joined(cls, parts: "list[Boxes]") -> "Boxes":
        if not parts:
            none = np.empty(0)
            return cls(none, none, none, none)
        return cls(
            np.concatenate([part.start for part in parts]),
            np.concatenate([part.end for part in parts]),
            np.concatenate([part.low for part in parts]),
            np.concatenate([part.high for part in parts]),
        )


def _kind(verdict: Verdict, outcome: Outcome) -> str:
    kind = _MARK_OF[verdict]
    if kind in ("normal", "unknown") and outcome is Outcome.RUNNING:
        return "running"
    if kind == "normal" and outcome in (Outcome.FAILED, Outcome.ABORTED):
        return "failed"
    if kind == "normal" and outcome is Outcome.UNKNOWN:
        return "unknown"
    return kind


#: Made once: five years of an hourly job are 43,800 runs.
_KIND = {(verdict, outcome): _kind(verdict, outcome) for verdict in Verdict for outcome in Outcome}


def mark_of(run: Run) -> str:
    """Name of the mark of a run: what it deserves to be told about, else whether it runs."""
    return _KIND[run.verdict, run.outcome]


def elapsed(run: Run, now: int) -> float:
    """Run time so far in seconds; NaN when either end is not known."""
    if run.seconds is not None:
        return float(run.seconds)
    if run.outcome is Outcome.RUNNING and run.started:
        return float(max(0, now - run.started))
    return float("nan")


def deadline_seconds(job: JobDef, run: Run) -> float | None:
    """Seconds from a run's start to the job's deadline on or after it; None without one."""
    hour, _, minute = job.deadline.partition(":")
    if not run.started or not hour.isdigit() or not minute.isdigit():
        return None
    start = words.local(run.started, job.timezone)
    due = start.replace(hour=int(hour) % 24, minute=int(minute) % 60, second=0, fold=0)
    if due < start:
        due = datetime.combine(due.date() + timedelta(days=1), due.time(), due.tzinfo)
    return due.timestamp() - run.started


class Row:
    """One job's runs in the coordinates of row `index` of `count`."""

    def __init__(
        self, job: JobLine, place: tuple[int, int], edges: tuple[int, int], now: int
    ) -> None:
        index, count = place
        self._history, self._edges = job.history, edges
        self.runs = job.history.runs
        self.start = self._history.start.astype(np.float64)
        self.seconds = self._history.seconds.copy()
        for i in np.flatnonzero(np.isnan(self.seconds)):  # few: the others have ended
            self.seconds[i] = elapsed(self.runs[i], now)
        self.kinds = [_KIND[run.verdict, run.outcome] for run in self.runs]
        self.top = linear(self._highest(), parts=2, steps=DURATION_STEPS).high
        self._base = 1.0 - (index + 1 - _BOTTOM) / count
        self._room = (1.0 - _TOP - _BOTTOM) / count

    def _highest(self) -> float:
        band = self._history.band
        tops = np.concatenate([self.seconds, band.high if band is not None else np.empty(0)])
        finite = tops[np.isfinite(tops)]
        return float(finite.max()) if finite.size else 60.0

    def height(self, seconds: Array) -> Array:
        return self._base + np.clip(seconds / self.top, 0.0, 1.0) * self._room

    @property
    def base(self) -> float:
        return self._base

    @property
    def crowded(self) -> bool:
        return len(self.runs) > CROWDED

    def axis_label(self) -> AxisLabel:
        return AxisLabel(self._base + self._room, words.span(self.top))

    def band(self) -> list[Boxes]:
        """The expected band of each run, as wide as runs are apart; where crowded, of each part."""
        band = self._history.band
        if band is None or not len(self.start):
            return []
        if self.crowded:
            known = np.isfinite(band.low) & np.isfinite(band.high)
            extent = self._extents(known, np.maximum(band.low, 0), band.high)
            return [Boxes(*extent)]
        half = _distance(self.start) / 2
        low = self.height(np.maximum(band.low, 0))
        return [Boxes(self.start - half, self.start + half, low, self.height(band.high))]

    def deadlines(self) -> list[Boxes]:
        """A short tick at the run time at which the deadline passes."""
        if self.crowded:
            return []
        job = self._history.job
        found = [(r.started, deadline_seconds(job, r)) for r in self.runs]
        kept = [(start, due) for start, due in found if due is not None and due <= self.top]
        if not kept:
            return []
        times, seconds = np.array(kept, dtype=np.float64).T
        half = min(_distance(times) / 2, (self._edges[1] - self._edges[0]) / 120)
        height = self.height(seconds)
        return [Boxes(times - half, times + half, height, height + 1e-6)]

    def ranges(self) -> list[Boxes]:
        """Where crowded: from the shortest to the longest normal run of each part."""
        if not self.crowded:
            return []
        usual = np.array([kind == "normal" for kind in self.kinds]) & np.isfinite(self.seconds)
        start, end, low, high = self._extents(usual, self.seconds, self.seconds)
        inset = (end - start) / 4
        return [Boxes(start + inset, end - inset, low, high)]

    def _extents(
        self, chosen: NDArray[np.bool_], lows: Array, highs: Array
    ) -> tuple[Array, Array, Array, Array]:
        """Start, end, least and greatest height of each part of the axis that has a value."""
        parts = self._parts()[chosen]
        low, high = np.full(_PARTS, np.inf), np.full(_PARTS, -np.inf)
        np.minimum.at(low, parts, lows[chosen])
        np.maximum.at(high, parts, highs[chosen])
        kept = np.flatnonzero(np.isfinite(low))
        width = (self._edges[1] - self._edges[0]) / _PARTS
        start = self._edges[0] + kept.astype(np.float64) * width
        return start, start + width, self.height(low[kept]), self.height(high[kept])

    def marks(self) -> dict[str, tuple[Array, Array]]:
        """kind -> times, heights. Where crowded, the most serious run of each part only."""
        heights = self.height(np.nan_to_num(self.seconds))
        margin = (self._edges[1] - self._edges[0]) * _EDGE
        times = np.clip(self.start, self._edges[0] + margin, self._edges[1] - margin)
        shown = self._serious() if self.crowded else np.arange(len(self.runs))
        kinds = np.array(self.kinds)
        return {
            kind: (times[shown[kinds[shown] == kind]], heights[shown[kinds[shown] == kind]])
            for kind in MARKS
        }

    def _parts(self) -> NDArray[np.int64]:
        share = (self.start - self._edges[0]) / max(1, self._edges[1] - self._edges[0])
        return np.clip((share * _PARTS).astype(np.int64), 0, _PARTS - 1)

    def _serious(self) -> NDArray[np.int64]:
        order = {kind: place for place, kind in enumerate(MARKS)}
        rank = np.array([order[kind] for kind in self.kinds])
        by_rank = np.lexsort((np.nan_to_num(self.seconds), rank, self._parts()))
        parts = self._parts()[by_rank]
        last = np.append(parts[1:] != parts[:-1], True)
        worst: NDArray[np.int64] = by_rank[last]
        return np.compress(rank[worst] > 0, worst)


def _distance(starts: Array) -> float:
    """Seconds between runs, as most of them are apart; an hour when there is one run."""
    steps = np.diff(np.unique(starts))
    return float(np.median(steps)) if steps.size else 3600.0


def all_marks(rows: list[Row]) -> tuple[Marks, ...]:
    found = [row.marks() for row in rows]
    return tuple(
        Marks(
            kind,
            np.concatenate([one[kind][0] for one in found]),
            np.concatenate([one[kind][1] for one in found]),
        )
        for kind in MARKS
    )
