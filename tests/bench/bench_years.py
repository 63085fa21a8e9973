"""Five years in one file: bytes, what a screen costs to read, what sealing costs.

Simulated applications (tests/bench/years.py), the newest days as rows, older ones as pages. Beside
them, in the same run, the same minutes as plain SQLite rows, which is what pages are held against.
`PSBUDDY_BENCH_APPS` and `PSBUDDY_BENCH_DAYS` say how much.
"""

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np

from psbuddy.report.values import step_for
from psbuddy.store import connect_readonly, open_store, verify
from psbuddy.store.grains import DAY
from psbuddy.store.page import Page
from psbuddy.store.read.cause_counts import cause_counts
from psbuddy.store.read.routes import route_rows
from psbuddy.store.read.runs import run_history
from psbuddy.store.read.series import cause_series, level_series, transaction_series
from psbuddy.store.read.states import gaps, host_intervals, observed_intervals
from psbuddy.store.sqlite import DRIVER
from tests.bench import years
from tests.bench.years import Years

APPS = int(os.environ.get("PSBUDDY_BENCH_APPS", "1"))
DAYS = int(os.environ.get("PSBUDDY_BENCH_DAYS", "1825"))
ROWS_FOR = 3
ROUNDS = 20
MOST_MS, MOST_MINUTES_MB, MOST_HOURS_MB = 16.0, 2.0, 0.5
RANGES = (("24 h", DAY), ("30 d", 30 * DAY), ("1 y", 365 * DAY), ("5 y", 1825 * DAY))


def screen(conn: sqlite3.Connection, made: Years, app: str, since: int, until: int) -> None:
    """All that one application's screen reads of a range."""
    step = step_for(since, until)
    level_series(conn, app, since, until, step)
    cause_series(conn, app, since, until, step)
    transaction_series(conn, app, since, until, step)
    route_rows(conn, app, since, until)
    host_intervals(conn, app, since, until)
    observed_intervals(conn, app, since, until)
    gaps(conn, app, since, until, step)
    for job in made.jobs:
        if job.app == app:
            run_history(conn, job, since, until)


def milliseconds(work: Callable[[int], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median and 95 % of the processor time that `work(round)` takes, warm."""
    work(0)
    took = []
    for number in range(rounds):
        begun = time.process_time()
        work(number)
        took.append((time.process_time() - begun) * 1000)
    return float(np.median(took)), float(np.percentile(took, 95))


def table_bytes(path: Path, keep: tuple[str, ...]) -> int:
    """Size of a file that holds these tables alone, packed tight."""
    small = path.with_name("part.db")
    small.unlink(missing_ok=True)
    with closing(DRIVER.connect(str(small), isolation_level=None)) as conn:
        conn.execute("ATTACH ? AS big", (str(path),))
        for name in keep:
            (sql,) = conn.execute(
                "SELECT sql FROM big.sqlite_schema WHERE name = ?", (name,)
            ).fetchone()
            conn.execute(sql)
            conn.execute(f"INSERT INTO main.{name} SELECT * FROM big.{name}")
        conn.execute("VACUUM")
    return small.stat().st_size


def told_bytes(path: Path) -> None:
    with closing(connect_readonly(str(path))) as conn:
        count, size = conn.execute("SELECT count(*), sum(length(data)) FROM minute_page").fetchone()
        sections = np.zeros(3)
        for row in conn.execute("SELECT source_id, day, data FROM minute_page LIMIT 2000"):
            sections += Page(*row).sizes
    share = sections / sections.sum()
    per_year = 365 / DAYS / APPS / 1e6
    pages = table_bytes(path, ("minute_page",)) * per_year
    coarse = {
        facts: table_bytes(path, (f"hour_{facts}", f"day_{facts}")) * per_year
        for facts in ("level", "cause", "transaction")
    }
    hours = sum(coarse.values())
    print(f"pages: {count:,}, {size / count:,.0f} bytes each; of it counts {share[0]:.0%}, "
          f"causes {share[1]:.0%}, latencies {share[2]:.0%}")  # fmt: skip
    print(f"an application and year: {pages + hours:.2f} MB with minutes (bar {MOST_MINUTES_MB}), "
          f"{hours:.2f} MB without (bar {MOST_HOURS_MB})")  # fmt: skip
    print(f"  minutes {pages:.2f} MB, of it without latencies {pages * (1 - share[2]):.2f} MB")
    print("  hours and days " + ", ".join(f"{k} {v:.2f} MB" for k, v in coarse.items()))


def told_reads(made: Years, path: Path, rows: Path) -> None:
    print("whole screen, ms of processor time, median / 95 % (bar 95 % <= 16):")
    for name, reach in RANGES:
        if reach > made.days * DAY:
            continue
        found = []
        for file in (path, rows):
            with closing(connect_readonly(str(file))) as conn:
                found.append(milliseconds(partial(_screen, conn, made, reach)))
        (sealed, most), (plain, plain_most) = found
        print(f"  {name:>5}: pages {sealed:6.1f} / {most:6.1f}   rows {plain:6.1f} / "
              f"{plain_most:6.1f}   {'ok' if most <= MOST_MS else 'ABOVE THE BAR'}")  # fmt: skip
    with closing(connect_readonly(str(path))) as conn:
        reach = made.end - 100 * DAY, made.end - 99 * DAY
        for name, read in (
            ("levels", lambda _: level_series(conn, "app0", *reach, 60)),
            ("causes", lambda _: cause_series(conn, "app0", *reach, 60)),
            ("transactions", lambda _: transaction_series(conn, "app0", *reach, 60)),
            ("one cause", lambda _: cause_counts(conn, "app0", {1: (1,)}, reach, 60)),
        ):
            median, most = milliseconds(read)
            print(f"  a sealed day by the minute, {name}: {median:.1f} / {most:.1f} ms")


def _screen(conn: sqlite3.Connection, made: Years, reach: int, number: int) -> None:
    """The screen of an application, each time another one and another time."""
    spare = max(1, min(made.days, 360) - reach // DAY - 8)
    until = made.end - number * 37 % spare * DAY - 3_600
    screen(conn, made, made.apps[number % len(made.apps)].app, until - reach, until)


def told_sealing(made: Years, rows: Path) -> None:
    with open_store(str(rows)) as store:
        due = store.sealable(made.end)[-60:]
        took = []
        for key in due:
            begun = time.process_time()
            store.seal(*key)
            took.append((time.process_time() - begun) * 1000)
    print(f"sealing one day of one log: {np.median(took):.1f} ms of processor time, "
          f"95 % {np.percentile(took, 95):.1f}, worst {max(took):.1f}")  # fmt: skip


def as_rows(path: Path, rows: Path, days: int, end: int) -> float:
    """A copy in which the newest days are rows; MB of their minutes per application and year."""
    with closing(DRIVER.connect(str(path), isolation_level=None)) as conn:
        conn.execute("VACUUM INTO ?", (str(rows),))
    with closing(DRIVER.connect(str(rows), isolation_level=None)) as conn:
        conn.execute("BEGIN")
        for source, day, data in conn.execute(
            "SELECT source_id, day, data FROM minute_page WHERE day >= ?", (end - days * DAY,)
        ).fetchall():
            years.write_rows(conn, source, Page(source, day, data).minutes())
        conn.execute("DELETE FROM minute_page")
        conn.execute("COMMIT")
    tables = ("minute_level", "minute_cause", "minute_transaction")
    return table_bytes(rows, tables) / 1e6 * 365 / days / APPS


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        path, rows = Path(name) / "store.db", Path(name) / "rows.db"
        begun = time.process_time()
        made = years.build(path, apps=APPS, days=DAYS, rows_for=ROWS_FOR)
        print(f"{APPS} application(s) of 4 hosts, {DAYS} days: "
              f"{path.stat().st_size / 1e6:.0f} MB, made in "
              f"{time.process_time() - begun:.0f} s")  # fmt: skip
        with closing(connect_readonly(str(path))) as conn:
            assert not any(verify.look(conn, each).faults for each in verify.sources(conn))
        told_bytes(path)
        days = min(DAYS, 400)
        plain = as_rows(path, rows, days, made.end)
        print(f"  the same minutes as rows: {plain:.1f} MB an application and year "
              f"(the newest {days} days)")  # fmt: skip
        told_reads(made, path, rows)
        told_sealing(made, rows)


if __name__ == "__main__":
    main()
