"""Is it them or is it us? Watches what visits tell of the ways to hosts, and says it once.

Belongs to the conductor's thread. While a way is down its hosts carry the way's reason, one of
them is tried often, and all of them as soon as it is back.
"""

import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from collectors import events
from collectors.errors import CollectError, DeadlineError, TurnError, UnreachableError
from collectors.schedule import Schedule
from psbuddy.insight.path import Down, Try, Way, back_words, down_words, judge, leads, reason
from psbuddy.model.observation import Observation
from psbuddy.model.terms import Stage

#: A way is tried with one of its hosts at least this often while it is down.
PROBE_SECONDS = 15.0
#: The first losses of a round are not all of it: so long is waited before it is told.
SETTLE_SECONDS = 3.0
#: Hosts of a way that is back, visited per second: their jump host has just come up, too.
_BACK_PER_SECOND = 20.0
_BEFORE_SSH = (Stage.RESOLVE, Stage.TCP, Stage.BANNER, Stage.KEX)


class PathDesk:
    """`ways`: how hosts are reached, as far as it is known; those that need no network are not
    in it."""

    def __init__(
        self,
        schedule: Schedule,
        ways: Mapping[str, Way],
        emit: Callable[[events.Event], None],
    ) -> None:
        self._schedule = schedule
        self._ways = ways
        self._emit = emit
        self._tries: dict[str, Try] = {}
        self._down: dict[tuple[str, str], Down] = {}
        self._found: dict[tuple[str, str], float] = {}  # when each was noticed
        self._told: dict[tuple[str, str], tuple[int, int]] = {}  # hosts and applications, as told
        self._probed: dict[tuple[str, str], float] = {}
        self._turns = itertools.count()

    def visited(
        self, observation: Observation, error: CollectError | None, now: float
    ) -> Observation:
        """Take note of a visit that ends at `now` (monotonic); its reason where it is the way's."""
        host = observation.host
        way = self._ways.get(host)
        lost = is_loss(error)
        if way is None or lost is None:
            return observation
        known = self._tries.get(host)
        if not (lost and known is not None and known.lost):  # else it is lost since long before
            since = now - observation.seconds if lost else now
            known = Try(host, way, since, lost)
        self._tries[host] = known
        down = self.down_on(host, way) if lost else None
        if down is None:
            return observation
        return replace(observation, detail=f"{reason(down)} {observation.detail}")

    def tick(self, now: float) -> None:
        """Judge, tell, probe. Costs nothing while no host is lost."""
        if self._down or any(each.lost for each in self._tries.values()):
            planned = set(self._schedule.hosts)
            self._tries = {h: each for h, each in self._tries.items() if h in planned}
            self._adopt(judge(self._tries.values(), self._down.values()), now)
        for key, down in self._down.items():
            if now - self._found[key] >= SETTLE_SECONDS:
                self._tell(key, down, now)
            if now - self._probed.get(key, now - PROBE_SECONDS) >= PROBE_SECONDS:
                self._probed[key] = now
                hosts = sorted(down.hosts)
                self._schedule.hasten((hosts[next(self._turns) % len(hosts)],), now)

    def network_changed(self, now: float) -> None:
        """Another network: whatever was lost may be reached now."""
        self._hasten([each.host for each in self._tries.values() if each.lost], now)

    def down_on(self, host: str, way: Way) -> Down | None:
        """What is down on the way to a host."""
        for down in self._down.values():
            if host in down.hosts or leads(down, way):
                return down
        return None

    def _adopt(self, found: tuple[Down, ...], now: float) -> None:
        before, self._down = self._down, {each.key: each for each in found}
        for key in self._down.keys() - before.keys():
            self._found[key] = now
        for key in before.keys() - self._down.keys():
            self._over(before[key], now)

    def _over(self, down: Down, now: float) -> None:
        """A way is back, or part of what is down now."""
        told = self._told.pop(down.key, None)
        self._found.pop(down.key)
        self._probed.pop(down.key, None)
        hosts = [self._tries[host] for host in down.hosts if host in self._tries]
        back = any(not each.lost for each in hosts)
        if back:
            self._hasten([each.host for each in hosts if each.lost], now)
        if told is not None:
            self._emit(events.path_over(down, back_words(down) if back else ""))

    def _hasten(self, hosts: list[str], now: float) -> None:
        self._schedule.hasten(hosts, now, spread=len(hosts) / _BACK_PER_SECOND)

    def _tell(self, key: tuple[str, str], down: Down, now: float) -> None:
        apps = {app for host in down.hosts for app in self._schedule.applications(host)}
        counts = len(down.hosts), len(apps)
        if self._told.get(key) == counts:
            return
        since = round(time.time() - (now - down.since))
        first = key not in self._told
        self._told[key] = counts
        self._emit(events.path_down(down, down_words(down, len(apps)), since, len(apps), first))


def is_loss(error: CollectError | None) -> bool | None:
    """Whether the way failed; None where a visit says nothing of it."""
    if error is None:
        return False
    if isinstance(error, TurnError):
        return None
    if isinstance(error, UnreachableError | DeadlineError) and error.stage in _BEFORE_SSH:
        return True
    # Whoever refuses us was reached; a program that is silent may be cut off or slow.
    return None if isinstance(error, DeadlineError) else False
