"""A cause's life in a real store: learned, merged, split, marked; counts are never lost."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from psbuddy.model.causes import Decision, Deed, LearnedGroup
from psbuddy.model.observation import ChangeEvent, Example, Gap
from psbuddy.model.terms import Level
from psbuddy.store import UnknownCause, connect_readonly, open_store, sqlite, views
from psbuddy.store.deciding import decide_in
from psbuddy.store.migrate import upgrade
from psbuddy.store.read.cause_counts import cause_counts, muted_causes, muted_errors
from psbuddy.store.read.cause_story import (
    cause_aliases,
    cause_messages,
    cause_words,
    last_deployment,
)
from psbuddy.store.read.causes import cause_examples, cause_rows
from psbuddy.store.read.series import cause_series
from psbuddy.store.schema import APPLICATION_ID
from psbuddy.store.store import Store
from tests.support.visits import NOON, cause, levels, log, visit

HOUR, DAY = 3_600, 86_400
SINCE = NOON - 40 * DAY
NAMES = ("a", "b", "c", "d")


def _fill(store: Store) -> None:
    """Four causes, a the oldest, n records each for the n-th, read for forty days."""
    causes = tuple(
        cause(
            name,
            ((SINCE + number * DAY, 1), (NOON - HOUR, number)),
            examples=(Example(NOON - HOUR, f"record of {name}"),),
        )
        for number, name in enumerate(NAMES)
    )
    fact = log(causes=causes, levels=levels((SINCE, Level.ERROR, 1)))
    store.commit([visit(fact)], NOON)


def _learn(store: Store, *members: str, template: str = "all <*>") -> None:
    group = LearnedGroup(members, "", template, f"{' '.join(members)} are alike")
    store.write_learned({"shop": (group,)}, NOON, until=9)


def _say(store: Store, deed: Deed, *causes: str, now: int = NOON, **more: object) -> None:
    store.decide(Decision("shop", deed, causes, **more), now)


def _sums(conn: sqlite3.Connection) -> dict[str, int]:
    """Records of every cause, and the same by every other way of asking."""
    found = dict(conn.execute("SELECT cause, records FROM v_cause").fetchall())
    by_hour = "SELECT cause, sum(records) FROM v_cause_hour GROUP BY cause"
    assert dict(conn.execute(by_hour).fetchall()) == found
    rows = cause_rows(conn, "shop", SINCE, NOON)
    assert {row.cause: row.records for row in rows} == found
    series = cause_series(conn, "shop", SINCE, NOON, DAY)
    counts = zip(series.rows, series.counts, strict=True)
    assert {row.cause: int(part[part > 0].sum()) for row, part in counts} == found
    assert sum(found.values()) == 10
    return found


def _cause_of(conn: sqlite3.Connection) -> dict[str, str]:
    """Of every fingerprint, the cause it counts as."""
    rows = conn.execute("SELECT fingerprint, cause FROM v_cause_alias").fetchall()
    return {name: name for name in NAMES} | dict(rows)


ALONE = {"a": 1, "b": 2, "c": 3, "d": 4}


def test_what_is_learned_is_one_cause_and_keeps_the_ids(
    store: Store, conn: sqlite3.Connection
) -> None:
    _fill(store)
    assert _sums(conn) == ALONE
    _learn(store, "c", "b")
    assert _sums(conn) == {"a": 1, "b": 5, "d": 4}  # the oldest one names it
    alias = conn.execute('SELECT app, fingerprint, cause, "by", why, since FROM v_cause_alias')
    assert alias.fetchall() == [
        ("shop", "c", "b", "learned", "c b are alike", "2026-11-24T12:00:00Z")
    ]
    (row,) = [row for row in cause_rows(conn, "shop", SINCE, NOON) if row.cause == "b"]
    assert (row.template, row.aliases, row.first_seen) == ("all <*>", 1, SINCE + DAY)
    assert [e.text for e in cause_examples(conn, "shop", "c")] == ["record of c", "record of b"]


def test_learning_only_ever_joins(store: Store, conn: sqlite3.Connection) -> None:
    _fill(store)
    _learn(store, "a", "b")
    _learn(store, "c", "d", template="other <*>")
    assert _sums(conn) == {"a": 3, "c": 7}
    _learn(store, "b", "d", "never seen")
    assert _sums(conn) == {"a": 10}
    _learn(store, "a", "b")  # knows less than before
    assert _sums(conn) == {"a": 10}
    assert not store.write_learned(
        {"shop": (LearnedGroup(("a", "b"), "", "all <*>", ""),)}, NOON, until=9
    )
    assert not store.write_learned({"nobody": ()}, NOON, until=9)


def test_a_split_gives_back_the_counts_and_learning_never_takes_it_again(
    store: Store, conn: sqlite3.Connection
) -> None:
    _fill(store)
    _learn(store, *NAMES)
    assert _sums(conn) == {"a": 10}
    _say(store, Deed.SPLIT, "c")
    assert _sums(conn) == {"a": 7, "c": 3}
    _learn(store, *NAMES)
    _learn(store, "c", "b")
    assert _sums(conn) == {"a": 7, "c": 3}
    _say(store, Deed.MERGE, "a", "c")  # until the person says otherwise
    assert _sums(conn) == {"a": 10}
    _say(store, Deed.SPLIT, "a")  # the one that names it: the others go on without
    assert _sums(conn) == {"a": 1, "b": 9}
    with pytest.raises(UnknownCause, match="nothing to split"):
        _say(store, Deed.SPLIT, "a")


def test_a_person_merges_what_learning_keeps_apart(store: Store, conn: sqlite3.Connection) -> None:
    _fill(store)
    _learn(store, "a", "b")
    _say(store, Deed.MERGE, "d", "a", now=NOON)
    assert _sums(conn) == {"d": 7, "c": 3}  # the first one stays, with all that was a's
    assert cause_rows(conn, "shop", SINCE, NOON)[0].template == "template d"
    found = {each.fingerprint: (each.by, each.records) for each in cause_aliases(conn, "shop", "b")}
    assert found == {"d": ("", 4), "a": ("person", 1), "b": ("person", 2)}
    _say(store, Deed.SPLIT, "a")  # the same menu takes it back: as it had come
    assert _sums(conn) == {"a": 3, "c": 3, "d": 4}
    _learn(store, "d", "a")
    assert _sums(conn) == {"b": 6, "a": 1, "c": 3}  # a was parted by a person, b was not


def test_merges_both_ways_do_not_go_in_a_circle(store: Store, conn: sqlite3.Connection) -> None:
    _fill(store)
    _say(store, Deed.MERGE, "a", "b")
    _say(store, Deed.MERGE, "c", "a")
    assert _sums(conn) == {"c": 6, "d": 4}
    _say(store, Deed.SPLIT, "c")
    assert set(_sums(conn)) in ({"a", "c", "d"}, {"b", "c", "d"})
    _say(store, Deed.MERGE, "c", "a")
    _say(store, Deed.MERGE, "d", "b")
    assert _sums(conn) == {"d": 10}
    with pytest.raises(UnknownCause, match="two different causes"):
        _say(store, Deed.MERGE, "d", "a")


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["learn", "merge", "split"]),
        st.lists(st.sampled_from(NAMES), min_size=2, max_size=3, unique=True),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DEEDS)
def test_whatever_is_done_every_fingerprint_counts_once(
    tmp_path_factory: pytest.TempPathFactory, empty_store: Path, deeds: list[tuple[str, list[str]]]
) -> None:
    path = tmp_path_factory.mktemp("store") / "store.db"
    with open_store(str(shutil.copy(empty_store, path))) as store:
        _fill(store)
        conn = connect_readonly(store.url)
        for kind, names in deeds:
            try:
                if kind == "learn":
                    _learn(store, *names)
                elif kind == "merge":
                    _say(store, Deed.MERGE, *names)
                else:
                    _say(store, Deed.SPLIT, names[0])
                    assert len(_sums(conn)) > 1
            except UnknownCause:
                pass
            found, homes = _sums(conn), _cause_of(conn)
            assert found == {
                cause: sum(ALONE[name] for name in NAMES if homes[name] == cause)
                for cause in set(homes.values())
            }
            assert all(homes[homes[name]] == homes[name] for name in NAMES)
        conn.close()


def _state(conn: sqlite3.Connection, name: str = "a") -> str:
    """By the view and by the reader, which must agree."""
    view = dict(conn.execute("SELECT cause, state FROM v_cause").fetchall())
    rows = {row.cause: row.state for row in cause_rows(conn, "shop", 0, NOON + 99 * DAY)}
    assert view == rows
    return str(view[name])


def test_marks_hold_for_the_whole_cause_and_can_be_taken_away(
    store: Store, conn: sqlite3.Connection
) -> None:
    _fill(store)
    _learn(store, "a", "b")
    assert _state(conn) == "ongoing"
    _say(store, Deed.MUTE, "b")  # an alias leads to its cause
    assert _state(conn) == "muted"
    _say(store, Deed.KNOWN, "a", text=" PRB-17 \n fixed in 4.19 ")
    assert _state(conn) == "known"
    words = cause_words(conn, "shop", "b")
    assert words is not None and words.note == "PRB-17 fixed in 4.19"
    _learn(store, "a", "c")
    assert {row.cause: row.state for row in cause_rows(conn, "shop", 0, NOON)}["a"] == "known"
    _say(store, Deed.SPLIT, "a")  # what was said of the cause stays with it
    assert (_state(conn, "a"), _state(conn, "b")) == ("ongoing", "known")
    _say(store, Deed.UNMARK, "b")
    assert _state(conn, "b") == "ongoing"


def test_what_was_said_before_a_merge_rests_until_the_split(
    store: Store, conn: sqlite3.Connection
) -> None:
    _fill(store)
    _say(store, Deed.MUTE, "b")
    _say(store, Deed.RENAME, "b", text="Bees")
    _say(store, Deed.MERGE, "a", "b")
    assert _state(conn) == "ongoing"  # a merge hides nothing of what was loud
    _say(store, Deed.RENAME, "a", text="Ants <b>")
    words = cause_words(conn, "shop", "a")
    assert words is not None and words.title == "Ants <b>"
    _say(store, Deed.SPLIT, "b")
    titles = {row.cause: row.title for row in cause_rows(conn, "shop", 0, NOON)}
    assert (titles["a"], titles["b"], _state(conn, "b")) == ("Ants <b>", "Bees", "muted")
    _say(store, Deed.RENAME, "a", text="")
    words = cause_words(conn, "shop", "a")
    assert words is not None and words.title == "title a"


def test_resolved_and_known_until_regress_when_seen_again(
    store: Store, conn: sqlite3.Connection
) -> None:
    _fill(store)
    _say(store, Deed.RESOLVE, "a")
    _say(store, Deed.KNOWN, "b", until=NOON + DAY)
    _say(store, Deed.MUTE, "c", until=NOON + DAY)
    assert [_state(conn, name) for name in "abc"] == ["resolved", "known", "muted"]
    later = NOON + 2 * DAY
    quiet = log(read_until=later, causes=(cause("d", ((later, 1),)),))
    store.commit([visit(quiet, at=later)], later)
    assert [_state(conn, name) for name in "abc"] == ["resolved", "ongoing", "ongoing"]
    again = tuple(cause(name, ((later, 1),)) for name in "abc")
    store.commit([visit(log(read_until=later, causes=again), at=later + 1)], later + 1)
    assert [_state(conn, name) for name in "abc"] == ["regressed", "regressed", "ongoing"]
    rows = {row.cause: row for row in cause_rows(conn, "shop", 0, later + DAY)}
    assert [(rows[name].back_at, rows[name].away) for name in "ab"] == [(later, 0), (later, 0)]
    assert (rows["a"].marked_at, rows["b"].until) == (NOON, NOON + DAY)


@pytest.mark.parametrize("after", [3 * 60, 5 * 3_600, 9 * DAY, 400 * DAY])
def test_when_a_resolved_cause_came_back(
    store: Store, conn: sqlite3.Connection, after: int
) -> None:
    _fill(store)
    _say(store, Deed.RESOLVE, "a", now=NOON + 30)
    back = NOON + after
    for at in (back, back + 60, back + 3 * 3_600):
        store.commit([visit(log(read_until=at, causes=(cause("a", ((at, 1),)),)), at=at)], at)
    (row,) = [row for row in cause_rows(conn, "shop", 0, back + DAY) if row.cause == "a"]
    assert (row.state, row.back_at) == ("regressed", back)
    assert row.away == (back - NOON + 3_600 if after > 14 * DAY else 0)


def _return(store: Store, after: int, name: str = "a", *gaps: Gap) -> None:
    at = NOON + after
    fact = log(read_until=at, causes=(cause(name, ((at, 1),)),), gaps=gaps)
    store.commit([visit(fact, at=at)], at)


def test_two_observed_weeks_of_silence_make_a_return(
    store: Store, conn: sqlite3.Connection
) -> None:
    _fill(store)
    _return(store, 13 * DAY, "b")
    assert _state(conn, "b") == "ongoing"
    _return(store, 15 * DAY)
    assert _state(conn, "a") == "regressed"


def test_silence_that_nobody_observed_is_none(store: Store, conn: sqlite3.Connection) -> None:
    _fill(store)
    lost = Gap(NOON + DAY, NOON + 5 * DAY, "rotated away", 1)
    _return(store, 6 * DAY, "d", lost)
    _return(store, 17 * DAY)
    assert _state(conn, "a") == "ongoing"
    _return(store, 20 * DAY, "b")
    assert _state(conn, "b") == "regressed"


def test_a_cause_that_spoke_by_another_fingerprint_was_not_silent(
    store: Store, conn: sqlite3.Connection
) -> None:
    _fill(store)
    _learn(store, "a", "b")
    _return(store, 10 * DAY, "b")
    _return(store, 20 * DAY, "a")
    assert _state(conn, "a") == "ongoing"
    _return(store, 40 * DAY, "b")
    assert _state(conn, "a") == "regressed"


def test_a_cause_that_comes_back_in_other_words_has_come_back(
    store: Store, conn: sqlite3.Connection
) -> None:
    _fill(store)
    _return(store, 20 * DAY, "other words")
    _return(store, 20 * DAY, "new words")
    assert _state(conn, "other words") == "new"
    _learn(store, "a", "other words")
    assert _state(conn, "a") == "regressed"
    _return(store, 20 * DAY + 60, "b")
    _learn(store, "b", "new words")  # it was back by itself a minute later
    assert _state(conn, "b") == "regressed"
    _return(store, 30 * DAY, "third words")
    _learn(store, "a", "third words")
    assert _state(conn, "a") == "ongoing"  # ten days are no silence


def test_two_hosts_that_tell_of_one_return_are_one(store: Store, conn: sqlite3.Connection) -> None:
    _fill(store)
    lost = Gap(NOON + DAY, NOON + 5 * DAY, "rotated away", 1)
    at = NOON + 17 * DAY
    parts = [
        visit(log(read_until=at, causes=(cause("a", ((at + n * 60, 1),)),), gaps=(lost,)),
              host=f"h{n}", at=at)
        for n in range(2)
    ]  # fmt: skip
    store.commit([visit(log(gaps=(lost,)), at=at - 1)], at)
    store.commit(parts, at)
    assert _state(conn, "a") == "ongoing"


def test_new_is_what_came_after_a_day_of_reading_or_with_a_deployment(
    store: Store, conn: sqlite3.Connection
) -> None:
    begun = NOON - 20 * HOUR
    first = log(
        levels=levels((begun, Level.INFO, 1)),
        causes=(
            cause("early", ((NOON - HOUR, 1),)),
            cause("deployed", ((NOON - 1_800, 1),)),
        ),
        changes=(ChangeEvent(NOON - 2_000, "deployment", "4.18.2"),),
    )
    store.commit([visit(first)], NOON)
    assert _state(conn, "early") == "ongoing"  # everything is young here
    assert _state(conn, "deployed") == "new"
    deployment = last_deployment(conn, "shop", NOON - 1_800)
    assert deployment is not None and deployment.label == "4.18.2"
    assert last_deployment(conn, "shop", NOON - HOUR) is None
    _return(store, 10 * HOUR, "late")
    assert _state(conn, "late") == "new"
    _learn(store, "early", "late")
    assert _state(conn, "early") == "ongoing"  # an old cause in new words


def test_rising_is_kept_and_comes_after_the_others(store: Store, conn: sqlite3.Connection) -> None:
    _fill(store)
    store.write_rising({"shop": {"a": NOON - HOUR, "b": NOON - HOUR}})
    _say(store, Deed.MUTE, "b")
    assert (_state(conn, "a"), _state(conn, "b")) == ("rising", "muted")
    store.write_rising({"shop": {}})
    assert _state(conn, "a") == "ongoing"


def test_messages_are_kept_for_values_and_bounded(store: Store, conn: sqlite3.Connection) -> None:
    for number in range(70):
        at = NOON + number * 60
        record = (
            f"2026-11-24 12:00 ERROR [main] Pay - user u{number % 3} has {number} orders\n\tat x"
        )
        fact = cause("m", ((at, 1),), examples=(Example(at, record),),
                     template="user <*> has <*> orders")  # fmt: skip
        plain = cause("p", ((at, 1),), examples=(Example(at, "no variable part"),))
        store.commit([visit(log(causes=(fact, plain), read_until=at), at=at)], at)
    kept = cause_messages(conn, "shop", "m")
    assert (len(kept), kept[0]) == (50, "user u0 has 69 orders")
    assert cause_messages(conn, "shop", "p") == ()


def test_muted_errors_are_summed_and_others_are_not(store: Store, conn: sqlite3.Connection) -> None:
    _fill(store)
    reach = NOON - DAY, NOON
    assert muted_causes(conn, "shop") == ()
    _learn(store, "c", "d")
    _say(store, Deed.MUTE, "d")
    muted = muted_causes(conn, "shop")
    found = muted_errors(conn, "shop", muted, reach, HOUR)
    assert (len(muted), found.sum(), len(found)) == (2, 5.0, 24)
    alone = cause_counts(conn, "shop", {1: [1], 2: [2]}, reach, HOUR)
    assert alone.counts[2][~(alone.counts[2] != alone.counts[2])].sum() == 1.0
    _say(store, Deed.UNMARK, "c")
    assert muted_causes(conn, "shop") == ()


def test_the_beginning_of_a_fingerprint_is_enough_when_it_is_unique(
    store: Store, conn: sqlite3.Connection
) -> None:
    names = tuple(f"{start}{'0' * 38}" for start in ("ab", "ac", "b%"))
    store.commit([visit(log(causes=tuple(cause(name) for name in names)))], NOON)
    assert store.decide(Decision("shop", Deed.MUTE, ("ab",)), NOON) == (names[0],)
    with pytest.raises(UnknownCause, match=r"ab0000000000 title ab.*; ac0000000000 title ac"):
        store.decide(Decision("shop", Deed.MUTE, ("a",)), NOON)
    with pytest.raises(UnknownCause, match="shop has no cause '%'"):
        store.decide(Decision("shop", Deed.MUTE, ("%",)), NOON)
    with pytest.raises(UnknownCause, match="no application 'shpo'"):
        store.decide(Decision("shpo", Deed.MUTE, ("ab",)), NOON)
    with pytest.raises(UnknownCause, match="No cause was named"):
        store.decide(Decision("shop", Deed.MUTE, ()), NOON)
    with pytest.raises(UnknownCause):
        store.decide(Decision("shop", Deed.MUTE, ("ac", "nothing")), NOON)
    assert [r.state for r in cause_rows(conn, "shop", 0, NOON + 60)].count("muted") == 1


def test_a_person_decides_beside_the_program_that_collects(
    store: Store, conn: sqlite3.Connection
) -> None:
    _fill(store)  # `store` holds the writer's lock all the time
    assert decide_in(store.url, Decision("shop", Deed.MUTE, ("a",)), NOON) == ("a",)
    _return(store, 60, "b")
    assert _state(conn, "a") == "muted"
    with pytest.raises(UnknownCause):
        decide_in(store.url, Decision("shop", Deed.MUTE, ("a", "zzz")), NOON)
    assert conn.execute("SELECT count(*) FROM cause_decision").fetchone() == (1,)


MARKED = """
INSERT INTO application (app_id, app, name, active) VALUES (1, 'shop', 'shop', 1);
INSERT INTO host (host_id, host) VALUES (1, 'h1');
INSERT INTO source (source_id, app_id, host_id, log, first_observed, read_until)
  VALUES (1, 1, 1, 'app', 1000, 900000);
INSERT INTO cause (cause_id, app_id, fingerprint, level, title, template, exception, frame,
  first_seen, last_seen, returned_at, records, mark) VALUES
  (1, 1, 'f1', 5, 't1', 'm1', 'e1', 'x1', 1000, 5000, 0, 3, ''),
  (2, 1, 'f2', 4, 't2', 'm2', 'e2', 'x2', 2000, 6000, 4000, 4, 'muted'),
  (3, 1, 'f3', 5, 't3', 'm3', 'e3', 'x3', 3000, 7000, 0, 5, 'known');
INSERT INTO cause_example (cause_id, source_id, time, text) VALUES (2, 1, 6000, 'two');
INSERT INTO minute_cause (source_id, minute, cause_id, records) VALUES (1, 960, 1, 3);
INSERT INTO hour_cause (source_id, hour, cause_id, records) VALUES (1, 0, 1, 3);
INSERT INTO day_cause (source_id, day, cause_id, records) VALUES (1, 0, 1, 3);
PRAGMA user_version = 1;
"""


def test_a_store_of_the_first_schema_keeps_every_row(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{path}", module=sqlite.DRIVER)
    with pytest.MonkeyPatch.context() as patch, engine.begin() as connection:
        patch.setattr(views, "create", lambda execute: None)
        upgrade(connection, "0001")
    engine.dispose()
    old = sqlite.DRIVER.connect(str(path))
    old.executescript(f"PRAGMA application_id = {APPLICATION_ID}; {MARKED}")
    every = "SELECT cause_id, app_id, fingerprint, level, title, template, exception, frame, " \
        "first_seen, last_seen, returned_at, records, mark FROM cause"  # fmt: skip
    before = old.execute(every).fetchall()
    old.close()
    open_store(str(path)).close()
    conn = connect_readonly(str(path))
    assert conn.execute(every).fetchall() == before
    assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
    assert [e.text for e in cause_examples(conn, "shop", "f2")] == ["two"]
    assert conn.execute("SELECT sum(records) FROM v_cause_hour").fetchone() == (3,)
    assert dict(conn.execute("SELECT cause, state FROM v_cause").fetchall()) == {
        "f1": "ongoing", "f2": "muted", "f3": "known",
    }  # fmt: skip
    conn.close()
    with open_store(str(path)) as store:
        store.decide(Decision("shop", Deed.UNMARK, ("f2",)), NOON)
    conn = connect_readonly(str(path))
    assert conn.execute("SELECT state FROM v_cause WHERE cause = 'f2'").fetchone() == ("ongoing",)
    conn.close()
