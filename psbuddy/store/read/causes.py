"""Causes of an application over a range: a cause is the sum of its fingerprints."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from psbuddy.model.series import CauseRow
from psbuddy.model.status import FoundExample
from psbuddy.model.template import in_words
from psbuddy.model.terms import LEVELS, Level
from psbuddy.store.cause_state import DEPLOYED_WITHIN, Life, state_of
from psbuddy.store.grains import DAY, HOUR
from psbuddy.store.read.buckets import cover, marks, numbers, source_ids
from psbuddy.store.read.minutes import kept, sealed_for

_ALL = """SELECT cause_id, level, fingerprint, title, template, exception, frame, first_seen,
  last_seen, silent_from, returned_at, shown_title, shown_template, mark, marked_at, mark_until,
  mark_note, rising_since FROM cause JOIN application USING (app_id) WHERE app = ?"""
#: Number of the cause that a fingerprint of an application counts as.
SURVIVOR = """SELECT coalesce(l.survivor_id, c.cause_id) FROM cause c
  LEFT JOIN cause_alias l USING (cause_id) JOIN application a ON a.app_id = c.app_id
  WHERE a.app = ? AND c.fingerprint = ?"""
#: Every fingerprint (its number) that counts as the cause with a number.
MEMBERS = "SELECT cause_id FROM cause_alias WHERE survivor_id = ? UNION ALL SELECT ?"


def cause_rows(
    conn: sqlite3.Connection,
    app: str,
    since: int,
    until: int,
    levels: Iterable[Level] = LEVELS,
) -> tuple[CauseRow, ...]:
    """Causes with records in [since, until), most records first.

    Minutes that the range only touches count whole. `state` is as of the end of the range,
    see `psbuddy.store.cause_state`; a person's marks are those of now.
    """
    rows = rows_by_id(conn, app, since, until, levels).values()
    return tuple(sorted(rows, key=lambda row: (-row.records, row.cause)))


def rows_by_id(
    conn: sqlite3.Connection, app: str, since: int, until: int, levels: Iterable[Level]
) -> dict[int, CauseRow]:
    """The rows of `cause_rows` by the number of the surviving cause in the store."""
    known = _Known.read(conn, app, until)
    found: dict[int, tuple[int, set[str]]] = {}
    for cause_id, (records, hosts) in _counted(conn, app, since, until).items():
        survivor = known.survivors.get(cause_id, cause_id)
        total, names = found.get(survivor, (0, set()))
        found[survivor] = total + records, names | hosts
    wanted = set(levels)
    rows = {cause: known.row(cause, *counted) for cause, counted in found.items()}
    for cause, row in rows.items():
        if row.state == "regressed":
            members = known.members.get(cause, [cause])
            rows[cause] = _returned(conn, row, members, source_ids(conn, app))
    return {cause: row for cause, row in rows.items() if row.level in wanted}


def survivors(conn: sqlite3.Connection, app: str) -> dict[int, int]:
    """Of every alias of an application, the number of the cause it counts as."""
    return dict(
        conn.execute(
            "SELECT cause_id, survivor_id FROM cause_alias JOIN cause USING (cause_id) "
            "JOIN application USING (app_id) WHERE app = ?",
            (app,),
        ).fetchall()
    )


def survivor_of(conn: sqlite3.Connection, app: str, cause: str) -> int:
    """Number of the cause that a fingerprint counts as; 0 when it is not known."""
    row = conn.execute(SURVIVOR, (app, cause)).fetchone()
    return int(row[0]) if row else 0


def cause_examples(
    conn: sqlite3.Connection, app: str, cause: str, limit: int = 5
) -> tuple[FoundExample, ...]:
    """The newest records of a cause, newest first, with the host and log they stood in."""
    survivor = survivor_of(conn, app, cause)
    rows = conn.execute(
        "SELECT e.time, e.text, h.host, s.log FROM cause_example e "
        "JOIN source s ON s.source_id = e.source_id JOIN host h USING (host_id) "
        f"WHERE e.cause_id IN ({MEMBERS}) ORDER BY e.time DESC, e.example_id DESC LIMIT ?",
        (survivor, survivor, limit),
    ).fetchall()
    return tuple(FoundExample(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class _Cause:
    level: int
    fingerprint: str
    title: str
    template: str
    exception: str
    frame: str
    first_seen: int
    last_seen: int
    silent_from: int
    returned_at: int
    shown_title: str
    shown_template: str
    mark: str
    marked_at: int
    mark_until: int
    mark_note: str
    rising_since: int


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that is known of an application's causes, as of a moment."""

    causes: Mapping[int, _Cause]
    survivors: Mapping[int, int]  # of aliases
    members: Mapping[int, list[int]]  # of causes that have aliases
    deployments: tuple[int, ...]
    since: int  # when reading began
    now: int

    @classmethod
    def read(cls, conn: sqlite3.Connection, app: str, until: int) -> "_Known":
        since, now = _observed(conn, app, until)
        aliases = survivors(conn, app)
        members: dict[int, list[int]] = {}
        for alias, survivor in aliases.items():
            members.setdefault(survivor, [survivor]).append(alias)
        causes = {row[0]: _Cause(*row[1:]) for row in conn.execute(_ALL, (app,)).fetchall()}
        return cls(causes, aliases, members, _deployments(conn, app), since, now)

    def row(self, survivor: int, records: int, hosts: set[str]) -> CauseRow:
        """The cause as one, with what was counted of it."""
        cause = self.causes[survivor]
        parts = [self.causes[each] for each in self.members.get(survivor, [survivor])]
        first_seen = min(part.first_seen for part in parts)
        last_seen = max(part.last_seen for part in parts)
        life = Life(
            first_seen=first_seen,
            last_seen=last_seen,
            returned_at=max(part.returned_at for part in parts),
            rising_since=cause.rising_since,
            mark=cause.mark,
            marked_at=cause.marked_at,
            mark_until=cause.mark_until,
        )
        back = max(parts, key=lambda part: part.returned_at)
        deployed = any(0 <= first_seen - time <= DEPLOYED_WITHIN for time in self.deployments)
        return CauseRow(
            cause=cause.fingerprint,
            level=LEVELS[max(part.level for part in parts)],
            title=in_words(cause.shown_title or cause.title),
            template=cause.shown_template or cause.template,
            exception=cause.exception,
            frame=cause.frame,
            first_seen=first_seen,
            last_seen=last_seen,
            records=records,
            state=state_of(life, self.since, self.now, deployed=deployed),
            hosts=tuple(sorted(hosts)),
            aliases=len(parts) - 1,
            note=cause.mark_note,
            mark=cause.mark,
            until=cause.mark_until,
            marked_at=cause.marked_at,
            rising_since=cause.rising_since,
            back_at=back.returned_at,
            away=back.returned_at - back.silent_from if back.returned_at else 0,
        )


def _returned(
    conn: sqlite3.Connection, row: CauseRow, members: Sequence[int], ids: Sequence[int]
) -> CauseRow:
    """The row with the moment it was first seen after it should have been gone.

    `members`, `ids`: numbers of its fingerprints and of the sources.
    """
    gone = row.until if row.mark == "known" else row.marked_at if row.mark == "resolved" else 0
    if not gone or row.back_at > gone:
        return row

    def first(grain: str, since: int, until: int) -> int:
        (found,) = conn.execute(
            f"SELECT min({grain}) FROM {grain}_cause WHERE source_id IN ({numbers(ids)}) "
            f"AND {grain} > ? AND {grain} < ? AND cause_id IN ({numbers(members)})",
            (since, until),
        ).fetchone()
        counts = sealed_for(conn, ids, grain, since + 1, until).causes()
        moments = counts.minute[np.isin(counts.what, members)].tolist()
        return int(min([*moments, *([] if found is None else [found])], default=0))

    # From coarse to fine: a cause that was gone for years is not looked for by the hour.
    soon = first("minute", gone, gone // HOUR * HOUR + HOUR)
    if soon:
        return replace(row, back_at=soon, away=0)
    day = 0 if row.last_seen < gone + 2 * DAY else first("day", gone, row.last_seen + 1)
    hour = first("hour", gone, gone + 2 * DAY) or first("hour", max(gone, day - 1), day + DAY)
    minute = first("minute", max(gone, hour - 1), hour + HOUR) if hour else 0
    return replace(row, back_at=min(minute or hour or row.last_seen, row.last_seen), away=0)


def _deployments(conn: sqlite3.Connection, app: str) -> tuple[int, ...]:
    rows = conn.execute(
        "SELECT DISTINCT time FROM change JOIN application USING (app_id) "
        "WHERE app = ? AND kind = 'deployment'",
        (app,),
    ).fetchall()
    return tuple(row[0] for row in rows)


def _counted(
    conn: sqlite3.Connection, app: str, since: int, until: int
) -> dict[int, tuple[int, set[str]]]:
    """Records within the range and hosts of every fingerprint, by its number in the store."""
    hosts = dict(
        conn.execute(
            "SELECT source_id, host FROM source JOIN host USING (host_id) "
            "JOIN application USING (app_id) WHERE app = ?",
            (app,),
        ).fetchall()
    )
    found: dict[int, tuple[int, set[str]]] = {}
    ids = list(hosts)
    for grain, start, end in cover(*kept(conn, ids, since, until)):
        rows = conn.execute(
            f"SELECT source_id, cause_id, sum(records) FROM {grain}_cause "
            f"WHERE source_id IN ({marks(list(hosts))}) AND {grain} >= ? AND {grain} < ? "
            "GROUP BY source_id, cause_id",
            (*hosts, start, end),
        ).fetchall()
        for source_id, counts in sealed_for(conn, ids, grain, start, end).causes_by_source():
            found_here = zip(counts.what.tolist(), counts.records.tolist(), strict=True)
            rows += [(source_id, *pair) for pair in found_here]
        for source_id, cause_id, records in rows:
            total, names = found.get(cause_id, (0, set()))
            found[cause_id] = (total + records, names | {hosts[source_id]})
    return found


def _observed(conn: sqlite3.Connection, app: str, until: int) -> tuple[int, int]:
    """Since when the application is read, and the end of the range or of our knowledge."""
    first, last = conn.execute(
        "SELECT min(first_observed), max(read_until) FROM source "
        "JOIN application USING (app_id) WHERE app = ? AND first_observed > 0",
        (app,),
    ).fetchone()
    return first or 0, min(until, last) if last else until
