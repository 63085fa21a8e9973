"""What the panel of batch run times says and draws. Pure."""

from dataclasses import dataclass

import numpy as np

from psbuddy import words
from psbuddy.model.runs import Run
from psbuddy.model.terms import Outcome
from psbuddy.report.values import Dashboard, JobLine
from ui.panels.run_times.drawing import MARKS, Boxes, Marks, Row, all_marks, elapsed, mark_of
from ui.panels.values import Array, AxisLabel, Line, Phase, Reading, Spans, stale_span

MINUTE = 60
#: Rows beyond this many are told in the sentence.
MOST_ROWS = 8
#: Characters of a range that leave room for the word before it.
MOST_USUAL = 12


@dataclass(frozen=True, slots=True)
class JobRow:
    name: str
    note: str  # "usually 38 to 47 min"
    sentence: str
    runs: tuple[Run, ...]
    starts: Array  # (n,) epoch seconds
    log: str = ""  # where the job writes
    alike: frozenset[int] = frozenset()  # ids of runs that began in the same minute as another


@dataclass(frozen=True, slots=True)
class RunTimesView:
    """Rows from top to bottom, and all that is drawn in them."""

    phase: Phase
    reason: str
    sentence: str
    rows: tuple[JobRow, ...]
    marks: tuple[Marks, ...]
    bands: Boxes
    ranges: Boxes  # of normal runs, where there are too many for points
    deadlines: Boxes  # ticks: hardly any height
    base_lines: tuple[float, ...]  # heights 0..1 of every row's zero
    axis: tuple[AxisLabel, ...]  # the upper end of each row's own axis
    now: int
    zone: str
    gaps: Spans = ()

    def at(self, moment: float | None) -> Reading:
        """One line per job: the run nearest to the moment, else the last one."""
        return Reading("", tuple(self._line(row, moment) for row in self.rows))

    def run_near(self, row: int, moment: float) -> Run | None:
        """The run of a row that lies nearest to a moment."""
        if not 0 <= row < len(self.rows) or not self.rows[row].runs:
            return None
        return self.rows[row].runs[int(np.argmin(np.abs(self.rows[row].starts - moment)))]

    def story(self, row: int, run: Run) -> str:
        """Everything known of one run, for the line below the chart."""
        now, zone = self.now, self.zone
        exact = run.run_id in self.rows[row].alike or 0 <= run.ended - run.started < MINUTE
        when, rest = run_words(run, now, zone, exact=exact)
        parts = [f"started {when}"] if run.started else []
        if run.ended:
            told = words.then(run.ended, run.started, now, zone, seconds=exact)
            parts.append(f"ended {told}")
        parts.append(rest)
        if run.host:
            parts.append(f"on {run.host}")
        if self.rows[row].note:
            parts.append(self.rows[row].note)
        return f"{words.capital(self.rows[row].name)}: {', '.join(parts)}."

    def place(self, row: int, run: Run) -> dict[str, object]:
        """Where the end of a run, or its start, stands in a log; {} where that is not known."""
        log, time = self.rows[row].log, run.ended or run.started
        if not (run.host and log and time):
            return {}
        return {"host": run.host, "log": log, "time": time, "text": ""}

    def tell(self, row: int, run: Run) -> str:
        """One run in words."""
        return ", ".join(self._run_words(self.rows[row], run))

    def _run_words(self, row: JobRow, run: Run) -> tuple[str, str]:
        return run_words(run, self.now, self.zone, exact=run.run_id in row.alike)

    def _line(self, row: JobRow, moment: float | None) -> Line:
        if not row.runs:
            return Line("in this range", "no runs")
        index = len(row.runs) - 1
        if moment is not None:
            index = int(np.argmin(np.abs(row.starts - moment)))
        run = row.runs[index]
        shape, role, _ = MARKS[mark_of(run)]
        when, rest = self._run_words(row, run)
        return Line(rest, when, role, f"mark {shape}", str(run.run_id))


def waiting(phase: Phase, reason: str) -> RunTimesView:
    """A view without data: waiting, empty, failed or unknown, and why."""
    none = Boxes.joined([])
    return RunTimesView(phase, reason, reason, (), (), none, none, none, (), (), 0, "")


def run_times_view(dashboard: Dashboard, zone: str = "") -> RunTimesView:
    """Jobs in the order of the dashboard: those with something to tell come first."""
    jobs = dashboard.jobs[:MOST_ROWS]
    if not jobs:
        return waiting(
            Phase.EMPTY,
            "No batch jobs are named for this application. "
            "Name one under “jobs” in the catalogue to see its run times here.",
        )
    edges, now = (dashboard.since, dashboard.until), dashboard.now
    rows = [Row(job, (index, len(jobs)), edges, now) for index, job in enumerate(jobs)]
    return RunTimesView(
        phase=Phase.READY,
        reason="",
        sentence=_sentence(dashboard),
        rows=tuple(_row(job, row) for job, row in zip(jobs, rows, strict=True)),
        marks=all_marks(rows),
        bands=Boxes.joined([box for row in rows for box in row.band()]),
        ranges=Boxes.joined([box for row in rows for box in row.ranges()]),
        deadlines=Boxes.joined([box for row in rows for box in row.deadlines()]),
        base_lines=tuple(row.base for row in rows),
        axis=tuple(row.axis_label() for row in rows if row.runs),
        now=now,
        zone=zone,
        gaps=stale_span(dashboard),
    )


def _row(job: JobLine, row: Row) -> JobRow:
    return JobRow(
        name=words.job_name(job.history.job.job),
        note=_usual(job),
        sentence=f"{job.sentence} {job.expected}".strip(),
        runs=row.runs,
        starts=row.start,
        log=job.history.job.log,
        alike=_alike(row),
    )


def _alike(row: Row) -> frozenset[int]:
    """Runs whose start would read as that of another one, but is not."""
    minutes = row.start // MINUTE
    _, place, many = np.unique(minutes, return_inverse=True, return_counts=True)
    return frozenset(row.runs[i].run_id for i in np.flatnonzero(many[place] > 1).tolist())


def _usual(job: JobLine) -> str:
    band = job.history.band
    if band is None or not len(band.low):
        return ""
    low, high = float(band.low[-1]), float(band.high[-1])
    if not (np.isfinite(low) and np.isfinite(high)):
        return "too few runs yet"
    usual = words.span_range(max(0.0, low), high)
    return f"usually {usual}" if len(usual) <= MOST_USUAL else usual


def run_words(run: Run, now: int, zone: str = "", *, exact: bool = False) -> tuple[str, str]:
    """One run: when it began (`exact`: to the second), and how long, how much, what is wrong."""
    kind, parts = mark_of(run), []
    if kind not in ("normal", "running"):
        parts.append(MARKS[kind][2])
    if run.period:
        parts.append(f"for {run.period}")
    parts.append(_lasted(run, now))
    if run.volume is not None:
        parts.append(words.quantity(run.volume, "record"))
    if run.actor:
        parts.append(f"started by {run.actor}")
    if run.reason:
        parts.append(run.reason)
    return words.clock(run.started or run.ended, now, zone, seconds=exact), ", ".join(parts)


def _lasted(run: Run, now: int) -> str:
    seconds = elapsed(run, now)
    if not np.isfinite(seconds):
        return "run time not known"
    if run.outcome is Outcome.RUNNING:
        return f"running for {words.span(seconds)}"
    return words.span(seconds)


def _sentence(dashboard: Dashboard) -> str:
    jobs = dashboard.jobs
    runs = sum(len(job.history.runs) for job in jobs)
    said = f"{words.quantity(runs, 'run')} of {words.quantity(len(jobs), 'job')}."
    if len(jobs) > MOST_ROWS:
        said += f" {len(jobs) - MOST_ROWS} more jobs are not drawn."
    told = [job.sentence for job in jobs[:MOST_ROWS] if job.sentence]
    return " ".join([said, *told])
