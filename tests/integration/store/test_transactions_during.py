"""Transactions within the stretches of runs, from a real store."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from psbuddy.model.application import AppDef
from psbuddy.model.observation import LevelCount, LogObservation, TransactionCount
from psbuddy.model.terms import Level
from psbuddy.store import connect_readonly, open_store
from psbuddy.store.read.during import transactions_during
from psbuddy.store.store import Store
from tests.support.visits import NOON, log, visit

HOUR = 3_600
SHOP = AppDef("shop", "Shop", "", "", ("h1", "h2"), 60, ("access", "app"))


def access(host: str, since: int, until: int, per_minute: int) -> tuple[str, LogObservation]:
    counts = tuple(
        TransactionCount(minute, per_minute, 0, 1.0, 1.0, ((1, per_minute),))
        for minute in range(since, until, 60)
    )
    levels = tuple(LevelCount(count.minute, Level.INFO, per_minute) for count in counts)
    return host, log("shop", "access", levels=levels, transactions=counts, read_until=until)


def built(folder: Path, *reads: tuple[str, LogObservation]) -> Store:
    store = open_store(f"sqlite:///{folder / 'a.db'}")
    store.write_catalogue((SHOP,), NOON)
    for host, read in reads:
        store.commit([visit(read, host=host, at=read.read_until)], read.read_until)
    return store


def during(store: Store, *spans: tuple[int, int]) -> list[float]:
    with closing(connect_readonly(store.url)) as conn:
        return transactions_during(conn, SHOP, spans).tolist()


def test_minutes_are_cut_where_a_run_cuts_them(tmp_path: Path) -> None:
    with built(tmp_path, access("h1", NOON, NOON + 6 * HOUR, 60)) as store:
        assert during(
            store,
            (NOON + 60, NOON + 120),
            (NOON + 90, NOON + 150),
            (NOON + 100, NOON + 105),
            (NOON + 50 * 60 + 30, NOON + 4 * HOUR + 10 * 60 + 15),
        ) == pytest.approx([60, 60, 5, 60 * 199.75])


def test_the_logs_of_all_hosts_add_up(tmp_path: Path) -> None:
    reads = (access("h1", NOON, NOON + HOUR, 60), access("h2", NOON, NOON + HOUR, 40))
    with built(tmp_path, *reads) as store:
        assert during(store, (NOON, NOON + 600)) == [1_000]


def test_a_run_that_one_log_was_not_read_through_is_not_known(tmp_path: Path) -> None:
    late = access("h2", NOON + 600, NOON + HOUR, 40)
    with built(tmp_path, access("h1", NOON, NOON + HOUR, 60), late) as store:
        counts = during(store, (NOON, NOON + 900), (NOON + 600, NOON + 900), (NOON, NOON + 9_000))
    assert np.isnan(counts[0])
    assert counts[1] == 500
    assert np.isnan(counts[2])


def test_observed_and_silent_is_zero(tmp_path: Path) -> None:
    host, read = access("h1", NOON, NOON + 60, 60)
    silent = log("shop", "access", read_until=NOON + HOUR)
    with built(tmp_path, (host, read), (host, silent)) as store:
        assert during(store, (NOON + 600, NOON + 900)) == [0]


def test_without_a_log_that_tells_of_transactions_nothing_is_known(tmp_path: Path) -> None:
    with built(tmp_path, ("h1", log("shop", "app", read_until=NOON + HOUR))) as store:
        assert np.isnan(during(store, (NOON, NOON + 60))).all()
        assert during(store) == []
