"""One commit after another into a real file, read back by SQL and by the readers."""

import shutil
import sqlite3
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psbuddy.model import latency
from psbuddy.model.application import AppDef
from psbuddy.model.causes import Decision, Deed
from psbuddy.model.observation import (
    ChangeEvent,
    CheckEvent,
    CheckResult,
    Disk,
    Example,
    Gap,
    HostCost,
    HostFacts,
    LevelCount,
)
from psbuddy.model.runs import JobDef
from psbuddy.model.terms import LEVELS, Level, State, Verdict
from psbuddy.store import BadObservation, StaleObservation, connect_readonly, open_store
from psbuddy.store.read.causes import cause_examples, cause_rows
from psbuddy.store.read.collections import collections, log_states
from psbuddy.store.read.fleet import host_lines
from psbuddy.store.read.runs import jobs_seen, run_history, running
from psbuddy.store.read.states import changes, check_intervals, gaps, host_intervals
from psbuddy.store.store import Store
from tests.support.visits import (
    NOON,
    cause,
    event,
    failed,
    levels,
    log,
    position,
    transactions,
    visit,
)

HOUR, DAY = 3_600, 86_400


def _rows(conn: sqlite3.Connection, sql: str, *values: object) -> list[tuple[object, ...]]:
    return conn.execute(sql, values).fetchall()


def test_levels_of_all_hosts_are_summed_apart(store: Store, conn: sqlite3.Connection) -> None:
    first = log(levels=levels((NOON, Level.INFO, 5), (NOON, Level.ERROR, 2)))
    other = log(levels=levels((NOON, Level.INFO, 1)))
    told = store.commit([visit(first), visit(other, host="h2")], NOON)
    store.commit([visit(log(levels=levels((NOON, Level.INFO, 3))), at=NOON + 60)], NOON + 60)
    assert _rows(conn, "SELECT host, minute, level, records FROM v_minute ORDER BY 1, 3") == [
        ("h1", "2026-11-24T12:00:00Z", "error", 2),
        ("h1", "2026-11-24T12:00:00Z", "info", 8),
        ("h2", "2026-11-24T12:00:00Z", "info", 1),
    ]
    assert (told.hosts, told.apps, told.kinds) == (("h1", "h2"), ("shop",), ("hosts", "levels"))
    assert (told.since, told.until) == (NOON, NOON + 60)


MINUTES = st.integers(0, 3 * 1440).map(lambda m: NOON - 2 * DAY + m * 60)
COUNTS = st.lists(
    st.builds(LevelCount, MINUTES, st.sampled_from(LEVELS), st.integers(1, 50)), max_size=12
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(COUNTS, min_size=1, max_size=4))
def test_hours_and_days_always_equal_the_sum_of_minutes(
    tmp_path_factory: pytest.TempPathFactory,
    empty_store: Path,
    batches: list[list[LevelCount]],
) -> None:
    """Also for late data: minutes come in any order, over midnight, again and again."""
    path = tmp_path_factory.mktemp("store") / "store.db"
    with open_store(str(shutil.copy(empty_store, path))) as store:
        for number, counts in enumerate(batches):
            fact = log(
                levels=tuple(counts),
                causes=tuple(cause(f"f{c.records % 3}", ((c.minute, c.records),)) for c in counts),
                transactions=tuple(transactions(c.minute, {c.records: 2}) for c in counts),
            )
            store.commit([visit(fact, at=NOON + number)], NOON)
        told = Counter((c.minute, c.level) for counts in batches for c in counts)
        conn = connect_readonly(store.url)
        try:
            assert len(_rows(conn, "SELECT * FROM minute_level")) == len(told)
            for grain, size in (("hour", HOUR), ("day", DAY)):
                for facts, key, value in (
                    ("level", "level", "records"),
                    ("cause", "cause_id", "records"),
                    ("transaction", "source_id", "transactions"),
                ):
                    assert _rows(
                        conn, f"SELECT {grain}, {key}, {value} FROM {grain}_{facts} ORDER BY 1, 2"
                    ) == _rows(
                        conn,
                        f"SELECT minute / {size} * {size}, {key}, sum({value}) "
                        f"FROM minute_{facts} GROUP BY 1, 2 ORDER BY 1, 2",
                    )
        finally:
            conn.close()


def test_merged_buckets_give_the_quantiles_of_all_transactions(
    store: Store, conn: sqlite3.Connection
) -> None:
    store.commit([visit(log(transactions=(transactions(NOON, {10: 50, 20: 49}, 3, 40.0),)))], NOON)
    store.commit(
        [visit(log(transactions=(transactions(NOON, {60: 1}, 1, 900.0),)), at=NOON + 1)], NOON
    )
    (row,) = _rows(conn, "SELECT transactions, failed, p50_ms, p95_ms, max_ms "
                         "FROM v_transaction_minute")  # fmt: skip
    assert row[:2] == (100, 4)
    assert row[2:] == (latency.value_of(10), latency.value_of(20), 900.0)
    for grain in ("hour", "day"):
        assert _rows(conn, f"SELECT transactions, failed, p50_ms, p95_ms, max_ms "
                           f"FROM {grain}_transaction") == [row]  # fmt: skip


def test_latency_is_null_where_no_duration_was_told(store: Store, conn: sqlite3.Connection) -> None:
    silent = transactions(NOON, {}, 0, 0.0)
    silent = type(silent)(NOON, 7, 1, 0.0, 0.0, ())
    store.commit([visit(log(transactions=(silent,)))], NOON)
    assert _rows(conn, "SELECT transactions, failed, p50_ms, p95_ms, max_ms "
                       "FROM v_transaction_minute") == [(7, 1, None, None, None)]  # fmt: skip


def test_causes_keep_their_words_their_times_and_the_newest_examples(
    store: Store, conn: sqlite3.Connection
) -> None:
    for day in range(4):
        at = NOON + day * 60
        fact = cause(
            "f1",
            ((at, 2),),
            examples=(Example(at, f"first {day}"), Example(at + 1, f"second {day}")),
            template=f"words {day}",
        )
        store.commit([visit(log(causes=(fact,), read_until=at), at=at)], at)
    store.commit([visit(log(causes=(cause("f1", ((NOON - HOUR, 1),)),)), at=NOON + 999)], NOON)
    (row,) = cause_rows(conn, "shop", NOON - DAY, NOON + DAY)
    assert (row.template, row.records) == ("words 0", 9)
    assert (row.first_seen, row.last_seen) == (NOON - HOUR, NOON + 180)
    assert row.hosts == ("h1",)
    texts = [example.text for example in cause_examples(conn, "shop", "f1", 9)]
    assert texts == ["second 3", "first 3", "second 2", "first 2", "second 1"]
    assert _rows(conn, "SELECT records FROM v_cause") == [(9,)]
    assert _rows(conn, "SELECT hour, records FROM v_cause_hour ORDER BY 1") == [
        ("2026-11-24T11:00:00Z", 1),
        ("2026-11-24T12:00:00Z", 8),
    ]


def _states(conn: sqlite3.Connection) -> dict[object, object]:
    return dict(_rows(conn, "SELECT cause, state FROM v_cause"))


def test_a_cause_is_new_ongoing_regressed_known(store: Store, conn: sqlite3.Connection) -> None:
    start = NOON - 30 * DAY
    old = log(
        levels=levels((start, Level.ERROR, 3)),
        causes=(cause("old", ((start, 1),)), cause("back", ((start, 1),))),
        read_until=start + DAY,
    )
    store.commit([visit(old, at=start + DAY)], start + DAY)
    assert _states(conn) == {"old": "ongoing", "back": "ongoing"}  # all that is known is young
    now = log(causes=(cause("back"), cause("new"), cause("old", ((start + DAY, 1),))))
    store.commit([visit(now)], NOON)
    assert _states(conn) == {"old": "ongoing", "back": "regressed", "new": "new"}
    rows = {row.cause: row.state for row in cause_rows(conn, "shop", NOON - DAY, NOON + 60)}
    assert rows == {"back": "regressed", "new": "new"}
    store.decide(Decision("shop", Deed.KNOWN, ("new",)), NOON)
    assert _states(conn)["new"] == "known"


def test_positions_are_replaced_and_their_version_grows(store: Store) -> None:
    assert store.read_from("h1", "shop", "app") == (0, ())
    huge = position(7, inode=2**64 - 1, path="/var/log/b.log", carry='{"held": 1}')
    latin = position(8, path="/var/log/caf\udce9.log")  # a name that is not UTF-8
    store.commit([visit(log(positions=(position(5), huge, latin)))], NOON)
    version, found = store.read_from("h1", "shop", "app")
    assert version == 1
    assert set(found) == {position(5), huge, latin}
    store.commit([visit(log(positions=(position(9),)), at=NOON + 1)], NOON)
    assert store.positions("h1", "shop", "app") == (position(9),)
    assert store.read_from("h1", "shop", "app")[0] == 2
    assert store.positions("h2", "shop", "app") == ()


def test_a_replayed_visit_is_refused_and_counts_nothing(
    store: Store, conn: sqlite3.Connection
) -> None:
    fact = log(base_version=0, levels=levels((NOON, Level.INFO, 5)), jobs=(event("start", NOON),))
    fresh = log(name="other", base_version=0, levels=levels((NOON, Level.INFO, 1)))
    store.commit([visit(fact)], NOON)
    before = _rows(conn, "SELECT * FROM v_minute"), _rows(conn, "SELECT * FROM v_run")
    with pytest.raises(StaleObservation, match="log app of shop on h1") as caught:
        store.commit([visit(fresh, fact, at=NOON + 1)], NOON)
    assert (caught.value.host, caught.value.app, caught.value.log) == ("h1", "shop", "app")
    assert (_rows(conn, "SELECT * FROM v_minute"), _rows(conn, "SELECT * FROM v_run")) == before
    assert len(collections(conn)) == 1
    store.commit([visit(log(base_version=1), at=NOON + 2)], NOON)


def test_the_second_of_two_readings_of_one_position_in_one_commit_is_refused(
    store: Store,
) -> None:
    fact = log(base_version=0)
    with pytest.raises(StaleObservation):
        store.commit([visit(fact), visit(fact, at=NOON + 1)], NOON)
    assert store.read_from("h1", "shop", "app")[0] == 0


def test_a_number_beyond_all_range_is_refused_whole(store: Store, conn: sqlite3.Connection) -> None:
    with pytest.raises(BadObservation, match="cannot be stored"):
        store.commit([visit(log(levels=levels((NOON, Level.INFO, 2**70))))], NOON)
    assert collections(conn) == ()
    store.commit([visit()], NOON)
    assert len(collections(conn)) == 1


def test_runs_are_paired_across_logs_and_commits_and_keep_their_verdicts(
    store: Store, conn: sqlite3.Connection
) -> None:
    close = JobDef("shop", "close", "batch")
    starts = log(name="batch", jobs=(event("start", NOON - 60, period="2026-11", actor="ann"),))
    store.commit([visit(starts)], NOON)
    (run,) = running(conn)
    assert (run.app, run.job, run.host, run.actor, run.ended) == ("shop", "close", "h1", "ann", 0)
    store.write_verdicts({run.run_id: Verdict.TWICE, 999: Verdict.LATE})
    ends = log(name="end", jobs=(event("finish", NOON + 60, volume=9),))
    other = log(name="end", jobs=(event("finish", NOON + 61),))
    store.commit([visit(ends, at=NOON + 70), visit(other, host="h2", at=NOON + 70)], NOON + 70)
    history = run_history(conn, close, NOON - DAY, NOON + DAY)
    assert [(r.host, r.started, r.ended) for r in history.runs] == [
        ("h1", NOON - 60, NOON + 60),
        ("h2", 0, NOON + 61),
    ]
    assert history.runs[0].run_id == run.run_id
    assert history.runs[0].verdict is Verdict.TWICE
    assert history.start.tolist() == [NOON - 60, NOON + 61]
    assert history.seconds[0] == 120 and np.isnan(history.seconds[1])
    assert history.volume[0] == 9 and np.isnan(history.volume[1])
    assert running(conn) == ()
    assert jobs_seen(conn, "shop") == ("close",)
    assert _rows(conn, "SELECT host, period, started, ended, volume, verdict FROM v_run") == [
        ("h1", "2026-11", "2026-11-24T11:59:00Z", "2026-11-24T12:01:00Z", 9, "twice"),
        ("h2", "", None, "2026-11-24T12:01:01Z", None, "unknown"),
    ]


def test_a_run_over_the_edge_of_the_range_is_in_it(store: Store, conn: sqlite3.Connection) -> None:
    told = (event("start", NOON), event("finish", NOON + 100), event("start", NOON + 500))
    store.commit([visit(log(jobs=told))], NOON)
    job = JobDef("shop", "close", "app")

    def seen(since: int, until: int) -> list[int]:
        return [r.started - NOON for r in run_history(conn, job, since, until).runs]

    assert seen(NOON + 50, NOON + 60) == [0]
    assert seen(NOON + 101, NOON + 200) == []
    assert seen(NOON + 900, NOON + 999) == [500]  # it still runs
    assert seen(NOON - 10, NOON) == []


def test_a_host_out_of_reach_is_unknown_never_down(store: Store, conn: sqlite3.Connection) -> None:
    store.commit([visit(log(), at=NOON), visit(log(), at=NOON + 60)], NOON)
    store.commit([failed(at=NOON + 120, detail="The key was refused.")], NOON)
    assert [
        (i.start - NOON, i.end - NOON, i.state.value, i.reason)
        for i in host_intervals(conn, "shop", NOON - 10, NOON + 999)["h1"]
    ] == [(0, 60, "up", ""), (60, 120, "unknown", "The key was refused.")]
    (line,) = host_lines(conn)
    assert (line.state, line.since, line.last_good, line.last_try) == (
        State.UNKNOWN,
        NOON + 60,
        NOON + 60,
        NOON + 120,
    )
    assert (line.reason, line.transport) == ("The key was refused.", "ssh")


def test_failed_visits_since_the_last_good_one_are_counted(
    store: Store, conn: sqlite3.Connection
) -> None:
    told = []
    for seconds, one in enumerate((visit, failed, failed, failed, visit), 1):
        store.commit([one(at=NOON + 60 * seconds)], NOON)
        (line,) = host_lines(conn)
        told.append((line.failures, line.failed_at))
    assert told == [(0, ""), (1, "tcp"), (2, "tcp"), (2, "tcp"), (0, "")]


def test_a_host_that_left_the_catalogue_is_paused_and_keeps_its_history(
    store: Store, conn: sqlite3.Connection
) -> None:
    shop = AppDef("shop", "Shop", "", "", ("h1", "h2"), 300)
    store.write_catalogue([shop], NOON)
    store.commit([visit(log(), at=NOON), visit(log(), host="h2", at=NOON)], NOON)
    assert [(h.state, h.interval) for h in host_lines(conn)] == [(State.UP, 300)] * 2
    store.write_catalogue([replace(shop, hosts=("h2",))], NOON)
    left, stays = host_lines(conn)
    assert (left.state, left.since, stays.state) == (State.PAUSED, NOON, State.UP)
    assert "what was seen of it stays" in left.reason
    assert len(collections(conn, "h1")) == 1
    store.write_catalogue([], NOON)
    assert {h.state for h in host_lines(conn)} == {State.PAUSED}
    store.write_catalogue([shop], NOON)
    assert {h.state for h in host_lines(conn)} == {State.UP}


def test_a_host_of_the_catalogue_that_was_never_reached_says_why(
    store: Store, conn: sqlite3.Connection
) -> None:
    shop = AppDef("shop", "Shop", "", "", ("h1", "h2"), 60)
    store.write_catalogue([shop], NOON)
    store.commit([failed(at=NOON), failed(at=NOON + 60)], NOON)
    found = host_intervals(conn, "shop", 0, NOON + DAY)
    assert list(found) == ["h1"]  # nobody tried h2 yet
    assert [(i.start - NOON, i.end - NOON, i.state, i.reason) for i in found["h1"]] == [
        (0, 60, State.UNKNOWN, "No answer.")
    ]


def _facts(boot: int, skew: float = 0.0) -> HostFacts:
    return HostFacts(NOON, skew, boot, 2, 0.1, 100, 50, (Disk("/", 10, 5),), "Linux")


def test_the_boot_time_proves_a_host_up_while_nobody_looked(
    store: Store, conn: sqlite3.Connection
) -> None:
    store.commit([visit(log(), facts=_facts(NOON - 500))], NOON)
    late = NOON + 8 * HOUR
    store.commit(
        [failed(at=late), visit(log(), at=late + 60, facts=_facts(NOON - 470, 30.0))], late
    )
    (up,) = host_intervals(conn, "shop", 0, late + 999)["h1"]
    assert (up.start, up.end, up.state) == (NOON - 500, late + 60, State.UP)
    store.commit([visit(log(), at=late + 120, facts=_facts(late + 90))], late)
    rows = host_intervals(conn, "shop", late, late + 999)["h1"]
    assert [(i.start, i.state.value) for i in rows] == [
        (late, "up"),
        (late + 60, "unknown"),
        (late + 90, "up"),
    ]


def test_checks_by_probe_and_by_log_line(store: Store, conn: sqlite3.Connection) -> None:
    def web(state: State, at: int) -> CheckResult:
        return CheckResult("shop", "web", state, at, f"{state} said", 1.0)

    line = (
        CheckEvent("service", State.UP, NOON - 300),
        CheckEvent("service", State.DOWN, NOON - 9),
    )
    first = visit(log(check_events=line), at=NOON, checks=(web(State.UP, NOON),))
    second = visit(log(read_until=NOON + 55), at=NOON + 60, checks=(web(State.DOWN, NOON + 60),))
    store.commit([first], NOON)
    told = store.commit([second], NOON + 60)
    assert "checks" in told.kinds
    found = check_intervals(conn, "shop", NOON - DAY, NOON + DAY)
    assert {
        key: [(i.start - NOON, i.end - NOON, i.state.value) for i in rows]
        for key, rows in found.items()
    } == {
        ("h1", "service"): [(-300, -9, "up"), (-9, 55, "down")],
        ("h1", "web"): [(0, 60, "up"), (60, 60, "down")],
    }
    assert found["h1", "web"][1].reason == "down said"
    assert _rows(conn, "SELECT check_name, state, since, until FROM v_check "
                       "WHERE state = 'down' ORDER BY 1") == [
        ("service", "down", "2026-11-24T11:59:51Z", "2026-11-24T12:00:55Z"),
        ("web", "down", "2026-11-24T12:01:00Z", "2026-11-24T12:01:00Z"),
    ]  # fmt: skip


def test_a_gap_in_the_log_makes_its_checks_unknown_and_lies_between_the_reads(
    store: Store, conn: sqlite3.Connection
) -> None:
    store.commit([visit(log(check_events=(CheckEvent("service", State.UP, NOON - 60),)))], NOON)
    lost = log(gaps=(Gap(0, 0, "truncated", 42),), read_until=NOON + 60)
    told = store.commit([visit(lost, at=NOON + 60)], NOON + 60)
    assert "gaps" in told.kinds
    (gap,) = gaps(conn, "shop", 0, NOON + DAY)
    assert (gap.from_time, gap.to_time, gap.reason, gap.bytes) == (NOON, NOON + 60, "truncated", 42)
    rows = check_intervals(conn, "shop", 0, NOON + DAY)["h1", "service"]
    assert [(i.start - NOON, i.end - NOON, i.state.value) for i in rows] == [
        (-60, 0, "up"),
        (0, 60, "unknown"),
    ]


def test_a_deployment_told_by_every_host_is_one_mark(
    store: Store, conn: sqlite3.Connection
) -> None:
    told = log(changes=(ChangeEvent(NOON, "deployment", "4.18.2"),))
    later = log(changes=(ChangeEvent(NOON + 200, "deployment", "4.18.2"),))
    again = log(changes=(ChangeEvent(NOON + DAY, "deployment", "4.18.2"),))
    store.commit([visit(told), visit(told, at=NOON + 1), visit(later, again, host="h2")], NOON)
    assert [(c.time - NOON, c.label) for c in changes(conn, "shop", NOON, NOON + 2 * DAY)] == [
        (0, "4.18.2"),
        (DAY, "4.18.2"),
    ]


def test_a_visit_is_recorded_with_its_cost(store: Store, conn: sqlite3.Connection) -> None:
    store.commit(
        [visit(log(), cost=HostCost(0.25, 10_000, 777), bytes_sent=3, bytes_received=4)], NOON
    )
    store.commit([replace(failed(at=NOON + 60), seconds=0.123456789)], NOON)
    newest, oldest = collections(conn, "h1")
    assert newest.seconds == 0.123  # to the millisecond
    assert (oldest.bytes_read, oldest.cpu_seconds, oldest.bytes_received) == (777, 0.25, 4)
    assert (newest.stage, newest.outcome, newest.cpu_seconds) == ("tcp", "failed", None)
    assert collections(conn, "h1", 1) == (newest,)
    assert collections(conn) == (newest, oldest)
    assert _rows(conn, "SELECT host, started, stage, outcome, bytes_read, detail "
                       "FROM v_collection ORDER BY started") == [
        ("h1", "2026-11-24T12:00:00Z", "done", "ok", 777, ""),
        ("h1", "2026-11-24T12:01:00Z", "tcp", "failed", 0, "No answer."),
    ]  # fmt: skip


def test_the_state_of_a_log_adds_up(store: Store, conn: sqlite3.Connection) -> None:
    one = log(lines=10, records=8, unparsed_lines=1, unparsed_bytes=5, held_bytes=3, bytes_read=99)
    two = log(
        lines=1, records=1, backlog_bytes=7, read_until=0, problems=("Cannot read it.",), format=""
    )
    store.commit([visit(one)], NOON)
    store.commit([visit(two, at=NOON + 60)], NOON + 60)
    (state,) = log_states(conn, "shop")
    assert (state.lines, state.records, state.unparsed_lines, state.format) == (11, 9, 1, "logback")
    assert (state.held_bytes, state.backlog_bytes, state.problems) == (0, 7, ("Cannot read it.",))
    assert (state.read_until, state.read_at) == (NOON, NOON + 60)  # its end was not seen again


def test_hostile_text_is_capped_and_names_are_data(store: Store, conn: sqlite3.Connection) -> None:
    nasty = "x'); DROP TABLE run; --" + "y" * 10_000
    fact = log(
        app=nasty,
        name=nasty,
        causes=(cause(nasty, examples=(Example(NOON, nasty + "\x00"),), template=nasty),),
        jobs=(event("start", NOON, job=nasty, text=nasty),),
        format=nasty,
        problems=(nasty,) * 99,
    )
    store.commit([visit(fact, host=nasty)], NOON)
    store.commit([visit(fact, host=nasty, at=NOON + 1)], NOON)
    assert len(_rows(conn, "SELECT app FROM v_run")) == 2
    (app,) = _rows(conn, "SELECT app FROM application")[0]
    assert len(str(app)) == 200
    assert len(log_states(conn, str(app))[0].problems) == 50
    longest = _rows(conn, "SELECT max(length(text)) FROM cause_example")[0][0]
    assert longest == 4096
