"""Learning beside the writer: visits never wait for it, and its end is in order."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from collectors.keeping import CauseKeeping
from psbuddy.report.causes import CauseKeeper
from psbuddy.store import StoreBusy, connect_readonly, open_store
from psbuddy.store.store import Store
from tests.support.visits import NOON, cause, log, visit

NAMES = ("ann", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "store.db")) as opened:
        yield opened


def _commit(store: Store, *names: str) -> None:
    found = tuple(
        cause(name, ((NOON, 1),), template=f"login of user {name} was refused", exception="",
              frame="")
        for name in names
    )  # fmt: skip
    store.commit([visit(log(causes=found))], NOON)


def _groups(store: Store) -> int:
    with closing(connect_readonly(store.url)) as conn:
        return int(conn.execute("SELECT count(*) FROM v_cause").fetchone()[0])


class Slow(CauseKeeper):
    """One that is still thinking until it is told that it may end."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.may_end = threading.Event(), threading.Event()

    def refresh(self, store: Store, now: int, apps: object = None) -> frozenset[str]:
        self.begun.set()
        self.may_end.wait(20)
        return super().refresh(store, now)


def test_a_visit_is_stored_while_learning_goes_on(store: Store) -> None:
    told: list[frozenset[str]] = []
    learned, keeper = threading.Event(), Slow()

    def changed(apps: frozenset[str]) -> None:
        told.append(apps)
        learned.set()

    keeping = CauseKeeping(store, changed, pytest.fail, keeper)
    _commit(store, *NAMES[:5])
    keeping.look()
    assert keeper.begun.wait(20)
    _commit(store, *NAMES)
    assert not keeping.stop(time.monotonic())  # it says so, and the store is left as it is
    assert _groups(store) == len(NAMES)
    keeper.may_end.set()
    assert learned.wait(20)
    assert keeping.stop(time.monotonic() + 20)
    assert (told, _groups(store)) == ([frozenset({"shop"})], 1)


def test_what_is_left_is_learned_at_the_end(store: Store) -> None:
    told: list[frozenset[str]] = []
    keeping = CauseKeeping(store, told.append, pytest.fail)
    _commit(store, *NAMES)
    keeping.finish()
    assert (told, _groups(store)) == ([frozenset({"shop"})], 1)


@pytest.mark.parametrize(
    ("error", "says"),
    [(StoreBusy("It is locked."), "It is locked."), (RuntimeError("odd"), "RuntimeError: odd")],
)
def test_trouble_is_told_and_the_thread_lives_on(store: Store, error: Exception, says: str) -> None:
    class Troubled(CauseKeeper):
        def refresh(self, store: Store, now: int, apps: object = None) -> frozenset[str]:
            raise error

    told: list[str] = []
    heard = threading.Semaphore(0)

    def problem(sentence: str) -> None:
        told.append(sentence)
        heard.release()

    keeping = CauseKeeping(store, pytest.fail, problem, Troubled())
    for _ in range(2):
        keeping.look()
        assert heard.acquire(timeout=20)
    assert keeping.stop(time.monotonic() + 20)
    assert len(told) == 2 and says in told[1]
