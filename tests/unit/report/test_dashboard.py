"""Everything a dashboard shows, from a real store."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from psbuddy.model.terms import Level, State, Verdict
from psbuddy.report.dashboard import (
    Dashboard,
    UnknownApplicationError,
    load_dashboard,
    step_for,
)
from psbuddy.store import connect_readonly
from tests.support import fleet_store
from tests.support.fleet_store import DAY, HOUR, LONDON, NEW, NOW, OLD


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder: Path = tmp_path_factory.mktemp("fleet")
    with (
        fleet_store.build(folder) as store,
        closing(connect_readonly(store.url)) as connection,
    ):
        yield connection


def load(conn: sqlite3.Connection, app: str, seconds: int) -> Dashboard:
    return load_dashboard(conn, app, NOW - seconds, NOW, NOW, zone=LONDON)


@pytest.mark.parametrize(
    ("seconds", "step"),
    [
        (HOUR, 60),
        (6 * HOUR, 60),
        (DAY, 300),
        (2 * DAY, HOUR),
        (7 * DAY, HOUR),
        (30 * DAY, 3 * HOUR),
        (60 * DAY, DAY),
        (365 * DAY, 86_400),
        (5 * 365 * DAY, 7 * DAY),
        (0, 60),
    ],
)
def test_steps_keep_charts_to_some_hundred_buckets(seconds: int, step: int) -> None:
    assert step_for(NOW - seconds, NOW) == step
    assert seconds / step <= 400


@pytest.mark.parametrize("seconds", [HOUR, DAY, 30 * DAY, 365 * DAY])
def test_every_series_has_the_same_time_axis(conn: sqlite3.Connection, seconds: int) -> None:
    shown = load(conn, "shop", seconds)
    n = len(shown.times)
    assert n == len(shown.errors) == len(shown.normal.middle) == len(shown.normal.high)
    assert n == len(shown.causes.times) == len(shown.causes.other) == len(shown.transactions.times)
    assert shown.step == shown.levels.step == shown.causes.step == shown.transactions.step


def test_errors_are_errors_and_criticals_and_causes_add_up(conn: sqlite3.Connection) -> None:
    shown = load(conn, "shop", DAY)
    by_hand = shown.levels.counts[Level.ERROR] + shown.levels.counts[Level.CRITICAL]
    np.testing.assert_array_equal(shown.errors, by_hand)
    total = sum(np.nansum(c) for c in shown.causes.counts) + np.nansum(shown.causes.other)
    assert total == np.nansum(shown.errors)


def test_the_new_cause_stands_first_with_its_trend_and_example(conn: sqlite3.Connection) -> None:
    first, second = load(conn, "shop", DAY).cause_lines
    assert (first.row.title, first.is_new) == (NEW, True)
    assert (second.row.title, second.is_new) == (OLD, False)
    assert len(first.spark) == 24
    assert np.nansum(first.spark[:22]) == 0
    assert first.spark[-1] > 0
    assert first.examples[0].host == "shop-app-2"
    assert first.row.hosts == ("shop-app-2",)


def test_the_deployment_and_the_birth_are_marked_in_order(conn: sqlite3.Connection) -> None:
    marks = load(conn, "shop", 30 * DAY).changes
    assert [(m.kind, m.label) for m in marks] == [("deployment", "4.18.2"), ("new cause", NEW)]
    assert marks[1].time - marks[0].time == 240


def test_causes_known_from_the_first_hour_are_not_births(conn: sqlite3.Connection) -> None:
    marks = load(conn, "shop", 60 * DAY).changes
    assert OLD not in {mark.label for mark in marks}


def test_the_normal_band_lies_under_the_incident(conn: sqlite3.Connection) -> None:
    shown = load(conn, "shop", DAY)
    assert np.nanmax(shown.errors) > np.nanmax(shown.normal.high)
    assert np.isfinite(shown.normal.middle).all()


def test_time_before_the_first_record_is_not_observed_and_not_zero(
    conn: sqlite3.Connection,
) -> None:
    shown = load(conn, "shop", 60 * DAY)
    assert np.isnan(shown.errors[0])
    assert np.isnan(shown.transactions.count[0])
    assert shown.coverage == pytest.approx(0.5, abs=0.02)
    assert all(part.state is State.UP for part in shown.observed)


def test_jobs_have_bands_verdicts_and_words(conn: sqlite3.Connection) -> None:
    nightly, close = load(conn, "ledger", 30 * DAY).jobs
    assert len(nightly.history.runs) == 30
    assert nightly.history.band is not None
    assert len(nightly.history.band.middle) == 30
    assert np.isfinite(nightly.history.band.high[-1])
    assert nightly.sentence.startswith("Nightly post took")
    assert nightly.expected.startswith("next due Wed 01:00, finishes at 01:")
    assert nightly.expected.endswith("%")
    assert [run.verdict for run in close.history.runs] == [Verdict.NORMAL, Verdict.TWICE]
    assert close.sentence.startswith("Month close for 2026-11 was started twice (Mon 22:04")


def test_run_time_follows_volume_where_it_does(conn: sqlite3.Connection) -> None:
    follows, too_few = load(conn, "ledger", DAY).relations
    assert follows.usable
    assert follows.sentence == "10 % more records = 10 % longer"
    assert too_few.sentence == (
        "No usable relation: 2 of the 8 runs it takes have a volume and a run time."
    )


def test_strips_have_no_holes_and_checks_their_own(conn: sqlite3.Connection) -> None:
    shown = load(conn, "shop", DAY)
    assert [strip.host for strip in shown.strips] == ["shop-app-1", "shop-app-2"]
    for strip in shown.strips:
        assert strip.intervals[0].start == shown.since
        assert strip.intervals[-1].end == shown.until
    assert {(c.check, c.strip.host) for c in shown.checks} == {
        ("web", "shop-app-1"),
        ("web", "shop-app-2"),
    }


def test_the_status_on_it_is_the_one_of_the_fleet(conn: sqlite3.Connection) -> None:
    shown = load(conn, "shop", HOUR)
    assert shown.status.state is State.DOWN
    assert shown.status.sentence.startswith("Errors ")
    assert shown.last_collection == NOW - 5


def test_a_range_before_all_records_is_empty_and_unknown(conn: sqlite3.Connection) -> None:
    until = fleet_store.SINCE - 100 * DAY
    shown = load_dashboard(conn, "shop", until - DAY, until, NOW, zone=LONDON)
    assert np.isnan(shown.errors).all()
    assert shown.cause_lines == ()
    assert shown.coverage == 0.0


def test_an_unknown_application_is_named(conn: sqlite3.Connection) -> None:
    with pytest.raises(UnknownApplicationError, match="no application 'nope'"):
        load(conn, "nope", DAY)
