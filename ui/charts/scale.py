"""Value axes: where the ticks are and how a value becomes a height between 0 and 1.

Pure. Charts keep their vertical view fixed at 0..1 and scale the data, so two units can
share one plot (left and right axis) and a switch to a log scale moves no view.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: A log scale is offered when the largest value is this many times the smallest above zero.
LOG_RANGE = 100.0
#: Steps people read durations in, in seconds.
DURATION_STEPS = (
    *(0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600),
    *(7200, 10800, 21600, 43200, 86400, 172800, 432000, 864000),
)
#: A quarter of less than ten would need more digits than a label shows.
_QUARTER = 2.5
_MANTISSAS = (1.0, 2.0, _QUARTER, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A value axis from 0 (log: from `low`) to `high`. `ticks` ascend, at most 5."""

    high: float
    ticks: tuple[float, ...]
    low: float = 0.0
    log: bool = False

    def unit(self, values: ArrayLike) -> NDArray[np.float64]:
        """Heights 0..1 of `values`, same shape. NaN stays NaN; below `low` is 0."""
        array = np.asarray(values, dtype=np.float64)
        if not self.log:
            return array / self.high
        span = math.log10(self.high) - math.log10(self.low)
        floor = np.maximum(array, self.low)  # NaN passes through
        return (np.log10(floor) - math.log10(self.low)) / span


def _linear_step(high: float, parts: int) -> float:
    rough = high / parts
    power = 10.0 ** math.floor(math.log10(rough))
    steps = (m * power for m in _MANTISSAS if m != _QUARTER or power >= 1)
    return next(step for step in steps if step >= rough * (1 - 1e-9))


def _stepped(high: float, parts: int, steps: Sequence[float]) -> float:
    return next((s for s in steps if s * parts >= high), _linear_step(high, parts))


def linear(high: float, *, parts: int = 4, steps: Sequence[float] = ()) -> Scale:
    """Scale from 0 to the first tick at or above `high`, in at most `parts` steps."""
    if not math.isfinite(high) or high <= 0:
        high = 1.0
    step = _stepped(high, parts, steps) if steps else _linear_step(high, parts)
    count = max(1, math.ceil(high / step - 1e-9))
    return Scale(high=count * step, ticks=tuple(step * i for i in range(count + 1)))


def logarithmic(smallest: float, high: float) -> Scale:
    """Log scale of whole decades around [smallest, high], both above zero; at most 5 ticks."""
    first = math.floor(math.log10(smallest))
    last = max(first + 1, math.ceil(math.log10(high) - 1e-9))
    every = math.ceil((last - first) / 4)
    ticks = tuple(10.0**e for e in range(first, last + 1, every))
    return Scale(high=10.0**last, ticks=ticks, low=10.0**first, log=True)


def extent(arrays: Sequence[NDArray[np.float64]]) -> tuple[float, float]:
    """(smallest above zero, largest) of all finite values; (0, 0) when there are none."""
    finite = [a[np.isfinite(a) & (a > 0)] for a in arrays]
    values = np.concatenate(finite) if finite else np.empty(0)
    return (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)


def wants_log(smallest: float, largest: float) -> bool:
    return smallest > 0 and largest / smallest > LOG_RANGE


def tick_texts(scale: Scale) -> tuple[str, ...]:
    """Labels with as many digits as tell neighbouring ticks apart."""
    if scale.log:
        return tuple(_figure(tick, tick) for tick in scale.ticks)
    step = scale.ticks[1] - scale.ticks[0]
    return tuple(_figure(tick, step) for tick in scale.ticks)


def _figure(value: float, step: float) -> str:
    if not value:
        return "0"
    digits = next((d for d in range(9) if abs(round(step, d) - step) < step * 1e-6), 9)
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text
