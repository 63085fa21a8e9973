"""Ids of applications, hosts, logs and checks, looked up or made within one transaction.

Loaded anew by every commit: the tables are small, and an id remembered across a transaction
that was rolled back would point nowhere.
"""

from dataclasses import dataclass
from typing import Any

from psbuddy.store import tables as t
from psbuddy.store.caps import cap
from psbuddy.store.sql import Cursor, insert


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
        self._apps: dict[str, int] = {
            app: key for key, app in _rows(cursor, "SELECT app_id, app FROM application")
        }
        self._hosts = {
            host: HostRow(*rest)
            for host, *rest in _rows(cursor, "SELECT host, host_id, last_good, last_try FROM host")
        }
        self._sources = {
            (app_id, host_id, log): SourceRow(*rest)
            for app_id, host_id, log, *rest in _rows(
                cursor,
                "SELECT s.app_id, s.host_id, s.log, s.source_id, a.app, s.version, "
                "s.first_observed, s.read_until FROM source s JOIN application a USING (app_id)",
            )
        }
        self._checks: dict[tuple[int, int, str], int] = {}
        self.checks_of_source: dict[int, list[int]] = {}
        for check_id, app_id, host_id, name, source_id in _rows(
            cursor, "SELECT check_id, app_id, host_id, check_name, source_id FROM app_check"
        ):
            self._checks[app_id, host_id, name] = check_id
            if source_id is not None:
                self.checks_of_source.setdefault(source_id, []).append(check_id)

    def app(self, app: str) -> int:
        """Id of an application."""
        app = cap(app)
        if app not in self._apps:
            sql = insert(t.application, "app", "name", "active")
            self._apps[app] = self._insert(sql, app, app, 1)
        return self._apps[app]

    def host(self, host: str) -> HostRow:
        """A host as the last commit left it."""
        host = cap(host)
        if host not in self._hosts:
            self._hosts[host] = HostRow(self._insert(insert(t.host, "host"), host), 0, 0)
        return self._hosts[host]

    def visited(self, host: str, row: HostRow) -> None:
        """Remember a visit for the next one of the same commit."""
        self._hosts[cap(host)] = row

    def source(self, app: str, host: str, log: str) -> SourceRow:
        """A log of an application on a host."""
        key = (self.app(app), self.host(host).host_id, cap(log))
        if key not in self._sources:
            source_id = self._insert(insert(t.source, "app_id", "host_id", "log"), *key)
            self._sources[key] = SourceRow(source_id, cap(app), 0, 0, 0)
        return self._sources[key]

    def read(self, host: str, log: str, row: SourceRow) -> None:
        """Remember a read for the next one of the same commit."""
        self._sources[self.app(row.app), self.host(host).host_id, cap(log)] = row

    def check(self, app: str, host: str, name: str, source_id: int | None = None) -> int:
        """Id of a check; `source_id`: the log that tells of it, None for a probe."""
        key = (self.app(app), self.host(host).host_id, cap(name))
        if key not in self._checks:
            sql = insert(t.app_check, "app_id", "host_id", "check_name", "source_id")
            self._checks[key] = self._insert(sql, *key, source_id)
            if source_id is not None:
                self.checks_of_source.setdefault(source_id, []).append(self._checks[key])
        return self._checks[key]

    def _insert(self, sql: str, *values: object) -> int:
        self._cursor.execute(sql, values)
        key = self._cursor.lastrowid
        assert key is not None  # an INSERT of one row always has one
        return key


def _rows(cursor: Cursor, sql: str) -> list[Any]:
    cursor.execute(sql)
    return cursor.fetchall()
