"""Is everything that is counted still what was written? Looks at every page and every sum.

Of each log and day: the page matches its checksum, and minutes (rows and pages), hours and days add
up to the same numbers. What retention dropped is not missed.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from psbuddy.store.grains import DAY
from psbuddy.store.page import Page, PageError

#: facts -> (what they are counted by, the numbers)
_FACTS: Final = {
    "level": ("level", "records"),
    "cause": ("cause_id", "records"),
    "transaction": ("0", "transactions, failed"),
}

_Sums = dict[tuple[int, int], tuple[int, ...]]  # (day, by what) -> numbers


@dataclass(frozen=True, slots=True)
class Fault:
    """A day of a log that is not what was written."""

    source: int
    day: int
    why: str


@dataclass(frozen=True, slots=True)
class Looked:
    """One log was looked at."""

    source: int
    pages: int
    faults: tuple[Fault, ...]


def sources(conn: sqlite3.Connection) -> dict[int, str]:
    """What there is to look at, in words."""
    return dict(
        conn.execute(
            "SELECT source_id, app || ', ' || log || ' on ' || host FROM source "
            "JOIN application USING (app_id) JOIN host USING (host_id) ORDER BY 1"
        ).fetchall()
    )


def look(conn: sqlite3.Connection, source: int) -> Looked:
    """Look at one log; a few hundred milliseconds for years of it."""
    dropped = dict(
        conn.execute("SELECT tier, to_time FROM dropped WHERE source_id = ?", (source,)).fetchall()
    )
    found: dict[int, str] = {}
    pages, sealed = 0, {facts: _Sums() for facts in _FACTS}
    for day, page in _pages(conn, source):
        pages += 1
        if isinstance(page, str):
            found[day] = page
            continue
        for facts, sums in _sums_of(day, page).items():
            sealed[facts] |= sums
    for facts in _FACTS:
        days = _sums(conn, source, facts, "day")
        for grain, kept in (
            ("minute", _sums(conn, source, facts, "minute") | sealed[facts]),
            ("hour", _sums(conn, source, facts, "hour")),
        ):
            since = dropped.get(grain, 0)
            for (day, _), _told in days.items() ^ kept.items():
                if day >= since:
                    found.setdefault(day, f"its {grain}s do not add up to the day")
    return Looked(source, pages, tuple(Fault(source, *each) for each in sorted(found.items())))


def _pages(conn: sqlite3.Connection, source: int) -> Iterator[tuple[int, Page | str]]:
    """By day: the page, or what is wrong with it."""
    last = -(2**62)
    while rows := conn.execute(
        "SELECT day, records, transactions, failed, data FROM minute_page "
        "WHERE source_id = ? AND day > ? ORDER BY day LIMIT 100",
        (source, last),
    ).fetchall():
        for day, *sums, data in rows:
            last = day
            try:
                page = Page(source, day, data)
                head = page.head
                if sums != [head.records, head.transactions, head.failed]:
                    yield day, "the sums beside its page are wrong"
                else:
                    yield day, page
            except PageError as error:
                yield day, f"its page is damaged: {error}"


def _sums_of(day: int, page: Page) -> dict[str, _Sums]:
    head = page.head
    causes: dict[tuple[int, int], tuple[int, ...]] = {}
    counts = page.causes()
    for cause, records in zip(counts.what.tolist(), counts.records.tolist(), strict=True):
        (before,) = causes.get((day, cause), (0,))
        causes[day, cause] = (before + records,)
    calls: _Sums = {(day, 0): (head.transactions, head.failed)} if head.rows[2] else {}
    return {
        "level": {(day, level): (records,) for level, records in head.levels},
        "cause": causes,
        "transaction": calls,
    }


def _sums(conn: sqlite3.Connection, source: int, facts: str, grain: str) -> _Sums:
    what, numbers = _FACTS[facts]
    added = ", ".join(f"sum({number})" for number in numbers.split(", "))
    rows: list[Any] = conn.execute(
        f"SELECT {grain} / {DAY} * {DAY}, {what}, {added} FROM {grain}_{facts} "
        "WHERE source_id = ? GROUP BY 1, 2",
        (source,),
    ).fetchall()
    return {(day, key): tuple(told) for day, key, *told in rows}
