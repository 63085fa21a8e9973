"""Which host is due when: intervals, back-off, hosts that wait for a person. No clock inside.

`now` is always a monotonic time in seconds, handed in: a wall clock that jumps moves nothing.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_QUICK_RETRY = 10.0  # a dropped connection deserves a second try soon
_LONGEST_BACK_OFF = 900.0
_JITTER = 0.2
#: Applications due within this many seconds share a visit.
_TOGETHER = 2.0
#: Between hosts that are due at once: it keeps their order and nothing else.
_APART = 1e-6


@dataclass(slots=True)
class _Host:
    intervals: dict[str, int]
    due: dict[str, float]
    failures: int = 0
    not_before: float = 0.0
    waits_for_person: bool = False
    answered: bool = False
    asked_for: bool = False  # by a person, by its name
    visited: set[str] = field(default_factory=set)  # applications of the visit under way


class Schedule:
    """Owned by one thread."""

    def __init__(self, seed: int | None = None) -> None:
        self._hosts: dict[str, _Host] = {}
        self._random = random.Random(seed)  # noqa: S311 - spreads load, protects nothing

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(self._hosts)

    def plan(self, intervals: Mapping[str, Mapping[str, int]], now: float) -> None:
        """Host -> application -> seconds between visits. What is new is due at once, in the order
        it is given.

        A changed catalogue may be what a waiting host waited for, so nobody waits any more.
        """
        planned: dict[str, _Host] = {}
        for place, (host, wanted) in enumerate(intervals.items()):
            known = self._hosts.get(host) or _Host({}, {})
            new = now - (len(intervals) - place) * _APART
            known.due = {
                app: min(known.due.get(app, new), now + seconds) for app, seconds in wanted.items()
            }
            known.intervals = dict(wanted)
            known.waits_for_person = False
            planned[host] = known
        self._hosts = planned

    def due(self, now: float) -> tuple[str, ...]:
        """Hosts to visit now: those a person asked for, then the longest overdue. Those under way
        are not left out."""
        ready = [
            (not host.asked_for, min(host.due.values()), name)
            for name, host in self._hosts.items()
            if host.due and self._may_go(host, now) and min(host.due.values()) <= now
        ]
        return tuple(name for _, _, name in sorted(ready))

    def begin(self, host: str, now: float) -> tuple[str, ...]:
        """A visit begins: the applications it is for."""
        state = self._hosts[host]
        state.asked_for = False
        state.visited = {app for app, due in state.due.items() if due <= now + _TOGETHER}
        return tuple(app for app in state.intervals if app in state.visited)

    def succeeded(self, host: str, now: float, again_in: float | None = None) -> None:
        """The visit was good. `again_in`: seconds after which there is more to read."""
        state = self._hosts.get(host)
        if state is None:  # left the catalogue meanwhile
            return
        state.failures, state.not_before, state.answered = 0, 0.0, True
        for app in state.visited & state.intervals.keys():
            wait = state.intervals[app] if again_in is None else again_in
            state.due[app] = now + wait
        state.visited = set()

    def failed(self, host: str, now: float, *, needs_person: bool = False) -> float:
        """The visit failed: seconds until the next try (0 when a person must act first)."""
        state = self._hosts.get(host)
        if state is None:
            return 0.0
        state.visited = set()
        state.failures += 1
        state.waits_for_person = needs_person
        if needs_person:
            return 0.0
        wait = self._back_off(min(state.intervals.values(), default=60), state.failures)
        state.not_before = now + wait
        for app in state.due:
            state.due[app] = min(state.due[app], state.not_before)
        return wait

    def want(self, host: str, now: float, *, first: bool = False) -> bool:
        """A person wants this host now, whatever happened before; False when it is unknown.

        `first`: before all others.
        """
        state = self._hosts.get(host)
        if state is None:
            return False
        state.waits_for_person, state.not_before, state.asked_for = False, 0.0, first
        state.due = dict.fromkeys(state.due, now)
        return True

    def hasten(self, hosts: Iterable[str], now: float, spread: float = 0.0) -> None:
        """There is reason to try these soon; those who wait for a person still wait."""
        for host in hosts:
            state = self._hosts.get(host)
            if state is not None:
                soon = now + self._random.uniform(0.0, spread)
                state.not_before = min(state.not_before, soon)
                state.due = {app: min(due, soon) for app, due in state.due.items()}

    def want_all(self, now: float, spread: float = 0.0) -> None:
        """Everything is due (the machine slept); those who wait for a person still wait."""
        for state in self._hosts.values():
            state.not_before = now + self._random.uniform(0.0, spread)
            state.due = dict.fromkeys(state.due, now)

    def interval(self, host: str) -> int:
        """Shortest time between two visits of a host, in seconds; 0 for one that has none."""
        state = self._hosts.get(host)
        return min(state.intervals.values(), default=0) if state else 0

    def applications(self, host: str) -> tuple[str, ...]:
        """What a host is visited for."""
        state = self._hosts.get(host)
        return tuple(state.intervals) if state else ()

    def is_asked_for(self, host: str) -> bool:
        """Whether a person waits for this host, by its name."""
        state = self._hosts.get(host)
        return state is not None and state.asked_for

    def answers(self, host: str) -> bool:
        """Whether its last visit was good; False for one that was never visited."""
        state = self._hosts.get(host)
        return state is not None and state.answered and not state.failures

    def waiting_for_person(self) -> tuple[str, ...]:
        return tuple(name for name, host in self._hosts.items() if host.waits_for_person)

    def failing(self) -> tuple[str, ...]:
        return tuple(name for name, host in self._hosts.items() if host.failures)

    def _may_go(self, host: _Host, now: float) -> bool:
        return not host.waits_for_person and host.not_before <= now

    def _back_off(self, interval: int, failures: int) -> float:
        if failures == 1:
            wait = min(float(interval), _QUICK_RETRY)
        else:
            longest = max(_LONGEST_BACK_OFF, float(interval))
            wait = min(interval * 2.0 ** min(failures - 2, 20), longest)
        return wait * self._random.uniform(1 - _JITTER, 1 + _JITTER)
