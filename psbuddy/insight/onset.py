"""Errors that rose while no normal is known: an application held against its own earlier minutes.

Only for hours of which `baseline` knows no normal yet: the first day of watching, the first
week-end. Two Poisson counts are compared by their likelihood ratio, one rate for both against one
for each (Li and Ma, "Analysis methods for results in gamma-ray astronomy", Astrophysical Journal
272, 1983, equation 17), divided by the scatter of the earlier minutes themselves (Pearson's
chi-square per degree of freedom; McCullagh and Nelder, "Generalized Linear Models", 1989, section
4.5): where errors come in bursts anyway, one more burst is no rise.

Time that was not observed is neither quiet nor loud; nor is time in which less was read than now.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from psbuddy.insight import evidence
from psbuddy.model.series import Times, Values

Array = NDArray[np.float64]

#: Observed seconds before an onset; observed seconds and records since.
MIN_BEFORE, MIN_SINCE, MIN_RECORDS = 7_200, 600, 20
#: Times the earlier rate below which nothing is a rise.
MIN_RATIO = 3.0
_PIECE = 300  # seconds that are looked at as one
_STILL = 2.0  # times the earlier rate that keep it going
_RECENT = (1_800, 7_200)  # least and most seconds that must look bad for it to go on
_LATELY = 6  # pieces; the best read one of them says how much is read now
_QUIET = 3_600  # observed seconds back to what it was that end it
_WHOLE = 0.95  # share of the logs read now that must have been read then


@dataclass(frozen=True, slots=True)
class Rise:
    """Errors above what the same application had before, from `since` to `until`."""

    since: int
    until: int
    records: int
    seconds: int  # observed between `since` and `until`
    before_records: int
    before_seconds: int  # observed before `since`
    unseen: int  # seconds just before `since` that were not observed
    ongoing: bool


class _Counts(NamedTuple):
    """Arrays (n,)."""

    records: Array
    seconds: Array  # observed

    def total(self, part: slice | NDArray[np.bool_]) -> tuple[float, float]:
        return float(self.records[part].sum()), float(self.seconds[part].sum())


class _Day(NamedTuple):
    """Buckets, and pieces of them on the raster of the clock, which moves with no visit."""

    fine: _Counts  # (n,) per bucket
    coarse: _Counts  # (m,) per piece
    piece: NDArray[np.int64]  # (n,) in which piece each bucket lies
    worst: Array  # (m,) most records of five minutes that end in a piece
    read: Array  # (m,) share of the logs that was read lately
    befores: dict[float, "_Before"]  # by that share


class _Before(NamedTuple):
    """What lies before each piece, of the time in which no less was read than lately."""

    alike: NDArray[np.bool_]  # (m,) pieces of such time
    total: _Counts  # (m,)
    scatter: Array  # (m,) chi-square per degree of freedom; 1 for Poisson's


class _Found(NamedTuple):
    since: int  # a bucket
    last: int  # the newest piece that looks bad
    before: tuple[float, float]  # records and seconds it is held against
    window: int  # pieces that must look bad for it to go on

    @property
    def base(self) -> float:
        """Records a second before it."""
        return self.before[0] / self.before[1]


def newest_rise(
    times: Times, counts: Values, observed: Values, step: int, begin: int = 0
) -> Rise | None:
    """The newest rise within a series of fine buckets (a minute to five, a day or so).

    `counts` (n,) are NaN where nothing was observed, `observed` (n,) is the share of the logs that
    was read. What lies before the time `begin` is only compared with.
    """
    seen = np.isfinite(counts)
    if counts[seen].sum() < MIN_RECORDS:
        return None
    day = _day(times, _Counts(np.where(seen, counts, 0.0), seen * float(step)), observed, step)
    first = int(day.piece[min(int(np.searchsorted(times, begin)), len(times) - 1)])
    found: _Found | None = None
    for at in range(first, len(day.read)):
        if not day.coarse.records[at]:
            continue
        if found is None or _quiet(day, found, at) >= _QUIET:
            found = _begun(day, first if found is None else found.last + 1, at) or found
        elif _goes_on(day, found, at):
            found = found._replace(last=at)
    return _told(times, day, found, step) if found else None


def significance(on: Array, off: Array, share: Array) -> Array:
    """Sigma by which `on` records in `share` (0..1) of the time lie above `off` in the rest.

    Li and Ma's equation 17; 0 where they do not lie above. Arrays of one shape.
    """
    total = on + off
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(on > 0, on * np.log(on / (total * share)), 0.0)
        gain += np.where(off > 0, off * np.log(off / (total * (1 - share))), 0.0)
        return np.where(on > total * share, np.sqrt(2 * np.maximum(gain, 0.0)), 0.0)


def _day(times: Times, fine: _Counts, observed: Values, step: int) -> _Day:
    _, starts, piece = np.unique(times // _PIECE, return_index=True, return_inverse=True)
    coarse = _Counts(*(np.add.reduceat(values, starts) for values in fine))
    read = np.add.reduceat(np.where(fine.seconds > 0, observed, 0.0), starts)
    share = read * step / np.maximum(coarse.seconds, step)
    lately = sliding_window_view(np.concatenate((np.zeros(_LATELY - 1), share)), _LATELY).max(
        axis=1
    )
    worst = np.maximum.reduceat(_rolling(fine.records, max(1, _PIECE // step)), starts)
    befores = {level: _before(coarse, share >= _WHOLE * level) for level in np.unique(lately)}
    return _Day(fine, coarse, piece, worst, lately, befores)


def _before(coarse: _Counts, alike: NDArray[np.bool_]) -> _Before:
    alike = alike & (coarse.seconds > 0)
    records, seconds = (np.where(alike, values, 0.0) for values in coarse)
    squares = np.divide(records**2, seconds, out=np.zeros(len(alike)), where=alike)
    total = _Counts(_earlier(records), _earlier(seconds))
    rate = np.maximum(total.records, 1.0) / np.maximum(total.seconds, 1.0)
    freedom = np.maximum(_earlier(alike.astype(np.float64)) - 1, 1.0)
    scatter = (_earlier(squares) / rate - total.records) / freedom
    return _Before(alike, total, np.maximum(scatter, 1.0))


def _rolling(values: Array, window: int) -> Array:
    """(n,) sum of each value and the `window` - 1 before it."""
    total = np.concatenate((np.zeros(window), np.cumsum(values)))
    return np.asarray(total[window:] - total[:-window])


def _begun(day: _Day, floor: int, at: int) -> _Found | None:
    """A rise that begins in the piece `floor` or later and lasts to the piece `at`."""
    onset = _onset(day, floor, at)
    if onset is None or (onset == floor and _was_high(day, onset, at)):
        return None
    before = day.befores[day.read[at]]
    records, seconds = day.coarse.total(slice(onset, at + 1))
    window = min(max(evidence.MIN_RECORDS * seconds / records, _RECENT[0]), _RECENT[1])
    held = float(before.total.records[onset]), float(before.total.seconds[onset])
    found = _Found(0, at, held, int(window) // _PIECE)
    near = np.flatnonzero((day.piece >= max(floor, onset - 1)) & (day.piece <= onset))
    some = max(_least(found), records / seconds / MIN_RATIO)
    since = int(near[0]) + _last_argmin(_drift(day.fine, some, near[0], near[-1])[:-1])
    buckets = np.arange(len(day.piece))
    lasted = day.fine.total((day.piece <= at) & (buckets >= since))
    if lasted[0] < MIN_RECORDS or lasted[1] < MIN_SINCE or not _goes_on(day, found, at):
        return None
    held = day.fine.total(before.alike[day.piece] & (buckets < since))
    return found._replace(since=since, before=held) if held[1] >= MIN_BEFORE else None


def _was_high(day: _Day, onset: int, at: int) -> bool:
    """Whether the half hour before had about as many: they rose earlier, in hours not asked for."""
    since = day.coarse.total(slice(onset, at + 1))
    before = day.coarse.total(slice(max(0, onset - _LATELY), onset))
    return MIN_RATIO * before[0] * since[1] > since[0] * before[1]


def _onset(day: _Day, floor: int, at: int) -> int | None:
    """The likeliest piece for a rise to begin that lasts to the piece `at`."""
    part = slice(floor, at + 1)
    on = _Counts(*(np.cumsum(values[part][::-1])[::-1] for values in day.coarse))
    before = day.befores[day.read[at]]
    off = _Counts(*(values[part] for values in before.total))
    enough = (
        (day.coarse.seconds[part] > 0)
        & (off.seconds >= MIN_BEFORE)
        & (on.seconds >= MIN_SINCE)
        & (on.records >= MIN_RECORDS)
        & (on.records * off.seconds >= MIN_RATIO * off.records * on.seconds)
    )
    if not enough.any():
        return None
    # A burst of five minutes alone is none: the rest of it must be more than before as well.
    lasting = on.records - np.maximum.accumulate(day.worst[part][::-1])[::-1]
    enough &= lasting >= evidence.MIN_RECORDS
    enough &= lasting * off.seconds >= MIN_RATIO * off.records * (on.seconds - _PIECE)
    share = on.seconds / np.maximum(on.seconds + off.seconds, 1.0)
    sigma = significance(on.records, off.records, share) / np.sqrt(before.scatter[part])
    sigma = np.where(enough, sigma, 0.0)
    place = _last_argmin(-sigma)
    return floor + place if sigma[place] >= evidence.ALARM_Z else None


def _goes_on(day: _Day, found: _Found, at: int) -> bool:
    """Whether the last of it, half of what is evidence at the least, is still clearly more."""
    records, seconds = day.coarse.total(slice(max(0, at + 1 - found.window), at + 1))
    return 2 * records >= evidence.MIN_RECORDS and records >= _STILL * found.base * seconds


def _quiet(day: _Day, found: _Found, at: int) -> float:
    """Observed seconds between the last bad piece and the piece `at`."""
    return float(day.coarse.seconds[found.last + 1 : at].sum())


def _told(times: Times, day: _Day, found: _Found, step: int) -> Rise:
    last = int(np.flatnonzero(day.piece <= found.last)[-1])
    peak = found.since + int(np.argmax(_drift(day.fine, _least(found), found.since, last)[1:]))
    records, seconds = day.fine.total(slice(found.since, peak + 1))
    unseen = int(np.argmax(np.append(day.fine.seconds[: found.since][::-1], step) > 0)) * step
    return Rise(
        since=int(times[found.since]),
        until=int(times[peak]) + step,
        records=round(records),
        seconds=round(seconds),
        before_records=round(found.before[0]),
        before_seconds=round(found.before[1]),
        unseen=unseen,
        ongoing=_quiet(day, found, len(day.read)) < _QUIET,
    )


def _least(found: _Found) -> float:
    """Records a second below which nothing is a rise."""
    return max(MIN_RATIO * found.base, evidence.MIN_RECORDS / 2 / (found.window * _PIECE))


def _drift(fine: _Counts, some: float, first: int, last: int) -> Array:
    """Running sum of the records above `some` a second, 0 at its begin."""
    part = slice(first, last + 1)
    above = fine.records[part] - some * fine.seconds[part]
    return np.concatenate(([0.0], np.cumsum(above)))


def _earlier(values: Array) -> Array:
    """(n,) sum of all values before each."""
    return np.cumsum(values) - values


def _last_argmin(values: Array) -> int:
    return len(values) - 1 - int(np.argmin(values[::-1]))
