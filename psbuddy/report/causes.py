"""Keeps causes up to date after each commit: which are one, which are rising.

Learning runs only when a fingerprint came that was never seen before, outside the transaction
that stored it: when the program ends in between, the next one learns. It takes a small share
of the time however many fingerprints come; until then they stand for themselves, counted.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from psbuddy.insight.learning import Merge, Seen, learn
from psbuddy.model.causes import LearnedGroup
from psbuddy.report.rising import rising_causes
from psbuddy.store import connect_readonly
from psbuddy.store.read import cause_counts, learning
from psbuddy.store.read.apps import app_defs

if TYPE_CHECKING:
    from psbuddy.store.store import Store

#: Fingerprints of an application that learning looks at, the most recently seen ones.
MOST = 5_000
#: Share of the time that learning may take of one application's.
SHARE = 0.05
#: Seconds between two looks at what is rising.
_LOOK = 60
_TITLE_CAP = 120


class CauseKeeper:
    """Belongs to one thread, best to one of its own. `clock`: seconds that never run backwards."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, share: float = SHARE) -> None:
        self._clock = clock
        self._share = share
        self._seen = -1  # newest cause looked at; -1: the store is asked how far learning came
        self._waiting: set[str] = set()  # applications with new causes, not yet learned from
        self._due: dict[str, float] = {}  # when learning from an application may run again
        self._looked: dict[str, int] = {}  # when what is rising was last looked at

    def refresh(
        self, store: "Store", now: int, apps: Sequence[str] | None = None
    ) -> frozenset[str]:
        """Learn from what is new, then see what is rising, in all applications or these.

        Those are returned of which something changed. Raises StoreError.
        """
        with closing(connect_readonly(store.url)) as conn:
            due = self._to_look_at(conn, now, apps)
            return (
                self._learn(store, conn, now)
                | _rename(store, conn, due)
                | _rise(store, conn, due, now)
            )

    def finish(self, store: "Store", now: int) -> frozenset[str]:
        """Learn what is still waiting, whatever it takes; applications of which something
        changed."""
        self._due.clear()
        with closing(connect_readonly(store.url)) as conn:
            due = [app.app for app in app_defs(conn)]
            return (
                self._learn(store, conn, now)
                | _rename(store, conn, due)
                | _rise(store, conn, due, now)
            )

    def _to_look_at(
        self, conn: sqlite3.Connection, now: int, apps: Sequence[str] | None
    ) -> list[str]:
        """Applications that were not looked at for a while."""
        due = []
        for app in (each.app for each in app_defs(conn)):
            wanted = apps is None or app in apps
            if wanted and abs(now - self._looked.get(app, 0)) >= _LOOK:
                self._looked[app] = now
                due.append(app)
        return due

    def _learn(self, store: "Store", conn: sqlite3.Connection, now: int) -> frozenset[str]:
        newest = learning.newest_cause(conn)
        if self._seen < 0:
            self._seen = learning.learned_until(conn)
        if newest > self._seen:
            self._waiting.update(learning.apps_with_new_causes(conn, self._seen))
            self._seen = newest
        ready = [app for app in sorted(self._waiting) if self._clock() >= self._due.get(app, 0)]
        if not ready:
            return frozenset()
        found = {}
        for app in ready:
            begun = self._clock()
            found[app] = learned_groups(conn, app)
            took = self._clock() - begun
            self._due[app] = begun + took / self._share
            self._waiting.discard(app)
        # What waits is looked for again after a restart.
        until = learning.learned_until(conn) if self._waiting else newest
        return store.write_learned(found, now, until=until)


def _rename(store: "Store", conn: sqlite3.Connection, apps: Sequence[str]) -> frozenset[str]:
    outlived = [app for app in apps if learning.is_outlived(conn, app)]
    if outlived:
        store.rename_causes(outlived)
    return frozenset(outlived)


def _rise(
    store: "Store", conn: sqlite3.Connection, apps: Sequence[str], now: int
) -> frozenset[str]:
    changed = {}
    for app in apps:
        rising = rising_causes(conn, app, now)
        if rising != cause_counts.rising_now(conn, app):
            changed[app] = rising
    if changed:
        store.write_rising(changed)
    return frozenset(changed)


def learned_groups(conn: sqlite3.Connection, app: str) -> tuple[LearnedGroup, ...]:
    """What learning makes of an application's fingerprints."""
    known = {one.fingerprint: one for one in learning.known_templates(conn, app, MOST)}
    merges = learn(
        [
            Seen(one.fingerprint, one.template, one.records, one.exception, one.frame)
            for one in known.values()
        ]
    )
    return tuple(_group(merge, known[merge.cause]) for merge in merges)


def _group(merge: Merge, leading: learning.KnownTemplate) -> LearnedGroup:
    title = merged_title(leading.title, leading.template, merge.template)
    return LearnedGroup(merge.members, title, merge.template, merge.why)


def merged_title(title: str, template: str, merged: str) -> str:
    """Title of merged causes: one that tells the message tells that of all; "" = it stays."""
    stem = title.removesuffix("…")
    if template.startswith(stem):
        return _cut(merged)
    name, colon, message = stem.partition(": ")
    if colon and template.partition(": ")[2].startswith(message):
        return _cut(f"{name}: {merged.partition(': ')[2] or merged}")
    return ""


def _cut(text: str) -> str:
    return text if len(text) <= _TITLE_CAP else text[: _TITLE_CAP - 1] + "…"
