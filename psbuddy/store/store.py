"""The writer: every change of the store goes through one of these methods.

Each is one BEGIN IMMEDIATE transaction: whole or not at all, whatever kills the program.
Methods may be called from any thread; they run one after the other.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar, cast

from sqlalchemy import Engine

from psbuddy.model.application import AppDef
from psbuddy.model.causes import Decision, LearnedGroup
from psbuddy.model.observation import Committed, Observation, Position
from psbuddy.model.status import AppStatus
from psbuddy.model.terms import Verdict
from psbuddy.store import (
    decide,
    retention,
    seal,
    write,
    write_aliases,
    write_catalogue,
    write_causes,
    write_runs,
    write_status,
)
from psbuddy.store.errors import BadObservation
from psbuddy.store.failures import explain
from psbuddy.store.lock import WriterLock
from psbuddy.store.sql import Cursor
from psbuddy.store.sqlite import Error
from psbuddy.store.write_sources import stored_positions

T = TypeVar("T")


class Store:
    """The one writer of a store. Made by `open_store`; a context manager.

    `notes`: sentences for the user about the place or the SQLite version, mostly none.
    """

    def __init__(
        self, engine: Engine, path: Path, lock: WriterLock, notes: tuple[str, ...]
    ) -> None:
        self._engine = engine
        self._lock = lock
        self._turn = threading.RLock()
        self._closed = False
        self.path = path
        self.notes = notes

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def commit(self, observations: Sequence[Observation], now: int) -> Committed:
        """Store what visits brought home: facts, rollups, states and positions together.

        `now`: epoch seconds. Raises StaleObservation when a log observation that carries a
        `base_version` was read from a position which is no longer the stored one; StoreBusy,
        StoreNotWritable, StoreDamaged or BadObservation. In each case nothing was stored.
        """
        return self._transaction(lambda cursor: write.commit(cursor, observations, now))

    def positions(self, host: str, app: str, log: str) -> tuple[Position, ...]:
        """Where reading of every file of a log stopped; empty before the first visit."""
        return self.read_from(host, app, log)[1]

    def read_from(self, host: str, app: str, log: str) -> tuple[int, tuple[Position, ...]]:
        """Version of a log (the commits it has seen) and its positions, read together.

        Put the version into `LogObservation.base_version`: the commit then refuses, instead
        of counting twice, when another one came in between.
        """
        return self._transaction(lambda cursor: stored_positions(cursor, host, app, log))

    def write_catalogue(self, applications: Sequence[AppDef], now: int) -> None:
        """Keep the catalogue in force; applications no longer in it leave the fleet page."""
        self._transaction(lambda cursor: write_catalogue.write(cursor, applications, now))

    def write_status(self, rows: Sequence[AppStatus]) -> None:
        """Replace the fleet lines of these applications."""
        self._transaction(lambda cursor: write_status.write(cursor, rows))

    def write_verdicts(self, verdicts: Mapping[int, Verdict]) -> None:
        """Set the verdict of runs by their id; others keep theirs."""
        self._transaction(lambda cursor: write_runs.write_verdicts(cursor, verdicts))

    def decide(self, decision: Decision, now: int) -> tuple[str, ...]:
        """Carry out what a person decided about causes; their fingerprints in full.

        Raises UnknownCause, and then nothing is changed. `psbuddy.store.deciding` does the
        same from beside the one writer.
        """
        return self._transaction(lambda cursor: decide.decide(cursor, decision, now))

    def write_learned(
        self, found: Mapping[str, Sequence[LearnedGroup]], now: int, *, until: int
    ) -> frozenset[str]:
        """Keep what was learned of applications; those for which it was something new.

        `until`: the newest cause (its number) that learning has seen, see `learned_until`.
        """
        return self._transaction(lambda cursor: write_aliases.learn(cursor, found, now, until))

    def rename_causes(self, apps: Iterable[str]) -> None:
        """Let the oldest fingerprint of each cause name it, after records that came late."""
        self._transaction(lambda cursor: write_aliases.rename(cursor, apps))

    def write_rising(self, rising: Mapping[str, Mapping[str, int]]) -> None:
        """Per application: which causes are above their own normal, and since when."""
        self._transaction(lambda cursor: write_causes.write_rising(cursor, rising))

    def sealable(self, before: int) -> list[seal.Key]:
        """(source, day) whose minutes are rows, of days that start before `before`."""
        return self._transaction(lambda cursor: seal.sealable(cursor, before))

    def seal(self, source: int, day: int) -> bool:
        """Turn the minutes of one log and day into a page: one short transaction.

        False when nothing was there to seal. What comes in later opens the page again.
        """
        return self._transaction(lambda cursor: seal.seal(cursor, source, day))

    def droppable(self, tier: str, before: int) -> list[int]:
        """Ids of logs of which "minute" or "hour" has something older than `before`."""
        return self._transaction(lambda cursor: retention.droppable(cursor, tier, before))

    def drop(self, source: int, tier: str, before: int, now: int) -> bool:
        """Drop the oldest days of what is older; False when there was nothing."""
        return self._transaction(lambda cursor: retention.drop(cursor, source, tier, before, now))

    def give_back(self, pages: int = 1_000) -> int:
        """Give free space in the file back to the disk, so many pages at most; what is left."""

        def work(cursor: Cursor) -> int:
            cursor.execute(f"PRAGMA incremental_vacuum({pages})")
            cursor.fetchall()
            cursor.execute("PRAGMA freelist_count")
            return int(cursor.fetchone()[0])

        return self._transaction(work)

    def close(self) -> None:
        """Fold the journal into the file and give the store free. Safe to call twice."""
        with self._turn:
            if self._closed:
                return
            self._closed = True
            try:
                raw = self._engine.raw_connection()
                try:
                    # A reader in the way is no error: the next opening folds it in.
                    raw.cursor().execute("PRAGMA busy_timeout = 100")
                    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                finally:
                    raw.close()
            except Error as error:
                raise explain(error, self.path) from error
            finally:
                self._engine.dispose()
                self._lock.release()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _transaction(self, work: Callable[[Cursor], T]) -> T:
        with self._turn:
            try:
                with self._engine.begin() as connection:
                    return work(cast(Cursor, connection.connection.cursor()))
            except (OverflowError, UnicodeEncodeError) as error:
                raise BadObservation(
                    "A number or a text that cannot be stored came in: this visit was left out. "
                    "Nothing was stored; the log is read again at the next visit."
                ) from error
            except Exception as error:
                cause = error.__cause__ if not isinstance(error, Error) else error
                if isinstance(cause, Error):
                    raise explain(cause, self.path) from error
                raise
