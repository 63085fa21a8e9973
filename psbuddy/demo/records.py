"""Log records as the simulator holds them before they are written."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from psbuddy.model.observation import JobEvent
from psbuddy.model.terms import LEVELS, Level

#: Kinds of a record: not a transaction, a transaction, a transaction that failed.
PLAIN, TRANSACTION, FAILED = 0, 1, 2

Small = NDArray[np.int8]
Millis = NDArray[np.int64]  # UTC epoch milliseconds

NUMBER_OF = {level: number for number, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a stream wrote for n arrival times: arrays of shape (n,), `texts` with newlines."""

    levels: Small
    texts: list[str]
    kinds: Small


@dataclass(frozen=True, slots=True)
class Record:
    """One scripted record. `time_ms`: UTC epoch milliseconds; `text` ends with a newline."""

    time_ms: int
    level: Level
    text: str
    kind: int = PLAIN
    event: JobEvent | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Records of one log in the order in which they are written. Arrays: (n,)."""

    times: Millis
    levels: Small
    kinds: Small
    texts: list[str]
    events: tuple[JobEvent, ...] = ()

    @property
    def size(self) -> int:
        """Bytes on disk: every text of the demo is ASCII."""
        return sum(map(len, self.texts))

    def encoded(self) -> bytes:
        return "".join(self.texts).encode("ascii")

    def between(self, since: int, until: int) -> "Block":
        """The records of [since, until) seconds."""
        first, last = np.searchsorted(self.times, [since * 1000, until * 1000]).tolist()
        return Block(
            self.times[first:last],
            self.levels[first:last],
            self.kinds[first:last],
            self.texts[first:last],
            tuple(event for event in self.events if since <= event.time < until),
        )


def joined(times: Sequence[Millis], drawn: Sequence[Drawn], script: Sequence[Record]) -> Block:
    """Streams and scripted records in one order of time (stable for equal times)."""
    all_times = np.concatenate(
        [*times, np.array([record.time_ms for record in script], np.int64)]
    ).astype(np.int64)
    levels = [NUMBER_OF[record.level] for record in script]
    texts = [text for part in drawn for text in part.texts]
    texts += [record.text for record in script]
    order = np.argsort(all_times, kind="stable")
    return Block(
        all_times[order],
        np.concatenate([*(p.levels for p in drawn), np.array(levels, np.int8)])[order],
        np.concatenate([*(p.kinds for p in drawn), np.array([r.kind for r in script], np.int8)])[
            order
        ],
        [texts[place] for place in order.tolist()],
        tuple(record.event for record in script if record.event is not None),
    )
