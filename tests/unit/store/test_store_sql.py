"""The statement builders, run on a real database."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, Text

from psbuddy.store.sql import chunks, fetch_keys, insert, upsert
from psbuddy.store.sqlite import DRIVER

TABLE = Table(
    "fact",
    MetaData(),
    Column("k", Integer, primary_key=True),
    Column("n", Integer),
    Column("low", Integer),
    Column("high", Integer),
    Column("word", Text),
)


@pytest.fixture
def cursor() -> Any:
    connection = DRIVER.connect(":memory:")
    connection.execute("CREATE TABLE fact (k INTEGER PRIMARY KEY, n, low, high, word)")
    yield connection.cursor()
    connection.close()


def test_an_upsert_adds_replaces_and_keeps_the_extremes(cursor: Any) -> None:
    sql = upsert(
        TABLE, key=("k",), add=("n",), replace=("word",), least=("low",), greatest=("high",)
    )
    cursor.executemany(sql, [(1, 2, "a", 5, 5), (1, 3, "b", 9, 4), (1, 1, "c", 2, 8)])
    assert cursor.execute("SELECT k, n, word, low, high FROM fact").fetchall() == [
        (1, 6, "c", 2, 8)
    ]


def test_an_upsert_of_a_key_alone_keeps_what_is_there(cursor: Any) -> None:
    cursor.execute(insert(TABLE, "k", "word"), (1, "first"))
    cursor.execute(upsert(TABLE, key=("k",)), (1,))
    assert cursor.execute("SELECT k, word FROM fact").fetchall() == [(1, "first")]


def test_many_compound_keys_are_fetched_in_parts(cursor: Any) -> None:
    cursor.executemany(insert(TABLE, "k", "n"), [(k, k % 7) for k in range(2_000)])
    wanted = [(k, k % 7) for k in range(0, 2_000, 2)] + [(1, 99)]
    found = list(fetch_keys(cursor, "SELECT k FROM fact WHERE (k, n) IN", wanted))
    assert sorted(k for (k,) in found) == list(range(0, 2_000, 2))
    assert list(fetch_keys(cursor, "SELECT k FROM fact WHERE (k, n) IN", [])) == []


@given(st.lists(st.integers()), st.integers(1, 10))
def test_chunks_lose_nothing_and_are_never_too_long(values: list[int], size: int) -> None:
    parts = list(chunks(values, size))
    assert [value for part in parts for value in part] == values
    assert all(0 < len(part) <= size for part in parts)
