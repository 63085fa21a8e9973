"""The ledger of business periods: which run is for which, and what it deserves to be told."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from psbuddy.insight.schedule import EARLY, deadline_after, due_of
from psbuddy.insight.zones import zone_of
from psbuddy.model.runs import JobDef, Run, RunHistory
from psbuddy.model.terms import Outcome, PeriodKind, Rerun, Verdict

_LEAST_TOLERANCE = 300  # seconds of start lag that are nobody's business
# One run in twenty leaves a 95 % band by its nature: what is told must go further.
_BEYOND = 1.3  # times the distance from the middle to the edge
_LONGER, _SHORTER = 1.1, 0.6  # times the expected time
_LEAST_EXCESS = 10  # seconds


def period_for(kind: PeriodKind, time: int, zone: str) -> str:
    """Business period that epoch second `time` falls in: 2026-11-24, 2026-W48 or 2026-11."""
    day = datetime.fromtimestamp(time, zone_of(zone)).date()
    if kind is PeriodKind.DAY:
        return day.isoformat()
    if kind is PeriodKind.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    return f"{day.year:04d}-{day.month:02d}"


def period_of(job: JobDef, run: Run) -> str:
    """Period the run says it is for, else the one it was due in; "" when there is neither."""
    if run.period or job.period is None or not run.started:
        return run.period
    return period_for(job.period, due_of(job, run.started), job.timezone)


@dataclass(frozen=True, slots=True)
class Due:
    """A run that should have started and has not."""

    due: int
    tolerance: int  # seconds of lag that were usual so far


def judge_runs(history: RunHistory, now: int, starts: Sequence[int] = ()) -> tuple[Verdict, ...]:
    """One verdict per run of `history.runs`, the most serious that applies.

    `history.band` gives the expected run times; `starts` the due times of the job, ascending
    (see `schedule.expected_starts`), without which nothing is called late. Running runs are
    judged by the time they have taken until `now`.
    """
    job, runs = history.job, history.runs
    forbidden = second_starts(job, runs)
    lags = start_lags(runs, starts)
    tolerance = start_tolerance(tuple(lags.values()))
    unmet = _missed_deadlines(job, runs, now, starts)
    verdicts = []
    for i, run in enumerate(runs):
        if run.run_id in forbidden:
            verdicts.append(Verdict.TWICE)
        elif run.outcome in {Outcome.FAILED, Outcome.ABORTED}:
            verdicts.append(Verdict.FAILED)
        elif run.run_id in unmet:
            verdicts.append(Verdict.MISSED_DEADLINE)
        else:
            late = lags.get(run.run_id, 0) > tolerance
            verdicts.append(_by_time(history, i, now, late=late))
    return tuple(verdicts)


def _by_time(history: RunHistory, i: int, now: int, *, late: bool) -> Verdict:
    run = history.runs[i]
    taken = now - run.started if run.outcome is Outcome.RUNNING and run.started else run.seconds
    if taken is not None and history.band is not None:
        middle, high = float(history.band.middle[i]), float(history.band.high[i])
        longer = max(middle + _BEYOND * (high - middle), middle * _LONGER, middle + _LEAST_EXCESS)
        if taken > longer:  # False where the band is NaN
            return Verdict.OVERRUN
        short = min(float(history.band.low[i]), middle * _SHORTER, middle - _LEAST_EXCESS)
        if run.outcome is Outcome.OK and taken < short:
            return Verdict.LATE if late else Verdict.SHORT
    if late:
        return Verdict.LATE
    return Verdict.UNKNOWN if run.outcome is Outcome.UNKNOWN else Verdict.NORMAL


def second_starts(job: JobDef, runs: Sequence[Run]) -> Mapping[int, Run]:
    """Starts that the rerun policy forbids: run id -> the earlier run that forbids it.

    never: any second start of a period. after-failure: a start after an earlier run of the
    period had ended well, or while one was running; how an earlier one ended may be unknown,
    and unknown accuses nobody. Runs must be in the order of their starts.
    """
    if job.rerun is Rerun.ALWAYS:
        return {}
    forbidden: dict[int, Run] = {}
    earlier: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        period = period_of(job, run)
        if not period or not run.started:
            continue
        guilty = (b for b in earlier[period] if _forbids(job.rerun, b, run.started))
        if (before := next(guilty, None)) is not None:
            forbidden[run.run_id] = before
        earlier[period].append(run)
    return forbidden


def _forbids(policy: Rerun, before: Run, start: int) -> bool:
    if policy is Rerun.NEVER or before.outcome in {Outcome.OK, Outcome.RUNNING}:
        return True
    return before.ended > start  # it failed, but only after the second one had begun


def start_lags(runs: Sequence[Run], starts: Sequence[int]) -> dict[int, int]:
    """Run id -> seconds after its due time, for the first run of each due time only."""
    lags: dict[int, int] = {}
    taken: set[int] = set()
    for run in runs:
        place = bisect_right(starts, run.started + EARLY) - 1
        if run.started and place >= 0 and place not in taken:
            taken.add(place)
            lags[run.run_id] = max(0, run.started - starts[place])
    return lags


def start_tolerance(lags: Sequence[int]) -> int:
    """Start lag that is usual: 99 % of those seen, robustly, and five minutes at least."""
    if not lags:
        return _LEAST_TOLERANCE
    values = np.asarray(lags, dtype=np.float64)
    low, high = np.quantile(values, (0.25, 0.75))
    usual = values[values <= high + 3 * (high - low) + 60]  # a late start must not excuse itself
    return max(_LEAST_TOLERANCE, round(float(np.quantile(usual, 0.99)) * 1.25))


def missed_start(
    runs: Sequence[Run], starts: Sequence[int], now: int, observed_until: int
) -> Due | None:
    """The newest due time that an observed stretch has passed without a start, or None.

    `observed_until`: how far the job's log has been read. What was not read is not a miss.
    """
    tolerance = start_tolerance(tuple(start_lags(runs, starts).values()))
    passed = bisect_right(starts, min(now, observed_until) - tolerance) - 1
    if passed < 0:
        return None
    due = starts[passed]
    if any(run.started >= due - EARLY or run.ended > due for run in runs):
        return None
    return Due(due, tolerance)


def _missed_deadlines(
    job: JobDef, runs: Sequence[Run], now: int, starts: Sequence[int]
) -> frozenset[int]:
    """Runs that ended, or still run, past the deadline, unless their period was done before.

    A run after that due time was served well has a deadline of its own.
    """
    if not job.deadline:
        return frozenset()
    missed: set[int] = set()
    done: set[str] = set()
    served: set[int] = set()
    for run in runs:
        period = period_of(job, run)
        if not run.started or period in done:
            continue
        place = bisect_right(starts, run.started + EARLY) - 1
        late = place >= 0 and place not in served
        limit = deadline_after(job, starts[place] if late else run.started)
        ended = run.ended or (now if run.outcome is Outcome.RUNNING else 0)
        if limit is not None and ended > limit:
            missed.add(run.run_id)
        if run.outcome is Outcome.OK:
            served.add(place)
            done.update([period] if period else [])
    return frozenset(missed)
