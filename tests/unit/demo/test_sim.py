from datetime import UTC, datetime

from psbuddy.demo.mix import Line, mixed
from psbuddy.demo.records import Record
from psbuddy.demo.shape import FLAT, weekly
from psbuddy.demo.sim import LogSim, Stream
from psbuddy.demo.stamps import logback, nginx
from psbuddy.model.terms import Level

START = int(datetime(2026, 11, 24, tzinfo=UTC).timestamp())
WORDS = mixed(Line(1, Level.INFO, lambda rng, n: [f" {v}\n" for v in rng.integers(0, 9**9, n)]))


def sim(**changes: object) -> LogSim:
    stream = Stream(weekly(FLAT, "UTC", 5.0), WORDS)
    values = {"stamps": logback("UTC"), "streams": (stream,), **changes}
    return LogSim("a", "h", "l", "a.log", **values)


def test_the_same_seed_draws_the_same_records_and_another_seed_others() -> None:
    first = sim().block(7, START, START + 3_600)
    assert first.texts == sim().block(7, START, START + 3_600).texts
    assert first.texts != sim().block(8, START, START + 3_600).texts
    assert len(first.texts) > 200


def test_scripted_records_come_in_the_stretch_they_belong_to() -> None:
    script = tuple(Record((START + s) * 1000, Level.INFO, f"{s}\n") for s in (0, 59, 60))
    assert [r.text for r in sim(script=script).scripted(START, START + 60)] == ["0\n", "59\n"]
    assert "60\n" in sim(script=script).block(7, START + 60, START + 120).texts


def test_nothing_is_written_during_an_outage() -> None:
    block = sim(outages=((START + 600, START + 1_200),)).block(7, START, START + 3_600)
    inside = (block.times >= (START + 600) * 1000) & (block.times < (START + 1_200) * 1000)
    assert not inside.any()
    assert (block.times >= (START + 1_200) * 1000).any()


def test_a_stream_keeps_to_its_window() -> None:
    late = Stream(weekly(FLAT, "UTC", 5.0), WORDS, since=START + 1_800, until=START + 2_400)
    block = sim(streams=(late,)).block(7, START, START + 3_600)
    assert block.texts
    assert block.times.min() >= (START + 1_800) * 1000
    assert block.times.max() < (START + 2_400) * 1000


def test_a_stamp_that_could_mean_two_hours_is_never_written() -> None:
    change = int(datetime(2026, 10, 25, 1, 0, tzinfo=UTC).timestamp())
    plain = sim(stamps=logback("Europe/London")).block(7, change - 7_200, change + 7_200)
    doubtful = (plain.times >= (change - 3_600) * 1000) & (plain.times < (change + 3_600) * 1000)
    assert plain.texts
    assert not doubtful.any()
    told = sim(stamps=nginx("Europe/London")).block(7, change - 3_600, change + 3_600)
    assert told.texts
