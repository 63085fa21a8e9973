"""The visit itself: its record, what it cost, the host's facts and state."""

import json
from collections.abc import Sequence
from typing import Final

from psbuddy.model.observation import Connection, HostFacts, Observation
from psbuddy.model.series import Interval
from psbuddy.model.terms import Outcome, State
from psbuddy.store import tables as t
from psbuddy.store.batch import Batch
from psbuddy.store.caps import DETAIL, cap
from psbuddy.store.intervals import HostVisit, Rows, host_visit, is_old_news
from psbuddy.store.names import HostRow
from psbuddy.store.sql import insert, upsert

#: Facts are kept once in five minutes: the newest of them.
FACT_GRAIN: Final = 300
_NOTES: Final = 50
_INTERVAL: Final = 60  # seconds between visits when none is told

_COLLECTION: Final = insert(
    t.collection,
    *("host_id", "started", "seconds", "stage", "outcome", "detail"),
    *("bytes_read", "bytes_sent", "bytes_received", "cpu_seconds", "memory_bytes"),
    *("transport", "program", "connected", "logins", "login_seconds", "start_seconds"),
)
_FACTS: Final = upsert(
    t.host_fact,
    key=("host_id", "time"),
    replace=(
        *("clock_offset_s", "boot_time", "cpus", "load_1m", "memory_total", "memory_available"),
        *("disks", "system"),
    ),
)
_HOST: Final = """UPDATE host SET state = ?, since = ?, reason = ?, last_good = ?, last_try = ?,
  boot_time = CASE WHEN ? > 0 THEN ? ELSE boot_time END,
  transport = CASE WHEN ? <> '' THEN ? ELSE transport END,
  notes = CASE WHEN ? <> '' THEN ? ELSE notes END
WHERE host_id = ?"""


def write_visits(batch: Batch, observations: Sequence[Observation]) -> None:
    """Record visits, oldest first, and what each says of its host's state."""
    collections, facts = [], []
    for observation in observations:
        row = batch.names.host(observation.host)
        collections.append(_collection(row.host_id, observation))
        if observation.facts is not None:
            facts.append(_facts(row.host_id, observation.facts))
        _write_state(batch, observation, row)
        batch.touched.hosts.add(cap(observation.host))
        batch.touched.apps.update(cap(app) for app, _ in observation.apps)
        batch.touched.kinds.add("hosts")
    batch.cursor.executemany(_COLLECTION, collections)
    batch.cursor.executemany(_FACTS, facts)


def _collection(host_id: int, o: Observation) -> tuple[object, ...]:
    cost = o.cost
    return (
        *(
            host_id,
            o.started,
            round(o.seconds, 3),
            o.stage.value,
            o.outcome.value,
            cap(o.detail, DETAIL),
        ),
        sum(log.bytes_read for log in o.logs) if cost is None else cost.bytes_read,
        *(o.bytes_sent, o.bytes_received),
        None if cost is None else cost.cpu_seconds,
        None if cost is None else cost.memory_bytes,
        *(cap(o.transport), cap(o.program)),
        *_connection(o.connection),
    )


def _connection(connection: Connection | None) -> tuple[object, ...]:
    if connection is None:
        return (0, 0, None, None)
    times = (connection.login_seconds, connection.start_seconds)
    return (
        *(connection.since, connection.logins),
        *(None if each is None else round(each, 4) for each in times),
    )


def _notes(connection: Connection | None) -> str:
    """As they are stored; "" where no connection stood: what is known stays."""
    if connection is None or not connection.since:
        return ""
    return json.dumps([cap(note, DETAIL) for note in connection.notes[:_NOTES]])


def _facts(host_id: int, facts: HostFacts) -> tuple[object, ...]:
    disks = [[cap(d.mount), d.total_bytes, d.free_bytes] for d in facts.disks[:100]]
    return (
        *(host_id, facts.time // FACT_GRAIN * FACT_GRAIN, facts.clock_offset_s, facts.boot_time),
        *(facts.cpus, facts.load_1m, facts.memory_total, facts.memory_available),
        *(json.dumps(disks), cap(facts.system, DETAIL)),
    )


def _write_state(batch: Batch, o: Observation, host: HostRow) -> None:
    good = o.outcome is Outcome.OK
    boot = 0
    if o.facts is not None and o.facts.boot_time > 0:
        boot = o.facts.boot_time - round(o.facts.clock_offset_s)
    interval = min((every for _, every in o.apps if every > 0), default=_INTERVAL)
    reason = cap(o.detail, DETAIL)
    visit = HostVisit(o.started, good, interval, boot, reason)
    if is_old_news(host.last_good, host.last_try, visit):
        return
    old = _stored(batch, host)
    new = host_visit(old, host.last_good, host.last_try, visit)
    _replace(batch, host.host_id, old, new)
    last_good = o.started if good else host.last_good
    notes = _notes(o.connection)
    batch.cursor.execute(
        _HOST,
        (
            *(new[-1].state.value, new[-1].start, new[-1].reason, last_good, o.started),
            *(boot, boot, cap(o.transport), cap(o.transport), notes, notes, host.host_id),
        ),
    )
    batch.names.visited(o.host, HostRow(host.host_id, last_good, o.started))


def _stored(batch: Batch, host: HostRow) -> Rows:
    batch.cursor.execute(
        "SELECT since, until, state, reason FROM host_state "
        "WHERE host_id = ? AND until >= ? ORDER BY since",
        (host.host_id, host.last_good),
    )
    return tuple(
        Interval(since, until, State(state), reason)
        for since, until, state, reason in batch.cursor.fetchall()
    )


def _replace(batch: Batch, host_id: int, old: Rows, new: Rows) -> None:
    kept = set(new)
    gone = [(host_id, row.start) for row in old if row not in kept]
    batch.cursor.executemany("DELETE FROM host_state WHERE host_id = ? AND since = ?", gone)
    before = set(old)
    batch.cursor.executemany(
        insert(t.host_state, "host_id", "since", "until", "state", "reason"),
        [
            (host_id, row.start, row.end, row.state.value, row.reason)
            for row in new
            if row not in before
        ],
    )
