"""Does the run time follow the volume, or the load? A robust line, or an honest no."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from psbuddy.model.runs import Relation
from psbuddy.words import decimal

_MIN_RUNS = 8
#: Newest runs that are looked at.
LATEST = 300
_MIN_RANK = 0.3  # below, a line would tell a story that is not there
_SPREAD = 0.02  # volumes that differ by less say nothing

Array = NDArray[np.float64]


def relation(job: str, volume: Array, seconds: Array) -> Relation:
    """Theil-Sen line through run time against volume, (n,) each, NaN where not known.

    Only the latest 300 runs with both. Usable only if the Spearman rank correlation is at
    least 0.3 and the slope is positive. Source: Sen, JASA 63 (1968).
    """
    x, y = _known(volume, seconds)
    return _fitted(Relation(job, x, y, usable=False, sentence=""), _refusal(x, y))


def load_relation(job: str, transactions: Array, seconds: Array) -> Relation:
    """The same against the transactions of the application during each run, (n,) each.

    A longer run spans more of them at any steady load, so the count alone proves nothing: run
    time must follow the transactions a minute as well, with the same rank correlation.
    """
    x, y = _known(transactions, seconds)
    found = Relation(job, x, y, usable=False, sentence="", measure="transactions")
    return _fitted(found, _refusal(x, y, "transactions") or _span_refusal(x, y))


def _known(volume: Array, seconds: Array) -> tuple[Array, Array]:
    both = np.isfinite(volume) & np.isfinite(seconds) & (volume >= 0) & (seconds > 0)
    return volume[both][-LATEST:], seconds[both][-LATEST:]


def _fitted(found: Relation, refusal: str) -> Relation:
    """The relation with its line and its sentence, or with why there is none."""
    x, y = found.volume, found.seconds
    if refusal:
        return replace(found, sentence=f"No usable relation: {refusal}.")
    slope, intercept = theil_sen(x, y)
    if slope <= 0:
        more = "more volume does" if found.measure == "records" else "more transactions do"
        return replace(found, sentence=f"No usable relation: {more} not take longer.")
    sentence = _sentence(x, slope, intercept, found.measure)
    return replace(found, usable=True, sentence=sentence, slope=slope, intercept=intercept)


def theil_sen(x: Array, y: Array) -> tuple[float, float]:
    """Slope and intercept: median of all pairwise slopes, median residual."""
    i, j = np.triu_indices(len(x), k=1)
    dx = x[j] - x[i]
    apart = dx != 0
    slope = float(np.median((y[j] - y[i])[apart] / dx[apart]))
    return slope, float(np.median(y - slope * x))


def rank_correlation(x: Array, y: Array) -> float:
    """Spearman's rho, ties at their mean rank; 0 where one side is constant."""
    a, b = _ranks(x), _ranks(y)
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale else 0.0


def _refusal(x: Array, y: Array, measure: str = "volume") -> str:
    if len(x) < _MIN_RUNS:
        told = "a volume" if measure == "volume" else "observed transactions"
        return f"{len(x)} of the {_MIN_RUNS} runs it takes have {told} and a run time"
    low, high = np.quantile(x, (0.05, 0.95))
    if high - low <= _SPREAD * max(abs(high), 1e-9):
        verb = "varies" if measure == "volume" else "vary"
        return f"the {measure} hardly {verb}"
    rho = rank_correlation(x, y)
    if rho < _MIN_RANK:
        return f"run time does not follow {measure} (rank correlation {rho:.2f})"
    return ""


def _span_refusal(transactions: Array, seconds: Array) -> str:
    rho = rank_correlation(transactions / seconds, seconds)
    if rho >= _MIN_RANK:
        return ""
    return (
        "longer runs see more transactions because they last longer, not because more arrive a "
        f"minute (rank correlation {rho:.2f})"
    )


def _sentence(x: Array, slope: float, intercept: float, measure: str) -> str:
    usual = float(np.median(x))
    longer = 10 * slope * usual / (intercept + slope * usual)
    during = " during the run" if measure == "transactions" else ""
    return f"10 % more {measure}{during} = {decimal(longer)} % longer"


def _ranks(values: Array) -> Array:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place], dtype=np.float64)
