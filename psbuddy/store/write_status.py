"""The lines of the fleet page, as the last commit left them."""

import json
from collections.abc import Sequence
from typing import Final

from psbuddy.model.status import AppStatus
from psbuddy.store import tables as t
from psbuddy.store.caps import DETAIL, cap
from psbuddy.store.sql import Cursor, upsert

_SAVE: Final = upsert(
    t.app_status,
    key=("app",),
    replace=(
        *("state", "since", "sentence", "headline", "errors_per_minute", "normal_per_minute"),
        *("spark", "worst_job", "worst_job_note", "availability", "coverage"),
        *("hosts_seen", "hosts_total", "last_collection", "as_of"),
    ),
)


# A line for an application that no catalogue named yet still has its name.
_NAME: Final = """INSERT INTO application (app, name, owner, runbook, interval, hosts, active)
VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT (app) DO NOTHING"""


def write(cursor: Cursor, rows: Sequence[AppStatus]) -> None:
    """Replace the lines of these applications; name, owner and interval are the catalogue's."""
    cursor.executemany(
        _NAME,
        [
            (
                *(cap(r.app), cap(r.name), cap(r.owner), cap(r.runbook, DETAIL)),
                *(r.interval, r.hosts_total),
            )
            for r in rows
        ],
    )
    cursor.executemany(
        _SAVE,
        [
            (
                *(cap(r.app), r.state.value, r.since, cap(r.sentence, DETAIL)),
                *(cap(r.headline, DETAIL), r.errors_per_minute, r.normal_per_minute),
                *(json.dumps(r.spark[-48:]), cap(r.worst_job), cap(r.worst_job_note, DETAIL)),
                *(r.availability, r.coverage, r.hosts_seen, r.hosts_total),
                *(r.last_collection, r.as_of),
            )
            for r in rows
        ],
    )
