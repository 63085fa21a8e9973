"""Deployments and other changes that a log told of."""

from psbuddy.store import tables as t
from psbuddy.store.batch import Batch
from psbuddy.store.caps import cap
from psbuddy.store.sql import upsert


def write_changes(batch: Batch) -> None:
    """Keep every change once, however often its line is read."""
    rows = []
    for reading in batch.readings:
        app_id = batch.names.app(reading.log.app)
        host_id = batch.names.host(reading.host).host_id
        for change in reading.log.changes:
            rows.append((app_id, change.time, cap(change.kind), cap(change.label), host_id))
            batch.touched.fact(reading.source.app, "changes", change.time, change.time)
    key = ("app_id", "time", "kind", "label", "host_id")
    batch.cursor.executemany(upsert(t.change, key=key), rows)
