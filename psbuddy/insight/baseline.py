"""What is normal for error counts, and since when they are not.

Counts are not Gaussian. The rate of each hour of the week is a Gamma-Poisson estimate, shrunk
to that hour of such days (workdays, weekends) and that to the overall rate, so that a short
history gives a cautious answer instead of a wild one; an hour that no such day has shown yet
has no normal. Limits are those of `evidence`. An excursion is told once, as one episode.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from psbuddy.insight import evidence
from psbuddy.model.series import Band, Values
from psbuddy.words import local

Array = NDArray[np.float64]

#: Observed hours before anything is called normal.
MIN_HOURS = 24.0

_HOURS_A_WEEK = 168
_KEEP_WEEK, _KEEP_DAY, _KEEP_ALL = 0.8, 0.93, 0.997  # what an observed hour leaves of the old
_TRUST_WEEK, _TRUST_DAY = 2.0, 3.0  # hours of evidence the wider estimate is worth
_COVERED = 0.5  # hours of a kind of day, from which an hour of it is known
_BAND_Z = 2.0
_ONSET_RATIO = 1.5
_WINDOW = 1_800  # seconds that must look bad just now
_WINDOWS = (1_800, 7_200, 21_600)  # seconds, one of which must hold more than chance allows
_QUIET = 3_600  # seconds back to normal that end it


@dataclass(frozen=True, slots=True)
class Episode:
    """Errors above normal from `since` until now (`ongoing`) or until `until`."""

    since: int
    until: int
    ratio: float  # errors of the episode over what is normal for it
    records: int
    per_minute: float
    normal_per_minute: float
    ongoing: bool


class Baseline:
    """Learns an hourly rate per hour of the week. Feed it in the order of time."""

    def __init__(self) -> None:
        self.hours = 0.0  # learnt from
        self.observed = 0.0  # hours observed, those too that teach nothing yet
        self._week = np.zeros((2, _HOURS_A_WEEK))  # records, hours
        self._day = np.zeros((2, 48))  # of workdays, of weekends
        self._all = [0.0, 0.0]
        self._phi = evidence.PHI

    @property
    def known(self) -> bool:
        return max(self.hours, self.observed) >= MIN_HOURS

    def seen(self, hours: float) -> "Baseline":
        """The same after so many observed hours, however many of them it was taught."""
        twin = self.copy()
        twin.observed = hours
        return twin

    def copy(self) -> "Baseline":
        """One that can be taught further without changing this one."""
        twin = Baseline()
        twin.hours, twin.observed = self.hours, self.observed
        twin._phi, twin._all = self._phi, list(self._all)
        twin._week, twin._day = self._week.copy(), self._day.copy()
        return twin

    def rate(self, slot: int) -> float:
        """Expected errors an hour in hour-of-week `slot`; NaN while too little is known."""
        records, hours = self._day[:, _hour_of_day(slot)]
        if not self.known or hours < _COVERED:
            return math.nan
        overall = (self._all[0] + 0.1) / (self._all[1] + 1)
        of_day = (records + _TRUST_DAY * overall) / (hours + _TRUST_DAY)
        if hours < _TRUST_DAY:  # seen once or twice: its own peak is no alarm tomorrow
            of_day = max(of_day, records / hours)
        records, hours = self._week[:, slot]
        return float((records + _TRUST_WEEK * of_day) / (hours + _TRUST_WEEK))

    def limit(self, mean: float, z: float) -> float:
        """Upper limit of a count with this mean."""
        return evidence.limit(mean, z, self._phi)

    def limits(self, means: Array, z: float) -> Array:
        """`limit` of many means."""
        return np.asarray(means + z * np.sqrt(means + self._phi * means * means) + 0.5)

    def learn(self, slot: int, records: float, hours: float) -> None:
        """Take in what was counted in `hours` observed hours of `slot`. NaN teaches nothing."""
        if not hours > 0 or not math.isfinite(records):
            return
        mean = self.rate(slot) * hours
        if mean > 0:
            # An incident is not the new normal: it counts, but bounded.
            records = min(records, 2 * self.limit(mean, evidence.ALARM_Z))
            excess = ((records - mean) ** 2 - mean) / max(mean * mean, 1.0)
            self._phi = max(0.0, self._phi + 0.01 * hours * (min(4.0, excess) - self._phi))
        for table, place, keep in (
            (self._week, slot, _KEEP_WEEK),
            (self._day, _hour_of_day(slot), _KEEP_DAY),
        ):
            table[:, place] *= keep**hours
            table[0, place] += records
            table[1, place] += hours
        fade = _KEEP_ALL**hours
        self._all = [self._all[0] * fade + records, self._all[1] * fade + hours]
        self.hours += hours


def _hour_of_day(slot: int) -> int:
    """0..23 on a workday, 24..47 at a weekend."""
    return slot % 24 + (24 if slot >= 5 * 24 else 0)


def slots(times: NDArray[np.int64], zone: str = "") -> NDArray[np.int64]:
    """(n,) hour of the week 0..167 (Monday 00:00 = 0) in a zone; offsets looked up per day."""
    days = times // 86_400
    unique = np.unique(days)
    offsets = [_offset(int(day) * 86_400 + 43_200, zone) for day in unique]
    offset = np.array(offsets, dtype=np.int64)[np.searchsorted(unique, days)]
    return ((times + offset) // 3_600 + 72) % _HOURS_A_WEEK  # 1 Jan 1970 was a Thursday


def learn(
    times: NDArray[np.int64], counts: Values, step: int, observed: Values | None = None,
    zone: str = "",
) -> Baseline:  # fmt: skip
    """Baseline after a series of buckets; `observed` is the share 0..1 of each one."""
    baseline = Baseline()
    places = slots(times, zone)
    hours = _hours(counts, step, observed)
    for slot, records, hour in zip(places.tolist(), counts.tolist(), hours.tolist(), strict=True):
        baseline.learn(slot, records, hour)
    return baseline


def normal_band(
    times: NDArray[np.int64],
    counts: Values,
    step: int,
    *,
    observed: Values | None = None,
    before: Baseline | None = None,
    zone: str = "",
) -> Band:
    """Normal errors per bucket, each from what was counted before it.

    Arrays (n,), NaN counts were not observed. `before`: a baseline of the time before the
    series, left as it is. NaN until 24 observed hours are known, and such an hour of such a day
    is among them. Steps over an hour are expected to hold the mean of the hours they span.
    """
    baseline = before.copy() if before else Baseline()
    places = slots(times, zone).tolist()
    hours = _hours(counts, step, observed).tolist()
    middle, high = np.full(len(times), np.nan), np.full(len(times), np.nan)
    width = step / 3_600
    for i, (records, hour) in enumerate(zip(counts.tolist(), hours, strict=True)):
        if baseline.known:
            middle[i] = mean = _mean(baseline, places[i], step) * width
            high[i] = baseline.limit(mean, _BAND_Z)
        _spread(baseline, places[i], step, records, hour)
    low = np.maximum(0.0, 2 * middle - high)
    return Band(low, middle, high, basis=int(baseline.hours))


def rate_now(
    times: NDArray[np.int64], counts: Values, step: int, window: int = 900
) -> float | None:
    """Errors a minute over the last `window` seconds that were observed; None without any."""
    seen = np.isfinite(counts)
    recent = seen & (times >= times[-1] + step - window) if times.size else seen
    if not recent.any():
        return None
    return float(counts[recent].sum() / (np.count_nonzero(recent) * step / 60))


def expected(baseline: Baseline, times: NDArray[np.int64], step: int, zone: str = "") -> Values:
    """(n,) expected errors per bucket of `step` seconds, an hour at most; NaN when not known."""
    table = np.array([baseline.rate(slot) for slot in range(_HOURS_A_WEEK)])
    return np.asarray(table[slots(times, zone)] * (step / 3_600), dtype=np.float64)


def last_episode(
    baseline: Baseline, times: NDArray[np.int64], counts: Values, step: int, zone: str = ""
) -> Episode | None:
    """The newest episode within a series of fine buckets (a minute to five, a day or so).

    Begins where half an hour, two or six hold more than chance allows, at least 10 records and
    twice the normal; its onset is the last low of the running sum of (records - 1.5 normal).
    Ends after an hour back to normal. None without one or while no normal is known.
    """
    if not baseline.known or not times.size:
        return None
    normal = expected(baseline, times, step, zone)
    bad = _still_bad(baseline, counts, normal, step)
    seen = np.isfinite(counts) & np.isfinite(normal)
    records, normal = np.where(seen, counts, 0.0), np.where(seen, normal, 0.0)
    alarms = bad & _beyond(baseline, records, normal, step)
    if not alarms.any():
        return None
    first, last = _last_stretch(alarms, max(1, (_QUIET + _WINDOW) // step))
    drift = np.cumsum(records - _ONSET_RATIO * normal)
    floor = max(0, first - 2 * _WINDOWS[-1] // step)
    onset = floor + _last_argmin(np.concatenate(([0.0], drift))[floor : first + 1])
    peak = onset + int(np.argmax(drift[onset : last + 1]))
    total, usual = (float(values[onset : peak + 1].sum()) for values in (records, normal))
    minutes = (peak + 1 - onset) * step / 60
    return Episode(
        since=int(times[onset]),
        until=int(times[peak]) + step,
        ratio=total / usual if usual > 0 else math.inf,
        records=round(total),
        per_minute=total / minutes,
        normal_per_minute=usual / minutes,
        ongoing=len(times) - 1 - last < max(1, _QUIET // step),
    )


def _still_bad(baseline: Baseline, counts: Values, normal: Array, step: int) -> NDArray[np.bool_]:
    """(n,) where the last half hour lies above the band, or nothing was seen of it.

    Hours without a normal are held against the last one that was known: what ended there is over.
    """
    last = np.maximum.accumulate(np.where(np.isfinite(normal), np.arange(len(normal)), 0))
    seen = np.isfinite(counts)
    held = np.where(seen, np.nan_to_num(normal[last]), 0.0)
    short = max(1, _WINDOW // step)
    records, means = _window_sum(np.where(seen, counts, 0.0), short), _window_sum(held, short)
    high = (records >= _ONSET_RATIO * means) & (records > baseline.limits(means, _BAND_Z))
    return np.asarray(high | (_window_sum(seen.astype(np.float64), short) == 0))


def _beyond(baseline: Baseline, records: Array, normal: Array, step: int) -> NDArray[np.bool_]:
    """(n,) where some window up to a bucket is beyond chance."""
    beyond = np.zeros(len(records), dtype=np.bool_)
    for seconds in _WINDOWS:
        window = max(1, seconds // step)
        sums, means = _window_sum(records, window), _window_sum(normal, window)
        enough = (sums >= evidence.MIN_RECORDS) & (sums >= evidence.MIN_RATIO * means)
        beyond |= enough & (sums > baseline.limits(means, evidence.ALARM_Z))
    return beyond


def _window_sum(values: Array, window: int) -> Array:
    """(n,) sum of each value and the `window` - 1 before it."""
    total = np.concatenate(([0.0], np.cumsum(values)))
    ends = np.arange(1, len(values) + 1)
    return np.asarray(total[ends] - total[np.maximum(0, ends - window)])


def _last_stretch(alarms: NDArray[np.bool_], patience: int) -> tuple[int, int]:
    """First and last index of the newest group of alarms not parted by `patience` quiet ones."""
    places = np.flatnonzero(alarms)
    breaks = np.flatnonzero(np.diff(places) > patience)
    return int(places[breaks[-1] + 1] if breaks.size else places[0]), int(places[-1])


def _last_argmin(values: Array) -> int:
    return len(values) - 1 - int(np.argmin(values[::-1]))


def _offset(time: int, zone: str) -> int:
    east = local(time, zone).utcoffset()
    return int(east.total_seconds()) if east is not None else 0


def _hours(counts: Values, step: int, observed: Values | None) -> Array:
    share = np.isfinite(counts).astype(np.float64) if observed is None else observed
    return np.asarray(np.where(np.isfinite(counts), share, 0.0) * (step / 3_600))


def _mean(baseline: Baseline, slot: int, step: int) -> float:
    """Rate an hour over the hours that a bucket spans; of a long one every few hours."""
    places = _places(slot, step)
    return sum(baseline.rate(place) for place in places) / len(places)


def _spread(baseline: Baseline, slot: int, step: int, records: float, hours: float) -> None:
    """Teach a bucket; a wide one teaches the hours that stand for it their part."""
    places = _places(slot, step)
    for place in places:
        baseline.learn(place, records / len(places), hours / len(places))


def _places(slot: int, step: int) -> list[int]:
    span = min(_HOURS_A_WEEK, max(1, step // 3_600))
    return [(slot + k) % _HOURS_A_WEEK for k in range(0, span, max(1, span // 4))]
