"""YAML 1.1 turns these into numbers, dates, flags and times of day. Here text stays text."""

from pathlib import Path

import pytest

from psbuddy.catalogue import check_texts

TRAPS = (
    *("no", "yes", "on", "off", "y", "n", "NO", "Yes", "On", "OFF"),
    *("true", "false", "True", "FALSE", "012", "0o14", "0x1F", "0b11", "1_000", "22:22"),
    *("1:30:00", "190:20:30", "1e3", "1.0", "1.", ".5", "+1", "-0", ".inf", "-.INF", ".nan"),
    *("2026-11-24", "2026-11-24T03:00:00Z", "12:30:45.5", "3.10", "007", "0123456789"),
    *("685_230.15", "0.1e-2", "="),
)


def test_there_are_forty_of_them() -> None:
    assert len(set(TRAPS)) == len(TRAPS) == 40


@pytest.mark.parametrize("trap", TRAPS)
def test_a_name_keeps_the_letters_that_were_written(trap: str) -> None:
    text = f"applications:\n  shop:\n    name: {trap}\n    owner: '{trap}'\n    hosts: [a]\n"
    catalogue, problems = check_texts(Path("x"), {"a.yaml": text.encode()})
    assert problems == ()
    shop = catalogue.applications["shop"]
    assert (shop.name, shop.owner) == (trap, trap)


@pytest.mark.parametrize("trap", ["no", "on", "012", "1e3", "007", "2026-11-24", "3.10"])
def test_an_id_and_a_host_keep_their_letters_too(trap: str) -> None:
    text = f"applications:\n  {trap}:\n    hosts: [{trap}]\n    logs: {{{trap}: {{path: /x}}}}\n"
    catalogue, problems = check_texts(Path("x"), {"a.yaml": text.encode()})
    assert problems == ()
    assert catalogue.applications[trap].hosts == (trap,)
    assert list(catalogue.applications[trap].logs) == [trap]


def test_typed_keys_read_decimal_numbers_and_times_of_day() -> None:
    text = """
hosts: {a: {port: 0022}}
applications:
  shop:
    hosts: a
    logs: {app: {path: /x, history: 0}}
    jobs: {j: {log: app, start: x, deadline: 22:22, schedule: {cron: 0 1 * * *, on: last-day}}}
    slos: {s: {good: up, target: 99.90}}
"""
    catalogue, problems = check_texts(Path("x"), {"a.yaml": text.encode()})
    assert problems == ()
    shop = catalogue.applications["shop"]
    assert catalogue.hosts["a"].port == 22
    assert shop.logs["app"].history == 0
    assert shop.jobs["j"].deadline == "22:22"
    assert shop.slos["s"].target == 99.9
