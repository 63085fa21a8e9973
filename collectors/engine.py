"""The front door of collecting: `psbuddy collect`, alone or as the child of the window.

See docs/engine.md for the events and requests of the JSON lines way.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import psbuddy
from collectors import events
from collectors.clock import Clock
from collectors.conductor import Conductor, Options
from collectors.connect import Connector
from collectors.errors import HostKeyQuestion
from collectors.jsonl import EventWriter, RequestReader
from collectors.keeping import CauseKeeping
from collectors.requests import Budget
from collectors.sealing import Sealing
from collectors.secret import Put
from collectors.steps import Runner
from collectors.terminal import Teller, ask_on_terminal, ask_secret_on_terminal, can_ask
from psbuddy.catalogue.watch import CatalogueWatcher
from psbuddy.model.observation import Committed
from psbuddy.report.status import refresh_status
from psbuddy.store import StoreBusy, StoreError, open_store
from psbuddy.store.store import Store

#: Threads that reach for hosts (200 in one tick: more were not faster), and that talk with those
#: that have let us in, each for moments.
PATIENT, QUICK = 32, 8
#: From the wish to stop to the end, whatever hosts do.
STOP_SECONDS = 2.0

OK, WRONG, USAGE = 0, 1, 2
_STDIN, _STDOUT = 0, 1
_CAUSES = ("causes",)

Emit = Callable[[events.Event], None]


def run_engine(
    db_url: str,
    catalogue_dir: Path,
    *,
    once: bool = False,
    jsonl: bool = False,
    apps: Sequence[str] = (),
    hosts: Sequence[str] = (),
    echo: Callable[[str], object] | None = None,
    on_event: Callable[[events.Event], object] | None = None,
    ask: Callable[[HostKeyQuestion], bool] | None = None,
    ask_secret: Put | None = None,
    descriptors: tuple[int, int] = (_STDIN, _STDOUT),
    budget: Budget | None = None,
) -> int:
    """Visit hosts until stopped, or with `once` until each was read to its end.

    `jsonl`: events leave on the second of `descriptors`, requests come in on the first, whose
    end stops the engine. Else `echo` gets sentences for a person. `on_event` gets every event,
    from several threads. `ask` is asked about unknown host keys, `ask_secret` what a login wants;
    without them, and with `once` on a terminal, the person there is. SIGTERM and SIGINT stop it.

    Returns 0; 1 when the store or catalogue cannot be used or, with `once`, a host could not
    be collected; 2 when an application or host is named that is not in the catalogue.
    """
    person = once and not jsonl and can_ask()
    with _sink(jsonl, descriptors, echo, on_event) as sink:
        options = Options(
            once=once,
            apps=frozenset(apps),
            hosts=frozenset(hosts),
            budget=budget or Budget(),
            ask=ask or (ask_on_terminal if person else None),
            ask_secret=ask_secret or (ask_secret_on_terminal if person else None),
        )
        code = _with_store(db_url, catalogue_dir, options, sink)
        sink.emit(events.stopped(code))
    return code


class _Sink:
    """Where events go, and where requests come from once somebody takes them."""

    def __init__(self, emit: Emit, listen: Callable[[Conductor], None]) -> None:
        self.emit = emit
        self.listen = listen
        self.conductor: Conductor | None = None

    def broken(self) -> None:
        """Nobody reads our events any more."""
        if self.conductor is not None:
            self.conductor.stop()


@contextmanager
def _sink(
    jsonl: bool,
    descriptors: tuple[int, int],
    echo: Callable[[str], object] | None,
    on_event: Callable[[events.Event], object] | None,
) -> Iterator[_Sink]:
    sink = _Sink(lambda event: None, lambda conductor: None)
    tell = Teller(echo).tell if echo is not None and not jsonl else None
    writer = EventWriter(descriptors[1], sink.broken) if jsonl else None

    def emit(event: events.Event) -> None:
        if writer is not None:
            writer.emit(event)
        if tell is not None:
            tell(event)
        if on_event is not None:
            on_event(event)

    def listen(conductor: Conductor) -> None:
        sink.conductor = conductor
        if jsonl:
            refused: Callable[[str], None] = lambda text: emit(events.problem(text))  # noqa: E731
            RequestReader(descriptors[0], conductor.request, refused, conductor.stop)

    sink.emit, sink.listen = emit, listen
    try:
        yield sink
    finally:
        if writer is not None:
            writer.stop(time.monotonic() + STOP_SECONDS / 2)


def _with_store(db_url: str, catalogue_dir: Path, options: Options, sink: _Sink) -> int:
    try:
        store = open_store(db_url)
    except StoreBusy as error:
        sink.emit(events.busy(str(error)))
        return WRONG
    except StoreError as error:
        sink.emit(events.problem(str(error)))
        return WRONG
    for note in store.notes:
        sink.emit(events.problem(note))
    watcher = CatalogueWatcher(catalogue_dir)
    watcher.poll()
    sink.emit(events.ready(psbuddy.__version__, store.url, str(catalogue_dir)))
    wrong = _wrong_use(watcher, options)
    if wrong:
        sink.emit(events.problem(wrong))
        store.close()
        return USAGE
    return _collect(store, watcher, options, sink)


def _wrong_use(watcher: CatalogueWatcher, options: Options) -> str:
    """A sentence when something is named that the catalogue does not know."""
    catalogue = watcher.catalogue
    if watcher.problems:  # the catalogue itself is what is wrong
        return ""
    if options.once and not catalogue.applications:
        return (
            f"Nothing is watched yet: there is no application in {catalogue.folder}. "
            "Start the window and add a host, or write a catalogue."
        )
    for kind, wanted, known in (
        ("application", options.apps, set(catalogue.applications)),
        ("host", options.hosts, set(catalogue.aliases())),
    ):
        for name in sorted(wanted - known):
            there = ", ".join(sorted(known)) or "none yet"
            return f"There is no {kind} {name!r} in {catalogue.folder}. There are: {there}."
    return ""


def _collect(store: Store, watcher: CatalogueWatcher, options: Options, sink: _Sink) -> int:
    connector = Connector(store.path.parent)
    keeping = CauseKeeping(
        store,
        lambda apps: _causes_changed(store, apps, sink.emit),
        lambda sentence: sink.emit(events.problem(sentence)),
    )

    # A single round leaves the rows to those who ask right after it.
    sealing = (
        None
        if options.once
        else Sealing(
            store,
            lambda: None if watcher.problems else watcher.catalogue.store,
            lambda sentence: sink.emit(events.problem(sentence)),
        )
    )

    def refresh(store: Store, now: int) -> None:
        refresh_status(store, now)
        keeping.look()
        if sealing:
            sealing.look()

    runner = Runner(QUICK, PATIENT, "visit")
    conductor = Conductor(
        store,
        watcher,
        connector,
        runner=runner,
        refresh=refresh,
        emit=sink.emit,
        options=options,
    )
    clock = Clock(conductor.tick)
    sink.listen(conductor)
    conductor.say_catalogue()
    try:
        with _signals(conductor.stop):
            clock.start()
            conductor.run()
            if options.once:
                keeping.finish()
    finally:
        clock.stop()
        if sealing:
            sealing.stop(time.monotonic() + STOP_SECONDS / 4)
        _shut_down(store, conductor, connector, runner, keeping)
    failed = options.once and (conductor.failed or watcher.problems)
    return WRONG if failed else OK


def _causes_changed(store: Store, apps: frozenset[str], emit: Emit) -> None:
    """Judge applications anew whose causes were found to be one, or to rise, and tell it."""
    now = int(time.time())
    refresh_status(store, now, tuple(apps))
    emit(events.committed(Committed((), tuple(sorted(apps)), _CAUSES, 0, now)))


def _shut_down(
    store: Store,
    conductor: Conductor,
    connector: Connector,
    runner: Runner,
    keeping: CauseKeeping,
) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    conductor.close()
    runner.stop(deadline - STOP_SECONDS / 2)
    connector.stop()
    if conductor.writer.stop(deadline) and keeping.stop(deadline):
        store.close()
    # Else a long commit is under way. It is whole or nothing when the process ends, and
    # waiting for it would break the promise to end in time.


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    """SIGTERM and SIGINT stop in order; only the main thread may ask for them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    before: dict[signal.Signals, Any] = {
        number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
