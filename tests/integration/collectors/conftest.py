"""What the tests of the collectors stand on: a log, a catalogue, a store, an account."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.accounts import Account, throw_away
from tests.support.catalogues import write_records


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log of 1,000 records, a hundred of them errors; nothing is still being written."""
    file = tmp_path / "app.log"
    write_records(file, 1000)
    os.utime(file, (1, file.stat().st_mtime - 60))
    return file


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """An empty folder for it."""
    folder = tmp_path / "catalogue"
    folder.mkdir()
    return folder


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Where the store is to be; nothing is there yet."""
    return tmp_path / "data" / "store.db"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Our own known_hosts; nothing is there yet."""
    return tmp_path / "data" / "known_hosts"


@pytest.fixture
def config(tmp_home: Path) -> Path:
    """The user's ssh_config."""
    return tmp_home / ".ssh" / "config"


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with throw_away() as made:
        yield made
