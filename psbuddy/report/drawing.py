"""Small pictures inside an HTML report, as SVG made of numbers alone."""

import numpy as np

from psbuddy.model.series import Strip, Values
from psbuddy.model.terms import State

_SPARK_WIDTH, _SPARK_HEIGHT = 96, 18
_STRIP_WIDTH, _STRIP_HEIGHT = 480, 12


def spark(values: Values) -> str:
    """Bars from zero to the largest value; a dot on the ground where nothing was observed."""
    if not len(values):
        return ""
    seen = np.isfinite(values)
    top = float(values[seen].max()) if seen.any() else 0.0
    width = _SPARK_WIDTH / len(values)
    bars = []
    for i, (value, known) in enumerate(zip(values.tolist(), seen.tolist(), strict=True)):
        height = max(1.0, value / top * _SPARK_HEIGHT) if known and value > 0 else 0.0
        if not known:
            bars.append(_rect(i * width + width / 3, _SPARK_HEIGHT - 1, 1, 1, "i-unknown"))
        elif height:
            bars.append(_rect(i * width, _SPARK_HEIGHT - height, width * 0.8, height, "bar"))
    return _svg(_SPARK_WIDTH, _SPARK_HEIGHT, bars)


def strip(part: Strip, since: int, until: int) -> str:
    """Up, down and unknown over a range; down is drawn taller, so that it shows without colour."""
    scale = _STRIP_WIDTH / max(1, until - since)
    bars = []
    for interval in part.intervals:
        left, width = (interval.start - since) * scale, (interval.end - interval.start) * scale
        down = interval.state is State.DOWN
        inset = 0 if down else 3
        bars.append(
            _rect(
                left,
                inset,
                max(width, 1.0 if down else 0.2),
                _STRIP_HEIGHT - 2 * inset,
                f"i-{interval.state.value}",
            )
        )
    return _svg(_STRIP_WIDTH, _STRIP_HEIGHT, bars)


def _rect(x: float, y: float, width: float, height: float, style: str) -> str:
    return (
        f'<rect class="{style}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
    )


def _svg(width: int, height: int, parts: list[str]) -> str:
    return (
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'aria-hidden="true">{"".join(parts)}</svg>'
    )
