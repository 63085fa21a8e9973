"""The small parts of the engine, each by itself."""

import json
import os
import queue
import threading
import weakref
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from collectors import terminal
from collectors.bounded import Watchdog, bounded, remaining
from collectors.catching_up import CatchingUp
from collectors.clock import Clock
from collectors.errors import HostKeyQuestion
from collectors.jsonl import EventWriter, RequestReader
from collectors.keys import KeyQuestions
from collectors.known_hosts import KnownHostsFiles
from collectors.pool import WorkerPool
from collectors.writer import Job, Writer
from psbuddy.model.application import AppDef
from psbuddy.model.observation import Committed, LogObservation, Observation
from psbuddy.model.terms import Outcome, Stage
from psbuddy.report.status import refresh_status
from psbuddy.store import StoreError, connect_readonly, open_store
from psbuddy.store.read.fleet import app_statuses
from tests.support import visits
from tests.support.hosts import soon


def observation(**log: int) -> Observation:
    values = dict.fromkeys(
        ("bytes_read", "lines", "records", "unparsed_lines", "unparsed_bytes", "held_bytes",
         "backlog_bytes", "oversize_records", "read_until"), 0
    ) | log  # fmt: skip
    one = LogObservation(app="shop", log="app", positions=(), format="logback", **values)
    return Observation("a", 1, 0.1, Stage.DONE, Outcome.OK, "", logs=(one,))


def test_a_backlog_is_read_on_with_its_share() -> None:
    reading = CatchingUp(hold=2, until_whole=False)
    assert reading.again_in(observation(bytes_read=25, backlog_bytes=75)) == 0.0
    assert reading.share("a") == 0.25
    assert reading.again_in(observation(bytes_read=50, backlog_bytes=25)) == 0.0
    assert reading.share("a") == 0.75
    assert reading.again_in(observation(bytes_read=25)) is None
    assert reading.share("a") is None


def test_a_backlog_that_cannot_be_read_is_not_asked_for_without_end() -> None:
    assert CatchingUp(2, until_whole=False).again_in(observation(backlog_bytes=75)) is None


def held_at(offset: int, size: int) -> Observation:
    here = visits.position(offset, size=size)
    return visits.visit(visits.log(held_bytes=size - offset, positions=(here,)))


def test_held_records_are_waited_for_only_where_nobody_comes_back() -> None:
    held = held_at(91, 100)
    assert CatchingUp(2, until_whole=False).again_in(held) is None
    reading = CatchingUp(2, until_whole=True)
    waits = [reading.again_in(held) for _ in range(6)]
    assert waits == [2.5] * 5 + [None]
    assert sum(wait or 0 for wait in waits) > 10  # longer than any record is held


def test_a_log_that_never_pauses_is_read_as_far_as_it_went_at_the_first_look() -> None:
    reading = CatchingUp(2, until_whole=True)
    assert reading.again_in(held_at(91, 100)) == 2.5
    assert reading.again_in(held_at(140, 150)) is None


QUESTION = HostKeyQuestion("a", "a", "10.0.0.1", 22, "ssh-ed25519", "QUFBQQ==", "SHA256:x")


def test_one_question_for_all_hosts_behind_one_key(tmp_path: Path) -> None:
    keys = KeyQuestions(KnownHostsFiles(tmp_path / "known_hosts"))
    assert keys.ask(QUESTION, "b")
    assert not keys.ask(QUESTION, "c")
    assert keys.answer("a", "SHA256:other", accept=True) is None
    assert keys.answer("a", "SHA256:x", accept=True) == ("b", "c")
    assert keys.was_accepted(QUESTION)
    assert (tmp_path / "known_hosts").read_text() == "a ssh-ed25519 QUFBQQ==\n"
    assert keys.pending() == ()


def test_a_question_may_be_put_again_when_a_person_wants_the_host(tmp_path: Path) -> None:
    keys = KeyQuestions(KnownHostsFiles(tmp_path / "known_hosts"))
    keys.ask(QUESTION, "a")
    keys.forget("a")
    assert keys.ask(QUESTION, "a")
    assert keys.answer("a", "SHA256:x", accept=False) == ("a",)
    assert not (tmp_path / "known_hosts").exists()


def test_a_refused_key_is_told_once_until_it_is_good_again(tmp_path: Path) -> None:
    keys = KeyQuestions(KnownHostsFiles(tmp_path / "known_hosts"))
    assert [keys.refused(QUESTION), keys.refused(QUESTION)] == [True, False]
    keys.good("a")
    assert keys.refused(QUESTION)


def test_the_watchdog_acts_at_the_deadline_and_only_then() -> None:
    dog = Watchdog()
    acted, late, quiet = threading.Event(), threading.Event(), threading.Event()
    with dog.guard(soon(60), quiet.set), dog.guard(soon(0.05), acted.set):
        assert acted.wait(10)
    with dog.guard(soon(0.0), late.set):
        assert late.wait(10)
    dog.stop()
    assert not quiet.is_set()


def test_bounded_calls() -> None:
    never, gave_up = threading.Event(), threading.Event()
    assert bounded(lambda: 5, soon(), "x", never) == 5
    with pytest.raises(ZeroDivisionError):
        bounded(lambda: 1 // 0, soon(), "x", never)
    release = threading.Event()
    with pytest.raises(TimeoutError):
        bounded(release.wait, soon(0.05), "x", never)
    gave_up.set()
    with pytest.raises(TimeoutError):
        bounded(release.wait, soon(60), "x", gave_up)
    release.set()
    with pytest.raises(TimeoutError):
        remaining(soon(-1))


def test_the_pool_is_bounded_and_can_be_left_behind() -> None:
    pool = WorkerPool(2, "test")
    gate, running, results = threading.Event(), threading.Semaphore(0), queue.SimpleQueue[int]()

    def task(number: int) -> None:
        running.release()
        gate.wait()
        results.put(number)

    for number in range(5):
        pool.submit(lambda number=number: task(number))  # type: ignore[misc]
    assert running.acquire(timeout=10)
    assert running.acquire(timeout=10)
    assert not running.acquire(blocking=False)
    assert not pool.stop(soon(0.05))
    gate.set()
    assert sorted(results.get(timeout=10) for _ in range(5)) == [0, 1, 2, 3, 4]


def test_the_clock_ticks_and_ends() -> None:
    ticked = threading.Event()
    clock = Clock(ticked.set)
    clock.start()
    assert ticked.wait(10)
    clock.stop()


def test_events_leave_as_lines_and_a_dead_reader_is_noticed() -> None:
    read, write = os.pipe()
    broken = threading.Event()
    writer = EventWriter(write, broken.set)
    writer.emit({"event": "problem", "message": "a\nb ü"})
    line = os.read(read, 1000)
    assert json.loads(line) == {"event": "problem", "message": "a\nb ü"}
    assert line.count(b"\n") == 1
    os.close(read)
    writer.emit({"event": "idle"})
    assert broken.wait(10)
    writer.stop(soon())
    os.close(write)


def test_requests_come_in_whole_however_they_are_cut() -> None:
    read, write = os.pipe()
    got: queue.SimpleQueue[Any] = queue.SimpleQueue()
    RequestReader(read, got.put, got.put, lambda: got.put("end"))
    for part in (b'{"requ', b'est": "stop"}\n\n[1]\n', b"x" * 2_000_000, b'\n{"request": "a"}\n'):
        os.write(write, part) if len(part) < 60_000 else _write_all(write, part)
    os.close(write)
    assert got.get(timeout=10) == {"request": "stop"}
    assert "no request" in got.get(timeout=10)
    told = [got.get(timeout=10)]
    while told[-1] != "end":
        told.append(got.get(timeout=10))
    assert any("longer than a megabyte" in str(each) for each in told)
    assert {"request": "a"} in told
    os.close(read)


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def test_one_bad_visit_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    done: queue.SimpleQueue[tuple[str, StoreError | None]] = queue.SimpleQueue()
    good = observation()
    bad = Observation("b", 2**80, 0.1, Stage.DONE, Outcome.OK, "")  # no integer SQLite knows
    with open_store(str(tmp_path / "store.db")) as store:
        gate = threading.Event()
        writer = Writer(
            store, lambda changed: None, lambda text: None, lambda store, now: gate.wait(10)
        )
        writer.refresh()  # holds the writer, so that both go into one group
        for each in (good, bad):
            writer.put(Job(each, lambda error, host=each.host: done.put((host, error))))  # type: ignore[misc]
        gate.set()
        assert writer.stop(soon())
    assert done.get(timeout=10) == ("a", None)
    host, error = done.get(timeout=10)
    assert host == "b"
    assert error is not None


def test_a_commit_is_told_when_the_line_of_the_fleet_knows_of_it(tmp_path: Path) -> None:
    judged: list[int] = []

    def tell(changed: Committed) -> None:
        with closing(connect_readonly(store.url)) as reading:
            judged.extend(line.last_collection for line in app_statuses(reading))

    with open_store(str(tmp_path / "store.db")) as store:
        store.write_catalogue([AppDef("shop", "Shop", "", "", ("a",), 60, ("app",))], 1)
        writer = Writer(store, tell, lambda sentence: None, refresh_status)
        seen = observation()
        writer.put(Job(seen, lambda error: None))
        assert writer.stop(soon())
    assert judged == [seen.started]


def test_a_mistake_while_judging_the_fleet_is_told_and_collecting_goes_on(tmp_path: Path) -> None:
    told: list[str] = []
    with open_store(str(tmp_path / "store.db")) as store:
        writer = Writer(store, lambda changed: None, told.append, lambda store, now: 1 // 0)
        writer.refresh()
        done = threading.Event()
        writer.put(Job(observation(), lambda error: done.set()))
        assert done.wait(10)
        writer.stop(soon())
    assert "ZeroDivisionError" in told[0]


def test_a_person_reads_each_sentence_once() -> None:
    said: list[str] = []
    teller = terminal.Teller(said.append)
    failed = {
        "event": "collected",
        "host": "a",
        "outcome": "failed",
        "detail": "No.",
        "problems": [],
    }
    for event in (failed, failed, {**failed, "outcome": "ok"}, failed, {"event": "idle"}):
        teller.tell(event)
    assert said == ["No.", "No."]
    teller.tell({"event": "problem", "message": "Disk full."})
    teller.tell({"event": "catalogue", "problems": ["a.yaml:1: x"]})
    assert said[2:] == ["Disk full.", "a.yaml:1: x"]


def test_a_guard_that_was_left_holds_nothing_until_its_deadline() -> None:
    """Else each session would be kept for a minute after its end: by its own watchdog."""

    class Connection:
        def close(self) -> None:
            raise AssertionError("nobody is late")

    watchdog, connection = Watchdog(), Connection()
    gone = weakref.ref(connection)
    with watchdog.guard(soon(60), connection.close):
        pass
    del connection
    assert gone() is None
    watchdog.stop()
