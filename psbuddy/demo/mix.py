"""Mixtures of record sorts: each arrival becomes one of several lines, by weight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from psbuddy.demo.records import FAILED, NUMBER_OF, PLAIN, Drawn, Small
from psbuddy.demo.sim import Millis, Write
from psbuddy.model.terms import Level

#: (generator, n) -> what follows the stamp, n texts that end with a newline
Rests = Callable[[Generator, int], list[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One sort of record. `weight`: how often it comes, against the others of its mixture.

    `head` stands before the stamp: the priority of a syslog line.
    """

    weight: float
    level: Level
    rests: Rests
    kind: int = PLAIN
    head: str = ""


def mixed(*lines: Line) -> Write:
    """A stream's writer that puts the stamp in front of one of `lines` for each arrival."""
    weights = np.array([line.weight for line in lines])
    levels = np.array([NUMBER_OF[line.level] for line in lines], np.int8)
    kinds = np.array([line.kind for line in lines], np.int8)

    def write(rng: Generator, stamps: list[str], times: Millis) -> Drawn:
        sort = rng.choice(len(lines), times.size, p=weights / weights.sum())
        texts = [""] * len(stamps)
        for number, line in enumerate(lines):
            places = np.flatnonzero(sort == number).tolist()
            for place, rest in zip(places, line.rests(rng, len(places)), strict=True):
                texts[place] = line.head + stamps[place] + rest
        return Drawn(levels[sort], texts, kinds[sort])

    return write


def numbers(rng: Generator, n: int, low: int, high: int) -> list[int]:
    """n whole numbers of [low, high)."""
    drawn: list[int] = rng.integers(low, high, n).tolist()
    return drawn


def durations(rng: Generator, n: int, median: float, spread: float = 0.55) -> NDArray[np.float64]:
    """n log-normal durations; `spread` is the standard deviation of their logarithm."""
    return np.asarray(median * np.exp(spread * rng.standard_normal(n)), np.float64)


def picks(rng: Generator, n: int, options: Sequence[str]) -> list[str]:
    """n of the options, each as likely as the others."""
    return [options[place] for place in rng.integers(0, len(options), n).tolist()]


def kinds_by_status(status: NDArray[np.int64]) -> Small:
    """Requests answered with 5xx failed; all are transactions."""
    return np.where(status >= 500, FAILED, 1).astype(np.int8)
