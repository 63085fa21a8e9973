"""The one write path: facts, rollups, states and positions of visits in one transaction."""

from collections import Counter
from collections.abc import Sequence

from psbuddy.model.observation import Committed, Observation
from psbuddy.store.batch import Batch, Reading
from psbuddy.store.errors import StaleObservation
from psbuddy.store.names import Names
from psbuddy.store.seal import days_of, reopen
from psbuddy.store.sql import Cursor
from psbuddy.store.write_causes import write_causes
from psbuddy.store.write_changes import write_changes
from psbuddy.store.write_checks import write_checks
from psbuddy.store.write_levels import write_levels
from psbuddy.store.write_routes import write_routes
from psbuddy.store.write_runs import write_runs
from psbuddy.store.write_sources import write_sources
from psbuddy.store.write_transactions import write_transactions
from psbuddy.store.write_visits import write_visits


def commit(cursor: Cursor, observations: Sequence[Observation], now: int) -> Committed:
    """Store visits, oldest first. Raises StaleObservation before anything is written."""
    ordered = sorted(observations, key=lambda o: o.started)
    names = Names(cursor)
    batch = Batch(cursor, names, tuple(_readings(names, ordered)), now)
    reopen(cursor, {d for r in batch.readings for d in days_of(r.source.source_id, r.log)})
    write_visits(batch, ordered)
    write_levels(batch)
    write_transactions(batch)
    write_routes(batch)
    write_causes(batch)
    write_runs(batch)
    write_changes(batch)
    write_checks(batch, ordered)
    write_sources(batch)
    return batch.touched.committed()


def _readings(names: Names, observations: Sequence[Observation]) -> list[Reading]:
    found = []
    before: Counter[int] = Counter()  # readings of the same log earlier in this commit
    for observation in observations:
        host = observation.host
        for log in observation.logs:
            source = names.source(log.app, host, log.log)
            if log.base_version not in (-1, source.version + before[source.source_id]):
                raise StaleObservation(host, log.app, log.log)
            before[source.source_id] += 1
            found.append(Reading(host, observation.started, log, source))
    return found
