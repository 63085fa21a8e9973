"""A store of its own for every test: a copy of one that was migrated once."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from psbuddy.store import connect_readonly, open_store
from psbuddy.store.store import Store


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty store, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "store.db"
    open_store(str(path)).close()
    return path


@pytest.fixture
def store(tmp_path: Path, empty_store: Path) -> Iterator[Store]:
    """A store to write to."""
    with open_store(str(shutil.copy(empty_store, tmp_path / "store.db"))) as opened:
        yield opened


@pytest.fixture
def conn(store: Store) -> Iterator[sqlite3.Connection]:
    """A reader of `store`."""
    opened = connect_readonly(store.url)
    yield opened
    opened.close()
