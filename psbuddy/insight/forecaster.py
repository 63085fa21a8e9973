"""One job's run-time forecaster: several simple centres, weighted by how well they did so far.

No single rule wins on every job, so last value, medians, smoothed means and a calendar level
run side by side (exponentially weighted forecasters with forgetting: Cesa-Bianchi and Lugosi,
"Prediction, Learning, and Games", 2006, chapter 2). The band around them is conformal, adapted
on each side by itself (Gibbs and Candes, "Adaptive conformal inference under distribution
shift", NeurIPS 2021). All in logarithms: what doubles, doubles at 3 s and at 3 h.
"""

import math
from bisect import bisect_left, insort
from collections import deque
from statistics import median

import numpy as np
from numpy.typing import NDArray

from psbuddy.insight.calendar import FEATURES

Array = NDArray[np.float64]

#: Runs that must have ended before anything is expected of the next one.
MIN_RUNS = 5
#: Runs a forecast rests on at most.
HISTORY = 365

_SIDE = 0.025  # share meant to fall outside the band on each side
_STEP = 0.006  # how fast each side learns
_ETA = 0.6  # how sharply better centres are preferred
_FORGET = 0.97  # memory of the centres' losses, about 30 runs
_KEEP = 0.999  # what a run leaves of the calendar's memory
_FLOOR_S = 0.5  # shorter runs count as this: logarithms of nothing mean nothing


class _Calendar:
    """Levels adjusted for weekday, hour, month end: recursive ridge regression that forgets.

    Several levels, each with effects of its own, follow at different speeds; what the features
    have shown so far is one matrix for all of them.
    """

    _GAINS = np.array((0.15, 0.05, 0.4))

    def __init__(self) -> None:
        self.effects = np.zeros((len(self._GAINS), FEATURES))
        self.covariance = np.eye(FEATURES) * 0.4
        self.levels = np.full(len(self._GAINS), np.nan)

    def predict(self, features: Array) -> Array:
        """(3,) expected log seconds, NaN before the first run."""
        return np.asarray(self.levels + self.effects @ features)

    def update(self, features: Array, value: float, scale: float) -> None:
        if math.isnan(self.levels[0]):
            self.levels[:] = value
            return
        error = value - self.predict(features)
        pc = self.covariance @ features
        gain = pc / (_KEEP + float(features @ pc))
        self.effects += np.outer(np.clip(error, -3 * scale, 3 * scale), 0.8 * gain)
        self.covariance = (self.covariance - np.outer(gain, pc)) / _KEEP
        np.minimum(self.covariance, 1.0, out=self.covariance)
        self.levels += self._GAINS * np.clip(error, -4 * scale, 4 * scale)


class Forecaster:
    """Feed it runs in the order they ended; ask it before the next one starts."""

    def __init__(self) -> None:
        self.count = 0
        self._values: deque[float] = deque(maxlen=HISTORY)
        self._weekday: dict[int, deque[float]] = {}
        self._fast = self._slow = math.nan
        self._calendar = _Calendar()
        self._losses: Array = np.zeros(0)
        self._residuals: deque[float] = deque(maxlen=200)
        self._ordered: list[float] = []  # the same, ascending
        self._sides = [_SIDE, _SIDE]  # below, above
        self._scale = 0.1

    def centre(self, features: Array, weekday: int) -> float:
        """Expected log seconds of a run with these calendar features; NaN before MIN_RUNS."""
        if self.count < MIN_RUNS:
            return math.nan
        centres = self._centres(features, weekday)
        return self._combine(centres)

    def band(self, features: Array, weekday: int) -> tuple[float, float, float]:
        """(low, middle, high) in seconds, NaN before MIN_RUNS. 95 % of runs are meant inside."""
        middle = self.centre(features, weekday)
        if math.isnan(middle):
            return math.nan, math.nan, math.nan
        low, high = self._reach()
        return math.exp(middle + low), math.exp(middle), math.exp(middle + high)

    def sample(self, features: Array, weekday: int) -> Array:
        """Likely run times in seconds, ascending: the centre with every error seen so far."""
        middle = self.centre(features, weekday)
        if math.isnan(middle):
            return np.zeros(0)
        return np.exp(middle + np.array(self._ordered))

    def update(self, features: Array, weekday: int, seconds: float) -> None:
        """Learn from a run that has ended well."""
        value = math.log(max(seconds, _FLOOR_S))
        if self.count >= MIN_RUNS:
            self._score(features, weekday, value)
        self._remember(features, weekday, value)

    def _score(self, features: Array, weekday: int, value: float) -> None:
        centres = self._centres(features, weekday)
        residual = value - self._combine(centres)
        low, high = self._reach()
        for side, outside in ((0, residual < low), (1, residual > high)):
            moved = self._sides[side] + _STEP * (_SIDE - outside)
            self._sides[side] = max(0.002, min(0.08, moved))
        losses = np.minimum(np.abs(centres - value) / self._scale, 4.0)
        self._losses = losses if not self._losses.size else self._losses * _FORGET + losses
        self._keep(residual)
        self._scale += 0.05 * (min(abs(residual), 4 * self._scale) - self._scale)
        self._scale = max(self._scale, 0.003)

    def _remember(self, features: Array, weekday: int, value: float) -> None:
        self.count += 1
        self._values.append(value)
        self._weekday.setdefault(weekday, deque(maxlen=5)).append(value)
        first = math.isnan(self._fast)
        self._fast = value if first else self._fast + 0.3 * (value - self._fast)
        self._slow = value if first else self._slow + 0.1 * (value - self._slow)
        if self.count == MIN_RUNS:
            middle = median(self._values)
            self._scale = max(0.01, median(abs(v - middle) for v in self._values))
            for v in self._values:
                self._keep(v - middle)
        self._calendar.update(features, value, max(self._scale, 0.02))

    def _keep(self, residual: float) -> None:
        if len(self._residuals) == self._residuals.maxlen:
            del self._ordered[bisect_left(self._ordered, self._residuals[0])]
        self._residuals.append(residual)
        insort(self._ordered, residual)

    def _centres(self, features: Array, weekday: int) -> Array:
        values = list(self._values)
        same_day = self._weekday.get(weekday)
        deep = median(values[-20:])
        return np.array(
            (
                values[-1],
                median(values[-3:]),
                median(values[-7:]),
                deep,
                self._fast,
                self._slow,
                median(same_day) if same_day and len(same_day) > 2 else deep,
                *self._calendar.predict(features).tolist(),
            )
        )

    def _combine(self, centres: Array) -> float:
        if not self._losses.size:
            return float(np.median(centres))
        weights = np.exp(-_ETA * (self._losses - self._losses.min()))
        return float(weights @ centres / weights.sum())

    def _reach(self) -> tuple[float, float]:
        """Log distance of the lower and the upper edge from the centre."""
        ordered = self._ordered
        n = len(ordered)
        low = _quantile(ordered, self._sides[0] * (n - 1) / n)
        high = _quantile(ordered, 1 - self._sides[1] * (n - 1) / n)
        # Few runs show too little of the tail: widen as a t quantile is wider than a normal one.
        few = 1 + 6.0 / n
        least = 1.5 * self._scale if n < 40 else 0.0
        return min(low * few, -least), max(high * few, least)


def _quantile(ordered: list[float], share: float) -> float:
    """Linear quantile of an ascending list."""
    place = max(0.0, min(1.0, share)) * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
