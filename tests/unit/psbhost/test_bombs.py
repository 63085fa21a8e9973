"""Logs that would make a counter of everything run out of memory: bounded, and sums exact."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.realprogram import Answer, ask, visit

#: What a visit may take beyond a program that has read a small log (KiB).
ROOM = 32 * 1024
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)


def word(number: int) -> str:
    """A word of letters that no mask takes for a value."""
    letters = ""
    while number or len(letters) < 5:
        number, digit = divmod(number, 16)
        letters += "ghijklmnopqrstuv"[digit]
    return letters


def messages(count: int) -> Iterator[str]:
    for n in range(count):
        yield f"2026-11-24 10:00:{n % 60:02d},001 ERROR [m] c.F - {word(n)} {word(n * 7)} broke\n"


def traces(count: int) -> Iterator[str]:
    for n in range(count):
        yield f"2026-11-24 10:00:{n % 60:02d},001 ERROR [m] c.F - failed\n"
        yield f"a.b.{word(n).title()}Exception: x\n\tat com.{word(n)}.A.b(A.java:{n})\n"


def minutes(count: int) -> Iterator[str]:
    for n in range(count):
        yield f"{BEGIN + timedelta(minutes=n):%Y-%m-%d %H:%M:%S},001 ERROR [m] c.F - down\n"


def routes(count: int) -> Iterator[str]:
    for n in range(count):
        yield (
            f'10.0.0.1 - - [24/Nov/2026:10:00:{n % 60:02d} +0000] "GET /{word(n)}/{word(n * 3)} '
            f'HTTP/1.1" {200 + n % 400} 12 "-" "{word(n)}" 0.{n % 1000:03d}\n'
        )


def dumps(count: int) -> Iterator[str]:
    for n in range(count):
        yield f"a.b.{word(n).title()}Exception: x\n\tat com.{word(n)}.A.b(A.java:{n})\n"


def one_line(count: int) -> Iterator[str]:
    yield "2026-11-24 10:00:00,001 ERROR [m] c.F - start "
    for _ in range(count):
        yield "x" * 1000
    yield "\n2026-11-24 10:00:01,001 ERROR [m] c.F - next\n"


@cache
def quiet() -> int:
    """Peak memory (KiB) of a visit to a log with nothing special."""
    path = Path("/proc/self/status")
    return ask(visit(path)).peak


def taken(path: Path, rows: Iterator[str]) -> tuple[dict[str, Any], Answer]:
    with path.open("w") as out:
        out.writelines(rows)
    answer = ask(visit(path))
    return answer.documents[1]["logs"][0], answer


@pytest.mark.parametrize(
    ("make", "count", "records"),
    [
        (messages, 40_000, 40_000),
        (traces, 8_000, 8_000),
        (dumps, 8_000, 8_000),
        (minutes, 15_000, 15_000),
        (routes, 60_000, 60_000),
        (one_line, 60_000, 2),
    ],
)
def test_a_bomb_takes_bounded_memory_and_loses_no_count(
    tmp_path: Path, make: Callable[[int], Iterator[str]], count: int, records: int
) -> None:
    found, answer = taken(tmp_path / "a.log", make(count))
    assert answer.peak - quiet() < ROOM
    assert found["records"] == records == sum(row[2] for row in found["levels"])
    bad = sum(row[2] for row in found["levels"] if row[1] >= 4)
    assert bad == sum(n for cause in found["causes"] for _, n in cause["minutes"])
    assert len(found["causes"]) <= 500 + 7
    assert found["transactions"] == [] or sum(row[1] for row in found["transactions"]) == records
    assert found["backlog_bytes"] == 0
    assert len(answer.raw) < 8 * 1024 * 1024


def test_more_minutes_than_a_visit_may_hold_wait_for_the_next(tmp_path: Path) -> None:
    path, seen, positions = tmp_path / "a.log", 0, []
    with path.open("w") as out:
        out.writelines(minutes(70_000))
    for _ in range(5):
        answer = ask(visit(path, positions=positions))
        [found] = answer.documents[1]["logs"]
        assert answer.peak - quiet() < ROOM
        seen, positions = seen + found["records"], found["positions"]
        if not found["backlog_bytes"]:
            break
        assert found["problems"][0]["code"] == "budget"
    assert seen == 70_000
