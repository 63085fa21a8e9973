"""What a person decides about causes: merge, split, rename, mute, known, resolved, unmark.

Decisions are rows of their own (`cause_decision`). Counts stay with the fingerprints they came
with, so that a split gives back what a merge had joined.
"""

from collections.abc import Iterable, Sequence

from psbuddy.model.causes import Decision, Deed
from psbuddy.store import tables as t
from psbuddy.store.caps import DETAIL, cap
from psbuddy.store.cause_names import find_cause
from psbuddy.store.errors import UnknownCause
from psbuddy.store.sql import Cursor, upsert
from psbuddy.store.write_aliases import app_id_of, rulings_of, work_out

_MARKS = {Deed.MUTE: "muted", Deed.KNOWN: "known", Deed.RESOLVE: "resolved"}
_RULE = upsert(
    t.cause_decision,
    key=("cause_id", "kind"),
    replace=("target_id", "word", "note", "since", "until"),
)
_FORGET = "DELETE FROM cause_decision WHERE cause_id = ? AND kind = ?"
_GROUP = """SELECT cause_id FROM cause WHERE cause_id = ?
UNION SELECT cause_id FROM cause_alias WHERE survivor_id = ?"""


def decide(cursor: Cursor, decision: Decision, now: int) -> tuple[str, ...]:
    """Carry out a decision; the fingerprints of the causes it was about, in full.

    Raises UnknownCause, and then nothing is changed.
    """
    app_id = app_id_of(cursor, decision.app)
    if app_id == 0:
        raise UnknownCause(f"The store knows no application {cap(decision.app, 80)!r}.")
    found = [find_cause(cursor, decision.app, word) for word in dict.fromkeys(decision.causes)]
    if not found:
        raise UnknownCause("No cause was named. Name it by the beginning of its fingerprint.")
    match decision.deed:
        case Deed.MERGE:
            _merge(cursor, [_survivor(cursor, cause) for cause, _ in found], now)
        case Deed.SPLIT:
            _split(cursor, app_id, [cause for cause, _ in found], now)
        case _:
            for cause, _ in found:
                _say(cursor, app_id, _survivor(cursor, cause), decision, now)
    work_out(cursor, app_id)
    return tuple(dict.fromkeys(name for _, name in found))


def _survivor(cursor: Cursor, cause: int) -> int:
    cursor.execute("SELECT survivor_id FROM cause_alias WHERE cause_id = ?", (cause,))
    row = cursor.fetchone()
    return int(row[0]) if row else cause


def _members(cursor: Cursor, survivor: int) -> list[int]:
    cursor.execute(_GROUP, (survivor, survivor))
    return [int(row[0]) for row in cursor.fetchall()]


def _merge(cursor: Cursor, survivors: Sequence[int], now: int) -> None:
    target, *others = dict.fromkeys(survivors)
    if not others:
        raise UnknownCause("To merge, name two different causes: the first one stays.")
    whole = _members(cursor, target)
    # A decision the other way round would go in a circle.
    cursor.executemany(_FORGET, [(cause, "apart") for cause in whole])
    cursor.execute(_FORGET, (target, "merge"))
    for other in others:
        for cause in _members(cursor, other):
            cursor.execute(_FORGET, (cause, "apart"))
            cursor.execute(_RULE, (cause, "merge", target, "", "", now, 0))


def _split(cursor: Cursor, app_id: int, causes: Sequence[int], now: int) -> None:
    """Each of these fingerprints leaves its cause; one that a person had merged leaves with
    all that was learned to be the same, as it had come."""
    for cause in causes:
        survivor = _survivor(cursor, cause)
        members = _members(cursor, survivor)
        alike = _alike(cursor, cause, members)
        leaving = {cause} if survivor in alike else alike
        rest = [each for each in members if each not in leaving]
        if not rest:
            raise UnknownCause("There is nothing to split: this cause has one fingerprint.")
        heir = _leave(cursor, app_id, leaving, rest)
        tied = sorted(alike - leaving) or [heir]
        cursor.execute(_RULE, (cause, "apart", tied[0], "", "", now, 0))
        work_out(cursor, app_id)


def _alike(cursor: Cursor, cause: int, members: Iterable[int]) -> set[int]:
    """The cause, and those of its members that were learned to be the same."""
    cursor.execute(
        "SELECT cause_id FROM cause_learned WHERE anchor_id = "
        "(SELECT anchor_id FROM cause_learned WHERE cause_id = ?)",
        (cause,),
    )
    return {cause} | {row[0] for row in cursor.fetchall()} & set(members)


def _leave(cursor: Cursor, app_id: int, leaving: set[int], rest: Sequence[int]) -> int:
    """Untie fingerprints from the rest of their cause, and keep with the rest what was said
    of the cause. The one of the rest that the others are tied to."""
    rulings = {(r.cause, r.kind): r for r in rulings_of(cursor, app_id)}
    own = [each for each in rest if (each, "merge") not in rulings]
    heir = own[0] if own else rest[0]
    cursor.execute(_FORGET, (heir, "merge"))
    for each in rest:
        merge = rulings.get((each, "merge"))
        if merge is not None and merge.target in leaving and each != heir:
            cursor.execute(_RULE, (each, "merge", heir, merge.word, merge.note, merge.since, 0))
    for cause in leaving:
        if (cause, "merge") in rulings:
            cursor.execute(_FORGET, (cause, "merge"))
            continue  # what was said of it before it was merged is in force again
        for kind in ("title", "mark"):
            said = rulings.get((cause, kind))
            if said is not None:
                cursor.execute(_FORGET, (cause, kind))
                given = (heir, kind, None, said.word, said.note, said.since, said.until)
                if (heir, kind) not in rulings:
                    cursor.execute(_RULE, given)
    return heir


def _say(cursor: Cursor, app_id: int, cause: int, decision: Decision, now: int) -> None:
    """Give a title or a mark to a cause, or take it away."""
    kind = "title" if decision.deed is Deed.RENAME else "mark"
    text = cap(" ".join(decision.text.split()), DETAIL)
    _forget_said(cursor, app_id, _members(cursor, cause), kind)
    if kind == "title" and text:
        cursor.execute(_RULE, (cause, kind, None, text, "", now, 0))
    elif decision.deed in _MARKS:
        word = _MARKS[decision.deed]
        until = max(0, decision.until)
        cursor.execute(_RULE, (cause, kind, None, word, text, _moment(cursor, cause, now), until))


def _moment(cursor: Cursor, cause: int, now: int) -> int:
    """When it was said, in the time of the log: the host's clock may be ahead of ours."""
    members = _members(cursor, cause)
    marks = ", ".join("?" * len(members))
    cursor.execute(f"SELECT max(last_seen) FROM cause WHERE cause_id IN ({marks})", members)
    return max(now, int(cursor.fetchone()[0] or 0))


def _forget_said(cursor: Cursor, app_id: int, members: Iterable[int], kind: str) -> None:
    merged = {r.cause for r in rulings_of(cursor, app_id) if r.kind == "merge"}
    cursor.executemany(_FORGET, [(each, kind) for each in members if each not in merged])
