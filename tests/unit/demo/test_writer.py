import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from psbuddy.demo.mix import Line, mixed
from psbuddy.demo.records import Record
from psbuddy.demo.shape import FLAT, weekly
from psbuddy.demo.sim import LogSim, Rotation, Stream
from psbuddy.demo.stamps import logback
from psbuddy.demo.truth import Truth
from psbuddy.demo.writer import LiveLog, Writer
from psbuddy.model.terms import Level
from tests.support.recount import count_logback, lines_of

START = int(datetime(2026, 11, 24, 9, 59, 17, tzinfo=UTC).timestamp())
WORDS = mixed(
    Line(9, Level.INFO, lambda rng, n: [f" INFO  [t] a.B - {v}\n" for v in rng.integers(0, 9, n)]),
    Line(1, Level.ERROR, lambda rng, n: [f" ERROR [t] a.B - {v}\n" for v in rng.integers(0, 9, n)]),
)


def sim(rotation: Rotation, script: tuple[Record, ...] = ()) -> LogSim:
    stream = Stream(weekly(FLAT, "UTC", 90.0), WORDS)
    return LogSim("a", "h", "l", "a.log", logback("UTC"), (stream,), script, rotation=rotation)


def live(folder: Path, rotation: Rotation, truth: Truth) -> LiveLog:
    return LiveLog(sim(rotation), folder / "a.log", truth, 7, START)


@pytest.mark.parametrize("copytruncate", [False, True])
def test_rotation_loses_no_line_and_doubles_none(tmp_path: Path, copytruncate: bool) -> None:
    truth = Truth()
    log = live(tmp_path, Rotation(copytruncate=copytruncate, every=120), truth)
    for second in range(START, START + 900, 7):
        log.advance(second)
    log.close()
    counted = truth.of("a", "h", "l")
    assert counted.records > 1_000
    found = count_logback(lines_of(tmp_path / "a.log"), "UTC")
    assert found == {(minute, level.value): n for (minute, level), n in counted.levels().items()}
    assert len(list(tmp_path.iterdir())) >= 7


def test_what_is_written_does_not_depend_on_how_often_it_is_asked_for(tmp_path: Path) -> None:
    texts = []
    for name, step in (("often", 1), ("seldom", 400)):
        folder = tmp_path / name
        folder.mkdir()
        log = live(folder, Rotation(), Truth())
        for second in range(START, START + 401, step):
            log.advance(second)
        log.close()
        texts.append((folder / "a.log").read_bytes())
    assert texts[0] == texts[1]
    assert texts[0]


def test_after_a_renaming_the_program_still_writes_to_its_old_file(tmp_path: Path) -> None:
    truth = Truth()
    log = live(tmp_path, Rotation(), truth)
    log.advance(START + 60)
    before = (tmp_path / "a.log").stat().st_size
    log.rotate()
    log.advance(START + 120)
    log.advance(START + 180)
    log.close()
    assert (tmp_path / "a.log.1").stat().st_size > before
    assert (tmp_path / "a.log").stat().st_size > 0
    assert sum(1 for _ in lines_of(tmp_path / "a.log")) == truth.of("a", "h", "l").records


def test_it_is_rotated_at_local_midnight(tmp_path: Path) -> None:
    evening = int(datetime(2026, 11, 24, 23, 58, tzinfo=UTC).timestamp())
    log = LiveLog(sim(Rotation()), tmp_path / "a.log", Truth(), 7, evening)
    log.advance(evening + 100)
    assert not (tmp_path / "a.log.1").exists()
    log.advance(evening + 300)
    log.close()
    days = {line[:10] for line in (tmp_path / "a.log").read_text().splitlines()}
    assert (tmp_path / "a.log.1").exists()
    assert days == {"2026-11-25"}


def test_the_thread_writes_what_its_clock_says_and_ends_when_told(tmp_path: Path) -> None:
    truth = Truth()
    asked = threading.Event()

    def clock() -> float:
        asked.set()
        return START + 60.5

    writer = Writer((live(tmp_path, Rotation(), truth),), clock)
    writer.start()
    assert asked.wait(10)
    writer.stop()
    assert sum(1 for _ in lines_of(tmp_path / "a.log")) == truth.of("a", "h", "l").records > 0
    assert writer.problem == ""


def test_a_log_that_cannot_be_written_ends_it_with_a_sentence(tmp_path: Path) -> None:
    log = live(tmp_path, Rotation(), Truth())
    log.close()

    class Full:
        def advance(self, until: int) -> None:
            raise OSError(28, "No space left on device", "/x/a.log")

        def close(self) -> None:
            return

    done = threading.Event()
    writer = Writer((Full(),), lambda: float(done.set() or 0))
    writer.start()
    assert done.wait(10)
    writer.stop()
    assert "/x/a.log cannot be written (No space left on device)" in writer.problem
