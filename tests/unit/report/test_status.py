"""The fleet line, judged from a real store."""

import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from psbuddy.model.observation import CheckResult, LevelCount
from psbuddy.model.status import AppStatus
from psbuddy.model.terms import Level, Stage, State, Verdict
from psbuddy.report.status import app_status, refresh_status
from psbuddy.store import connect_readonly, open_store
from psbuddy.store.read.apps import app_def
from psbuddy.store.read.fleet import app_statuses
from psbuddy.store.read.runs import run_history
from psbuddy.store.read.states import host_intervals
from psbuddy.store.store import Store
from tests.support import fleet_store
from tests.support.fleet_store import CLOSE, DAY, LONDON, NOW, at
from tests.support.visits import failed, log, visit


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    fleet_store.build(folder).close()
    return folder / "fleet.db"


@pytest.fixture(scope="module")
def built_quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quiet")
    fleet_store.build(folder, incident=False, twice=False).close()
    return folder / "fleet.db"


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{shutil.copy(built, tmp_path)}") as opened:
        yield opened


@pytest.fixture
def quiet(built_quiet: Path, tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{shutil.copy(built_quiet, tmp_path)}") as opened:
        yield opened


def judge(store: Store, now: int = NOW) -> dict[str, AppStatus]:
    return {line.app: line for line in refresh_status(store, now, zone=LONDON)}


def test_the_shop_says_what_is_wrong_since_when_and_why(store: Store) -> None:
    shop = judge(store)["shop"]
    assert shop.state is State.DOWN
    assert shop.sentence.startswith("Errors ")
    assert "times normal since 09:5" in shop.sentence
    assert (
        'New cause "SocketTimeout in PaymentClient.charge" makes up 9' in shop.sentence
        and "only on shop-app-2, first seen 4 min after deployment 4.18.2." in shop.sentence
    )
    assert abs(shop.since - fleet_store.WORSE) <= 120
    assert shop.headline.endswith("new cause SocketTimeout in PaymentClient.charge")


def test_its_numbers(store: Store) -> None:
    shop = judge(store)["shop"]
    assert shop.normal_per_minute == pytest.approx(0.2, rel=0.2)
    assert shop.errors_per_minute is not None
    assert shop.errors_per_minute > 0.8
    assert len(shop.spark) == 24
    assert shop.spark[-1] is not None
    assert shop.spark[0] is not None
    assert shop.spark[-1] > 3 * shop.spark[0]
    assert (shop.hosts_seen, shop.hosts_total, shop.as_of) == (2, 2, NOW)
    assert shop.coverage == pytest.approx(1.0)
    assert shop.last_collection == NOW - 5


def test_the_ledger_tells_of_the_double_start_first(store: Store) -> None:
    ledger = judge(store)["ledger"]
    assert ledger.state is State.DOWN
    assert ledger.sentence.startswith(
        "Month close for 2026-11 was started twice (Mon 22:04 and 23:31, the second by "
        "ops-jane). The first had finished with 48,211 records. Rerun policy: never."
    )
    assert (ledger.worst_job, ledger.worst_job_note) == (
        "month-close",
        "started twice",
    )


def test_lines_and_verdicts_are_kept_in_the_store(store: Store) -> None:
    lines = judge(store)
    with closing(connect_readonly(store.url)) as conn:
        assert {line.app: line for line in app_statuses(conn)} == lines
        runs = run_history(conn, CLOSE, NOW - 30 * DAY, NOW).runs
    assert [run.verdict for run in runs] == [Verdict.NORMAL, Verdict.TWICE]


def test_judging_again_writes_no_verdict_twice(store: Store) -> None:
    judge(store)
    before = judge(store, NOW + 10)
    assert before["ledger"].since == at("2026-11-30 23:31")
    assert judge(store, NOW + 20)["ledger"].since == before["ledger"].since


def test_only_the_applications_asked_for_are_judged(store: Store) -> None:
    assert [line.app for line in refresh_status(store, NOW, ("shop",), LONDON)] == ["shop"]


def test_a_quiet_fleet_is_quiet(quiet: Store) -> None:
    lines = judge(quiet)
    assert [line.state for line in lines.values()] == [State.UP, State.UP]
    assert lines["shop"].sentence.startswith("All quiet. ")
    assert "normal for a Tuesday morning." in lines["shop"].sentence
    assert "2 jobs finished in the last 24 h; nightly post took 4" in lines["ledger"].sentence


def test_a_service_that_is_down_leads_the_errors(store: Store) -> None:
    for host in fleet_store.HOSTS:
        check = CheckResult("shop", "web", State.DOWN, NOW + 30, "connection refused", None)
        store.commit([visit(host=host, at=NOW + 30, checks=(check,))], NOW + 30)
    shop = judge(store, NOW + 35)["shop"]
    assert shop.headline.startswith("web is down on shop-app-1 and shop-app-2 since 10:20")
    assert "Also: errors" in shop.sentence


def test_a_host_that_fails_is_unseen_not_down(store: Store) -> None:
    for moment in (NOW + 55, NOW + 65):
        store.commit([failed("shop-app-1", moment, "shop-app-1 does not answer.")], NOW + 70)
    store.commit([visit(host="shop-app-2", at=NOW + 55)], NOW + 70)
    shop = judge(store, NOW + 70)["shop"]
    assert "Also: shop-app-1 not seen since 10:19" in shop.sentence
    assert (shop.hosts_seen, shop.hosts_total) == (1, 2)


def test_one_failed_visit_is_told_and_leaves_the_host_seen_for_a_while(quiet: Store) -> None:
    quiet.commit([failed("shop-app-1", NOW + 55, "shop-app-1 does not answer.")], NOW + 60)
    quiet.commit([visit(host="shop-app-2", at=NOW + 55)], NOW + 60)
    shop = judge(quiet, NOW + 60)["shop"]
    assert (shop.state, shop.hosts_seen) == (State.UP, 2)
    assert "One visit to shop-app-1 failed; it was last seen at 10:19." in shop.sentence
    with closing(connect_readonly(quiet.url)) as conn:
        spans = host_intervals(conn, "shop", NOW - 60, NOW + 60)["shop-app-1"]
        assert spans[-1].state is State.UNKNOWN  # the gap is in the strip all the same
    later = judge(quiet, NOW + 146)["shop"]
    assert later.state is State.WATCH
    assert later.headline == "shop-app-1 not seen since 10:19"


def test_a_refused_key_is_unseen_at_once(quiet: Store) -> None:
    refused = dataclasses.replace(failed("shop-app-1", NOW + 55, "Refused."), stage=Stage.HOST_KEY)
    quiet.commit([refused, visit(host="shop-app-2", at=NOW + 55)], NOW + 60)
    assert judge(quiet, NOW + 60)["shop"].headline == "shop-app-1 not seen since 10:19"


def test_after_a_sleep_everything_is_unknown_since_the_last_visit(quiet: Store) -> None:
    lines = judge(quiet, NOW + 8 * 3_600)
    assert {line.state for line in lines.values()} == {State.UNKNOWN}
    assert lines["shop"].since == NOW - 5
    assert lines["shop"].sentence.startswith("Unknown since 10:19. ")
    assert lines["shop"].hosts_seen == 0
    assert lines["shop"].spark[-1] is None


def test_an_application_never_visited_is_not_healthy(store: Store) -> None:
    new = dataclasses.replace(fleet_store.SHOP, app="new", hosts=("nowhere",))
    store.write_catalogue((fleet_store.SHOP, fleet_store.LEDGER, new), NOW)
    line = judge(store)["new"]
    assert (line.state, line.since, line.last_collection) == (State.UNKNOWN, 0, 0)
    assert line.sentence == "Not seen yet. No visit has succeeded yet."
    assert line.errors_per_minute is None
    assert line.coverage == 0.0
    assert line.availability is None
    assert line.spark == (None,) * 24


def test_a_line_can_be_had_without_writing(store: Store) -> None:
    with closing(connect_readonly(store.url)) as conn:
        shop = app_def(conn, "shop")
        assert shop is not None
        line = app_status(conn, shop, NOW, zone=LONDON)
        assert line.state is State.DOWN
        assert app_statuses(conn)[1].as_of == 0


def test_a_normal_that_was_kept_gives_way_when_an_older_past_is_read(store: Store) -> None:
    first = judge(store)["shop"].normal_per_minute
    minutes = tuple(
        LevelCount(minute, Level.ERROR, 50)
        for minute in range(fleet_store.SINCE - 3 * DAY, NOW - 2 * DAY, 600)
    )
    read = log("shop", "old", read_until=NOW, levels=minutes)
    store.commit([visit(read, host="shop-app-1", at=NOW)], NOW)
    second = judge(store)["shop"].normal_per_minute
    assert first is not None
    assert second is not None
    assert second > 5 * first
