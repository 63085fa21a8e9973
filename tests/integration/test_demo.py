"""The demo from end to end: real sshd, real collection, the store against the simulator's truth."""

import re
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from collectors.engine import run_engine
from psbuddy.cli.demo import demo_command
from psbuddy.cli.guard import CliError
from psbuddy.demo.fleet import DemoFleet
from psbuddy.demo.sshd import SshdUnavailable
from psbuddy.model.terms import State
from psbuddy.store import connect_readonly
from psbuddy.store.read.fleet import app_statuses

DAYS = 2
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoFleet]:
    """A fleet that was collected once while it grew, and once more after it stopped growing."""
    fleet = DemoFleet(tmp_path_factory.mktemp("fleet"), days=DAYS, ssh=True)
    try:
        fleet.prepare(lambda share, step: None)
    except SshdUnavailable as reason:
        pytest.skip(str(reason))
    fleet.start()
    run_engine(fleet.db_url, fleet.catalogue_dir, once=True)
    fleet.pause()
    run_engine(fleet.db_url, fleet.catalogue_dir, once=True)
    yield fleet
    fleet.stop()


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def rows(fleet: DemoFleet, query: str) -> list[sqlite3.Row]:
    with closing(connect_readonly(fleet.db_url)) as connection:
        return list(connection.execute(query))


def test_every_minute_of_every_log_is_counted_exactly(fleet: DemoFleet) -> None:
    found: Counter[tuple[str, str, str, int, str]] = Counter()
    for app, host, log, minute, level, records in rows(
        fleet, "SELECT app, host, log, minute, level, records FROM v_minute"
    ):
        found[app, host, log, seconds(minute), level] += records
    truth = Counter(
        {
            (log.app, log.host, log.log, minute, level.value): records
            for log in fleet.truth.logs
            for (minute, level), records in log.levels().items()
        }
    )
    assert found == truth
    assert found.total() == fleet.truth.records > 10_000


def test_every_transaction_is_counted_exactly(fleet: DemoFleet) -> None:
    query = "SELECT app, host, log, minute, transactions, failed FROM v_transaction_minute"
    found = {(a, h, log, seconds(m)): (n, bad) for a, h, log, m, n, bad in rows(fleet, query)}
    truth = {
        (log.app, log.host, log.log, minute): counts
        for log in fleet.truth.logs
        for minute, counts in log.transactions().items()
    }
    assert found == truth
    assert sum(bad for _, bad in found.values()) > 10


def test_every_run_is_known_with_its_end_and_its_volume(fleet: DemoFleet) -> None:
    query = (
        "SELECT job, started, ended, volume FROM v_run WHERE app = 'ledger' "
        "AND started IS NOT NULL AND ended IS NOT NULL"
    )
    found = Counter((job, seconds(s), seconds(e), v) for job, s, e, v in rows(fleet, query))
    truth: Counter[tuple[str, int, int, int | None]] = Counter()
    for job in ("day-close", "week-close", "month-close"):
        events = fleet.truth.jobs("ledger", job)
        pairs = [(a, b) for a, b in pairwise(events) if (a.kind, b.kind) == ("start", "finish")]
        truth.update((job, start.time, end.time, end.volume) for start, end in pairs)
    assert found == truth


def test_the_stories_are_told(fleet: DemoFleet) -> None:
    """Of two days only: what is normal for an hour of the week is hardly known yet."""
    with closing(connect_readonly(fleet.db_url)) as connection:
        statuses = {status.app: status for status in app_statuses(connection)}
    assert statuses["ledger"].state is State.DOWN
    assert "was started twice" in statuses["ledger"].sentence
    assert "rkane" in statuses["ledger"].sentence
    assert "import orders runs" in statuses["orders"].sentence.lower()
    assert statuses["orders"].state in {State.WATCH, State.DOWN}
    assert "SocketTimeout in PaymentClient.charge" in statuses["shop"].sentence
    assert statuses["merch"].state is not State.UNKNOWN


def test_a_new_cause_is_only_on_one_host(fleet: DemoFleet) -> None:
    query = "SELECT template, level FROM v_cause WHERE app = 'shop'"
    found = [template for template, level in rows(fleet, query) if level == "error"]
    assert len([t for t in found if "Payment of order" in t]) == 1
    assert 3 <= len(found) <= 5


def test_without_a_display_it_makes_pictures_and_leaves_nothing_behind(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "psbuddy", "demo", "--days", "1", "--theme", "dark"],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
        env={"PATH": "/usr/bin:/bin:/usr/sbin", "HOME": str(tmp_path), "TMPDIR": str(temporary)},
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "There is no display here: the pictures go to psbuddy-demo." in done.stderr
    files = list((tmp_path / "psbuddy-demo").iterdir())
    names = {path.name for path in files}
    assert {"fleet.png", "ledger.png", "shop.png", "orders.png", "merch.png"} <= names
    assert all(path.read_bytes().startswith(PNG) for path in files)
    assert re.search("◆ +General Ledger .*Month close for", done.stdout)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"theme": "blue"}, '--theme "blue" is no theme: light or dark.'),
        ({"days": 0}, "--days 0 is out of range: 1 to 400."),
    ],
)
def test_wrong_use_is_told(arguments: dict[str, object], sentence: str) -> None:
    usual = {"headless": Path("x"), "days": 1, "seed": 7, "keep": None, "theme": "light"}
    with pytest.raises(CliError, match=re.escape(sentence)) as caught:
        demo_command(**usual | arguments)
    assert caught.value.code == 2


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CliError, match="holds other files than a demo"):
        demo_command(headless=Path("x"), days=1, seed=7, keep=tmp_path, theme="light")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
