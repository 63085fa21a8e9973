"""How long a run should take, said before it starts, and when a running one will end."""

import heapq
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from psbuddy.insight.calendar import features
from psbuddy.insight.forecaster import MIN_RUNS, Forecaster
from psbuddy.model.series import Band

__all__ = ["MIN_RUNS", "FinishForecast", "expected_band", "expected_next"]


@dataclass(frozen=True, slots=True)
class FinishForecast:
    """When a running job should end. Epoch seconds; None where nothing can be said."""

    likely: int | None  # half of such runs had ended by then
    safe: int | None  # nine of ten
    on_time: float | None  # probability 0..1 to meet the deadline, None without one
    basis: int  # runs it rests on
    beyond: bool = False  # has already run longer than any run it could be compared with


def expected_band(seconds: NDArray[np.float64], start: NDArray[np.int64], zone: str = "") -> Band:
    """95 % band of each run, each from the runs that had ended before it started.

    `seconds`: (n,) run times, NaN for a run that must not teach (failed, running, unknown);
    `start`: (n,) epoch seconds, ascending. NaN where fewer than MIN_RUNS had ended.
    Multiplying all `seconds` by a factor multiplies the band by it (above half a second).
    """
    return _replay(seconds.tobytes(), start.tobytes(), zone)[0]


def expected_next(
    seconds: NDArray[np.float64],
    start: NDArray[np.int64],
    begin: int,
    now: int,
    *,
    deadline: int | None = None,
    zone: str = "",
) -> FinishForecast:
    """Finish of the run that began at `begin` and still runs at `now`.

    Conditioned on survival: only run times beyond the elapsed one count. `seconds` and `start`
    as in `expected_band`. A `begin` in the future forecasts a run that has yet to start.
    """
    before = start <= begin
    took, began = np.append(seconds[before], np.nan), np.append(start[before], begin)
    _, likely, basis = _replay(took.tobytes(), began.astype(np.int64).tobytes(), zone)
    if not likely.size:
        return FinishForecast(None, None, None, basis)
    left = likely[likely > now - begin]
    if not left.size:
        on_time = 0.0 if deadline is not None and now > deadline else None
        return FinishForecast(None, None, on_time, basis, beyond=True)
    half, nine = (begin + float(np.quantile(left, q)) for q in (0.5, 0.9))
    return FinishForecast(round(half), round(nine), _on_time(left, begin, deadline), basis)


@lru_cache(maxsize=256)
def _replay(seconds: bytes, start: bytes, zone: str) -> tuple[Band, NDArray[np.float64], int]:
    """Band of every run, likely run times of the last one, and how many runs that rests on.

    Kept by its input: a job is asked about after every commit and its runs rarely change.
    """
    took, began = np.frombuffer(seconds), np.frombuffer(start, np.int64)
    low, middle, high = (np.full(len(took), np.nan) for _ in range(3))
    model = Forecaster()
    waiting: list[tuple[float, int]] = []
    calendar = [features(float(time), zone) for time in began]
    for i, begin in enumerate(began):
        _learn(model, waiting, float(begin), took, calendar)
        low[i], middle[i], high[i] = model.band(*calendar[i])
        if math.isfinite(took[i]) and took[i] >= 0:
            heapq.heappush(waiting, (float(begin) + float(took[i]), i))
    sample = model.sample(*calendar[-1]) if calendar else np.zeros(0)
    for edge in (low, middle, high):
        edge.flags.writeable = False  # shared by all who ask
    return Band(low, middle, high, basis=model.count), sample, model.count


def _on_time(left: NDArray[np.float64], begin: int, deadline: int | None) -> float | None:
    """Share of the remaining run times that meet the deadline; Laplace's rule keeps it honest."""
    if deadline is None:
        return None
    meets = int(np.count_nonzero(begin + left <= deadline))
    return (meets + 0.5) / (left.size + 1)


def _learn(
    model: Forecaster,
    waiting: list[tuple[float, int]],
    until: float,
    seconds: NDArray[np.float64],
    calendar: list[tuple[NDArray[np.float64], int]],
) -> None:
    """Teach the model every waiting run that had ended by `until`, in the order they ended."""
    while waiting and waiting[0][0] <= until:
        _, i = heapq.heappop(waiting)
        vector, weekday = calendar[i]
        model.update(vector, weekday, float(seconds[i]))
