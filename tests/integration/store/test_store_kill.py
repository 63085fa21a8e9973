"""kill -9 in the middle of commits: every line is counted once, whatever died when."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from psbuddy.model.terms import Level
from psbuddy.store import connect_readonly, open_store
from psbuddy.store.page import Page
from psbuddy.store.store import Store
from tests.support.visits import NOON, cause, event, levels, log, position, transactions, visit

ROOT = Path(__file__).parents[3]
LINES = 800  # of the log that is read; each line is one record, one cause, one run
STEP = 7  # lines a visit


def read_on(store: Store) -> int:
    """One visit: read on from the stored position, as the collector does. Lines left."""
    version, stored = store.read_from("h1", "shop", "app")
    offset = stored[0].offset if stored else 0
    lines = range(offset, min(offset + STEP, LINES))
    if not lines:
        return 0
    fact = log(
        base_version=version,
        positions=(position(lines.stop),),
        levels=levels(*((NOON + 60 * n, Level.ERROR, 1) for n in lines)),
        causes=tuple(cause(f"f{n % 5}", ((NOON + 60 * n, 1),)) for n in lines),
        transactions=tuple(transactions(NOON + 60 * n, {n % 9: 1}) for n in lines),
        jobs=tuple(event("start", NOON + 60 * n, job=f"job {n % 3}") for n in lines),
        lines=len(lines),
    )
    store.commit([visit(fact, at=NOON + lines.stop)], NOON + lines.stop)
    return LINES - lines.stop


def _work(path: str, out: int) -> None:
    """What a child does: commit for ever, a letter before each."""
    with open_store(path) as store:
        while True:
            os.write(out, b".")
            read_on(store)


def _work_and_seal(path: str, out: int) -> None:
    """The same, and every minute is sealed at once: the next commit must open it again."""
    with open_store(path) as store:
        while True:
            os.write(out, b".")
            read_on(store)
            for key in store.sealable(NOON * 2):
                store.seal(*key)


def kill_children(path: str, kills: int, work: Callable[[str, int], None] = _work) -> None:
    """Fork a writer and kill it, again and again, each time at another moment of a commit.

    Runs in a process of its own that has no threads, and has all imported already.
    """
    for kill in range(kills):
        told, out = os.pipe()
        child = os.fork()
        if child == 0:
            work(path, out)
        for _ in range(1 + kill % 4):
            assert os.read(told, 1) == b"."
        for _ in range(kill * 13_337):
            pass
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        os.close(told)
        os.close(out)


def test_thirty_kills_while_days_are_sealed_and_opened_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(str(path)).close()
    code = (
        "from tests.integration.store.test_store_kill import _work_and_seal, kill_children; "
        f"import psbuddy.store.open; kill_children({str(path)!r}, 30, _work_and_seal)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    with open_store(str(path)) as store:
        assert store.positions("h1", "shop", "app")[0].offset > 20
        while read_on(store):
            pass
        for key in store.sealable(NOON * 2):
            assert store.seal(*key)
    conn = connect_readonly(str(path))
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    pages = [Page(*row) for row in conn.execute("SELECT source_id, day, data FROM minute_page")]
    minutes = [page.minutes() for page in pages]
    for column in (
        [records for day in minutes for records in day.levels.records.tolist()],
        [records for day in minutes for records in day.causes.records.tolist()],
        [count for day in minutes for count in day.calls.transactions.tolist()],
    ):
        assert column == [1] * LINES
    for facts in ("level", "cause", "transaction"):
        assert conn.execute(f"SELECT count(*) FROM minute_{facts}").fetchone() == (0,)
    assert conn.execute("SELECT sum(records) FROM day_level").fetchone() == (LINES,)
    conn.close()


def test_thirty_kills_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(str(path)).close()
    code = (
        "from tests.integration.store.test_store_kill import kill_children; "
        f"import psbuddy.store.open; kill_children({str(path)!r}, 30)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    with open_store(str(path)) as store:
        seen = store.positions("h1", "shop", "app")[0].offset
        assert seen > 20  # the children did get on
        while read_on(store):
            pass
    conn = connect_readonly(str(path))
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for sql in (
        "SELECT count(*), sum(records), max(records) FROM minute_level",
        "SELECT count(*), sum(records), max(records) FROM minute_cause",
        "SELECT count(*), sum(transactions), max(transactions) FROM minute_transaction",
        "SELECT count(*), count(started), 1 FROM run",
    ):
        assert conn.execute(sql).fetchone() == (LINES, LINES, 1), sql
    for table, value in (
        ("hour_level", "records"),
        ("day_level", "records"),
        ("day_cause", "records"),
        ("hour_transaction", "transactions"),
        ("cause", "records"),
        ("source", "lines"),
    ):
        assert conn.execute(f"SELECT sum({value}) FROM {table}").fetchone() == (LINES,), table
    conn.close()
