"""The same records in any order and any number of ticks, with restarts: the same causes."""

import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from psbuddy.insight.causes import RawCause, identify
from psbuddy.model.observation import CauseCount, Example
from psbuddy.model.terms import Level
from psbuddy.report.causes import CauseKeeper
from psbuddy.store import connect_readonly, open_store
from tests.support.visits import NOON, log, visit

USERS = [
    f"{first}{last}" for first in ("ann", "bob", "eve", "joe") for last in ("son", "ley", "er")
]
QUEUES = ["orders", "refunds", "parcels", "stocks", "prices", "labels", "vouchers"]


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """Six hundred messages of a dozen statements, some with words as values."""
    draw = random.Random(20)
    made = []
    for number in range(600):
        user, queue = draw.choice(USERS), draw.choice(QUEUES)
        made.append(
            draw.choice(
                (
                    f"authentication failure; logname= uid=0 tty=NODEVssh user={user}",
                    f"session opened for user {user} by root",
                    f"session closed for user {user}",
                    f"queue {queue} is full after {number} messages",
                    f"cannot reach 10.0.{number % 7}.{number % 251}:8080 within {number} ms",
                    f"disk /dev/sd{draw.choice('abc')} at {number % 100} %",
                    "lost the connection to the message broker",
                    f"order {number} rejected: no stock in {queue}",
                    f"order {number} rejected: customer {user} is blocked",
                )
            )
        )
    return made


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "store.db"
    open_store(str(path)).close()
    return path


def _fingerprint(line: str) -> str:
    return identify(RawCause("k", Level.ERROR, line, "", "", NOON, NOON)).fingerprint


def _counts(part: Sequence[tuple[int, str]]) -> tuple[CauseCount, ...]:
    """One visit's groups; the time of a record is its own, in whatever order it is read."""
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, line in part:
        groups[_fingerprint(line)].append((NOON + number, line))
    found = []
    for name, records in groups.items():
        identity = identify(RawCause("k", Level.ERROR, records[0][1], "", "", NOON, NOON))
        minutes = Counter(time - time % 60 for time, _ in records)
        times = [time for time, _ in records]
        found.append(
            CauseCount(
                fingerprint=name, level=Level.ERROR, title=identity.title,
                template=identity.template, exception="", frame="", first_seen=min(times),
                last_seen=max(times), minutes=tuple(minutes.items()),
                examples=tuple(Example(time, text) for time, text in records[:3]),
            )
        )  # fmt: skip
    return tuple(found)


def _collect(
    path: Path, lines: Sequence[tuple[int, str]], ticks: int, *, restart: bool
) -> tuple[dict[str, str], dict[str, int]]:
    """Cause of every line, and records of every cause, after reading in so many ticks."""
    size = -(-len(lines) // ticks)
    parts = [lines[at : at + size] for at in range(0, len(lines), size)]
    store, keeper = open_store(str(path)), CauseKeeper()
    for tick, part in enumerate(parts):
        if restart and tick == len(parts) // 2:
            store.close()  # what the keeper knows is gone too
            store, keeper = open_store(str(path)), CauseKeeper()
        store.commit([visit(log(causes=_counts(part)), at=NOON + tick)], NOON + tick)
        keeper.refresh(store, NOON + tick)
    keeper.finish(store, NOON)
    conn = connect_readonly(store.url)
    alias = dict(conn.execute("SELECT fingerprint, cause FROM v_cause_alias").fetchall())
    counted = dict(conn.execute("SELECT cause, records FROM v_cause").fetchall())
    conn.close()
    store.close()
    names = {line: _fingerprint(line) for _, line in lines}
    return {line: alias.get(name, name) for line, name in names.items()}, counted


@pytest.mark.parametrize("ticks", [1, 2, 10, 100])
@pytest.mark.parametrize("order", ["as written", "backwards", "shuffled"])
def test_every_line_keeps_its_cause(
    tmp_path: Path, empty: Path, lines: list[str], ticks: int, order: str
) -> None:
    whole = list(enumerate(lines))
    expected, counts = _collect(
        Path(shutil.copy(empty, tmp_path / "one.db")), whole, 1, restart=False
    )
    assert len(counts) < len(set(map(_fingerprint, lines)))  # something was learned
    read = whole[::-1] if order == "backwards" else list(whole)
    if order == "shuffled":
        random.Random(ticks).shuffle(read)
    found, counted = _collect(
        Path(shutil.copy(empty, tmp_path / "many.db")), read, ticks, restart=True
    )
    assert found == expected
    assert counted == counts
    assert sum(counted.values()) == len(lines)
