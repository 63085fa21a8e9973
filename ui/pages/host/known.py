"""What the store knows of one host, as the page and the text for a security team want it."""

import sqlite3

from psbuddy.store.read.collections import (
    collections,
    files_read,
    host_notes,
    met_and_booted,
    visit_days,
)
from ui.pages.host.view import HostKnown

VISITS_SHOWN = 200
DAYS_SHOWN = 14


def host_known(connection: sqlite3.Connection, host: str) -> HostKnown:
    met, boot = met_and_booted(connection, host)
    return HostKnown(
        visits=collections(connection, host, VISITS_SHOWN),
        days=visit_days(connection, host, DAYS_SHOWN),
        notes=host_notes(connection, host),
        files=files_read(connection, host),
        met=met,
        boot=boot,
    )
