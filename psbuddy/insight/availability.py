"""Uptime strips: up, down and unknown, without holes; and what share of time they rest on."""

from collections.abc import Iterable, Mapping, Sequence

from psbuddy.model.series import Interval, Strip
from psbuddy.model.terms import State

Intervals = Sequence[Interval]

_SEEN = (State.UP, State.WATCH, State.DOWN)


def strips(
    hosts: Sequence[str],
    host_intervals: Mapping[str, Intervals],
    check_intervals: Mapping[str, Sequence[Intervals]],
    since: int,
    until: int,
) -> tuple[Strip, ...]:
    """One strip per host over [since, until).

    A host is down where it or any of its checks is; else up where it or a check says so; else
    unknown. `check_intervals`: host -> the intervals of each of its checks.
    """
    return tuple(
        strip(host, (host_intervals.get(host, ()), *check_intervals.get(host, ())), since, until)
        for host in hosts
    )


def strip(host: str, layers: Iterable[Intervals], since: int, until: int) -> Strip:
    """Merge layers of intervals into one strip without holes. The worst word of a moment wins."""
    events: list[tuple[int, int, State, str]] = []
    for layer in layers:
        for part in layer:
            start, end = max(part.start, since), min(part.end, until)
            if start < end:
                events.append((start, 1, part.state, part.reason))
                events.append((end, -1, part.state, part.reason))
    merged = _join(_sweep(events, since, until))
    up, down = _seconds(merged, State.UP), _seconds(merged, State.DOWN)
    return Strip(
        host=host,
        intervals=merged,
        availability=up / (up + down) if up + down else None,
        observed=(up + down) / (until - since) if until > since else 0.0,
    )


def coverage(intervals: Intervals, since: int, until: int) -> float | None:
    """Share 0..1 of [since, until) that was observed; None for an empty range."""
    return observed_seconds(intervals, since, until) / (until - since) if until > since else None


def observed_seconds(intervals: Intervals, since: int, until: int) -> int:
    """Seconds of [since, until) that observed intervals cover, each of them once.

    The one measure of what was observed: of shares, and of the hours that a normal takes.
    """
    return _seconds(strip("", (_observed(intervals),), since, until).intervals, State.UP)


def total(parts: Sequence[Strip]) -> tuple[float | None, float]:
    """Availability and observed share over several strips of one range, each weighing the same.

    What a host was not seen is in neither of up and down, so it lowers only the second figure.
    """
    if not parts:
        return None, 0.0
    observed = sum(part.observed for part in parts)
    up = sum(part.observed * part.availability for part in parts if part.availability is not None)
    return (up / observed if observed else None), observed / len(parts)


def _observed(intervals: Intervals) -> Intervals:
    return tuple(Interval(i.start, i.end, State.UP) for i in intervals if i.state in _SEEN)


def _sweep(events: list[tuple[int, int, State, str]], since: int, until: int) -> Iterable[Interval]:
    """Cut [since, until) where anything begins or ends, and give each piece its worst state."""
    open_: dict[tuple[State, str], int] = {}
    at = since
    for time, change, state, reason in sorted(events, key=lambda e: (e[0], e[1])):
        if time > at:
            yield Interval(at, time, *_worst(open_))
            at = time
        open_[state, reason] = open_.get((state, reason), 0) + change
    if at < until:
        yield Interval(at, until, *_worst(open_))


def _worst(open_: Mapping[tuple[State, str], int]) -> tuple[State, str]:
    there = [key for key, number in open_.items() if number > 0]
    for wanted in (State.DOWN, State.UP, State.WATCH, State.UNKNOWN, State.PAUSED):
        for state, reason in there:
            if state is wanted:
                return (State.UP if state is State.WATCH else state), reason
    return State.UNKNOWN, "not observed"


def _join(parts: Iterable[Interval]) -> tuple[Interval, ...]:
    joined: list[Interval] = []
    for part in parts:
        before = joined[-1] if joined else None
        if before and (before.state, before.reason) == (part.state, part.reason):
            joined[-1] = Interval(before.start, part.end, part.state, part.reason)
        else:
            joined.append(part)
    return tuple(joined)


def _seconds(parts: Intervals, state: State) -> int:
    return sum(part.end - part.start for part in parts if part.state is state)
