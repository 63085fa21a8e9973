"""Upkeep beside the writer: by the settings in force, a little at a time, never in the way."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from collectors import sealing
from collectors.sealing import Sealing, due
from psbuddy.catalogue import StoreSpec
from psbuddy.model.terms import Level
from psbuddy.store import StoreBusy, connect_readonly, open_store
from psbuddy.store.store import Store
from tests.support.visits import NOON, levels, log, visit

DAY = 86_400


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Ten days with one record each, the last is that of NOON."""
    with open_store(str(tmp_path / "store.db")) as opened:
        counts = levels(*((NOON - n * DAY, Level.INFO, 1) for n in range(10)))
        opened.commit([visit(log(levels=counts))], NOON)
        yield opened


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the first look."""
    monkeypatch.setattr(sealing, "FIRST_LOOK", 0.0)


def count(store: Store, table: str) -> int:
    with closing(connect_readonly(store.url)) as conn:
        return int(conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def work(store: Store, now: int = NOON, **keys: str) -> None:
    for step in due(store, StoreSpec.model_validate(keys), now):
        while step():
            pass


def test_days_are_sealed_and_dropped_as_the_catalogue_says(store: Store) -> None:
    work(store)
    assert (count(store, "minute_page"), count(store, "minute_level")) == (6, 4)
    work(store, seal_after="1d")
    assert (count(store, "minute_page"), count(store, "minute_level")) == (8, 2)
    work(store, keep_minutes="7d")
    assert (count(store, "minute_page"), count(store, "v_dropped")) == (6, 1)
    assert count(store, "hour_level") == 10
    work(store, NOON + 95 * DAY, keep_minutes="92d", keep_hours="92d")
    assert count(store, "hour_level") == 0 and count(store, "day_level") == 10


def until(sealing_: Sealing, done: Callable[[], bool]) -> None:
    """Let it look, again and again, until it is done."""
    end, pause = time.monotonic() + 20, threading.Event()
    while not done():
        assert time.monotonic() < end
        sealing_.look()
        pause.wait(0.01)


def test_it_works_when_it_is_told_to_look(store: Store) -> None:
    keeper = Sealing(store, StoreSpec, pytest.fail, lambda: NOON)
    assert count(store, "minute_page") == 0
    until(keeper, lambda: count(store, "minute_page") == 6)
    assert keeper.stop(time.monotonic() + 20)


def test_a_little_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "STRETCH", 0.0)
    keeper = Sealing(store, StoreSpec, pytest.fail, lambda: NOON)
    keeper.look()
    assert keeper.stop(time.monotonic() + 20)
    assert count(store, "minute_page") == 0


def test_an_engine_that_has_just_begun_seals_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "FIRST_LOOK", 600.0)
    keeper = Sealing(store, StoreSpec, pytest.fail, lambda: NOON)
    keeper.look()
    assert keeper.stop(time.monotonic() + 20)
    assert count(store, "minute_page") == 0


def test_what_becomes_old_enough_waits_for_the_next_look(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = Sealing(store, StoreSpec, pytest.fail, lambda: NOON)
    until(keeper, lambda: count(store, "minute_page") == 6)
    old = levels(*((NOON - n * DAY, Level.INFO, 1) for n in range(20, 25)))
    store.commit([visit(log(levels=old), at=NOON + 1)], NOON)
    keeper.look()
    assert keeper.stop(time.monotonic() + 20)
    assert (count(store, "minute_page"), count(store, "minute_level")) == (6, 4 + 5)
    monkeypatch.setattr(sealing, "LOOK_EVERY", 0.0)
    keeper = Sealing(store, StoreSpec, pytest.fail, lambda: NOON)
    until(keeper, lambda: count(store, "minute_page") == 11)
    assert keeper.stop(time.monotonic() + 20)


def test_nothing_is_touched_while_the_catalogue_cannot_be_read(store: Store) -> None:
    specs: list[StoreSpec | None] = [None, None]

    def spec() -> StoreSpec | None:
        return specs.pop() if specs else StoreSpec()

    keeper = Sealing(store, spec, pytest.fail, lambda: NOON)
    until(keeper, lambda: not specs)
    until(keeper, lambda: count(store, "minute_page") == 6)
    assert keeper.stop(time.monotonic() + 20)


@pytest.mark.parametrize("error", [StoreBusy("It is locked."), ValueError("odd")])
def test_what_goes_wrong_is_told_once_and_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(sealing, "LOOK_EVERY", 0.0)
    told: list[str] = []
    tries: list[int] = []
    seal = Store.seal

    def refuses(self: Store, source: int, day: int) -> bool:
        tries.append(day)
        if len(tries) < 3:
            raise error
        return seal(self, source, day)

    monkeypatch.setattr(Store, "seal", refuses)
    keeper = Sealing(store, StoreSpec, told.append, lambda: NOON)
    until(keeper, lambda: count(store, "minute_page") == 6)
    assert keeper.stop(time.monotonic() + 20)
    assert len(told) == 1 and str(error) in told[0]
