"""What need not be thought again: normals of hours that are over and read to their end."""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence

from psbuddy.insight.baseline import Baseline
from psbuddy.model.status import LogState

_MOST = 2_000
_lock = threading.Lock()
_kept: OrderedDict[Hashable, Baseline] = OrderedDict()


def key_of(
    conn: sqlite3.Connection, app: str, logs: Sequence[LogState], hour: int, zone: str
) -> Hashable | None:
    """Name of an application's normal as of `hour`; None while its past is still being read.

    Reading of a log that began earlier, or a log that was added, changes the past and the name.
    """
    if any(log.backlog_bytes or not log.first_observed for log in logs):
        return None
    path = conn.execute("PRAGMA database_list").fetchone()[2]
    begun = tuple((log.host, log.log, log.first_observed) for log in logs)
    return path, app, hour, zone, begun


def recall(key: Hashable | None) -> Baseline | None:
    """What was kept under a name. It must not be taught further: `Baseline.copy` first."""
    with _lock:
        if key is None or key not in _kept:
            return None
        _kept.move_to_end(key)
        return _kept[key]


def keep(key: Hashable | None, baseline: Baseline) -> None:
    """Keep a normal; the one not asked for longest gives way."""
    if key is None:
        return
    with _lock:
        _kept[key] = baseline
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
