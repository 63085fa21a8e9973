"""Decides who is visited when, and what follows from how it went.

An actor: all its state belongs to the one thread that calls `run`; the clock, the workers, the
writer and the requests only put messages into its inbox. So there is not one lock in here.
"""

import queue
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from collectors import errands, events
from collectors.catching_up import CatchingUp
from collectors.clock import JumpWatch
from collectors.connect import Connector
from collectors.errand_desk import ErrandDesk
from collectors.errands import ErrandError
from collectors.errors import (
    CollectError,
    HostKeyQuestion,
    HostKeyRefusedError,
    HostKeyUnknownError,
    LoginWantedError,
)
from collectors.keys import KeyQuestions
from collectors.lanes import AT_ONE_JUMP, ON_A_DOWN_WAY, Lanes, across
from collectors.link import HostLink
from collectors.links import Links
from collectors.logins import LoginDesk
from collectors.network import NetworkWatch
from collectors.path_desk import PathDesk
from collectors.requests import Budget
from collectors.schedule import Schedule
from collectors.secret import Put
from collectors.steps import Runner, Steps
from collectors.writer import Job, Writer
from psbuddy.catalogue import Catalogue
from psbuddy.catalogue.watch import CatalogueWatcher
from psbuddy.insight.path import Kind, Way
from psbuddy.model.observation import Observation
from psbuddy.store import StoreError
from psbuddy.store.store import Store

REFRESH_SECONDS = 60.0  # states change by time alone: late jobs, hosts that fell silent
_KEEP_SESSION_UP_TO = 600  # seconds between visits; beyond, holding a connection is a waste
_WAKE_SPREAD = 3.0
_JUST_HEARD = 1.0


@dataclass(frozen=True, slots=True)
class Options:
    """`apps`, `hosts`: only these; empty: all. `ask`: puts a host key question to a person at
    once; `ask_secret` what a login wants to know. None: it is told as an event and answered by
    a request."""

    once: bool = False
    apps: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    budget: Budget = Budget()  # noqa: RUF009 - frozen
    ask: Callable[[HostKeyQuestion], bool] | None = None
    ask_secret: Put | None = None


class Conductor:
    """`emit` is called from this thread and from the writer's."""

    def __init__(
        self,
        store: Store,
        watcher: CatalogueWatcher,
        connector: Connector,
        *,
        runner: Runner,
        refresh: Callable[[Store, int], object],
        emit: Callable[[events.Event], None],
        options: Options,
    ) -> None:
        self._store = store
        self._watcher = watcher
        self._emit = emit
        self._options = options
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.writer = Writer(
            store,
            lambda changed: emit(events.committed(changed)),
            lambda sentence: emit(events.problem(sentence)),
            refresh,
        )

        self._schedule = Schedule()
        self._links = Links(
            runner,
            self.post,
            connector.session,
            watcher.catalogue.host,
            self._fell_silent,
            let_in=self._let_in,
        )
        self._desk = ErrandDesk(self._links, emit, partial(self._ask_person, now=True))
        self._logins = LoginDesk(
            self._links, connector.held, emit, self._logged_in, options.ask_secret
        )
        self._way = connector.way
        self._ways: dict[str, Way | None] = {}  # as planned, by the catalogue alone
        self._learned = connector.ways
        self._paths = PathDesk(self._schedule, connector.ways, emit)
        self._lanes = Lanes(runner.patient)
        self._may_dispatch = True  # False after what frees no host
        self._keys = KeyQuestions(connector.known_hosts)
        self._reading = CatchingUp(options.budget.hold, until_whole=options.once)
        self._jumps = JumpWatch(time.time(), time.monotonic())
        self._network = NetworkWatch()
        self._refreshed = time.monotonic()
        self._counts: dict[str, int] = {}
        self._told: set[str] = set()  # notes that were told already
        self._refused = ""  # why the store refused the last visit
        self._left: set[str] = set()  # hosts that `once` still waits for
        self._stopping = False
        self.failed: set[str] = set()  # hosts whose last visit failed, or left a log unread

    # From any thread.

    def post(self, message: Callable[[], None]) -> None:
        """Have `message()` run on the conductor's thread."""
        self._inbox.put(message)

    def stop(self) -> None:
        """End `run`; may be called from a signal handler."""
        self.post(self._stop)

    def tick(self) -> None:
        """A second has passed. The clocks are read here: the conductor may be busy for a while."""
        self.post(partial(self._tick, time.time(), time.monotonic()))

    def request(self, request: dict[str, Any]) -> None:
        """A request of docs/engine.md."""
        self.post(partial(self._request, request))

    # The conductor's thread.

    def run(self) -> None:
        """Work until stopped; with `once` until every host was read to its end."""
        self._adopt(self._watcher.catalogue)
        if self._options.once:
            self._left = set(self._schedule.hosts)
        while not self._stopping and not (self._options.once and not self._left):
            self._logins.dispatch()
            self._desk.dispatch()
            if self._may_dispatch:
                self._dispatch()
            self._may_dispatch = True
            self._inbox.get()()

    def close(self) -> None:
        """Break off what is under way; `run` has ended."""
        self._links.close()

    def _stop(self) -> None:
        self._stopping = True

    def _tick(self, wall: float, now: float) -> None:
        jump = self._jumps.observe(wall, now)
        if jump:
            self._emit(events.woke(jump))
            self._links.hang_up_all()  # dead after a sleep; their deadlines are far
            self._schedule.want_all(now, spread=_WAKE_SPREAD)
        changed = None if self._options.once else self._watcher.poll()
        if changed is not None:
            if changed.is_good:
                self._adopt(changed.catalogue)
            self.say_catalogue()
        self._links.keep_alive(now)
        if self._network.changed():
            self._links.keep_alive(now, after=_JUST_HEARD)  # do they still hear us?
            self._paths.network_changed(now)
        self._paths.tick(now)
        if now - self._refreshed > REFRESH_SECONDS:
            self._refreshed = now
            self.writer.refresh()

    def _adopt(self, catalogue: Catalogue) -> None:
        """Put a catalogue in force."""
        wanted = self._options
        plan: dict[str, dict[str, int]] = {}
        for app in catalogue.applications.values():
            if not wanted.apps or app.id in wanted.apps:
                for host in app.hosts:
                    if not wanted.hosts or host in wanted.hosts:
                        plan.setdefault(host, {})[app.id] = app.every
        try:
            definitions = [app.app_def() for app in catalogue.applications.values()]
            self._store.write_catalogue(definitions, int(time.time()))
        except StoreError as error:
            self._emit(events.problem(str(error)))
        self._ways = {host: self._way(host, catalogue.host(host)) for host in plan}
        self._schedule.plan({host: plan[host] for host in across(self._ways)}, time.monotonic())
        self._links.drop_changed(catalogue.host)
        self.writer.refresh()
        self._say_counts()

    def say_catalogue(self) -> None:
        """Tell what is watched, and what is wrong with the files."""
        catalogue = self._watcher.catalogue
        problems = [str(problem) for problem in self._watcher.problems]
        self._emit(events.catalogue(catalogue.applications, catalogue.aliases(), problems))

    def _say_counts(self) -> None:
        counts = {
            "hosts": len(self._schedule.hosts),
            "failing": len(self._schedule.failing()),
            "waiting": len(self._schedule.waiting_for_person()),
        }
        if counts != self._counts:
            self._counts = counts
            self._emit(events.status(counts))

    # Visits.

    def _dispatch(self) -> None:
        now = time.monotonic()
        for host in self._schedule.due(now):
            done = self._options.once and host not in self._left
            if not done and self._links.is_free(host) and self._may_begin(host):
                self._begin(host, now)

    def _may_begin(self, host: str) -> bool:
        """Hosts that may not answer leave workers free for those that do."""
        known = self._links.is_kept(host) or self._schedule.answers(host)
        if known or self._schedule.is_asked_for(host):
            return True
        if self._lanes.is_full:
            return False
        limits: dict[object, int] = {}
        way = self._learned.get(host) or self._ways.get(host)
        if way is not None and way.jump:
            limits[way.jump] = AT_ONE_JUMP
        down = self._paths.down_on(host, way) if way is not None else None
        if down is not None and (down.kind is not Kind.MACHINE or host in down.hosts):
            limits[down.key] = ON_A_DOWN_WAY
        return self._lanes.enter(host, limits)

    def _fell_silent(self, host: str) -> None:
        """The heartbeat is the uptime probe between two visits: now a visit must say more."""
        self._schedule.hasten((host,), time.monotonic())

    def _let_in(self, host: str) -> None:
        """It is being talked with: the next host may be reached for."""
        self._may_dispatch = self._lanes.leave(host)

    def _begin(self, host: str, now: float) -> None:
        catalogue = self._watcher.catalogue
        ids = self._schedule.begin(host, now)
        applications = [catalogue.applications[each] for each in ids]
        self._emit(events.visiting(host, ids, self._reading.share(host)))

        def visit(link: HostLink) -> Steps[tuple[Observation, CollectError | None]]:
            return link.visit(applications, self._store.read_from, self._options.budget)

        self._links.work(host, visit, partial(self._visited, host))

    def _visited(
        self,
        host: str,
        result: tuple[Observation, CollectError | None] | None,
        failure: Exception | None,
    ) -> None:
        if result is None:
            self._lanes.leave(host)
            self._not_stored(host, str(failure))
            self._after(host)
            return
        # Busy until it is committed: the next visit begins where this one ended.
        observation, error = result
        self._lanes.leave(host)
        observation = self._paths.visited(observation, error, time.monotonic())

        def done(refused: StoreError | None) -> None:  # on the writer's thread
            self.post(partial(self._stored, observation, error, refused))

        self.writer.put(Job(observation, done))
        self._may_dispatch = False

    def _stored(
        self, observation: Observation, error: CollectError | None, refused: StoreError | None
    ) -> None:
        host = observation.host
        self._refreshed = time.monotonic()
        self._emit(events.collected(observation, asked=self._is_asked_at_once(error)))
        for note in self._links.notes(host):
            self._tell_once(note, host)
        if refused is not None:
            self._not_stored(host, str(refused))
        elif error is not None:
            self._failed(host, error)
        else:
            self._succeeded(host, observation)
        self._after(host)

    def _after(self, host: str) -> None:
        self._links.release(host)
        self._say_counts()
        if not self._links.any_busy:
            self._emit(events.idle())

    def _not_stored(self, host: str, sentence: str) -> None:
        if sentence != self._refused:
            self._refused = sentence
            self._emit(events.problem(sentence, host))
        self._schedule.failed(host, time.monotonic())
        self._give_up(host)

    def _tell_once(self, sentence: str, host: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._emit(events.problem(sentence, host))

    def _failed(self, host: str, error: CollectError) -> None:
        self._schedule.failed(host, time.monotonic(), needs_person=error.needs_person)
        if not (self._ask_person(host, error) and self._somebody_answers(error)):
            self._give_up(host)

    def _succeeded(self, host: str, observation: Observation) -> None:
        self._keys.good(host)
        self._logins.good(host)
        self._refused = ""
        self.failed.discard(host)
        if any(log.problems and not log.read_until for log in observation.logs):
            self.failed.add(host)
        again = self._reading.again_in(observation)
        self._schedule.succeeded(host, time.monotonic(), again)
        if again is None:
            self._left.discard(host)
            if self._schedule.interval(host) > _KEEP_SESSION_UP_TO:
                self._links.hang_up(host)

    def _give_up(self, host: str) -> None:
        self.failed.add(host)
        self._left.discard(host)

    # What a person is asked.

    def _ask_person(self, host: str, error: CollectError, *, now: bool = False) -> bool:
        """Tell or ask what is wanted; True when what waits for it may still go on. `now`: a
        person waits for the host."""
        if not isinstance(error, LoginWantedError):
            return self._ask_about_key(host, error)
        self._logins.wanted(host, error, now=now)
        if self._options.ask_secret is not None:
            self._logins.begin(host)
        return True

    def _somebody_answers(self, error: CollectError) -> bool:
        """There is a person who answers before the program goes on."""
        login = isinstance(error, LoginWantedError)
        return (self._options.ask_secret if login else self._options.ask) is not None

    def _is_asked_at_once(self, error: CollectError | None) -> bool:
        """What is wrong is a question to the person who is there."""
        question = isinstance(error, LoginWantedError | HostKeyUnknownError)
        return question and error is not None and self._somebody_answers(error)

    def _logged_in(self, host: str, also: tuple[str, ...], error: CollectError | None) -> None:
        """A login that a person wanted has ended; its session is kept."""
        if error is None:
            for alias in (host, *also):
                self._schedule.want(alias, time.monotonic())
                self._desk.resume(alias)
        elif not self._ask_about_key(host, error):
            self._schedule.failed(host, time.monotonic(), needs_person=error.needs_person)
            self._desk.refuse(host, str(error))
            self._give_up(host)
        self._say_counts()

    def _ask_about_key(self, host: str, error: CollectError) -> bool:
        """Tell of a key, or ask about it; True when what waits for it may still go on."""
        if isinstance(error, HostKeyRefusedError):
            if self._keys.refused(error.question):
                self._emit(events.host_key(error.question, str(error), error.known, error.place))
            return False
        if not isinstance(error, HostKeyUnknownError):
            return False
        question = error.question
        if not self._keys.ask(question, host):
            return True
        if self._options.ask is None:
            self._emit(events.host_key(question, str(error), None))
            return True
        accepted = self._keys.was_accepted(question) or self._options.ask(question)
        # Not at once: whoever told us of the key has to note that it waits, first.
        self.post(partial(self._answer, question.host, question.sha256, accepted))
        return True

    def _answer(self, host: str, fingerprint: str, accept: bool) -> None:
        try:
            waiting = self._keys.answer(host, fingerprint, accept=accept)
        except OSError as error:
            sentence = f"The key of {host} could not be kept: {error.strerror} ({error.filename})."
            self._emit(events.problem(sentence, host))
            return
        if waiting is None:
            self._emit(events.problem(f"There is no open question about that key of {host}.", host))
            return
        for alias in waiting:
            if accept:
                self._schedule.want(alias, time.monotonic())
                self._desk.resume(alias)
            else:
                refused = f"The key of {host} was not accepted."
                self._desk.refuse(alias, refused)
                if self._options.ask is not None:  # the question stood for the visit's sentence
                    self._emit(events.problem(f"{refused} {alias} is not collected.", alias))
                self._give_up(alias)

    # Requests of the window.

    def _request(self, request: dict[str, Any]) -> None:
        match request["request"]:
            case "stop":
                self._stop()
            case "collect":
                self._collect(request)
            case "host_key":
                host, fingerprint = str(request.get("host")), str(request.get("fingerprint"))
                self._answer(host, fingerprint, request.get("accept") is True)
            case "login":
                self._logins.begin(str(request.get("host")))
            case "answer":
                self._logins.answer(request)
            case "discover" | "lines":
                self._errand(request)
            case "refresh":
                self.writer.refresh()
            case name:
                self._emit(events.problem(f"The engine knows no request {name[:80]!r}."))

    def _collect(self, request: Mapping[str, Any]) -> None:
        app, host = request.get("app"), request.get("host")
        known = self._watcher.catalogue.applications.get(app) if isinstance(app, str) else None
        for alias in known.hosts if known else self._schedule.hosts:
            if host in (None, alias):
                self._keys.forget(alias)
                self._logins.forget(alias)
                self._schedule.want(alias, time.monotonic(), first=host is not None)

    def _errand(self, request: Mapping[str, Any]) -> None:
        try:
            if request["request"] == "discover":
                errand = errands.discover(request)
            else:
                catalogue, now = self._watcher.catalogue, int(time.time())
                errand = errands.lines(request, catalogue, now)
        except (ErrandError, StoreError) as error:
            host = str(request.get("host"))
            self._emit(events.refusal(request.get("id"), host, str(error)))
            return
        self._keys.forget(errand.host)
        self._desk.add(errand)
