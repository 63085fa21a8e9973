"""Few threads for many waits: who waits holds none, who blocks holds up nobody."""

import queue
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from collectors.steps import PATIENCE, Runner, Steps, Until, finish

FAR = 600.0
Results = queue.SimpleQueue[tuple[object, Exception | None]]


class Source:
    """Wakes whoever waits when it is told to."""

    def __init__(self) -> None:
        self.calls: list[Callable[[], None]] = []
        self.waited_for = threading.Event()

    def wake(self, call: Callable[[], None]) -> None:
        self.calls.append(call)
        self.waited_for.set()


@pytest.fixture
def runner() -> Iterator[Runner]:
    made = Runner(1, 1, "steps")
    yield made
    made.stop(time.monotonic() + 10)


@pytest.fixture
def results() -> Results:
    return queue.SimpleQueue()


def put(results: Results) -> Callable[[object, Exception | None], None]:
    return lambda result, error: results.put((result, error))


def waits(source: Source, answer: object, seconds: float = FAR) -> Steps[object]:
    yield Until(source, time.monotonic() + seconds)
    return answer


def blocks(until: threading.Event) -> Steps[str]:
    yield PATIENCE
    until.wait(FAR)
    return threading.current_thread().name


def at_once(answer: object) -> Steps[object]:
    yield from ()
    return answer


def test_who_waits_holds_no_thread(runner: Runner, results: Results) -> None:
    sources = [Source() for _ in range(50)]
    for number, source in enumerate(sources):
        runner.run(waits(source, number), put(results))
    for source in sources:
        assert source.waited_for.wait(10)
    runner.run(at_once("quick"), put(results))
    assert results.get(timeout=10) == ("quick", None)
    for source in reversed(sources):
        source.calls[0]()
    assert [results.get(timeout=10)[0] for _ in sources] == list(range(49, -1, -1))


def test_a_deadline_ends_a_wait_and_a_late_call_does_nothing(
    runner: Runner, results: Results
) -> None:
    source = Source()
    runner.run(waits(source, "late", seconds=0.01), put(results))
    assert results.get(timeout=10) == ("late", None)
    assert source.waited_for.wait(10)
    source.calls[0]()
    source.calls[0]()
    runner.run(at_once("next"), put(results))
    assert results.get(timeout=10) == ("next", None)
    assert results.empty()


def test_who_blocks_holds_up_nobody_else(runner: Runner, results: Results) -> None:
    gate = threading.Event()
    runner.run(blocks(gate), put(results))
    runner.run(blocks(gate), put(results))
    runner.run(at_once("quick"), put(results))
    assert results.get(timeout=10) == ("quick", None)
    gate.set()
    assert results.get(timeout=10) == ("steps-begin-1", None)
    assert results.get(timeout=10) == ("steps-begin-1", None)


def test_a_failure_is_handed_on(runner: Runner, results: Results) -> None:
    def fails() -> Steps[None]:
        yield PATIENCE
        raise ValueError("no")

    runner.run(fails(), put(results))
    result, error = results.get(timeout=10)
    assert result is None
    assert isinstance(error, ValueError)


def test_on_one_thread_it_is_the_same() -> None:
    source = Source()
    source.wake = lambda call: call()  # type: ignore[method-assign]
    assert finish(waits(source, 7)) == 7
    assert finish(waits(Source(), 8, seconds=0.01)) == 8
    gate = threading.Event()
    gate.set()
    assert finish(blocks(gate)) == threading.current_thread().name
