"""How much of a stretch was observed, in words: nothing seen is not nothing that was there."""

import sqlite3
from collections.abc import Sequence

from psbuddy import words
from psbuddy.insight.availability import coverage
from psbuddy.store.read.states import observed_intervals

#: From this share on nobody needs to hear of it.
_ALL = 0.995


def observed_words(
    connection: sqlite3.Connection, apps: Sequence[str], since: int, until: int
) -> str:
    """A sentence to stand behind "none were seen", "" where all of the time was observed."""
    shares = [
        coverage(observed_intervals(connection, app, since, until), since, until) or 0.0
        for app in apps
    ]
    if not shares or not any(shares):
        return " Nothing was observed then, so it is not known whether there were any."
    if min(shares) >= _ALL:
        return ""
    of = " " if len(apps) == 1 else " Of one application only "
    return f"{of}{words.share(min(shares))} of that time was observed."
