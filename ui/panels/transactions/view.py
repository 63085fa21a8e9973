"""What the transactions panel says and draws. Pure."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from psbuddy import words
from psbuddy.report.routes import worst_sentence
from psbuddy.report.values import Dashboard
from ui.charts.scale import (
    DURATION_STEPS,
    Scale,
    extent,
    linear,
    logarithmic,
    tick_texts,
    wants_log,
)
from ui.panels.nothing import NOT_OBSERVED, is_blank
from ui.panels.values import (
    Array,
    AxisLabel,
    Line,
    Phase,
    Reading,
    Spans,
    bucket_at,
    gaps_of,
    labels,
    lag_of,
    observed_of,
    unobserved,
    without_lag,
)


@dataclass(frozen=True, slots=True)
class TransactionsView:
    """Arrays have one value per bucket of `step` seconds; heights are 0..1."""

    phase: Phase
    reason: str
    sentence: str
    times: NDArray[np.int64]
    step: int
    count: Array  # per minute, failed ones included
    failed: Array  # per minute
    p50_ms: Array
    p95_ms: Array
    good_top: Array
    failed_top: Array
    latency: Array  # p95 on the right axis
    gaps: Spans
    left: tuple[AxisLabel, ...]
    right: tuple[AxisLabel, ...]
    log: bool
    log_offered: bool
    rest: Reading
    worst: str = ""  # the route that fails most, the slowest one

    def at(self, moment: float | None) -> Reading:
        """The read-out at a moment; without one, what the range comes to."""
        if moment is None or self.phase is not Phase.READY:
            return self.rest
        index = bucket_at(self.times, self.step, moment)
        seen = index is not None and bool(np.isfinite(self.count[index]))
        if index is None or not seen:
            lines = (Line("transactions", "not observed", "ink", "box"),)
            return Reading("a minute", lines)
        count, failed = float(self.count[index]), float(self.failed[index])
        return Reading(
            "a minute",
            _lines(
                words.decimal(count),
                f"{words.decimal(failed)} = {words.share(failed / count if count else None)}",
                latency_text(float(self.p50_ms[index])),
                latency_text(float(self.p95_ms[index])),
            ),
        )


def _lines(count: str, failed: str, p50: str, p95: str) -> tuple[Line, ...]:
    return (
        Line("transactions", count, "ink", "box"),
        Line("failed", failed, "failed", "box"),
        Line("median time", p50),
        Line("95 % within", p95, "accent", "line"),
    )


def latency_text(milliseconds: float) -> str:
    """Words for a latency; NaN is one that nobody measured."""
    return words.duration(milliseconds / 1000) if np.isfinite(milliseconds) else "not measured"


def waiting(phase: Phase, reason: str) -> TransactionsView:
    """A view without data: waiting, empty, failed or unknown, and why."""
    none = np.empty(0)
    return TransactionsView(
        phase, reason, reason, np.empty(0, np.int64), 60, none, none, none, none, none, none,
        none, (), (), (), False, False, Reading("", ()),
    )  # fmt: skip


def transactions_view(dashboard: Dashboard, *, log: bool = False) -> TransactionsView:
    """Everything the panel needs."""
    series = dashboard.transactions
    edges = (dashboard.since, dashboard.until)
    gaps = unobserved(dashboard.observed, *edges)
    if is_blank(dashboard):
        return replace(waiting(Phase.UNKNOWN, ""), gaps=gaps, sentence=NOT_OBSERVED)
    if not np.nansum(series.count) > 0:
        blank = waiting(
            Phase.EMPTY,
            "No transactions in this range. They are counted in logs whose lines carry a "
            "duration, or where the catalogue names one.",
        )
        return replace(blank, gaps=gaps)
    gaps = without_lag(
        gaps_of(observed_of(dashboard), edges, (series.times, series.count, series.step)),
        dashboard.until,
        lag_of(dashboard),
    )
    per_minute = 60.0 / dashboard.step
    count, failed = series.count * per_minute, series.failed * per_minute
    scale, offered = _scale(count, log)
    right = linear(extent([series.p95_ms])[1] / 1000, steps=DURATION_STEPS)
    return TransactionsView(
        phase=Phase.READY, reason="", sentence=_sentence(dashboard), times=series.times,
        step=dashboard.step, count=count, failed=failed, p50_ms=series.p50_ms,
        p95_ms=series.p95_ms, good_top=scale.unit(count - failed), failed_top=scale.unit(count),
        latency=right.unit(series.p95_ms / 1000), gaps=gaps,
        left=labels(scale.unit(scale.ticks), tick_texts(scale)),
        right=labels(right.unit(right.ticks), [words.duration(t) for t in right.ticks]),
        log=scale.log, log_offered=offered, rest=_rest(dashboard),
        worst=worst_sentence(dashboard.routes),
    )  # fmt: skip


def _scale(count: Array, log: bool) -> tuple[Scale, bool]:
    smallest, largest = extent([count])
    offered = wants_log(smallest, largest)
    return (logarithmic(smallest, largest) if log and offered else linear(largest)), offered


def _totals(dashboard: Dashboard) -> tuple[float, float]:
    series = dashboard.transactions
    return float(np.nansum(series.count)), float(np.nansum(series.failed))


def _rest(dashboard: Dashboard) -> Reading:
    series = dashboard.transactions
    count, failed = _totals(dashboard)
    lines = _lines(
        words.count(count),
        f"{words.count(failed)} = {words.share(failed / count)}",
        _typical(series.p50_ms),
        _typical(series.p95_ms),
    )
    return Reading("in this range", lines)


def _typical(values: Array) -> str:
    """The middle of the buckets: quantiles of quantiles are no quantile, so say "about"."""
    finite = values[np.isfinite(values)]
    return f"about {latency_text(float(np.median(finite)))}" if finite.size else "not measured"


def _sentence(dashboard: Dashboard) -> str:
    count, failed = _totals(dashboard)
    said = words.quantity(count, "transaction")
    return f"{said}, {words.share(failed / count)} failed."
