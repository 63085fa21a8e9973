"""Ids of applications, hosts, logs and checks, looked up or made within one transaction.

Looked up anew by every commit: an id remembered across a transaction that was rolled back
would point nowhere.
"""

from dataclasses import dataclass
from typing import Any, Final

from psbuddy.store import tables as t
from psbuddy.store.caps import cap
from psbuddy.store.sql import Cursor, insert

_Key = tuple[int, int, str]  # application, host, name

_SOURCE: Final = (
    "SELECT source_id, version, first_observed, read_until FROM source "
    "WHERE app_id = ? AND host_id = ? AND log = ?"
)
_CHECK: Final = "SELECT check_id FROM app_check WHERE app_id = ? AND host_id = ? AND check_name = ?"


@dataclass(frozen=True, slots=True)
class HostRow:
    """What the last visits left: see `psbuddy.store.intervals.host_visit`."""

    host_id: int
    last_good: int
    last_try: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One log on one host: how often it was committed, and the stretch it was read for."""

    source_id: int
    app: str
    version: int
    first_observed: int
    read_until: int


class Names:
    """All ids of one transaction; asking for an unknown name makes it."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._apps: dict[str, int] = {}
        self._hosts: dict[str, HostRow] = {}
        self._sources: dict[_Key, SourceRow] = {}
        self._checks: dict[_Key, int] = {}

    def app(self, app: str) -> int:
        """Id of an application."""
        app = cap(app)
        if app not in self._apps:
            row = self._one("SELECT app_id FROM application WHERE app = ?", app)
            sql = insert(t.application, "app", "name", "active")
            self._apps[app] = row[0] if row else self._insert(sql, app, app, 1)
        return self._apps[app]

    def host(self, host: str) -> HostRow:
        """A host as the last visit left it."""
        host = cap(host)
        if host not in self._hosts:
            row = self._one("SELECT host_id, last_good, last_try FROM host WHERE host = ?", host)
            row = row or (self._insert(insert(t.host, "host"), host), 0, 0)
            self._hosts[host] = HostRow(*row)
        return self._hosts[host]

    def visited(self, host: str, row: HostRow) -> None:
        """Remember a visit for the next one of the same commit."""
        self._hosts[cap(host)] = row

    def source(self, app: str, host: str, log: str) -> SourceRow:
        """A log of an application on a host, as the last read left it."""
        key = (self.app(app), self.host(host).host_id, cap(log))
        if key not in self._sources:
            row = self._one(_SOURCE, *key)
            if row is None:
                sql = insert(t.source, "app_id", "host_id", "log")
                row = (self._insert(sql, *key), 0, 0, 0)
            self._sources[key] = SourceRow(row[0], cap(app), *row[1:])
        return self._sources[key]

    def read(self, host: str, log: str, row: SourceRow) -> None:
        """Remember a read for the next one of the same commit."""
        self._sources[self.app(row.app), self.host(host).host_id, cap(log)] = row

    def check(self, app: str, host: str, name: str, source_id: int | None = None) -> int:
        """Id of a check; `source_id`: the log that tells of it, None for a probe."""
        key = (self.app(app), self.host(host).host_id, cap(name))
        if key not in self._checks:
            row = self._one(_CHECK, *key)
            sql = insert(t.app_check, "app_id", "host_id", "check_name", "source_id")
            self._checks[key] = row[0] if row else self._insert(sql, *key, source_id)
        return self._checks[key]

    def checks_of_source(self, source_id: int) -> list[int]:
        """Ids of the checks that a log tells of."""
        self._cursor.execute("SELECT check_id FROM app_check WHERE source_id = ?", (source_id,))
        return [row[0] for row in self._cursor.fetchall()]

    def _one(self, sql: str, *values: object) -> Any:
        self._cursor.execute(sql, values)
        return self._cursor.fetchone()

    def _insert(self, sql: str, *values: object) -> int:
        self._cursor.execute(sql, values)
        key = self._cursor.lastrowid
        assert key is not None  # an INSERT of one row always has one
        return key
