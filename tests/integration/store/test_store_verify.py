"""No byte of what is counted changes without being told."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from psbuddy.store import connect_readonly, open_store, verify
from psbuddy.store.grains import DAY
from psbuddy.store.sqlite import DRIVER
from psbuddy.store.verify import Fault
from tests.integration.store.test_store_seal import MIDNIGHT, busy, seal_all


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Path:
    """Three days on two hosts, two of them sealed."""
    path = Path(shutil.copy(empty_store, tmp_path_factory.mktemp("sealed") / "store.db"))
    with open_store(str(path)) as store:
        busy(store)
        seal_all(store, MIDNIGHT)
    return path


@pytest.fixture
def path(sealed: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    return Path(shutil.copy(sealed, tmp_path / "store.db"))


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(DRIVER.connect(str(path), isolation_level=None)) as connection:
        yield connection


def faults(path: Path) -> list[Fault]:
    with closing(connect_readonly(str(path))) as conn:
        return [fault for source in verify.sources(conn) for fault in _look(conn, source)]


def _look(conn: sqlite3.Connection, source: int) -> tuple[Fault, ...]:
    return verify.look(conn, source).faults


def test_a_whole_store_has_no_faults(path: Path) -> None:
    assert faults(path) == []
    with closing(connect_readonly(str(path))) as conn:
        assert verify.sources(conn) == {1: "shop, app on h1", 2: "shop, app on h2"}
        assert [verify.look(conn, source).pages for source in (1, 2)] == [2, 2]


def test_of_a_thousand_flipped_bytes_in_sealed_days_each_is_told(
    path: Path, writer: sqlite3.Connection
) -> None:
    """In the page, in its sums, in the numbers that say whose it is."""
    rng = random.Random(7)
    columns = ("source_id", "day", "records", "transactions", "failed", "data")
    (rows,) = writer.execute(f"SELECT count(*), {', '.join(columns)} FROM minute_page").fetchall()
    assert rows[0] == 4
    keys = [row[0] for row in writer.execute("SELECT rowid FROM minute_page").fetchall()]
    with closing(connect_readonly(str(path))) as conn:
        for _ in range(1000):
            rowid = rng.choice(keys)
            read = f"SELECT {', '.join(columns)} FROM minute_page WHERE rowid = ?"
            before = list(writer.execute(read, (rowid,)).fetchone())
            after = list(before)
            place = rng.randrange(40 + len(before[-1]))
            if place < 40:
                after[place // 8] ^= rng.randrange(1, 256) << 8 * (place % 7)
            else:
                flipped = bytearray(before[-1])
                flipped[place - 40] ^= rng.randrange(1, 256)
                after[-1] = bytes(flipped)
            _put(writer, columns, after, rowid)
            assert _look(conn, 1) or _look(conn, 2), place
            _put(writer, columns, before, rowid)
        assert not _look(conn, 1) and not _look(conn, 2)


def _put(
    writer: sqlite3.Connection, columns: tuple[str, ...], values: list[object], rowid: int
) -> None:
    changes = ", ".join(f"{column} = ?" for column in columns)
    writer.execute(f"UPDATE minute_page SET {changes} WHERE rowid = ?", (*values, rowid))


@pytest.mark.parametrize(
    ("sql", "day", "why"),
    [
        ("DELETE FROM minute_page WHERE source_id = 2 AND day = {yesterday}", -1, "minutes"),
        ("UPDATE minute_level SET records = records + 1 WHERE source_id = 2 "
         "AND minute BETWEEN {today} AND {today} + 400", 0, "minutes"),
        ("UPDATE hour_cause SET records = records + 1 WHERE source_id = 2 AND hour = {yesterday}",
         -1, "hours"),
        ("UPDATE hour_transaction SET failed = failed + 1 WHERE source_id = 2 "
         "AND hour = {yesterday}", -1, "hours"),
        ("DELETE FROM hour_level WHERE source_id = 2 AND hour = {today}", 0, "hours"),
        ("DELETE FROM day_transaction WHERE source_id = 2 AND day = {today}", 0, "minutes"),
        ("UPDATE day_level SET day = day + 86400 WHERE source_id = 2 AND day = {today}",
         0, "minutes"),
    ],
)  # fmt: skip
def test_sums_that_do_not_agree_are_told(
    path: Path, writer: sqlite3.Connection, sql: str, day: int, why: str
) -> None:
    writer.execute(sql.format(today=MIDNIGHT, yesterday=MIDNIGHT - DAY))
    found = faults(path)
    assert found[0] == Fault(2, MIDNIGHT + day * DAY, f"its {why} do not add up to the day")
    assert all(fault.source == 2 for fault in found)


def test_what_retention_took_is_not_missed(path: Path) -> None:
    with open_store(str(path)) as store:
        while store.drop(1, "minute", MIDNIGHT, MIDNIGHT):
            pass
    assert faults(path) == []
