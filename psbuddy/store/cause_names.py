"""A cause by the beginning of its fingerprint, as a person names it."""

from typing import Any

from psbuddy.store.caps import cap
from psbuddy.store.errors import UnknownCause

#: Candidates named when a beginning is not unique.
_NAMED = 5
_SELECT = """SELECT c.cause_id, c.fingerprint, coalesce(nullif(c.shown_title, ''), c.title)
FROM cause c JOIN application a USING (app_id) WHERE a.app = ? AND """


def find_cause(cursor: Any, app: str, word: str) -> tuple[int, str]:
    """Number and fingerprint of the cause whose fingerprint is, or begins with, `word`.

    `cursor`: of any connection. Raises UnknownCause that names the candidates.
    """
    cursor.execute(f"{_SELECT} c.fingerprint = ?", (app, word))
    rows = cursor.fetchall()
    if not rows and word:
        cursor.execute(
            f"{_SELECT} substr(c.fingerprint, 1, ?) = ? ORDER BY c.last_seen DESC LIMIT ?",
            (app, len(word), word, _NAMED + 1),
        )
        rows = cursor.fetchall()
    if len(rows) == 1:
        return int(rows[0][0]), str(rows[0][1])
    if not rows:
        raise UnknownCause(
            f"{app} has no cause {cap(word, 60)!r}. 'psbuddy causes {app}' lists its causes."
        )
    named = "; ".join(f"{name[:12]} {title[:60]}" for _, name, title in rows[:_NAMED])
    more = " and more" if len(rows) > _NAMED else ""
    raise UnknownCause(
        f"{cap(word, 60)!r} is the beginning of several causes of {app}: {named}{more}. "
        "Name more of the fingerprint."
    )
