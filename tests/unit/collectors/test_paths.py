"""What is made of visits that fail together, who may begin, and when a network has changed."""

from typing import Any

import pytest

from collectors.errors import AuthError, CollectError, DeadlineError, TurnError, UnreachableError
from collectors.lanes import Lanes, across
from collectors.network import NetworkWatch, sources
from collectors.path_desk import PROBE_SECONDS, SETTLE_SECONDS, PathDesk, is_loss
from collectors.schedule import Schedule
from psbuddy.insight.path import Way, is_path
from psbuddy.model.observation import Observation
from psbuddy.model.terms import Outcome, Stage

HOSTS = tuple(f"h{number}" for number in range(6))
GONE = UnreachableError(Stage.TCP, "It gives no answer.")


def seen(host: str, error: CollectError | None) -> Observation:
    outcome = Outcome.FAILED if error else Outcome.OK
    stage = error.stage if error else Stage.DONE
    return Observation(host, 1, 1.0, stage, outcome, str(error or ""))


class Fleet:
    """Six hosts of two applications, four of them behind edge-1."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.schedule = Schedule(seed=1)
        self.schedule.plan({host: {"shop": 600} for host in HOSTS}, 0.0)
        ways = {host: Way("edge-1" if host < "h4" else "") for host in HOSTS}
        self.desk = PathDesk(self.schedule, ways, self.events.append)

    def visit(self, host: str, now: float, error: CollectError | None = None) -> str:
        self.schedule.begin(host, now)
        detail = self.desk.visited(seen(host, error), error, now).detail
        if error is None:
            self.schedule.succeeded(host, now)
        else:
            self.schedule.failed(host, now)
        return detail

    def cut(self) -> None:
        for host in HOSTS:
            self.visit(host, 50.0)
        for host in HOSTS[:4]:
            self.visit(host, 100.0, GONE)
        self.visit("h5", 100.0)
        self.desk.tick(101.0)


def test_one_message_once_the_losses_have_settled() -> None:
    fleet = Fleet()
    fleet.cut()
    assert fleet.events == []
    for second in range(20):
        fleet.desk.tick(101.0 + SETTLE_SECONDS + second)
    assert [(e["state"], e["name"], e["hosts"], e["apps"]) for e in fleet.events] == [
        ("down", "edge-1", 4, 1)
    ]


def test_a_host_of_a_way_that_is_down_carries_its_reason_and_its_own() -> None:
    fleet = Fleet()
    fleet.cut()
    detail = fleet.visit("h0", 110.0, GONE)
    assert is_path(detail)
    assert detail.endswith("It gives no answer.")
    assert not is_path(fleet.visit("h5", 110.0, GONE))


def test_a_way_that_is_down_is_tried_often_though_its_hosts_back_off() -> None:
    fleet = Fleet()
    fleet.cut()
    for host in HOSTS[:4]:
        for _ in range(4):
            fleet.visit(host, 200.0, GONE)
    assert fleet.schedule.due(201.0 + PROBE_SECONDS) == ()
    fleet.desk.tick(202.0 + PROBE_SECONDS)
    assert len(fleet.schedule.due(202.0 + PROBE_SECONDS)) == 1


def test_its_hosts_are_due_soon_once_one_of_them_answers() -> None:
    fleet = Fleet()
    fleet.cut()
    fleet.desk.tick(101.0 + SETTLE_SECONDS)
    fleet.visit("h0", 110.0)
    fleet.desk.tick(111.0)
    assert fleet.events[-1]["message"] == "Path back: hosts behind edge-1 are reached again."
    assert set(fleet.schedule.due(112.0)) >= {"h1", "h2", "h3"}


def test_a_smaller_loss_that_becomes_part_of_a_larger_one_is_not_called_back() -> None:
    fleet = Fleet()
    fleet.cut()
    fleet.desk.tick(101.0 + SETTLE_SECONDS)
    for host in ("h4", "h5"):
        fleet.visit(host, 120.0, GONE)
    fleet.desk.tick(121.0)
    fleet.desk.tick(121.0 + SETTLE_SECONDS)
    assert [(e["state"], e["kind"]) for e in fleet.events] == [
        ("down", "jump host"),
        ("over", "jump host"),
        ("down", "machine"),
    ]


def test_a_host_that_leaves_the_catalogue_is_no_evidence() -> None:
    fleet = Fleet()
    fleet.cut()
    fleet.schedule.plan({"h5": {"shop": 600}}, 102.0)
    fleet.desk.tick(110.0)
    assert fleet.events == []


@pytest.mark.parametrize(
    ("error", "loss"),
    [
        (None, False),
        (GONE, True),
        (DeadlineError(Stage.BANNER, "x"), True),
        (TurnError(Stage.TCP, "x"), None),
        (AuthError(Stage.AUTH, "x"), False),
        (DeadlineError(Stage.LAST_FRAME, "x"), None),
        (CollectError(Stage.CHANNEL, "x"), False),
    ],
)
def test_what_a_failure_says_of_the_way(error: CollectError | None, loss: bool | None) -> None:
    assert is_loss(error) is loss


def test_hosts_that_may_not_answer_leave_workers_free() -> None:
    lanes = Lanes(8)
    assert [lanes.enter(f"h{number}", {}) for number in range(8)] == [True] * 6 + [False] * 2
    lanes.leave("h0")
    lanes.leave("h7")  # was never in
    assert [lanes.enter(f"g{number}", {}) for number in range(2)] == [True, False]


def test_few_at_once_where_they_share_something() -> None:
    lanes = Lanes(32)
    edge = {"edge-1": 4}
    assert [lanes.enter(f"h{number}", edge) for number in range(6)] == [True] * 4 + [False] * 2
    assert lanes.enter("h9", {"edge-2": 4})
    lanes.leave("h1")
    assert lanes.enter("h5", edge)
    assert not lanes.enter("h6", {"edge-2": 9, **edge})


def test_first_tries_begin_in_every_network() -> None:
    ways = {f"a{n}": Way(network="10.1.0.0/16") for n in range(4)}
    order = across({**ways, "z": Way(network="10.2.0.0/16"), "y": Way("edge-1"), "x": None})
    assert order == ["a0", "x", "y", "z", "a1", "a2", "a3"]
    schedule = Schedule(seed=1)
    schedule.plan({host: {"shop": 60} for host in order}, 10.0)
    assert schedule.due(10.0) == tuple(order)


def test_who_is_asked_for_by_name_comes_first() -> None:
    schedule = Schedule(seed=1)
    schedule.plan({host: {"shop": 60} for host in ("a", "b", "c")}, 0.0)
    schedule.want("c", 5.0, first=True)
    assert schedule.due(6.0) == ("c", "a", "b")
    assert schedule.is_asked_for("c")
    schedule.begin("c", 6.0)
    assert not schedule.is_asked_for("c")


def test_a_network_has_changed_once_it_stands() -> None:
    looks = iter([("a",), ("a",), ("",), ("b",), ("b",), ("b",), ("a",), ("b",), ("b",)])
    watch = NetworkWatch(lambda: next(looks))
    assert [watch.changed() for _ in range(8)] == [False] * 3 + [True] + [False] * 4


def test_our_addresses_are_those_of_this_machine() -> None:
    assert len(sources()) == 5
    assert sources() == sources()


def test_hastened_hosts_are_due_but_not_those_that_wait_for_a_person() -> None:
    schedule = Schedule(seed=1)
    schedule.plan({"a": {"shop": 60}, "b": {"shop": 60}}, 0.0)
    for host in ("a", "b"):
        schedule.begin(host, 0.0)
    schedule.failed("a", 0.0)
    schedule.failed("b", 0.0, needs_person=True)
    schedule.hasten(("a", "b", "never heard of"), 5.0)
    assert schedule.due(5.0) == ("a",)


def test_a_host_answers_from_its_first_good_visit_to_its_first_bad_one() -> None:
    schedule = Schedule(seed=1)
    schedule.plan({"a": {"shop": 60}}, 0.0)
    assert not schedule.answers("a")
    schedule.succeeded("a", 1.0)
    assert schedule.answers("a")
    schedule.failed("a", 2.0)
    assert not schedule.answers("a")
    assert schedule.applications("a") == ("shop",)
