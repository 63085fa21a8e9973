"""Does the run time follow the volume? A robust line, or an honest no."""

import numpy as np
from numpy.typing import NDArray

from psbuddy.model.runs import Relation
from psbuddy.words import decimal

_MIN_RUNS = 8
_LATEST = 300
_MIN_RANK = 0.3  # below, a line would tell a story that is not there
_SPREAD = 0.02  # volumes that differ by less say nothing

Array = NDArray[np.float64]


def relation(job: str, volume: Array, seconds: Array) -> Relation:
    """Theil-Sen line through run time against volume, (n,) each, NaN where not known.

    Only the latest 300 runs with both. Usable only if the Spearman rank correlation is at
    least 0.3 and the slope is positive. Source: Sen, JASA 63 (1968).
    """
    both = np.isfinite(volume) & np.isfinite(seconds) & (volume >= 0) & (seconds > 0)
    x, y = volume[both][-_LATEST:], seconds[both][-_LATEST:]
    refusal = _refusal(x, y)
    if refusal:
        return Relation(job, x, y, usable=False, sentence=f"No usable relation: {refusal}.")
    slope, intercept = theil_sen(x, y)
    if slope <= 0:
        return Relation(
            job,
            x,
            y,
            usable=False,
            sentence="No usable relation: more volume does not take longer.",
        )
    return Relation(job, x, y, True, _sentence(x, slope, intercept), slope, intercept)


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


def _refusal(x: Array, y: Array) -> str:
    if len(x) < _MIN_RUNS:
        return f"{len(x)} of the {_MIN_RUNS} runs it takes have a volume and a run time"
    low, high = np.quantile(x, (0.05, 0.95))
    if high - low <= _SPREAD * max(abs(high), 1e-9):
        return "the volume hardly varies"
    rho = rank_correlation(x, y)
    if rho < _MIN_RANK:
        return f"run time does not follow volume (rank correlation {rho:.2f})"
    return ""


def _sentence(x: Array, slope: float, intercept: float) -> str:
    usual = float(np.median(x))
    longer = 10 * slope * usual / (intercept + slope * usual)
    return f"10 % more records = {decimal(longer)} % longer"


def _ranks(values: Array) -> Array:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place], dtype=np.float64)
