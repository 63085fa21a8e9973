"""Volume, or transactions meanwhile, against run time of one job: points, fit, words. Pure."""

from dataclasses import dataclass

import numpy as np

from psbuddy import words
from psbuddy.model.runs import Relation
from psbuddy.report.values import Dashboard
from ui.charts.scale import DURATION_STEPS, linear, tick_texts
from ui.panels.values import Array, AxisLabel, Phase, labels


@dataclass(frozen=True, slots=True)
class RelationView:
    """Points and fit line in heights and widths 0..1."""

    phase: Phase
    reason: str
    job: str
    jobs: tuple[str, ...]  # all that can be chosen
    sentence: str
    x: Array
    y: Array
    fit_x: Array  # (2,) or (0,)
    fit_y: Array
    bottom: tuple[AxisLabel, ...]  # height: share of the width
    left: tuple[AxisLabel, ...]
    usable: bool
    title: str = "Volume against run time"
    unit: str = "records, across; run time, up"


def waiting(phase: Phase, reason: str, jobs: tuple[str, ...] = ()) -> RelationView:
    """A view without points: waiting, empty, failed or unknown, and why."""
    none = np.empty(0)
    return RelationView(phase, reason, "", jobs, reason, none, none, none, none, (), (), False)


def relation_view(dashboard: Dashboard, job: str = "") -> RelationView:
    """The relation of `job`; without a choice the first usable one, else the largest."""
    found = dashboard.relations
    if not found:
        return waiting(
            Phase.EMPTY,
            "No job tells how much it worked on, and no transactions were observed during its "
            "runs. A pattern with (?P<volume>…) in the catalogue draws its run time against its "
            "volume here.",
        )
    chosen = next((r for r in found if r.job == job), None) or _default(found)
    jobs = tuple(relation.job for relation in found)
    good = np.isfinite(chosen.volume) & np.isfinite(chosen.seconds)
    if not good.any():
        return waiting(Phase.EMPTY, f"{_name(chosen)}: {chosen.sentence}", jobs)
    return _drawn(chosen, jobs, chosen.volume[good], chosen.seconds[good])


def _default(found: tuple[Relation, ...]) -> Relation:
    """What a job says of itself is worth more than what went on meanwhile."""
    return max(found, key=lambda r: (r.usable, r.measure == "records", len(r.volume)))


def _name(relation: Relation) -> str:
    return words.capital(words.job_name(relation.job))


def _drawn(
    relation: Relation, jobs: tuple[str, ...], volume: Array, seconds: Array
) -> RelationView:
    across = linear(float(volume.max()), parts=3)
    upward = linear(float(seconds.max()), steps=DURATION_STEPS)
    fit_x, fit_y = _fit(relation, volume, across.high, upward.high)
    return RelationView(
        phase=Phase.READY, reason="", job=relation.job, jobs=jobs, sentence=relation.sentence,
        x=across.unit(volume), y=upward.unit(seconds), fit_x=fit_x, fit_y=fit_y,
        bottom=labels(across.unit(across.ticks), tick_texts(across)),
        left=labels(upward.unit(upward.ticks), [words.duration(t) for t in upward.ticks]),
        usable=relation.usable, **_titled(relation),
    )  # fmt: skip


def _titled(relation: Relation) -> dict[str, str]:
    if relation.measure == "records":
        return {}
    return {
        "title": "Transactions against run time",
        "unit": "transactions during the run, across; run time, up",
    }


def _fit(relation: Relation, volume: Array, across: float, upward: float) -> tuple[Array, Array]:
    """The line between the smallest and largest volume seen: no further than the data."""
    if not relation.usable:
        return np.empty(0), np.empty(0)
    ends = np.array([volume.min(), volume.max()])
    return ends / across, (relation.intercept + relation.slope * ends) / upward
