"""One host as the engine knows it: its kept session and what is done over it, in steps.

One thing at a time per host, on whatever thread; only `close` may come from elsewhere.
"""

import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from collectors.errors import CollectError, ProgramError
from collectors.fields import ReplyError
from collectors.reply import VisitReply, read_visit
from collectors.requests import Budget, ReadFrom, visit
from collectors.secret import Asker
from collectors.session import Session
from collectors.steps import PATIENCE, Steps
from psbuddy.catalogue import Application
from psbuddy.model.observation import Connection, Observation
from psbuddy.model.terms import Outcome, Stage
from psbuddy.store import StoreError

_log = logging.getLogger(__name__)

OPEN_SECONDS = 40.0
#: Beyond the budget of a visit: the way there and back, and a slow host.
REPLY_SECONDS = 25.0
#: Two heartbeats may take this long each before a session is given up.
BEAT_SECONDS = 5.0
_OLD_AGE = 12 * 3600.0  # sessions are made anew now and then: keys, profiles, libraries change


class HostLink:
    """`connect` makes a session that is not started yet, where an asker may answer what is
    wanted to get in; it may raise CollectError. `let_in` is called, on whatever thread, each
    time the host lets us in."""

    def __init__(
        self,
        host: str,
        connect: Callable[[Asker | None], Session],
        untold: int = 0,
        let_in: Callable[[], object] = lambda: None,
    ) -> None:
        self.host = host
        self._connect = connect
        self._let_in = let_in
        self._session: Session | None = None
        self._closed = False
        self._retire_after = 0.0
        self._by_person = False
        self.untold = untold  # logins that were let in and that no visit has told of yet

    @property
    def idle_since(self) -> float | None:
        """Monotonic time of the last sign of life; None without a session."""
        session = self._session
        return session.last_reply if session is not None and session.alive else None

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out on the way to the host, in sentences."""
        return self._session.notes if self._session is not None else ()

    def visit(
        self, applications: Sequence[Application], read_from: ReadFrom, budget: Budget
    ) -> Steps[tuple[Observation, CollectError | None]]:
        """One visit, whole or failed. Raises StoreError alone: what `read_from` may raise."""
        started, clock = time.time(), time.monotonic()
        before = self._session.traffic if self._session else (0, 0)
        error: CollectError | None = None
        read = None
        try:
            read = yield from self._visit(applications, read_from, budget, int(started))
        except CollectError as failure:
            error = failure
        except ReplyError as failure:
            self.close_session()
            error = ProgramError(
                Stage.LAST_FRAME,
                f"What {self.host} answered breaks the protocol ({failure}). Nothing of it was "
                "used. If this goes on, please report it.",
            )
        except StoreError:
            raise
        except Exception as failure:  # noqa: BLE001 - a mistake of ours must not end collecting
            _log.exception("a visit failed in a way nobody foresaw")
            self.close_session()
            error = ProgramError(
                Stage.LAST_FRAME,
                f"The visit of {self.host} failed in a way nobody foresaw "
                f"({type(failure).__name__}: {str(failure)[:200]}). Please report this.",
            )
        observation = self._observation(
            applications, read, error, started=int(started), clock=clock, before=before
        )
        observation = replace(observation, connection=self._connection(self.untold))
        self.untold = 0
        return observation, error

    def ask(self, payload: dict[str, Any], seconds: float) -> Steps[dict[str, Any]]:
        """Any other request. Raises CollectError."""
        return self._request(payload, seconds)

    def ping(self) -> Steps[None]:
        """The heartbeat of an idle session. Raises CollectError; the session is closed then."""
        session = self._session
        if session is not None and session.alive:
            yield from session.beating(BEAT_SECONDS)

    def login(self, asker: Asker) -> Steps[None]:
        """Make the session anew while a person answers. Raises CollectError."""
        self.close_session()
        yield from self._open(asker)

    def rest(self) -> None:
        """No visit is near. What took a person to open stays open."""
        if not self._by_person:
            self.close_session()

    def close_session(self) -> None:
        """Give the connection up; the next visit makes a new one."""
        session = self._session
        if session is not None:
            session.close()

    def close(self) -> None:
        """For good, from any thread: what is under way ends with a CollectError."""
        self._closed = True
        self.close_session()

    def _visit(
        self, applications: Sequence[Application], read_from: ReadFrom, budget: Budget, now: int
    ) -> Steps[VisitReply]:
        wanted = visit(self.host, applications, read_from, now, budget)
        reply = yield from self._request(wanted.request, budget.seconds + REPLY_SECONDS)
        return read_visit(reply, wanted.asked)

    def _request(self, payload: dict[str, Any], seconds: float) -> Steps[dict[str, Any]]:
        kept = self._session is not None and self._session.alive
        try:
            session = yield from self._started()
            return (yield from session.requesting(payload, time.monotonic() + seconds))
        except ProgramError:
            # A kept session may have died unnoticed (sleep, reboot): that alone is no failure.
            if not kept or self._closed:
                raise
        session = yield from self._started()
        return (yield from session.requesting(payload, time.monotonic() + seconds))

    def _started(self) -> Steps[Session]:
        session = self._session
        if session is not None and session.alive:
            if self._by_person or time.monotonic() < self._retire_after:
                return session
            session.close()
        return (yield from self._open(None))

    def _open(self, asker: Asker | None) -> Steps[Session]:
        yield PATIENCE  # to resolve the host's name
        session = self._connect(asker)
        # Known before it is started, so that `close` reaches it at any moment.
        self._session = session
        if self._closed:
            raise ProgramError(Stage.RESOLVE, f"PS Buddy is ending; {self.host} was not visited.")
        patience = asker.patience if asker is not None else 0.0
        try:
            until = time.monotonic() + OPEN_SECONDS + patience
            yield from session.starting(until, self._let_in)
        finally:
            self.untold += session.opened > 0
        self._by_person = asker is not None
        self._retire_after = time.monotonic() + _OLD_AGE * random.uniform(0.8, 1.2)  # noqa: S311
        return session

    def _connection(self, logins: int) -> Connection:
        """What the visit that just ended used. `logins`: made for it, or by people before it."""
        session = self._session
        if session is None or not session.opened:
            return Connection(0, logins)
        return Connection(
            since=int(session.opened),
            logins=logins,
            login_seconds=session.login_seconds if logins else None,
            start_seconds=session.start_seconds if logins and session.started else None,
            notes=session.notes,
        )

    def _observation(
        self,
        applications: Sequence[Application],
        read: VisitReply | None,
        error: CollectError | None,
        *,
        started: int,
        clock: float,
        before: tuple[int, int],
    ) -> Observation:
        session = self._session
        sent, received = session.traffic if session else (0, 0)
        if sent < before[0]:  # a new session counts from zero
            before = (0, 0)
        return Observation(
            host=self.host,
            started=started,
            seconds=time.monotonic() - clock,
            stage=error.stage if error else Stage.DONE,
            outcome=Outcome.FAILED if error else Outcome.OK,
            detail=str(error) if error else "",
            bytes_sent=sent - before[0],
            bytes_received=received - before[1],
            transport=session.transport if session else "",
            program=session.program if session and not error else "",
            facts=read.facts if read else None,
            cost=read.cost if read else None,
            logs=read.logs if read else (),
            checks=read.checks if read else (),
            apps=tuple((app.id, app.every) for app in applications),
        )
