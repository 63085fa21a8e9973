"""What is behind one cause: its fingerprints, its messages, what a person decided about it."""

import sqlite3
from dataclasses import dataclass, replace

from psbuddy.model.causes import CauseAlias
from psbuddy.model.series import ChangeMark
from psbuddy.model.template import in_words
from psbuddy.store.read.causes import MEMBERS, survivor_of

_ALIASES = f"""SELECT c.fingerprint, c.title, c.template, coalesce(l."by", ''),
  coalesce(l.why, ''), coalesce(l.since, 0), c.records,
  coalesce((SELECT e.text FROM cause_example e WHERE e.cause_id = c.cause_id
            ORDER BY e.time DESC, e.example_id DESC LIMIT 1), '')
FROM cause c LEFT JOIN cause_alias l USING (cause_id)
WHERE c.cause_id IN ({MEMBERS}) ORDER BY l.survivor_id IS NOT NULL, c.records DESC, c.fingerprint"""


@dataclass(frozen=True, slots=True)
class CauseWords:
    """How a cause is shown: its own words, those learned for its group, those of a person."""

    cause: str  # surviving fingerprint
    title: str
    template: str
    exception: str
    frame: str
    first_seen: int  # of all its fingerprints
    mark: str  # known, muted, resolved or ""
    marked_at: int
    mark_until: int
    note: str


def cause_words(conn: sqlite3.Connection, app: str, cause: str) -> CauseWords | None:
    """Of the cause that a fingerprint counts as; None when it is not known."""
    survivor = survivor_of(conn, app, cause)
    row = conn.execute(
        "SELECT fingerprint, coalesce(nullif(shown_title, ''), title), "
        "coalesce(nullif(shown_template, ''), template), exception, frame, "
        f"(SELECT min(first_seen) FROM cause WHERE cause_id IN ({MEMBERS})), "
        "mark, marked_at, mark_until, mark_note FROM cause WHERE cause_id = ?",
        (*[survivor] * 3,),
    ).fetchone()
    return replace(CauseWords(*row), title=in_words(row[1])) if row else None


def cause_aliases(conn: sqlite3.Connection, app: str, cause: str) -> tuple[CauseAlias, ...]:
    """Every fingerprint of a cause, the surviving one first, then most records first."""
    survivor = survivor_of(conn, app, cause)
    return tuple(
        CauseAlias(*row) for row in conn.execute(_ALIASES, (survivor, survivor)).fetchall()
    )


def cause_messages(conn: sqlite3.Connection, app: str, cause: str) -> tuple[str, ...]:
    """Messages kept of a cause, newest first, of all its fingerprints."""
    survivor = survivor_of(conn, app, cause)
    rows = conn.execute(
        f"SELECT text FROM cause_message WHERE cause_id IN ({MEMBERS}) "
        "ORDER BY time DESC, message_id DESC",
        (survivor, survivor),
    ).fetchall()
    return tuple(row[0] for row in rows)


def last_deployment(conn: sqlite3.Connection, app: str, moment: int) -> ChangeMark | None:
    """The newest deployment at or before a moment; None when none is known."""
    row = conn.execute(
        "SELECT time, kind, label FROM change JOIN application USING (app_id) "
        "WHERE app = ? AND kind = 'deployment' AND time <= ? ORDER BY time DESC LIMIT 1",
        (app, moment),
    ).fetchone()
    return ChangeMark(*row) if row else None
