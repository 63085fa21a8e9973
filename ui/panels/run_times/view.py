"""Run times of batch jobs: rows, marks, bands and words. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from psbuddy import words
from psbuddy.model.runs import JobDef, Run
from psbuddy.model.terms import Outcome, Verdict
from psbuddy.report.dashboard import Dashboard, JobLine
from ui.charts.scale import DURATION_STEPS, linear
from ui.panels.values import Array, AxisLabel, Line, Phase, Reading

#: Rows beyond this many are told in the sentence; the batch page has them all.
MOST_ROWS = 8
#: How each mark looks: shape, colour role, words. Order is that of the legend.
MARKS: dict[str, tuple[str, str, str]] = {
    "normal": ("o", "ink", "normal"),
    "running": ("ring", "accent", "running now"),
    "late": ("t3", "late", "started late"),
    "long": ("t1", "warning", "longer than usual"),
    "short": ("t", "warning", "shorter than usual"),
    "failed": ("x", "failed", "failed"),
    "deadline": ("s", "failed", "missed deadline"),
    "twice": ("d", "failed", "started twice"),
    "unknown": ("ring_grey", "muted", "end not seen"),
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
#: Of a row's height: free space at its top and bottom, so that marks of two rows never touch.
_TOP, _BOTTOM = 0.14, 0.12


@dataclass(frozen=True, slots=True)
class Marks:
    """Points of one look. Arrays of one length: epoch seconds, heights 0..1."""

    kind: str
    times: Array
    heights: Array


@dataclass(frozen=True, slots=True)
class BandBoxes:
    """The normal band as boxes. Arrays of one length."""

    start: Array
    end: Array
    low: Array
    high: Array


@dataclass(frozen=True, slots=True)
class JobRow:
    name: str
    note: str  # "usually 38 to 47 min"
    sentence: str
    runs: tuple[Run, ...]
    starts: Array
    told: tuple[str, ...]  # a line of text per run


@dataclass(frozen=True, slots=True)
class RunTimesView:
    phase: Phase
    reason: str
    sentence: str
    rows: tuple[JobRow, ...]
    marks: tuple[Marks, ...]
    bands: BandBoxes
    deadlines: BandBoxes  # ticks: hardly any height
    base_lines: tuple[float, ...]  # heights 0..1 of every row's zero
    axis: tuple[AxisLabel, ...]  # the upper end of each row's own axis
    now: int

    def at(self, moment: float | None) -> Reading:
        """One line per job: the run nearest to the moment, else the last one."""
        return Reading("", tuple(_line(row, moment) for row in self.rows))

    def run_near(self, row: int, moment: float) -> Run | None:
        """The run of a row that lies nearest to a moment."""
        if not 0 <= row < len(self.rows) or not self.rows[row].runs:
            return None
        return self.rows[row].runs[int(np.argmin(np.abs(self.rows[row].starts - moment)))]


def waiting(phase: Phase, reason: str) -> RunTimesView:
    """A view without data: waiting, empty, failed or unknown, and why."""
    none = np.empty(0)
    boxes = BandBoxes(none, none, none, none)
    return RunTimesView(phase, reason, reason, (), (), boxes, boxes, (), (), 0)


def run_times_view(dashboard: Dashboard, zone: str = "") -> RunTimesView:
    """Jobs with something to tell first, as the dashboard orders them."""
    jobs = dashboard.jobs[:MOST_ROWS]
    if not jobs:
        return waiting(Phase.EMPTY, "No batch jobs are named for this application.")
    now, count = dashboard.now, len(jobs)
    drawn = [_Drawn(job, index, count, now) for index, job in enumerate(jobs)]
    return RunTimesView(
        phase=Phase.READY, reason="", sentence=_sentence(dashboard),
        rows=tuple(_row(job, now, zone) for job in jobs),
        marks=_marks(drawn), bands=_boxes([d.band() for d in drawn]),
        deadlines=_boxes([d.deadlines(dashboard.until - dashboard.since) for d in drawn]),
        base_lines=tuple(float(d.height(np.zeros(1))[0]) for d in drawn),
        axis=tuple(d.axis_label() for d in drawn), now=now,
    )  # fmt: skip


class _Drawn:
    """One job's runs in the coordinates of its row."""

    def __init__(self, job: JobLine, index: int, count: int, now: int) -> None:
        self.history, self.now = job.history, now
        self.runs = job.history.runs
        self.start = np.array([run.started or run.ended for run in self.runs], dtype=np.float64)
        self.seconds = np.array([_elapsed(run, now) for run in self.runs], dtype=np.float64)
        band = job.history.band
        tops = [self.seconds, band.high if band is not None else np.empty(0)]
        finite = np.concatenate(tops)
        finite = finite[np.isfinite(finite)]
        highest = float(finite.max()) if finite.size else 60.0
        self.top = linear(highest, parts=2, steps=DURATION_STEPS).high
        self._base = 1.0 - (index + 1 - _BOTTOM) / count
        self._room = (1.0 - _TOP - _BOTTOM) / count

    def height(self, seconds: Array) -> Array:
        return self._base + np.clip(seconds / self.top, 0.0, 1.0) * self._room

    def axis_label(self) -> AxisLabel:
        return AxisLabel(float(self.height(np.array([self.top]))[0]), words.span(self.top))

    def kinds(self) -> list[str]:
        return [mark_of(run) for run in self.runs]

    def band(self) -> BandBoxes | None:
        band = self.history.band
        if band is None or not len(self.start):
            return None
        starts, width = self.start, _typical_distance(self.start)
        low = self.height(np.maximum(band.low, 0))
        return BandBoxes(starts - width / 2, starts + width / 2, low, self.height(band.high))

    def deadlines(self, span: int) -> BandBoxes | None:
        found = [
            (run.started, seconds)
            for run in self.runs
            if (seconds := deadline_seconds(self.history.job, run)) is not None
            and seconds <= self.top
        ]
        if not found:
            return None
        times, seconds = (np.array(part, dtype=np.float64) for part in zip(*found, strict=True))
        half = min(_typical_distance(times) / 2, span / 60)
        height = self.height(seconds)
        return BandBoxes(times - half, times + half, height, height + 1e-6)


def _typical_distance(starts: Array) -> float:
    """Seconds between runs, as most of them are apart; an hour when there is one run."""
    steps = np.diff(np.unique(starts))
    return float(np.median(steps)) if steps.size else 3600.0


def _boxes(parts: list[BandBoxes | None]) -> BandBoxes:
    kept = [part for part in parts if part is not None]
    if not kept:
        none = np.empty(0)
        return BandBoxes(none, none, none, none)
    return BandBoxes(
        np.concatenate([part.start for part in kept]),
        np.concatenate([part.end for part in kept]),
        np.concatenate([part.low for part in kept]),
        np.concatenate([part.high for part in kept]),
    )


def _marks(drawn: list[_Drawn]) -> tuple[Marks, ...]:
    found: dict[str, tuple[list[float], list[float]]] = {kind: ([], []) for kind in MARKS}
    for job in drawn:
        heights = job.height(np.nan_to_num(job.seconds))
        for kind, time, height in zip(job.kinds(), job.start, heights, strict=True):
            found[kind][0].append(float(time))
            found[kind][1].append(float(height))
    return tuple(
        Marks(kind, np.array(times), np.array(heights)) for kind, (times, heights) in found.items()
    )


def mark_of(run: Run) -> str:
    """Name of the mark of a run: what it deserves to be told about, else whether it runs."""
    kind = _MARK_OF[run.verdict]
    if kind in ("normal", "unknown") and run.outcome is Outcome.RUNNING:
        return "running"
    if kind == "normal" and run.outcome in (Outcome.FAILED, Outcome.ABORTED):
        return "failed"
    if kind == "normal" and run.outcome is Outcome.UNKNOWN:
        return "unknown"
    return kind


def _elapsed(run: Run, now: int) -> float:
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


def _row(job: JobLine, now: int, zone: str) -> JobRow:
    runs = job.history.runs
    return JobRow(
        name=words.job_name(job.history.job.job),
        note=_usual(job),
        sentence=f"{job.sentence} {job.expected}".strip(),
        runs=runs,
        starts=np.array([run.started or run.ended for run in runs], dtype=np.float64),
        told=tuple(run_text(run, now, zone) for run in runs),
    )


def _usual(job: JobLine) -> str:
    band = job.history.band
    if band is None or not len(band.low):
        return ""
    low, high = float(band.low[-1]), float(band.high[-1])
    if not (np.isfinite(low) and np.isfinite(high)):
        return "nothing to expect yet"
    return f"usually {words.span_range(max(0.0, low), high)}"


def run_text(run: Run, now: int, zone: str = "") -> str:
    """One run in words: when, how long, how much, and what is wrong with it."""
    parts = [words.clock(run.started or run.ended, now, zone)]
    seconds = _elapsed(run, now)
    if run.outcome is Outcome.RUNNING and np.isfinite(seconds):
        parts.append(f"running for {words.span(seconds)}")
    else:
        parts.append(words.span(seconds) if np.isfinite(seconds) else "run time not known")
    kind = mark_of(run)
    if kind not in ("normal", "running"):
        parts.append(MARKS[kind][2])
    if run.volume is not None:
        parts.append(words.quantity(run.volume, "record"))
    if run.period:
        parts.append(f"for {run.period}")
    if run.actor:
        parts.append(f"started by {run.actor}")
    if run.reason:
        parts.append(run.reason)
    return ", ".join(parts)


def _line(row: JobRow, moment: float | None) -> Line:
    if not row.runs:
        return Line("no runs in this range", "")
    index = len(row.runs) - 1 if moment is None else int(np.argmin(np.abs(row.starts - moment)))
    kind = mark_of(row.runs[index])
    shape, role, _ = MARKS[kind]
    when, _, rest = row.told[index].partition(", ")
    return Line(rest, when, role, f"mark {shape}", str(row.runs[index].run_id))


def _sentence(dashboard: Dashboard) -> str:
    jobs = dashboard.jobs
    runs = sum(len(job.history.runs) for job in jobs)
    said = f"{words.quantity(runs, 'run')} of {words.quantity(len(jobs), 'job')}."
    if len(jobs) > MOST_ROWS:
        said += f" {len(jobs) - MOST_ROWS} more jobs are on the batch page."
    return said
