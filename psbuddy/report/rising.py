"""Which causes are above their own normal: the rule for errors as a whole, for each by itself."""

import sqlite3
from collections.abc import Mapping

from psbuddy.insight import baseline, evidence
from psbuddy.insight.baseline import Baseline
from psbuddy.report import memory
from psbuddy.report.facts import DAY, HOUR, LEARN_DAYS, MINUTE
from psbuddy.store.read import cause_counts, collections

#: Causes looked at, those with most records in the last hours.
_MOST = 20
_RECENT = 2 * HOUR


def rising_causes(
    conn: sqlite3.Connection, app: str, now: int, zone: str = ""
) -> Mapping[str, int]:
    """Fingerprints of causes in an episode of their own as of `now`, and since when."""
    busy = cause_counts.busiest_causes(
        conn, app, now - _RECENT, now, least=evidence.MIN_RECORDS, most=_MOST
    )
    if not busy:
        return {}
    known = _normals(conn, app, busy, now // HOUR * HOUR, zone)
    fine = cause_counts.cause_counts(conn, app, busy, (now - DAY, now), MINUTE)
    found = {}
    for cause, counts in fine.counts.items():
        episode = baseline.last_episode(known[cause], fine.times, counts, MINUTE, zone)
        if episode is not None and episode.ongoing:
            found[cause] = episode.since
    names = cause_counts.names_of(conn, found)
    return {names[cause]: since for cause, since in found.items()}


def _normals(
    conn: sqlite3.Connection, app: str, causes: Mapping[int, tuple[int, ...]], hour: int, zone: str
) -> dict[int, Baseline]:
    """Normal of each cause as of a full hour, from the four weeks before the last day."""
    whole = memory.key_of(conn, app, collections.log_states(conn, app), hour, zone)
    keys = {cause: whole and (whole, causes[cause]) for cause in causes}
    known = {cause: memory.recall(key) for cause, key in keys.items()}
    found = {cause: normal for cause, normal in known.items() if normal is not None}
    missing = {cause: causes[cause] for cause in causes if cause not in found}
    if missing:
        reach = hour - LEARN_DAYS * DAY, hour - DAY
        past = cause_counts.cause_counts(conn, app, missing, reach, HOUR)
        for cause, counts in past.counts.items():
            found[cause] = baseline.learn(past.times, counts, HOUR, past.observed, zone)
            memory.keep(keys[cause], found[cause])
    return found
