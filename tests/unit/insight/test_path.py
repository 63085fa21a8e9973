"""Many hosts lost at once: what they share is named, and few are never taken for many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psbuddy.insight import path
from psbuddy.insight.path import AT_ONCE, Down, Kind, Try, Way, down_words, judge, network_of

DIRECT = Way("", "10.1.0.0/16")


def lost(count: int, way: Way = DIRECT, since: float = 100.0, name: str = "lost") -> list[Try]:
    return [Try(f"{name}-{n}", way, since + n, lost=True) for n in range(count)]


def reached(count: int, way: Way = DIRECT, since: float = 110.0, name: str = "ok") -> list[Try]:
    return [Try(f"{name}-{n}", way, since, lost=False) for n in range(count)]


def names(found: tuple[Down, ...]) -> list[tuple[Kind, str, int]]:
    return [(each.kind, each.name, len(each.hosts)) for each in found]


def test_everything_at_once_is_this_machine() -> None:
    assert names(judge(lost(200))) == [(Kind.MACHINE, "", 200)]
    assert judge(lost(200))[0].whole


def test_many_jump_hosts_are_no_more_work_than_the_hosts_behind_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = []
    monkeypatch.setattr(path, "leads", lambda down, way: looks.append(way) or way.jump == down.name)
    tries = [t for n in range(50) for t in lost(4, Way(f"jump-{n}"), name=f"behind-{n}")]
    found = judge([*tries, *reached(1)])
    assert len(found) == 50
    assert all(len(each.hosts) == 4 for each in found)
    assert len(looks) <= len(tries)


def test_two_hosts_are_two_hosts() -> None:
    assert judge(lost(2)) == ()


def test_three_of_many_are_theirs() -> None:
    assert judge([*lost(3), *reached(3)]) == ()
    assert names(judge([*lost(3), *reached(2)])) == [(Kind.MACHINE, "", 3)]


def test_one_that_is_lost_later_on_a_way_that_is_down_is_lost_with_it() -> None:
    late = lost(1, since=100.0 + 3 * AT_ONCE, name="late")
    assert names(judge([*lost(9), *late])) == [(Kind.MACHINE, "", 10)]
    assert names(judge([*lost(9), *late, *reached(1)])) == [(Kind.MACHINE, "", 9)]


def test_those_reached_before_the_loss_say_nothing_of_it() -> None:
    assert names(judge([*lost(3), *reached(9, since=99.0)])) == [(Kind.MACHINE, "", 3)]


def test_hosts_that_are_down_for_long_do_not_count() -> None:
    old = lost(40, since=100.0, name="old")
    later = 200.0 + 10 * AT_ONCE
    fine = reached(60, since=later)
    assert judge([*old, *lost(2, since=later), *fine]) == ()


def test_a_jump_host_that_takes_all_of_its_hosts() -> None:
    behind = lost(2, Way("edge-1"))
    assert names(judge([*behind, *reached(50)])) == [(Kind.JUMP, "edge-1", 2)]
    assert judge([*behind, *reached(50), *reached(1, Way("edge-1"), name="b")]) == ()


def test_hosts_behind_the_only_jump_host_are_lost_with_it() -> None:
    assert names(judge(lost(9, Way("edge-1")))) == [(Kind.JUMP, "edge-1", 9)]


def test_two_jump_hosts_at_once_are_this_machine_unless_others_answer() -> None:
    both = [*lost(5, Way("edge-1"), name="a"), *lost(5, Way("edge-2"), name="b")]
    assert names(judge(both)) == [(Kind.MACHINE, "", 10)]
    assert names(judge([*both, *reached(1)])) == [
        (Kind.JUMP, "edge-1", 5),
        (Kind.JUMP, "edge-2", 5),
    ]


def test_one_network_while_others_answer() -> None:
    elsewhere = reached(5, Way("", "10.2.0.0/16"))
    assert names(judge([*lost(8), *elsewhere])) == [(Kind.NETWORK, "10.1.0.0/16", 8)]
    assert judge([*lost(8), *reached(8), *elsewhere]) == ()


def test_what_was_found_stays_until_clearly_fewer_are_lost() -> None:
    half = [*lost(5), *reached(5)]
    before = judge(lost(10))
    assert judge(half) == ()
    assert names(judge(half, before)) == [(Kind.MACHINE, "", 5)]
    assert judge([*lost(3), *reached(7)], before) == ()


def test_networks_of_addresses() -> None:
    assert network_of("10.1.7.9") == "10.1.0.0/16"
    assert network_of("fe80::1%eth0") == "fe80::/48"
    assert network_of("led-app-1") == ""


def test_one_message_with_the_count() -> None:
    text = down_words(judge(lost(9, Way("edge-1")))[0], 4)
    assert "edge-1" in text
    assert "9 hosts of 4 applications cannot be seen. Nothing says that they are down." in text


WAYS = st.sampled_from([Way(), DIRECT, Way("", "10.2.0.0/16"), Way("edge-1"), Way("edge-2")])
TRIES = st.lists(
    st.builds(Try, st.uuids().map(str), WAYS, st.floats(0, 2000), st.booleans()), max_size=40
)


@given(TRIES)
def test_only_lost_hosts_are_named_and_each_once(tries: list[Try]) -> None:
    found = judge(tries)
    told = [host for each in found for host in each.hosts]
    assert len(told) == len(set(told))
    assert set(told) <= {each.host for each in tries if each.lost}
    assert all(len(each.hosts) >= (2 if each.kind is Kind.JUMP else 3) for each in found)


@given(TRIES, st.randoms())
def test_the_order_of_what_is_known_does_not_matter(tries: list[Try], random: object) -> None:
    mixed = list(tries)
    random.shuffle(mixed)
    assert judge(mixed) == judge(tries)


@given(TRIES, st.integers(0, 10**6))
def test_nor_when_it_was(tries: list[Try], shift: int) -> None:
    whole = [Try(t.host, t.way, float(round(t.since)), t.lost) for t in tries]
    later = [Try(t.host, t.way, t.since + shift, t.lost) for t in whole]
    assert [d.hosts for d in judge(later)] == [d.hosts for d in judge(whole)]


@given(TRIES)
def test_all_lost_at_once_are_all_explained(tries: list[Try]) -> None:
    all_lost = [Try(t.host, t.way, 5.0, lost=True) for t in tries]
    found = judge(all_lost)
    if len(all_lost) >= 3:
        assert {host for each in found for host in each.hosts} == {t.host for t in all_lost}


@given(TRIES)
def test_what_answers_takes_nothing_down(tries: list[Try]) -> None:
    assert judge([Try(t.host, t.way, t.since, lost=False) for t in tries]) == ()


@given(TRIES)
def test_judging_again_finds_the_same(tries: list[Try]) -> None:
    once = judge(tries)
    assert {each.key for each in once} <= {each.key for each in judge(tries, once)}
