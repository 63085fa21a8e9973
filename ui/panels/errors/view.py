"""What the errors panel says and draws. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from psbuddy import words
from psbuddy.model.series import CauseRow
from psbuddy.model.terms import Level
from psbuddy.report.values import Dashboard
from ui.charts.scale import Scale, extent, linear, logarithmic, tick_texts, wants_log
from ui.panels.ink import series_role
from ui.panels.nothing import is_blank, nothing_words
from ui.panels.values import (
    Array,
    AxisLabel,
    Grain,
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

#: More bars than this are no longer bars: neighbours are put together.
MOST_BARS = 150


@dataclass(frozen=True, slots=True)
class Stack:
    """One cause, or all others. `rates`: (n,) records per minute, NaN = not observed."""

    key: str  # fingerprint, "" for all others
    label: str
    role: str
    rates: Array
    bottom: Array  # (n,) heights 0..1
    top: Array
    records: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class ErrorsView:
    """Arrays have one value per bucket of `step` seconds."""

    phase: Phase
    reason: str
    sentence: str
    times: NDArray[np.int64]
    step: int
    stacks: tuple[Stack, ...]
    warnings: Array  # per minute
    warning_heights: Array  # 0..1 on the right axis
    band_low: Array  # 0..1
    band_high: Array
    normal: tuple[Array, Array]  # per minute: low, high
    gaps: Spans
    left: tuple[AxisLabel, ...]
    right: tuple[AxisLabel, ...]
    log: bool
    log_offered: bool
    rest: Reading

    def at(self, moment: float | None) -> Reading:
        """The read-out at a moment; without one, the totals of the range."""
        if moment is None or self.phase is not Phase.READY:
            return self.rest
        index = bucket_at(self.times, self.step, moment)
        lines = [Line(s.label, _rate(s.rates, index), s.role, "box", s.key) for s in self.stacks]
        lines.append(Line("warnings", _rate(self.warnings, index), "quiet warning", "line"))
        lines.append(Line("normal", _band(self.normal, index), "band", "box"))
        return Reading("errors a minute", tuple(lines))


def waiting(phase: Phase, reason: str) -> ErrorsView:
    """A view without data: waiting, empty, failed or unknown, and why."""
    none = np.empty(0)
    return ErrorsView(
        phase, reason, reason, np.empty(0, np.int64), 60, (), none, none, none, none,
        (none, none), (), (), (), False, False, Reading("", ()),
    )  # fmt: skip


def errors_view(
    dashboard: Dashboard,
    places: Mapping[str, int | None],
    *,
    log: bool = False,
    zone: str = "",
) -> ErrorsView:
    """Everything the panel needs. `places`: colour of each cause, see ui.charts.colours.

    Where nothing was observed this panel says so for all of them.
    """
    edges = (dashboard.since, dashboard.until)
    if is_blank(dashboard):
        blank = waiting(Phase.UNKNOWN, nothing_words(dashboard, zone))
        return replace(blank, gaps=unobserved(dashboard.observed, *edges))
    grain = Grain.of(dashboard.causes.times, dashboard.step, MOST_BARS)
    new = _new_causes(dashboard)
    parts = _parts(dashboard, places, new)
    rates = [grain.rate(part[2]) for part in parts]
    normal = (grain.rate(dashboard.normal.low), grain.rate(dashboard.normal.high))
    seen = np.isfinite(np.sum(rates, axis=0))
    normal = (np.where(seen, normal[0], np.nan), np.where(seen, normal[1], np.nan))
    fine = np.sum([part[2] for part in parts], axis=0)
    gaps = without_lag(
        gaps_of(observed_of(dashboard), edges, (dashboard.causes.times, fine, dashboard.step)),
        dashboard.until,
        lag_of(dashboard),
    )
    scale, offered = _scale(rates, normal, log)
    stacks = _stacks(parts, rates, scale, dashboard)
    counted = _level(dashboard, Level.WARNING)
    warnings, warned = grain.rate(counted), bool(np.nansum(counted) > 0)
    right = _warning_scale(extent([warnings])[1], scale)
    own_axis = warned and right is not scale
    return ErrorsView(
        phase=Phase.READY, reason="", sentence=_sentence(dashboard),
        times=grain.times, step=grain.step, stacks=stacks,
        warnings=warnings,
        warning_heights=right.unit(warnings) if warned else np.full(len(warnings), np.nan),
        band_low=np.minimum(scale.unit(normal[0]), 1.0),
        band_high=np.minimum(scale.unit(normal[1]), 1.0),
        normal=normal, gaps=gaps, left=_ticks(scale), right=_ticks(right) if own_axis else (),
        log=scale.log, log_offered=offered, rest=_rest(dashboard, stacks, counted),
    )  # fmt: skip


def _new_causes(dashboard: Dashboard) -> frozenset[str]:
    return frozenset(line.row.cause for line in dashboard.cause_lines if line.is_new)


def _parts(
    dashboard: Dashboard, places: Mapping[str, int | None], new: frozenset[str]
) -> list[tuple[CauseRow | None, str, Array]]:
    """From the bottom of the stack: new causes, the most frequent ones, all others."""
    series = dashboard.causes
    parts: list[tuple[CauseRow | None, str, Array]] = [
        (row, series_role(places.get(row.cause)), counts)
        for row, counts in zip(series.rows, series.counts, strict=True)
    ]
    parts.sort(key=lambda part: part[0] is None or part[0].cause not in new)
    if np.nansum(series.other) > 0 or not parts:
        parts.append((None, "other", series.other))
    return parts


def _scale(rates: list[Array], normal: tuple[Array, Array], log: bool) -> tuple[Scale, bool]:
    total = np.sum(rates, axis=0)
    smallest = extent(rates)[0]
    highest = max(extent([total])[1], extent([normal[1]])[1])
    offered = wants_log(smallest, highest)
    if log and offered:
        return logarithmic(smallest, highest), True
    return linear(highest), offered


def _warning_scale(most: float, errors: Scale) -> Scale:
    """The axis of the errors where warnings can be read on it, else one of their own."""
    readable = not errors.log and errors.high / 5 <= most <= errors.high
    return errors if readable else linear(most)


def _stacks(
    parts: list[tuple[CauseRow | None, str, Array]],
    rates: list[Array],
    scale: Scale,
    dashboard: Dashboard,
) -> tuple[Stack, ...]:
    edges = np.cumsum(np.vstack([np.zeros_like(rates[0]), *np.nan_to_num(rates)]), axis=0)
    # The table counts to the minute, a bucket may reach beyond the range: say the same figure.
    told = {line.row.cause: line for line in dashboard.cause_lines}
    stacks = []
    for index, (row, role, counts) in enumerate(parts):
        key = row.cause if row else ""
        line = told.get(key)
        stacks.append(
            Stack(
                key=key, label=row.title if row else "all others", role=role,
                rates=rates[index], bottom=scale.unit(edges[index]),
                top=scale.unit(edges[index + 1]), is_new=line is not None and line.is_new,
                records=line.row.records if line else int(np.nansum(counts)),
            )
        )  # fmt: skip
    return tuple(stacks)


def _level(dashboard: Dashboard, level: Level) -> Array:
    found = dashboard.levels.counts.get(level)
    if found is not None:
        return found
    return np.where(dashboard.levels.observed > 0, 0.0, np.nan)


def _ticks(scale: Scale) -> tuple[AxisLabel, ...]:
    return labels(scale.unit(scale.ticks), tick_texts(scale))


def _rate(rates: Array, index: int | None) -> str:
    if index is None or index >= len(rates) or not np.isfinite(rates[index]):
        return "not observed"
    return words.decimal(float(rates[index]))


def _band(normal: tuple[Array, Array], index: int | None) -> str:
    if index is None or index >= len(normal[1]) or not np.isfinite(normal[1][index]):
        return "none yet"
    low, high = float(normal[0][index]), float(normal[1][index])
    return f"{words.decimal(max(0.0, low))} to {words.decimal(high)}"


def _rest(dashboard: Dashboard, stacks: tuple[Stack, ...], warnings: Array) -> Reading:
    lines = [Line(s.label, words.count(s.records), s.role, "box", s.key) for s in stacks]
    lines.append(Line("warnings", words.count(float(np.nansum(warnings))), "quiet warning", "line"))
    basis = "band" if np.isfinite(dashboard.normal.middle).any() else "none yet"
    lines.append(Line("normal", basis, "band", "box"))
    return Reading("records in this range", tuple(lines))


def _sentence(dashboard: Dashboard) -> str:
    total = float(np.nansum(dashboard.errors))
    said = words.quantity(total, "error record")
    fresh = sum(line.is_new for line in dashboard.cause_lines)
    if fresh:
        said += f", {words.quantity(fresh, 'new cause')}"
    return f"{said}. {words.share(dashboard.coverage)} of the time observed."
