"""Everything the first page shows, as read from the store in one go. Imports next to nothing."""

import time
from typing import TYPE_CHECKING, NamedTuple

from psbuddy.model.fleet import AppStatus, HostLine
from psbuddy.store.read.fleet import app_statuses, host_lines

if TYPE_CHECKING:  # for its name alone, see psbuddy.store.connect
    import sqlite3


class Fleet(NamedTuple):
    """All applications and hosts as the store knew them at `read_at` (epoch seconds)."""

    statuses: tuple[AppStatus, ...] = ()
    hosts: tuple[HostLine, ...] = ()
    read_at: int = 0


def read_fleet(connection: "sqlite3.Connection") -> Fleet:
    return Fleet(app_statuses(connection), host_lines(connection), int(time.time()))
