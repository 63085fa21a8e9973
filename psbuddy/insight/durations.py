"""How long a run should take, said before it starts, and when a running one will end."""

import heapq
import math
from dataclasses import dataclass

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
    low, middle, high = (np.full(len(seconds), np.nan) for _ in range(3))
    model = Forecaster()
    waiting: list[tuple[float, int]] = []
    calendar = [features(float(time), zone) for time in start]
    for i, begin in enumerate(start):
        _learn(model, waiting, float(begin), seconds, calendar)
        low[i], middle[i], high[i] = model.band(*calendar[i])
        if math.isfinite(seconds[i]) and seconds[i] >= 0:
            heapq.heappush(waiting, (float(begin) + float(seconds[i]), i))
    return Band(low, middle, high, basis=model.count + len(waiting))


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
    model = Forecaster()
    ended = [
        (float(s + t), i)
        for i, (s, t) in enumerate(zip(start, seconds, strict=True))
        if math.isfinite(t) and t >= 0 and s + t <= min(begin, now)
    ]
    heapq.heapify(ended)
    calendar = {i: features(float(start[i]), zone) for _, i in ended}
    _learn(model, ended, math.inf, seconds, calendar)
    likely = model.sample(*features(float(begin), zone))
    if not likely.size:
        return FinishForecast(None, None, None, model.count)
    left = likely[likely > now - begin]
    if not left.size:
        on_time = 0.0 if deadline is not None and now > deadline else None
        return FinishForecast(None, None, on_time, model.count, beyond=True)
    half, nine = (begin + float(np.quantile(left, q)) for q in (0.5, 0.9))
    return FinishForecast(round(half), round(nine), _on_time(left, begin, deadline), model.count)


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
    calendar: "dict[int, tuple[NDArray[np.float64], int]] | list[tuple[NDArray[np.float64], int]]",
) -> None:
    """Teach the model every waiting run that had ended by `until`, in the order they ended."""
    while waiting and waiting[0][0] <= until:
        _, i = heapq.heappop(waiting)
        vector, weekday = calendar[i]
        model.update(vector, weekday, float(seconds[i]))
