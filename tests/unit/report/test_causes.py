"""What the engine keeps up to date about causes, and what is told of one."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from psbuddy.model.causes import Decision, Deed
from psbuddy.model.observation import Example, LevelCount
from psbuddy.model.terms import Level, State
from psbuddy.report.causes import CauseKeeper, merged_title
from psbuddy.report.dashboard import load_dashboard
from psbuddy.report.rising import rising_causes
from psbuddy.report.status import refresh_status
from psbuddy.report.story import CauseStory, load_story
from psbuddy.store import connect_readonly, open_store
from psbuddy.store.read.causes import cause_rows
from psbuddy.store.read.learning import learned_until, newest_cause
from psbuddy.store.store import Store
from tests.support import fleet_store
from tests.support.fleet_store import DAY, HOUR, LONDON, NEW, NOW, OLD
from tests.support.visits import NOON, cause, log, visit

OLD_ID, NEW_ID = "a" * 40, "b" * 40
NAMES = ("ann", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    fleet_store.build(folder).close()
    return folder / "fleet.db"


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{shutil.copy(built, tmp_path)}") as opened:
        yield opened


def _states(store: Store) -> dict[str, str]:
    with closing(connect_readonly(store.url)) as conn:
        return {row.cause: row.state for row in cause_rows(conn, "shop", NOW - DAY, NOW)}


def _rising(store: Store) -> dict[str, int]:
    with closing(connect_readonly(store.url)) as conn:
        return dict(rising_causes(conn, "shop", NOW, LONDON))


def test_a_muted_cause_never_alarms_and_its_counts_still_show(store: Store) -> None:
    assert refresh_status(store, NOW, ["shop"], LONDON)[0].state is State.DOWN
    store.decide(Decision("shop", Deed.MUTE, (NEW_ID,)), NOW)
    (line,) = refresh_status(store, NOW, ["shop"], LONDON)
    assert line.state is State.UP
    assert NEW not in line.sentence
    with closing(connect_readonly(store.url)) as conn:
        shown = load_dashboard(conn, "shop", NOW - HOUR, NOW, NOW, zone=LONDON)
    lines = {each.row.cause: each.row for each in shown.cause_lines}
    assert (lines[NEW_ID].state, lines[NEW_ID].records) == ("muted", 56)
    assert np.nansum(shown.errors) >= 56
    store.decide(Decision("shop", Deed.UNMARK, (NEW_ID,)), NOW)
    assert refresh_status(store, NOW, ["shop"], LONDON)[0].state is State.DOWN


def test_a_resolved_cause_that_is_seen_again_is_told_in_the_verdict(store: Store) -> None:
    store.decide(Decision("shop", Deed.MUTE, (NEW_ID,)), NOW)
    store.decide(Decision("shop", Deed.RESOLVE, (OLD_ID,)), NOW)
    (line,) = refresh_status(store, NOW, ["shop"], LONDON)
    assert line.state is State.UP
    assert "Without 56 records of muted causes in the last 24 h." in line.sentence
    later = NOW + 2 * HOUR
    again = log(causes=(replace(cause(OLD_ID, ((later, 1),)), title=OLD),), read_until=later)
    store.commit([visit(again, host="shop-app-1", at=later)], later)
    store.commit([visit(log(read_until=later), host="shop-app-2", at=later)], later)
    (line,) = refresh_status(store, later, ["shop"], LONDON)
    assert line.state is State.WATCH
    assert line.headline.startswith(f'"{OLD}" is back 2 h after it was resolved')


def test_a_cause_above_its_own_normal_is_rising(store: Store) -> None:
    keeper = CauseKeeper()
    assert keeper.refresh(store, NOW) == {"shop"}
    assert list(_rising(store)) == [NEW_ID]
    assert _states(store) == {OLD_ID: "ongoing", NEW_ID: "new"}  # new says more than rising
    burst = tuple((minute, 6) for minute in range(NOW - HOUR, NOW, 60))
    fact = log(
        levels=tuple(LevelCount(minute, Level.ERROR, 6) for minute, _ in burst),
        causes=(replace(cause(OLD_ID, burst), title=OLD),),
        read_until=NOW,
    )
    store.commit([visit(fact, host="shop-app-1", at=NOW)], NOW)
    assert _states(store)[OLD_ID] == "ongoing"  # not looked at yet
    assert keeper.refresh(store, NOW + 30) == frozenset()
    assert keeper.refresh(store, NOW + 60) == {"shop"}
    assert _states(store)[OLD_ID] == "rising"
    since = _rising(store)[OLD_ID]
    assert NOW - HOUR - 600 <= since <= NOW - HOUR + 600
    assert keeper.refresh(store, NOW + 8 * HOUR) == {"shop"}  # over
    assert _states(store)[OLD_ID] == "ongoing"


class Clock:
    """Time that passes only while learning."""

    def __init__(self, took: float) -> None:
        self.now, self.took = 0.0, took

    def __call__(self) -> float:
        self.now += self.took / 2  # asked before and after
        return self.now


def _logins(*names: str) -> tuple[object, ...]:
    return tuple(
        cause(f"{number:02x}{name}", ((NOON, 1),), template=f"login of user {name} was refused",
              title=f"login of user {name} was refused", exception="", frame="")
        for number, name in enumerate(names)
    )  # fmt: skip


def _groups(store: Store) -> int:
    with closing(connect_readonly(store.url)) as conn:
        return int(conn.execute("SELECT count(*) FROM v_cause WHERE app = 'till'").fetchone()[0])


def _commit(store: Store, *names: str) -> None:
    store.commit([visit(log("till", causes=_logins(*names)))], NOON)


def test_learning_runs_when_something_new_came_and_only_then(store: Store) -> None:
    _commit(store, *NAMES)
    assert _groups(store) == len(NAMES)
    keeper = CauseKeeper()
    assert "till" in keeper.refresh(store, NOON)
    assert _groups(store) == 1
    with closing(connect_readonly(store.url)) as conn:
        assert learned_until(conn) == newest_cause(conn)
    before = Path(store.path.with_name(store.path.name + "-wal")).stat().st_size
    assert keeper.refresh(store, NOON + 1) == frozenset()
    assert Path(store.path.with_name(store.path.name + "-wal")).stat().st_size == before


def test_what_was_committed_and_not_learned_is_learned_by_the_next_program(store: Store) -> None:
    CauseKeeper().refresh(store, NOON)
    _commit(store, *NAMES)
    # The program ends here. Another one starts, and nothing new comes.
    assert "till" in CauseKeeper().refresh(store, NOON)
    assert _groups(store) == 1


def test_learning_takes_a_small_share_of_the_time_and_waits_safely(store: Store) -> None:
    clock = Clock(took=10.0)
    keeper = CauseKeeper(clock, share=0.05)
    _commit(store, *NAMES[:5])
    keeper.refresh(store, NOON)
    _commit(store, *NAMES)
    keeper.refresh(store, NOON)
    with closing(connect_readonly(store.url)) as conn:
        assert learned_until(conn) < newest_cause(conn)  # a program that ends now loses nothing
    assert _groups(store) > 1
    clock.now += 200
    keeper.refresh(store, NOON)
    assert _groups(store) == 1


def test_what_waits_is_learned_at_the_end(store: Store) -> None:
    keeper = CauseKeeper(Clock(took=10.0))
    for names in (NAMES[:2], NAMES):
        _commit(store, *names)
        keeper.refresh(store, NOON)
    assert _groups(store) > 1
    keeper.finish(store, NOON)
    assert _groups(store) == 1


def _story(store: Store, app: str, name: str) -> CauseStory:
    with closing(connect_readonly(store.url)) as conn:
        story = load_story(conn, app, name)
    assert story is not None
    return story


def test_the_story_of_a_cause_tells_values_why_and_the_deployment(store: Store) -> None:
    story = _story(store, "shop", NEW_ID)
    assert story.deployment is not None and story.deployment.label == "4.18.2"
    assert story.evidence.startswith("The innermost exception is SocketTimeout")
    assert [example.host for example in story.examples] == ["shop-app-2"]
    for number, name in enumerate(("ann", "bob", "ann")):
        record = f"2026 ERROR login of {name} from 10.0.0.{number} refused"
        fact = cause("v1", ((NOON, 1),), template="login of <*> from <*> refused", exception="",
                     examples=(Example(NOON + number, record),))  # fmt: skip
        store.commit([visit(log("till", causes=(fact,)), at=NOON + number)], NOON)
    story = _story(store, "till", "v1")
    first, second = story.variables.parts
    assert (first.before, first.values, first.different) == (
        "login of", (("ann", 2), ("bob", 1)), 2,
    )  # fmt: skip
    assert second.before == "of <*> from"
    assert (story.variables.fitting, story.variables.kept) == (3, 3)
    with closing(connect_readonly(store.url)) as conn:
        assert load_story(conn, "shop", "nobody") is None


@pytest.mark.parametrize(
    ("title", "template", "merged", "expected"),
    [
        ("user bob left", "user bob left", "user <*> left", "user <*> left"),
        ("user b…", "user bob left", "user <*> left", "user <*> left"),
        ("Refused: user bob", "RefusedError: user bob", "RefusedError: user <*>",
         "Refused: user <*>"),
        ("NullPointer in Cart.total", "NullPointerException: cart 5", "NullPointerException: <*>",
         ""),
    ],
)  # fmt: skip
def test_a_title_that_tells_the_message_tells_that_of_all(
    title: str, template: str, merged: str, expected: str
) -> None:
    assert merged_title(title, template, merged) == expected
