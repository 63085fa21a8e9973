"""One simulated log: streams of records, scripted records, outages, and its rotation.

Everything it will ever write follows from the seed, its name and the clock: history is drawn
a segment at a time, the living end a minute at a time, so that it does not matter when or
how often somebody asks.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from psbuddy.demo.records import Block, Drawn, Record, joined
from psbuddy.demo.shape import Rate, arrivals
from psbuddy.demo.stamps import Stamps, written_twice

Millis = NDArray[np.int64]
#: (generator, stamps, times in epoch milliseconds) -> one record for each time
Write = Callable[[Generator, list[str], Millis], Drawn]


@dataclass(frozen=True, slots=True)
class Stream:
    """Records of one sort that arrive at random, within [since, until) seconds."""

    rate: Rate
    write: Write
    since: int = 0
    until: int = 1 << 40


@dataclass(frozen=True, slots=True)
class Rotation:
    """How a log is rotated. `days`: between rotations at local midnight (1, 7 or 28).

    `dated`: `name-20261124.gz` in place of `name.1`, `name.2.gz`. `copytruncate`: copied and
    emptied in place of renamed. `every`: further rotations while it lives, in seconds; 0 none.
    """

    days: int = 1
    dated: bool = False
    copytruncate: bool = False
    every: int = 0
    keep: int = 60


@dataclass(frozen=True, slots=True)
class LogSim:
    """One log of one host. `path` is relative to the host's folder."""

    app: str
    host: str
    log: str
    path: str
    stamps: Stamps
    streams: tuple[Stream, ...]
    script: tuple[Record, ...] = ()  # ascending
    outages: tuple[tuple[int, int], ...] = ()  # [from, to) seconds without any stream
    rotation: Rotation = Rotation()

    @property
    def key(self) -> str:
        return f"{self.app}/{self.host}/{self.log}"

    def block(self, seed: int, since: int, until: int) -> Block:
        """Records of [since, until) seconds, drawn as one piece."""
        times, drawn = [], []
        for number, stream in enumerate(self.streams):
            rng = np.random.default_rng([seed, crc32(self.key.encode()), number, since])
            begin, end = max(since, stream.since), min(until, stream.until)
            when = self._awake(arrivals(rng, stream.rate, begin, end))
            times.append(when)
            drawn.append(stream.write(rng, self.stamps.render(when), when))
        return joined(times, drawn, self.scripted(since, until))

    def scripted(self, since: int, until: int) -> tuple[Record, ...]:
        """Scripted records of [since, until) seconds."""
        first = bisect_left(self.script, since * 1000, key=lambda record: record.time_ms)
        last = bisect_left(self.script, until * 1000, key=lambda record: record.time_ms)
        return self.script[first:last]

    def _awake(self, times: Millis) -> Millis:
        for begin, end in self.outages:
            times = times[(times < begin * 1000) | (times >= end * 1000)]
        if self.stamps.with_offset:
            return times
        # A stamp without its offset could mean two hours: nobody can count those, so be silent.
        return times[~written_twice(self.stamps.zone, times // 1000)]
