"""What keeping causes costs the workstation, as shares of the commit that brought them.

Run as a program: `python tests/bench/bench_causes.py`. A commit of a hundred known groups with
three examples each is the measure; looking whether there is anything to learn, when nothing new
came, has to be a small part of it. Learning itself runs beside the writer (collectors/keeping.py)
at no more than 5 % of the time.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2])]

from psbuddy.model.observation import CauseCount, Example, Observation  # noqa: E402
from psbuddy.report.causes import CauseKeeper  # noqa: E402
from psbuddy.store import open_store  # noqa: E402
from tests.support.visits import NOON, cause, log, visit  # noqa: E402

GROUPS, ROUNDS = 100, 9


def groups(tick: int, first: int = 0) -> tuple[CauseCount, ...]:
    at = NOON + tick * 60
    return tuple(
        cause(
            f"{first + n:040x}", ((at, 3),), exception="", frame="",
            template=f"part {n} of plant P{n % 7}-{n} failed after <*> ms",
            examples=tuple(
                Example(at + k, f"2026 ERROR [m] x.Y - part {n} of plant P{n % 7}-{n} failed "
                        f"after {tick * k} ms") for k in range(3)
            ),
        )
        for n in range(GROUPS)
    )  # fmt: skip


def read(tick: int, *, causes: bool) -> Observation:
    return visit(log(causes=groups(tick) if causes else ()), at=NOON + tick)


def median(work: Callable[[int], object]) -> float:
    """CPU seconds of one call."""
    took = []
    for number in range(ROUNDS):
        begun = time.process_time()
        work(number)
        took.append(time.process_time() - begun)
    return statistics.median(took)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/store.db") as store:
        keeper = CauseKeeper()
        store.commit([read(0, causes=True)], NOON)
        begun = time.process_time()
        keeper.finish(store, NOON)
        learned = time.process_time() - begun
        keeper.refresh(store, NOON)
        whole = [read(tick, causes=True) for tick in range(1, ROUNDS + 1)]
        bare = [read(tick + 20, causes=False) for tick in range(1, ROUNDS + 1)]
        full = median(lambda n: store.commit([whole[n]], NOON))
        empty = median(lambda n: store.commit([bare[n]], NOON))
        look = median(lambda _: keeper.refresh(store, NOON))
    print(f"a commit of {GROUPS} known groups    1.00 ({GROUPS / full:,.0f} groups/s)")
    print(f"the same visit without groups   {empty / full:5.2f}")
    print(f"a look when nothing new came    {look / full:5.2f}")
    print(f"learning from {GROUPS} new ones      {learned / full:5.2f} (once, beside the writer)")


if __name__ == "__main__":
    main()
