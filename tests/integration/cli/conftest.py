"""A real store, and the command line as a user has it: arguments in, streams and a code out."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from psbuddy.cli import main
from psbuddy.report.status import refresh_status
from tests.support import fleet_store

#: The moment the fleet of the store is looked at, as --until takes it.
MOMENT = "2026-12-01T10:20"


class Done(NamedTuple):
    code: int
    out: str
    err: str


Psbuddy = Callable[..., Done]


@pytest.fixture(scope="session")
def fleet_db(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Thirty days of a web shop and a ledger, judged at MOMENT."""
    folder = tmp_path_factory.mktemp("fleet")
    store = fleet_store.build(folder)
    refresh_status(store, fleet_store.NOW)
    store.close()
    return str(folder / "fleet.db")


@pytest.fixture
def psbuddy(fleet_db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Psbuddy:
    """Run a command line in this process, on the store of the fleet."""

    def run(*arguments: str, db: str = fleet_db, catalogue: Path = tmp_path / "none") -> Done:
        capsys.readouterr()
        code = main([*arguments, "--db", db, "--catalogue", str(catalogue)])
        return Done(code, *capsys.readouterr())

    return run
