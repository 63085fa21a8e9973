"""A beginning of a line is sure only when nothing that may follow changes what it means."""

from collections.abc import Iterable

import pytest
from psbhost.formats import Recogniser
from psbhost.stamps import StampReader
from psbhost.zones import Zone
from psbsh.profile import Profile, masked


def learned(lines: Iterable[bytes]) -> tuple[Profile, Recogniser]:
    recogniser = Recogniser(StampReader(Zone([[0, 0]]), 1_795_540_000))
    profile = Profile()
    profile.learn(lines, recogniser)
    return profile, recogniser


def texts(profile: Profile) -> set[bytes]:
    return {text.partition(b"\036")[2] for _, text in profile.beginnings}


def test_a_level_in_its_column_ends_the_beginning() -> None:
    profile, _ = learned([b"2026-11-24 10:00:00,001 INFO  [main] c.a.Foo - step 17 done"])
    assert texts(profile) == {b" INFO  "}
    assert [one.level for one in profile.meanings] == [3]


def test_a_thread_that_looks_like_a_level_is_told_apart() -> None:
    profile, _ = learned(
        [
            b"2026-11-24 10:00:00,001 [exec-17] INFO c.a.Foo - x",
            b"2026-11-24 10:00:00,001 [ERROR] INFO c.a.Foo - x",
        ]
    )
    assert {profile.meanings[index].level for index in profile.beginnings.values()} == {3, 5}


def test_digits_stand_for_any_digits() -> None:
    profile, _ = learned(
        [b"2026-11-24 10:00:0%d,001 [exec-%02d] INFO c.a.Foo - x" % (n, 10 + n) for n in range(9)]
    )
    assert len(profile.beginnings) == 1
    assert masked(b"a1b23") == b"a0b00"


def test_a_line_is_made_again_for_another_minute() -> None:
    profile, recogniser = learned([b"2026-11-24 10:00:00.001+01:00 WARN  x - y"])
    (number, _), index = next(iter(profile.beginnings.items()))
    head = recogniser.recognise(profile.line(number, index, b"2026-11-25 23:59:\036+02:00", b"07"))
    assert head.time == 1_795_643_947
    assert head.level == 4


@pytest.mark.parametrize(
    "line",
    [
        b'{"level":"info","time":"2026-11-24T10:00:00Z"}',
        b"2026-11-24T10:00:00.001Z stdout F 2026-11-24 INFO x",
        b"no stamp at all",
        b"time=2026-11-24T10:00:00Z level=info msg=x",
    ],
)
def test_what_is_not_sure_is_not_learned(line: bytes) -> None:
    assert not learned([line])[0].beginnings


def test_no_expression_can_end_the_constant_it_is_put_in() -> None:
    hostile = b'2026/11/24 10:00:00 [a/"\\^b] INFO {x}/ " \\ ^ $(id) `id` y'
    profile, _ = learned(
        [hostile, b"[24/Nov/2026:10:00:00 +0000] INFO x", b"24/11/26 10:00:00 I x"]
    )
    for shape in profile.shapes.values():
        assert not set(shape.expression) & set(b'/\\"\n`$'), shape.expression
